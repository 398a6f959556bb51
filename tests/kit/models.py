"""The shipped models, loaded once for all tests, and advisers that share them."""

from __future__ import annotations

import copy

from fieldstation.advice.adviser import Adviser
from fieldstation.learning.forecaster import Forecaster

MODELS = Forecaster.load()


def twin(adviser: Adviser) -> Adviser:
    """Another adviser that stands where this one stands. Models do not change: copied each time, they cost a second."""
    return copy.deepcopy(adviser, {id(MODELS): MODELS})
