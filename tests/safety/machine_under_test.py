"""The Hypothesis machine: a persisting environment, macro rules, and rules of water checked at every tick."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.kit.plant import Plant

ZONES = st.sampled_from(["north", "south"])


class GuardMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.plant = Plant()
        self.plant.hold(2)

    @rule(
        zone=ZONES, max_s=st.sampled_from([20.0, 90.0, 5000.0]), max_l=st.sampled_from([None, 10.0, 5000.0])
    )
    def start(self, zone: str, max_s: float, max_l: float | None) -> None:
        self.plant.start(zone, max_s, max_l)
        self.plant.tick()

    @rule(zone=ZONES, seconds=st.sampled_from([15.0, 60.0, 135.0]))
    def water(self, zone: str, seconds: float) -> None:
        """A whole run, asked for too long, from a healthy start."""
        self.plant.hold(35)
        self.plant.start(zone, 5000, None)
        self.plant.hold(seconds)

    @rule(zone=ZONES, times=st.integers(2, 6))
    def cycle(self, zone: str, times: int) -> None:
        for _ in range(times):
            self.plant.start(zone, 600, None)
            self.plant.hold(8)
            self.plant.end()
            self.plant.hold(32)

    @rule(seconds=st.sampled_from([1.0, 5.0, 20.0, 70.0]))
    def hold(self, seconds: float) -> None:
        self.plant.hold(seconds)

    @rule()
    def end(self) -> None:
        self.plant.end()
        self.plant.tick()

    @rule(resume=st.booleans())
    def stop(self, resume: bool) -> None:
        self.plant.stop()
        self.plant.hold(3)
        self.plant.start("north")
        self.plant.hold(5)
        if resume:
            self.plant.resume()

    @rule(clean=st.booleans())
    def stop_and_reboot(self, clean: bool) -> None:
        """A stop must outlast the night: stopped, restarted, asked again."""
        if self.plant.disk:
            self.plant.hold(6)
            self.plant.stop()
            self.plant.hold(6)
            self.plant.reboot(40.0, clean)
            self.plant.hold(35)
            self.plant.start("south")
            self.plant.hold(5)

    @rule()
    def resume(self) -> None:
        self.plant.resume()

    @rule(flow=st.sampled_from(["normal", "normal", "normal", "none", "burst", "leak", "nan", "stale"]))
    def set_flow(self, flow: str) -> None:
        self.plant.flow = flow

    @rule(tank=st.sampled_from([True, True, False, None]))
    def set_tank(self, tank: bool | None) -> None:
        self.plant.tank = tank
        self.plant.tick()

    @rule(button=st.sampled_from([False, False, True, None]))
    def set_button(self, button: bool | None) -> None:
        self.plant.button = button
        self.plant.tick()

    @rule(
        air=st.sampled_from(
            [(20.0, 60.0), (20.0, 60.0), (-1.0, 60.0), (None, None), (float("nan"), 60.0), (20.0, 90000.0)]
        )
    )
    def set_air(self, air: tuple[float | None, float | None]) -> None:
        self.plant.air = air

    @rule(renewing=st.booleans())
    def controller(self, renewing: bool) -> None:
        self.plant.renewing = renewing

    @rule(disk=st.sampled_from([True, True, False]))
    def set_disk(self, disk: bool) -> None:
        self.plant.disk = disk

    @rule(days=st.sampled_from([-400, -1, 1, 3, 180]), trust=st.booleans())
    def jump_clock(self, days: int, trust: bool) -> None:
        self.plant.wall = max(datetime(2001, 1, 1, tzinfo=UTC), self.plant.wall + timedelta(days=days))
        self.plant.trust = trust
        self.plant.tick()

    @rule(clean=st.booleans(), away_s=st.sampled_from([1.0, 40.0]))
    def reboot(self, clean: bool, away_s: float) -> None:
        if self.plant.disk:
            self.plant.hold(6)  # a ledger that failed before is written again by now
            self.plant.reboot(away_s, clean)
            self.plant.hold(2)

    @rule()
    def mend(self) -> None:
        """Everything healthy again, as a person would leave it."""
        plant = self.plant
        plant.flow, plant.tank, plant.button, plant.air = "normal", True, False, (20.0, 60.0)
        plant.renewing = plant.disk = True
        plant.hold(3)
        plant.resume()
