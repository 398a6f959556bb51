"""The record: the only door to SQLite."""
