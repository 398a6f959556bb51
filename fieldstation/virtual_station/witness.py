"""An independent witness of the water rules: it watches the lines, not the guard's beliefs.

It shares no code with `safety`. Each rule is stated again in its plainest form, on what the relays did and
on the true state of the simulated world.
"""

from __future__ import annotations

from collections import Counter, deque

from fieldstation.domain.station import Limits, Station
from fieldstation.simulation.world import World

TICK_S = 1.0
SLACK_S = 2 * TICK_S
HARD_CAP_S = 4 * 3600.0
HOUR_S, DAY_S = 3600.0, 86400.0


class _Line:
    """What one relay did: when it closed, and the spans it was closed in the last day."""

    def __init__(self) -> None:
        self.on_since: float | None = None
        self.off_since: float | None = None
        self.starts: deque[float] = deque()
        self.spans: deque[tuple[float, float]] = deque()  # (ended, seconds)


class Witness:
    """Collects broken rules as `rule: detail`, each rule and place once, with a count."""

    def __init__(self, station: Station, world: World) -> None:
        self._station = station
        self._world = world
        self._lines: dict[str, _Line] = {}
        self._litres_at_start: dict[str, float] = {}
        self._litres: dict[str, deque[tuple[float, float]]] = {}
        self._wrong_since: dict[str, float] = {}
        self.broken: Counter[str] = Counter()
        for pump in station.pumps:
            self._lines[f"pump:{pump.id}"] = _Line()
        for zone in station.zones:
            self._lines[f"valve:{zone.id}"] = _Line()
            self._litres[zone.id] = deque()
        self._pumps = [
            (
                pump,
                self._lines[f"pump:{pump.id}"],
                [(zone, self._lines[f"valve:{zone.id}"]) for zone in station.zones if zone.pump == pump.id],
            )
            for pump in station.pumps
        ]

    def drove(self, name: str, on: bool, now_s: float) -> None:
        """Note that a relay was driven."""
        line = self._lines[name]
        if on and line.on_since is None:
            line.on_since = now_s
            self._started(name, line, now_s)
        elif not on and line.on_since is not None:
            line.spans.append((now_s, now_s - line.on_since))
            line.on_since, line.off_since = None, now_s
            self._stopped(name, now_s)

    def check(self, now_s: float) -> None:
        """Check what must hold at every instant; call each second while anything is on."""
        for pump, line, zones in self._pumps:
            name = f"pump:{pump.id}"
            on_since = line.on_since
            opened = []
            for zone, valve in zones:
                if valve.on_since is None:
                    continue
                opened.append(valve.on_since)
                if on_since is not None:
                    ran_s = now_s - max(valve.on_since, on_since)
                    if ran_s > min(zone.limits.longest_run_s, HARD_CAP_S) + SLACK_S:
                        self._break("longest_run", zone.id)
            if len(opened) > pump.zones_at_once:
                self._break("zones_at_once", name)
            if on_since is None:
                self._wrong_since.pop(f"dry {name}", None)
                self._wrong_since.pop(f"tank {name}", None)
                continue
            if not opened or now_s - min(opened) < pump.valve_lead_s - SLACK_S:
                self._break("pump_without_valve", name)
            if now_s - on_since > min(pump.limits.longest_run_s, HARD_CAP_S) + SLACK_S + pump.valve_lead_s:
                self._break("longest_run", name)
            if pump.flow is not None:
                dry = self._world.flow_lpm(pump.id) < pump.flow.min_lpm / 2
                limit_s = pump.flow.grace_s + pump.flow.dry_trip_s + 15.0
                self._lasts(f"dry {name}", dry, now_s, limit_s, "dry_run")
            if pump.tank_float is not None:
                low = self._world.tank_ok(pump.id) is False
                self._lasts(f"tank {name}", low, now_s, 3.0, "tank_low")

    def _started(self, name: str, line: _Line, now_s: float) -> None:
        limits = self._limits(name)
        if limits is None:
            return
        if line.off_since is not None and now_s - line.off_since < limits.min_rest_s - SLACK_S:
            self._break("min_rest", name)
        line.starts.append(now_s)
        while line.starts[0] <= now_s - HOUR_S:
            line.starts.popleft()
        if len(line.starts) > limits.max_starts_per_hour:
            self._break("max_starts", name)
        kind, _, zone = name.partition(":")
        if kind == "valve":
            self._litres_at_start[zone] = self._world.litres(self._station.zone(zone).pump)

    def _stopped(self, name: str, now_s: float) -> None:
        line, limits = self._lines[name], self._limits(name)
        if limits is None:
            return
        while line.spans and line.spans[0][0] <= now_s - DAY_S:
            line.spans.popleft()
        if sum(seconds for _, seconds in line.spans) > limits.max_s_per_day + len(line.spans) * 10 * SLACK_S:
            self._break("seconds_per_day", name)
        kind, _, zone = name.partition(":")
        if kind == "valve":
            given = self._world.litres(self._station.zone(zone).pump) - self._litres_at_start[zone]
            spans = self._litres[zone]
            spans.append((now_s, given))
            while spans[0][0] <= now_s - DAY_S:
                spans.popleft()
            slack_l = self._station.pump(self._station.zone(zone).pump).nominal_lpm / 60 * 10 * len(spans)
            if sum(litres for _, litres in spans) > limits.max_l_per_day + slack_l:
                self._break("litres_per_day", zone)

    def _limits(self, name: str) -> Limits | None:
        kind, _, owner = name.partition(":")
        return self._station.zone(owner).limits if kind == "valve" else None

    def _lasts(self, key: str, wrong: bool, now_s: float, limit_s: float, rule: str) -> None:
        if not wrong:
            self._wrong_since.pop(key, None)
        elif now_s - self._wrong_since.setdefault(key, now_s) > limit_s:
            self._break(rule, key)

    def _break(self, rule: str, where: str) -> None:
        self.broken[f"{rule}: {where}"] += 1
