"""What the page did itself, told to the audit log: at most once a minute for the same, so that no flood wears the card."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from contextlib import suppress

from flask import request

from fieldstation.domain.errors import PeerSilent
from fieldstation.page.context import PageContext
from fieldstation.wire.client import call

AGAIN_AFTER_S = 60.0
REMEMBERED = 200
DEADLINE_S = 0.5
_lock = threading.Lock()
_noted: OrderedDict[tuple[int, str, str], float] = OrderedDict()


def note(page: PageContext, what: str, who: str | None = None) -> None:
    """Tell the audit log. A silent controller keeps none: what was done stays done."""
    person = page.person()
    by = who or (person.name if person else f"({request.remote_addr})")
    key, now_s = (id(page), what, by), time.monotonic()
    with _lock:
        if now_s - _noted.get(key, float("-inf")) < AGAIN_AFTER_S:
            return
        _noted[key] = now_s
        _noted.move_to_end(key)
        while len(_noted) > REMEMBERED:
            _noted.popitem(last=False)
    with suppress(PeerSilent):
        call(page.places.controller_socket, {"verb": "note_audit", "what": what, "by": by}, DEADLINE_S)
