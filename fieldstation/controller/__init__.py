"""The process that knows the field: what does it need?"""
