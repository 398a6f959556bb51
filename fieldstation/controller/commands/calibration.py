"""Watch a probe, calibrate a sensor, go back to an earlier calibration."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldstation.agronomy.probe_calibration import Implausible, by_air_and_water, by_weighing
from fieldstation.binding.scalars import number_in
from fieldstation.controller.commands.context import CommandContext, Refused, plain_answer
from fieldstation.controller.commands.settings import asked_by
from fieldstation.domain.answers import CalibrationMade
from fieldstation.domain.calibration import Calibration, CalibrationKind, in_force
from fieldstation.store.reader import Reader
from fieldstation.wire.line import Message

NOTE_LIMIT = 200
MOST_SAMPLES = 12
MOST_OFFSET_C = 5.0
MOST_OFFSET_RH_FRAC = 0.15


def watch_probe(context: CommandContext, message: Message) -> Message:
    """`{"sensor"}` -> live volts, and `steady_v` once they have settled."""
    sensor = str(message.get("sensor"))
    _installed(context, sensor)
    return plain_answer(context.watching.watch(sensor))


def calibrate(context: CommandContext, message: Message) -> Message:
    """`{"sensor", "kind", "by", "note", ...}` -> `{"calibrated": true, "curve"}`; with `"try": true` nothing is kept.

    two_point: `air_v`, `water_v`. gravimetric: `samples`, [[volts, m3/m3], ...], upon the curve in force.
    offset: `t_c`, `rh_frac`. pulses_per_l: `pulses_per_l`, kept to be copied into station.toml. as_installed: nothing.
    Raises Refused.
    """
    try:
        kind = CalibrationKind(str(message.get("kind")))
    except ValueError:
        raise Refused("calibration_kind_unknown") from None
    sensor, who = str(message.get("sensor")), asked_by(message)
    try:
        curve, values, points = _made(context, sensor, kind, message)
    except Implausible as error:
        raise Refused(error.code, **error.values) from None
    made = Calibration(
        sensor,
        kind,
        context.core.clock.now(),
        who,
        str(message.get("note") or "")[:NOTE_LIMIT],
        curve,
        values,
        points,
    )
    if not message.get("try"):
        context.record.add_calibration(made)
        use_calibrations(context)
    return plain_answer(CalibrationMade(not message.get("try"), curve, values))


def calibrate_again(context: CommandContext, message: Message) -> Message:
    """`{"id", "by"}` -> `{"calibrated": true}`: an earlier calibration counts again, as a new row. Raises Refused."""
    who = asked_by(message)
    with Reader(context.record.path) as reader:
        earlier = next((one for one in reader.calibrations() if one.id == message.get("id")), None)
    if earlier is None:
        raise Refused("calibration_gone")
    context.record.add_calibration(replace(earlier, at=context.core.clock.now(), by=who, id=None))
    use_calibrations(context)
    return {"calibrated": True}


def use_calibrations(context: CommandContext) -> None:
    """Hand the newest calibrations to those who read sensors. Raises RecordError."""
    with Reader(context.record.path) as reader:
        context.core.sensing.use(in_force(reader.calibrations()))


def _made(
    context: CommandContext, sensor: str, kind: CalibrationKind, message: Message
) -> tuple[tuple[tuple[float, float], ...], dict[str, float], tuple[tuple[float, float], ...]]:
    if kind is CalibrationKind.TWO_POINT:
        air_v, water_v = _number(message, "air_v"), _number(message, "water_v")
        curve = by_air_and_water(_installed(context, sensor), air_v, water_v)
        return curve, {"air_v": air_v, "water_v": water_v}, ()
    if kind is CalibrationKind.GRAVIMETRIC:
        _installed(context, sensor)
        samples = _samples(message.get("samples"))
        return by_weighing(context.core.sensing.curve(sensor), samples), {}, samples
    if kind is CalibrationKind.OFFSET:
        air = context.core.station.air
        if air is None or sensor != air.id:
            raise Refused("sensor_unknown", sensor=sensor)
        t_c, rh_frac = _number(message, "t_c"), _number(message, "rh_frac")
        if abs(t_c) > MOST_OFFSET_C or abs(rh_frac) > MOST_OFFSET_RH_FRAC:
            raise Refused("offset_too_large", most_c=MOST_OFFSET_C, most_frac=MOST_OFFSET_RH_FRAC)
        return (), {"t_c": t_c, "rh_frac": rh_frac}, ()
    if kind is CalibrationKind.PULSES_PER_L:
        meters = {pump.flow.meter.id for pump in context.core.station.pumps if pump.flow is not None}
        if sensor not in meters:
            raise Refused("sensor_unknown", sensor=sensor)
        pulses = _number(message, "pulses_per_l")
        if not 0 < pulses <= 2000:
            raise Refused("pulses_impossible", pulses_per_l=pulses)
        return (), {"pulses_per_l": pulses}, ()
    air = context.core.station.air
    return (() if air is not None and sensor == air.id else _installed(context, sensor)), {}, ()


def _installed(context: CommandContext, sensor: str) -> tuple[tuple[float, float], ...]:
    """The curve of `station.toml`. Raises Refused for what is no probe."""
    for zone in context.core.station.zones:
        for probe in zone.probes:
            if probe.device.id == sensor:
                return probe.calibration
    raise Refused("sensor_unknown", sensor=sensor)


def _number(message: Message, name: str) -> float:
    value = number_in(message.get(name))
    if value is None:
        raise Refused("number_missing", name=name)
    return value


def _samples(samples: Any) -> tuple[tuple[float, float], ...]:
    if not isinstance(samples, list) or len(samples) > MOST_SAMPLES:
        raise Refused("number_missing", name="samples")
    found = []
    for pair in samples:
        if not isinstance(pair, list) or len(pair) != 2:
            raise Refused("number_missing", name="samples")
        found.append((_number({"volts": pair[0]}, "volts"), _number({"frac": pair[1]}, "frac")))
    return tuple(found)
