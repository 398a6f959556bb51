"""One way to say what happened: one fact a line, `event key=value ...`, to stderr, which journald keeps.

error    a person must act: a bug (its traceback stands below), a line that does not obey, no ledger
warning  something failed or was lost, and the station goes on without it
info     what the station did or decided, and that something is back
No secret is ever a fact; `exception` hides those that an error's own text may hold.

Nothing here waits: what a slow reader of stderr has no room for is counted and told later. The same event
of the same sensor, zone or code is written some times in five minutes and then counted; so is all beyond a
minute's share. Threads may log; nothing is written before `start`.
"""

from __future__ import annotations

import json
import logging
import os
import re
import select
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

Fact = object
Key = tuple[int, str]
"""A level, and the event with its subject."""

SAME_MOST, SAME_S = 5, 300.0
ALL_MOST, ALL_S = 120, 60.0
KEYS_MOST = 200
VALUE_MAX = 300  # characters
LINE_MAX = 4000  # bytes: a pipe takes so much whole or not at all
TRACE_LINES_MAX = 40
SECRET = re.compile(
    r"pass|token|secret|code|url|address|key|digits|proof|auth|cookie|csrf|mark|^value$", re.IGNORECASE
)
"""Names of what may hold a secret."""
SUBJECT = ("alert", "subject", "sensor", "zone", "pump", "device", "child", "channel", "verb", "code")
"""Facts that make two of one event different things."""

_log = logging.getLogger("fieldstation")
_log.addHandler(
    logging.NullHandler()
)  # else the standard library prints warnings of a program that wants none


def info(event: str, /, **facts: Fact) -> None:
    """Say what was done or decided. Facts that are None are left out."""
    _log.info(event, extra={"facts": facts})


def warning(event: str, /, *, below: str = "", **facts: Fact) -> None:
    """Say what failed or was lost; `below` are lines that another program left of it, the last of which count."""
    _log.warning(event, extra={"facts": facts, "trace": below.splitlines()[-TRACE_LINES_MAX:]})


def error(event: str, /, **facts: Fact) -> None:
    """Say what a person must mend."""
    _log.error(event, extra={"facts": facts})


def exception(event: str, /, *, hide: object = None, type_only: bool = False, **facts: Fact) -> None:
    """Say the error being handled, with its traceback.

    `hide` is what somebody sent: what stands there under the name of a secret is masked. With `type_only` the
    error's whole text is left out; its type and place stay.
    """
    kind, found, frames = sys.exc_info()
    if type_only:
        lines = [*traceback.format_tb(frames), kind.__name__ if kind else ""]
    else:
        lines = traceback.format_exception(found)
    text = "".join(lines).rstrip()
    for secret in sorted(_secrets(hide), key=len, reverse=True):
        text = text.replace(secret, "***").replace(repr(secret)[1:-1], "***")
    _log.error(event, extra={"facts": facts, "trace": text.splitlines()[-TRACE_LINES_MAX:]})


def start(process: str, *, libraries: bool = True) -> None:
    """Write this process's log to stderr from now on, with the warnings of the libraries it uses.

    Without `libraries` they are silenced: what they would say may hold a secret.
    """
    if sys.stderr is None or any(isinstance(one, Stderr) for one in (*logging.root.handlers, *_log.handlers)):
        return
    (logging.root if libraries else _log).addHandler(Stderr(process, 2))
    logging.captureWarnings(True)
    if not libraries:
        logging.root.addHandler(logging.NullHandler())
    _log.setLevel(logging.INFO)


def fact(value: Fact) -> str:
    r"""A value as it stands in a line: quoted where it has blanks, never more than one line.

    >>> fact("leak"), fact(0.123456789), fact("no answer"), fact("two" + chr(10) + "lines")
    ('leak', '0.123457', '"no answer"', '"two\\nlines"')
    >>> fact(datetime(2026, 9, 1, 6, 30, 7, 123, tzinfo=UTC))
    '2026-09-01T06:30:07Z'
    """
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)[:VALUE_MAX]
    if text.isprintable() and text and not set(text) & set(' "=\\'):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable()).replace("\x7f", "\\u007f")


def _secrets(sent: object, named: bool = False) -> Iterator[str]:
    """Texts of more than three characters that stand under the name of a secret, however deep."""
    if isinstance(sent, Mapping):
        for name, value in sent.items():
            yield from _secrets(value, named or SECRET.search(str(name)) is not None)
    elif isinstance(sent, list | tuple):
        for value in sent:
            yield from _secrets(value, named)
    elif isinstance(sent, str) and named and len(sent) > 3:
        yield sent


class Stderr(logging.Handler):
    """Lines to a descriptor, bounded in number, that never wait for its reader."""

    def __init__(self, process: str, descriptor: int, mono_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._process, self._descriptor = process, descriptor
        self._journald = _is_journal(descriptor)
        self._lost = 0
        self._bounds = Bounds(mono_s)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record's line, and its traceback below. One thread at a time is here."""
        for level, text in self._bounds.over():
            self._write(level, text)
        if self._bounds.lets(_key(record)):
            trace = getattr(record, "trace", None)
            if trace is None and record.exc_info:
                trace = "".join(traceback.format_exception(record.exc_info[1])).splitlines()[
                    -TRACE_LINES_MAX:
                ]
            self._write(record.levelno, _text_of(record), trace or ())

    def _write(self, level: int, text: str, trace: Iterable[str] = ()) -> None:
        """One fact, after the number of lines that were lost before it."""
        if self._lost and self._line(logging.WARNING, f"log_lines_lost lines={self._lost}"):
            self._lost = 0
        for line in (text, *("  | " + line for line in trace)):
            self._lost += not self._line(level, line)

    def _line(self, level: int, text: str) -> bool:
        if self._journald:
            head = f"<{3 if level >= logging.ERROR else 4 if level >= logging.WARNING else 6}>"
        else:
            word = logging.getLevelName(level) + " " if level != logging.INFO else ""
            head = time.strftime("%Y-%m-%dT%H:%M:%SZ ", time.gmtime()) + word
        line = f"{head}{self._process}: {text}".encode(errors="backslashreplace")[:LINE_MAX]
        try:
            if not select.select((), (self._descriptor,), (), 0)[1]:
                return False
            os.write(self._descriptor, line.decode(errors="ignore").encode() + b"\n")
        except (OSError, ValueError):  # nobody reads any more
            return False
        return True


class Bounds:
    """Which lines are written: no event floods the log, and what is held back is told as a number."""

    def __init__(self, mono_s: Callable[[], float]) -> None:
        self._mono_s = mono_s
        self._seen: dict[Key, list[float]] = {}  # since when; how many were written, and held back
        self._minute = [float("-inf"), 0.0]

    def over(self) -> list[tuple[int, str]]:
        """Events whose five minutes are over: level, and how many were held back."""
        now_s = self._mono_s()
        done = [key for key, seen in self._seen.items() if now_s - seen[0] >= SAME_S]
        if not done and len(self._seen) >= KEYS_MOST:
            done = [next(iter(self._seen))]
        held = [(key, self._seen.pop(key)[2]) for key in done]
        return [(level, f"{what} repeated={count:g}") for (level, what), count in held if count]

    def lets(self, key: Key) -> bool:
        """Whether one more of this event is written now."""
        now_s = self._mono_s()
        if now_s - self._minute[0] >= ALL_S:
            self._minute = [now_s, 0]
        seen = self._seen.setdefault(key, [now_s, 0, 0])
        written = seen[1] < SAME_MOST and self._minute[1] < ALL_MOST
        seen[1 if written else 2] += 1
        self._minute[1] += written
        return written


def _text_of(record: logging.LogRecord) -> str:
    facts = getattr(record, "facts", None)
    if facts is None:  # a library's own words
        facts, event = {"text": " ".join(record.getMessage().split())}, record.name
    else:
        event = str(record.msg)
    return " ".join((event, *(f"{name}={fact(value)}" for name, value in facts.items() if value is not None)))


def _key(record: logging.LogRecord) -> Key:
    facts = getattr(record, "facts", None)
    if facts is None:
        words = str(record.msg) if record.args and record.msg != "%s" else record.getMessage()
        return record.levelno, f"{record.name} text={fact(words[:80])}"
    same = (f"{name}={fact(facts[name])}" for name in SUBJECT if facts.get(name) is not None)
    return record.levelno, " ".join((str(record.msg), *same))


def _is_journal(descriptor: int) -> bool:
    """Whether journald reads this descriptor: it dates each line itself and knows levels by `<4>`."""
    try:
        at = os.fstat(descriptor)
    except OSError:
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{at.st_dev}:{at.st_ino}"
