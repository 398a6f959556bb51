"""Placeholder until the command line lands."""


def entry() -> int:
    """Say that nothing is here yet."""
    return 1
