"""Zones: what is installed where, and how far a zone may water by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, request, url_for

from fieldstation.domain.reading import Quality
from fieldstation.domain.station import Zone
from fieldstation.domain.status.zone import ProbeStatus
from fieldstation.language.sentences import Words
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.sources import StationSnapshot
from fieldstation.page.today.status import status


def attach(app: Flask, page: PageContext) -> None:
    """The list, and a screen for each zone."""

    @app.get("/zones")
    def zones() -> Any:
        return page.screen("zones.html", partial(_listed, page))

    @app.get("/zones/<zone>")
    def zone(zone: str) -> Any:
        return page.screen("zone.html", partial(_zone_view, page, page.zone(zone)), kept=False)

    @app.post("/zones/<zone>")
    @page.needs("farmer")
    def zone_set(zone: str) -> Any:
        """Everything the form says, request by request; the first no is told and the rest is as it was."""
        found = page.zone(zone)
        for ask in _requests(page, found):
            answer = ask()
            if answer.refused:
                return page.screen(
                    "zone.html", partial(_zone_view, page, found), said=page.refusal(answer), code=409
                )
        return page.done("zone", "saved", zone=zone)


def _requests(page: PageContext, zone: Zone) -> list[Callable[[], Answer]]:
    """What of the form differs from what is in force; texts that are no number go on as they are, to be refused."""
    form, settings = request.form, page.settings()
    submit = partial(page.send_command, zone=zone.id, by=page.who())
    found: list[Callable[[], Answer]] = []
    automatic = form.get("automatic") == "yes"
    if automatic != settings.get("automatic", zone.id):
        found.append(partial(submit, "automatic", on=automatic))
    begins, ends = form.get("quiet_from") or None, form.get("quiet_until") or None
    if (begins, ends) != (settings.get("quiet_from", zone.id), settings.get("quiet_until", zone.id)):
        found.append(partial(submit, "quiet", **{"from": begins, "until": ends}))
    cap_mm = _typed(page.words(), form.get("day_cap", ""))
    if cap_mm != settings.get("day_cap_mm", zone.id):
        found.append(partial(submit, "day_cap", mm=cap_mm))
    return found


def _typed(words: Words, text: str) -> float | str | None:
    """A depth in mm as people type it, in their unit, with a comma or a point; nothing typed is none."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        return round(words.typed_depth_mm(float(text)), 2)
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Row:
    """One zone of the list."""

    id: str
    name: str
    crop: str
    area: str
    verdict: str
    verdict_word: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class Zones:
    """What `zones.html` shows."""

    zones: list[Row]
    live: bool = True


@dataclass(frozen=True, slots=True)
class ProbeView:
    """A probe and what it reads now."""

    id: str
    name: str
    reads: str


@dataclass(frozen=True, slots=True)
class ZoneView:
    """What `zone.html` shows: what is installed (`facts`), and what people have set."""

    zone: Zone
    facts: list[tuple[str, str]]
    probes: list[ProbeView]
    automatic: bool
    quiet_from: str
    quiet_until: str
    day_cap: str
    day_cap_help: str
    unit: str
    history: str


def _listed(page: PageContext, snapshot: StationSnapshot, words: Words) -> Zones:
    summaries = {one.id: one for one in status(page.station, snapshot).zones}
    return Zones(
        [
            Row(
                id=zone.id,
                name=zone.name,
                crop=words.say("crop", zone.crop.name),
                area=words.area(zone.area_m2),
                verdict=summaries[zone.id].verdict,
                verdict_word=words.say("verdict", summaries[zone.id].verdict),
                automatic=page.settings().on("automatic", zone.id),
            )
            for zone in page.station.zones
        ]
    )


def _zone_view(page: PageContext, zone: Zone, snapshot: StationSnapshot, words: Words) -> ZoneView:
    settings = page.settings()
    pump = page.station.pump(zone.pump)
    live = snapshot.zone(zone.id)
    probes = {probe.id: probe for probe in live.probes} if live else {}
    cap_mm = settings.get("day_cap_mm", zone.id)
    any_hour = zone.water_from == zone.water_until
    installed = {
        "crop": words.say("crop", zone.crop.name),
        "planted": words.date(zone.planted_on),
        "area": words.area(zone.area_m2),
        "full_dry": words.say(
            "zones",
            "full_dry_value",
            full=words.percent(zone.soil.field_capacity_frac),
            dry=words.percent(zone.soil.wilting_point_frac),
        ),
        "efficiency": words.percent(zone.application_efficiency_frac),
        "flow": words.flow(pump.nominal_lpm),
        "meter": words.say("zones", "meter_yes" if pump.flow is not None else "meter_no"),
        "longest": words.minutes(zone.limits.longest_run_s / 60),
        "rest": words.minutes(zone.limits.min_rest_s / 60),
        "day_most": words.depth(zone.max_depth_mm_per_day),
        "litres_day": words.litres(zone.limits.max_l_per_day),
        "minutes_day": words.minutes(zone.limits.max_s_per_day / 60),
        "hours": words.say("zones", "any_hour")
        if any_hour
        else f"{zone.water_from:%H:%M}-{zone.water_until:%H:%M}",
    }
    return ZoneView(
        zone=zone,
        facts=[(words.say("zones", name), value) for name, value in installed.items()],
        probes=[
            ProbeView(
                probe.device.id,
                words.say("calibration", "probe", zone=zone.name, depth=words.length(probe.depth_m)),
                _reads(probes.get(probe.device.id), words),
            )
            for probe in zone.probes
        ],
        automatic=settings.on("automatic", zone.id),
        quiet_from=str(settings.get("quiet_from", zone.id) or ""),
        quiet_until=str(settings.get("quiet_until", zone.id) or ""),
        day_cap=f"{words.depth_to_type(cap_mm):g}" if isinstance(cap_mm, float) else "",
        day_cap_help=words.say("zones", "day_cap_help", most=words.depth(zone.max_depth_mm_per_day)),
        unit=words.say("zones", "unit_us" if words.system == "us" else "unit_metric"),
        history=url_for("history", zone=zone.id),
    )


def _reads(probe: ProbeStatus | None, words: Words) -> str:
    if probe is None or probe.value is None:
        return words.say("quality", probe.quality if probe else Quality.NO_ANSWER)
    return words.say("zones", "reads", value=words.percent(probe.value), age=words.age(probe.age_s))
