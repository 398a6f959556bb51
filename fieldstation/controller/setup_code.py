"""The one-time set-up code: who reads it stands at the device, so the first technician is no passer-by on the Wi-Fi."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldstation import log
from fieldstation.domain.errors import cause
from fieldstation.store.record import Record, RecordError
from fieldstation.wire.durable import sync_folder, write_private

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that is read as something else: no 0, 1, I, O."""
HALF = 4  # letters; two halves of 20 bits each


def lead(path: Path, record: Record) -> None:
    """While nobody has an account, see that a code is there, and log how to read it. Never raises."""
    try:
        sweep(path)
        with record.people() as people:
            if people.accounts():
                return
        if current(path) is None:
            made(path)
        log.info("setup_code_waits", read_it="fieldstation setup-code")
    except (RecordError, OSError) as error:
        log.warning("setup_code_failed", detail=cause(error))


def made(path: Path) -> str:
    """A new code, kept in `path` for its owner alone; an older one is over. Raises OSError."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(HALF)) for _ in range(2))
    write_private(path, code.encode())
    return code


def current(path: Path) -> str | None:
    """The code that may be used now, or None. Raises OSError, for one that others own too."""
    try:
        text = path.read_bytes().decode("ascii", "replace")
    except FileNotFoundError:
        return None
    return text if len(text) == 2 * HALF + 1 else None


def matches(path: Path, given: object) -> bool:
    """Whether this is the code; case, blanks and the hyphen do not matter. Raises OSError."""
    code = current(path)
    if code is None or not isinstance(given, str):
        return False
    return hmac.compare_digest(_plain(code), _plain(given))


@contextmanager
def taken(path: Path) -> Iterator[None]:
    """The code is gone once the block has ended well; if it raises, the code may be used again. Raises OSError."""
    aside = path.with_name(f"{path.name}.used")
    path.replace(aside)
    try:
        yield
    except BaseException:
        aside.replace(path)
        raise
    sweep(path)


def sweep(path: Path) -> None:
    """Forget a code that was used, also one whose use a power cut interrupted. Raises OSError."""
    path.with_name(f"{path.name}.used").unlink(missing_ok=True)
    sync_folder(path.parent)


def _plain(text: str) -> bytes:
    return "".join(text.split()).replace("-", "").upper().encode()
