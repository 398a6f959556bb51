"""Learning as the snapshot tells it: small enough for every second."""

from __future__ import annotations

from fieldstation.controller.jobs.learning import Learning
from fieldstation.controller.status.snapshot import stamp
from fieldstation.domain.learned import OwnModel, in_charge, in_shadow
from fieldstation.wire.line import Message


def learned_view(learning: Learning) -> Message:
    """Who is in charge and in shadow, with scores; calibrations that say something; harvest corrections."""
    newest, found = learning.newest, learning.found
    champion, shadow = in_charge(learning.models), in_shadow(learning.models)
    return {
        "running": learning.running,
        "last_at": stamp(newest.at) if newest else None,
        "failure": newest.failure if newest else None,
        "champion": None if champion is None else _model(champion),
        "shadow": None if shadow is None else _model(shadow),
        "calibrations": [
            {
                "zone": c.zone,
                "probe": c.probe,
                "kind": c.kind,
                "value": c.value,
                "low": c.low,
                "high": c.high,
                "sure_frac": c.sure_frac,
                "credible": c.credible,
                "why": c.why,
            }
            for c in (found.calibrations if found else ())
            if c.value is not None
        ],
        "yields": [
            {
                "zone": y.zone,
                "crop": y.crop,
                "scale": y.scale,
                "seasons": y.seasons,
                "used": y.used,
                "why": y.why,
            }
            for y in (found.yields if found else ())
        ],
    }


def _model(model: OwnModel) -> Message:
    score = model.later or model.held_out
    return {
        "version": model.version,
        "made_at": stamp(model.made_at),
        "against": model.against,
        "why": model.why,
        "mae_frac": score.mae if score else None,
        "rival_mae_frac": score.rival_mae if score else None,
        "days": score.days if score else 0,
    }
