"""A probe watched: what it reads, and when it has settled."""

from __future__ import annotations

from fieldstation.controller.sensing.watch import EVERY_S, WATCHED_FOR_S, Watching
from fieldstation.domain.reading import Quality, Quantity, Sample
from tests.kit.controller_bench import START, HandClock


class Post:
    """The sensors of these tests, answering at once."""

    def __init__(self, clock: HandClock) -> None:
        self.clock, self.volts, self.asked = clock, 2.0, 0
        self.waiting: dict[str, list[Sample]] = {}

    def poll_one(self, sensor: str) -> bool:
        self.asked += 1
        fault = Quality.NO_ANSWER if self.volts < 0 else None
        value = None if fault else self.volts
        answer = Sample(sensor, Quantity.SOIL_WATER, value, fault, START, self.clock.mono_s())
        self.waiting.setdefault(sensor, []).append(answer)
        return True

    def seen(self, sensor: str) -> list[Sample]:
        return self.waiting.pop(sensor, [])


def watched() -> tuple[Watching, Post, HandClock]:
    clock = HandClock()
    notifier = Post(clock)
    return Watching(notifier, clock), notifier, clock  # type: ignore[arg-type] # the two methods it uses


def turned(watching: Watching, clock: HandClock, seconds: float) -> None:
    for _ in range(round(seconds / 0.25)):
        clock.advance(0.25)
        watching.tick()


def test_it_settles_after_ten_quiet_seconds_and_not_while_it_drifts() -> None:
    watching, notifier, clock = watched()
    assert watching.watch("probe").volts is None
    for step in range(40):  # 0.25 s each, 2 mV a step
        notifier.volts = 2.0 - 0.002 * step
        turned(watching, clock, 0.25)
    told = watching.watch("probe")
    assert told.volts is not None
    assert told.steady_v is None
    turned(watching, clock, 13)
    assert watching.watch("probe").steady_v == 1.922


def test_noise_is_no_drift_and_a_slow_drift_is_no_noise() -> None:
    watching, notifier, clock = watched()
    watching.watch("probe")
    for step in range(48):
        notifier.volts = 2.0 + (0.01, -0.008, 0.003, -0.01)[step % 4]
        turned(watching, clock, 0.25)
    assert watching.watch("probe").steady_v is not None
    for step in range(48):
        notifier.volts = 2.0 + 0.0006 * step  # 2.4 mV a second: still drying off
        turned(watching, clock, 0.25)
    assert watching.watch("probe").steady_v is None


def test_a_probe_that_jumps_about_has_not_settled_though_its_middle_stays() -> None:
    watching, notifier, clock = watched()
    watching.watch("probe")
    for step in range(52):
        notifier.volts = 2.0 + (0.0, 0.3, 0.0)[step % 3]
        turned(watching, clock, 0.25)
    assert watching.watch("probe").steady_v is None


def test_a_probe_with_gaps_has_not_settled() -> None:
    watching, notifier, clock = watched()
    watching.watch("probe")
    turned(watching, clock, 9)
    notifier.volts = -1.0
    turned(watching, clock, 1)
    told = watching.watch("probe")
    assert (told.volts, told.steady_v) == (None, None)


def test_two_people_at_two_probes_do_not_disturb_each_other() -> None:
    watching, _, clock = watched()
    for second in range(14):
        watching.watch("north")
        if second >= 7:
            watching.watch("south")
        turned(watching, clock, 1)
    north, south = watching.watch("north"), watching.watch("south")
    assert north.steady_v == 2.0
    assert south.steady_v is None, "seven seconds are not enough"
    assert 5 <= south.readings < north.readings
    turned(watching, clock, 6)
    assert watching.watch("south").steady_v == 2.0


def test_nobody_asking_ends_the_watch_and_another_probe_begins_anew() -> None:
    watching, notifier, clock = watched()
    watching.watch("probe")
    turned(watching, clock, WATCHED_FOR_S + 1)
    before = notifier.asked
    assert before >= WATCHED_FOR_S / (EVERY_S + 0.25) - 1
    turned(watching, clock, 5)
    assert notifier.asked == before
    watching.watch("probe")
    turned(watching, clock, 2)
    assert watching.watch("other").readings == 0
