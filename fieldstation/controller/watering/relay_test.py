"""One valve opened while somebody holds a button: a dead man's switch over the guard's own lease.

The guard judges and ends this run like any other. On top, the water goes off a moment after the last
word from the hand that holds, and after 30 s whatever the hand does. The fail-safe test opens a valve
in the same way and then kills this very process: the guard has to take the water back.
"""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Callable

from fieldstation.controller.guard_door import Air, Guard, GuardDoor
from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import PeerSilent
from fieldstation.domain.run import Code
from fieldstation.domain.status.guard import LeaseAnswer

LONGEST_S = 30.0
ALONE_S = 10.0
"""How long it runs for a page without script, where nobody can tell whether a hand still holds."""
LET_GO_S = 2.5
"""Without a word from the hand. A page that holds says so every second."""
RENEW_EVERY_S = 2.0
DIES_AFTER_S = 6.0
"""Into the fail-safe test: the valve has opened and the flow been seen by then."""


def die() -> None:
    """End this process as a fault would: at once, cleaning nothing up."""
    os.kill(os.getpid(), signal.SIGKILL)


class RelayTest:
    """At most one test at a time. Driven by the controller's loop."""

    def __init__(
        self, guard: Guard, clock: Clock, air: Callable[[], Air], die: Callable[[], None] = die
    ) -> None:
        self._guard = GuardDoor(guard)
        self._clock = clock
        self._air = air
        self._die = die
        self._run: str | None = None
        self._until_s = self._heard_s = self._renewed_s = 0.0
        self._held = self._fatal = False

    @property
    def running(self) -> str | None:
        """The guard's name of the run that this test keeps open."""
        return self._run

    def begin(self, zone: str, *, held: bool = False, fatal: bool = False) -> LeaseAnswer:
        """Ask the guard; permitted, the run is `running`. Raises PeerSilent.

        `held`: as long as `hold` is called, 30 s at most. `fatal`: the fail-safe test. Neither: 10 s.
        """
        if self._run is not None:
            return LeaseAnswer(False, reason=Code.PUMP_BUSY)
        run_id = str(uuid.uuid4())
        longest_s = LONGEST_S if held or fatal else ALONE_S
        answer = self._guard.start(run_id, zone, "manual", longest_s, None, self._air())
        if answer.permitted:
            now_s = self._clock.mono_s()
            self._run, self._held, self._fatal = run_id, held, fatal
            self._heard_s = self._renewed_s = now_s
            self._until_s = now_s + (DIES_AFTER_S if fatal else longest_s)
        return answer

    def hold(self, run_id: str) -> bool:
        """The hand still holds; False when the test is over."""
        if run_id != self._run:
            return False
        self._heard_s = self._clock.mono_s()
        return True

    def let_go(self, run_id: str) -> bool:
        """End it now; False when it was over already. Raises PeerSilent: then it is asked again, and never renewed."""
        if run_id != self._run:
            return False
        self._until_s, self._fatal = float("-inf"), False
        self._guard.end(run_id)
        self._run = None
        return True

    def tick(self) -> None:
        """Renew what is held, end what is not. Call at every turn of the loop."""
        if self._run is None:
            return
        now_s = self._clock.mono_s()
        let_go = self._held and now_s - self._heard_s > LET_GO_S
        try:
            if now_s >= self._until_s and self._fatal:
                self._die_while_it_runs(self._run)
            elif now_s >= self._until_s or let_go:
                self.let_go(self._run)
            elif now_s - self._renewed_s >= RENEW_EVERY_S:
                self._renewed_s = now_s
                if not self._guard.renew(self._run, self._air()).permitted:
                    self._run = None
        except PeerSilent:
            return  # the lease runs out by itself

    def _die_while_it_runs(self, run_id: str) -> None:
        """A STOP or an interlock may have ended the run meanwhile: then nothing is to be proved."""
        if any(run.id == run_id for run in self._guard.status().runs):
            self._die()
        self._run = None
