"""Learning as the page is told of it: small enough for every second."""

from __future__ import annotations

from fieldstation.binding import like
from fieldstation.controller.jobs.learning import Learning
from fieldstation.domain.learned import OwnModel, in_charge, in_shadow
from fieldstation.domain.status.learning import CalibrationStatus, LearningStatus, ModelStatus, YieldStatus


def learning_status(learning: Learning) -> LearningStatus:
    """Who is in charge and in shadow, with scores; calibrations that say something; harvest corrections."""
    newest, found = learning.newest, learning.found
    return LearningStatus(
        running=learning.running,
        last_at=newest.at.replace(microsecond=0) if newest else None,
        failure=newest.failure if newest else None,
        champion=_model(in_charge(learning.models)),
        shadow=_model(in_shadow(learning.models)),
        calibrations=tuple(
            like(CalibrationStatus, one)
            for one in (found.calibrations if found else ())
            if one.value is not None
        ),
        yields=tuple(like(YieldStatus, one) for one in (found.yields if found else ())),
    )


def _model(model: OwnModel | None) -> ModelStatus | None:
    if model is None:
        return None
    score = model.later or model.held_out
    return like(
        ModelStatus,
        model,
        made_at=model.made_at.replace(microsecond=0),
        mae_frac=score.mae if score else None,
        rival_mae_frac=score.rival_mae if score else None,
        days=score.days if score else 0,
    )
