"""Nouns. Frozen dataclasses and enums; no clock, file, socket, thread or third-party package."""
