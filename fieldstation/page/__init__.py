"""The process that shows: what is going on?"""
