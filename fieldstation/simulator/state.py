"""The field's state on disk, so that a stopped field goes on where it was."""

from __future__ import annotations

import json
from pathlib import Path

from fieldstation.domain.errors import ConfigError, PlaceError
from fieldstation.simulation.world import World
from fieldstation.wire import durable


def save(path: Path, world: World) -> None:
    """Write a world's state, whole or not at all. Raises PlaceError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(path.parent, {path.name: json.dumps(world.dump()).encode()})
    except OSError as error:
        raise PlaceError(f"{path}: cannot be written ({error.strerror}); check the folder's owner") from error


def restore(path: Path, world: World) -> bool:
    """Give a world the saved state; False when there is none. Raises PlaceError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError) as error:
        raise PlaceError(f"{path}: cannot be read ({error}); remove it to begin anew") from error
    try:
        world.load(json.loads(text))
    except (ValueError, RecursionError, ConfigError) as error:
        raise PlaceError(f"{path}: is no state of this field ({error}); remove it to begin anew") from error
    return True
