"""Guard and controller sockets that answer what a test says."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from fieldstation.wire.line import Message
from fieldstation.wire.serve import Server
from fieldstation.wire.unix import listen


class Peer:
    """Answers commands from a dict in a thread, and remembers what it was asked."""

    def __init__(self, path: Path, answers: dict[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.answers = answers
        self.asked: list[Message] = []
        self._server = Server(listen(path), self._answer)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(2)
        self._server.close()

    def _answer(self, message: Message) -> Message:
        self.asked.append(message)
        found: Any = self.answers.get(message["verb"], {"error": "unknown"})
        answer: Message = found(message) if callable(found) else found
        return answer

    def _serve(self) -> None:
        while not self._over.is_set():
            self._server.serve_for(0.05)
