"""Where the station keeps its files and sockets on one machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """Paths of one station. `data` holds the record, `sockets` the sockets, `ledger` the guard's file."""

    data: Path
    sockets: Path
    ledger: Path

    @classmethod
    def under(cls, data: Path, sockets: Path | None = None, ledger: Path | None = None) -> Places:
        """Everything below `data` unless said otherwise (systemd gives each its own folder)."""
        return cls(data, sockets or data / "run", ledger or data / "ledger")

    @property
    def record(self) -> Path:
        """The SQLite record."""
        return self.data / "record.db"

    @property
    def models(self) -> Path:
        """The station's own models, a folder a version."""
        return self.data / "models"

    @property
    def page_secret(self) -> Path:
        """The key that signs the page's cookies."""
        return self.data / "page-secret"

    @property
    def setup_code(self) -> Path:
        """The one-time code that makes the first technician; there only while it may be used."""
        return self.data / "setup-code"

    @property
    def guard_socket(self) -> Path:
        """Where the guard listens."""
        return self.sockets / "guard.sock"

    @property
    def controller_socket(self) -> Path:
        """Where the controller listens."""
        return self.sockets / "controller.sock"

    @property
    def field_socket(self) -> Path:
        """Where the simulated field listens; absent on a Pi."""
        return self.sockets / "field.sock"
