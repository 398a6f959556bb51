"""Seasons as machine code: a millisecond each, so that hindsight and tuning can try thousands.

Needs the `bench` extra (numba). Without it the modules import and their functions run as plain Python.
"""

from importlib.util import find_spec


def there() -> bool:
    """Whether numba is installed here."""
    return find_spec("numba") is not None
