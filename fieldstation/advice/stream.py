"""Advice as a stream: one JSON object a line in, one a line out, flushed at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from fieldstation.advice.adviser import Advice, Adviser
from fieldstation.advice.input import LineError, ParsedLine, parse_line
from fieldstation.advice.state import StreamState
from fieldstation.binding import plain
from fieldstation.domain.errors import PlaceError
from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.plot import Plot
from fieldstation.learning.forecaster import Forecaster

LINE_LIMIT_BYTES = 64 * 1024
MAX_BRACKETS = 400
"""No morning holds so many lists and objects; deeper than this no parser is asked to dig."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def run(plot: Plot, models: Forecaster | None, lines: IO[bytes], out: IO[str], state: Path | None) -> None:
    """Answer every line until there are no more. Raises PlaceError for a state or an output that cannot be used."""
    adviser = Adviser(plot, models)
    stream_state = None if state is None else StreamState(state, plot)
    if stream_state is not None:
        for text, advised_mm, rung in stream_state.answered():
            try:
                adviser.remember(_parsed(text, adviser), advised_mm, rung)
            except (ValueError, RecursionError) as error:
                raise stream_state.foreign() from error
        stream_state.begin()
    try:
        for number, raw in enumerate(_raw_lines(lines), start=1):
            if raw is None or raw.strip():
                _write_answer(out, _answer(adviser, raw, number, stream_state))
    finally:
        if stream_state is not None:
            stream_state.close()


def _raw_lines(lines: IO[bytes]) -> Iterator[bytes | None]:
    """Line after line without ever holding more than the limit; None for one that is longer."""
    first = True
    while raw := lines.readline(LINE_LIMIT_BYTES + 1):
        if len(raw) > LINE_LIMIT_BYTES and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = lines.readline(LINE_LIMIT_BYTES)
            yield None
        else:
            yield raw.removeprefix(BYTE_ORDER_MARK) if first else raw
        first = False


def _write_answer(out: IO[str], answer: dict[str, Any]) -> None:
    try:
        out.write(json.dumps(answer) + "\n")
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise PlaceError(f"standard output cannot be written: {error.strerror}; free space there") from error


def _parsed(text: str, adviser: Adviser) -> ParsedLine:
    if text.count("[") + text.count("{") > MAX_BRACKETS:
        raise LineError(f"more than {MAX_BRACKETS} lists and objects")
    return parse_line(json.loads(text), adviser.advised_mm)


def _answer(
    adviser: Adviser, raw: bytes | None, number: int, stream_state: StreamState | None
) -> dict[str, Any]:
    try:
        if raw is None:
            raise LineError(f"longer than {LINE_LIMIT_BYTES} bytes")
        text = raw.decode().strip()
        advice = adviser.advise(_parsed(text, adviser))
    except UnicodeDecodeError as error:
        return {"error": f"line {number}: not UTF-8 at byte {error.start + 1}", "line": number}
    except (ValueError, RecursionError) as error:
        return {"error": f"line {number}: {error}", "line": number}
    if stream_state is not None:
        stream_state.add(text, advice.choice.depth_mm, advice.rung)
    return advice_plain(advice)


def advice_plain(advice: Advice) -> dict[str, Any]:
    """The answer as plain values; what is not known is null."""
    choice = advice.choice
    values = dict(choice.values)
    if advice.noticed:
        values["noticed"] = ",".join(advice.noticed)
    if advice.soil_taken_as:
        values["soil_taken_as"] = advice.soil_taken_as
    if choice.limited_by:
        values["limited_by"] = ",".join(choice.limited_by)
    harvest = advice.harvest_on
    return {
        "on": advice.on.isoformat(),
        "depth_mm": choice.depth_mm,
        "rung": advice.rung.value,
        "reason": {"code": choice.reason.value, "values": values},
        "depletion_frac": _rounded(advice.depletion_frac, 4),
        "taw_mm": None if advice.taw_mm is None else round(advice.taw_mm, 1),
        "root_depth_cm": None if advice.root_m is None else round(advice.root_m * 100, 1),
        "soil_forecast": [
            {"depth_cm": ahead.depth_cm, "hours": ahead.hours, "vwc_frac": _rounded(ahead.vwc_frac, 4)}
            for ahead in advice.ahead
        ],
        "yield_t_ha": _rounded(advice.yield_t_ha, 3),
        "yield_by": advice.yield_by,
        "harvest_on": None
        if harvest is None
        else dict(zip(("p10", "p50", "p90"), map(str, harvest), strict=True)),
        "drivers": plain(advice.drivers),
        "yield_drivers": plain(advice.yield_drivers),
        "changes": plain(advice.changes),
        "skipped": plain(advice.skipped),
        "below": plain(advice.below),
        "account": plain(advice.account),
    }


def _rounded(found: Quantiles | None, digits: int) -> dict[str, float] | None:
    return None if found is None else {name: round(value, digits) for name, value in plain(found).items()}
