"""Passwords, hashed and proved here: argon2id, 19 MiB, two passes, one at a time so that memory stays bounded."""

from __future__ import annotations

import ctypes
import threading
from contextlib import suppress
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from fieldstation.domain.people import PASSWORD_MAX, PASSWORD_MIN

_M_MMAP_THRESHOLD = -3
with suppress(AttributeError, OSError):  # another C library than glibc keeps less by itself
    # else glibc keeps the 19 MiB of a hash in each thread that ever made one: 60 MB with four sign-ins
    ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1 << 20)

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_ONE_AT_A_TIME = threading.Lock()


def weak(password: str, name: str) -> bool:
    """Whether this cannot be a password: too short, too long, the name itself, or no text (half a character)."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX or not _text(password):
        return True
    return password.casefold() == name.casefold()


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _ONE_AT_A_TIME:
        return HASHER.hash(password)


def proves(kept: str | None, password: str) -> bool:
    """Whether this is the password. An account that is not there takes as long as one that is."""
    if len(password) > PASSWORD_MAX or not _text(password):
        return False
    try:
        with _ONE_AT_A_TIME:
            HASHER.verify(kept or _nobodys(), password)
    except (Argon2Error, InvalidHashError):
        return False
    return kept is not None


def _text(password: str) -> bool:
    """JSON may carry half a surrogate pair, which is no character and has no bytes."""
    return not any("\ud800" <= letter <= "\udfff" for letter in password)


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")
