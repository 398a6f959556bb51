"""Sentences by language: one file each, the same keys and the same names in braces."""
