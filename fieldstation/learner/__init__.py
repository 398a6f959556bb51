"""Is a model of our own better than the shipped one?"""
