"""The child that sends: every way another side can fail, each bounded and named; secrets stay where they are."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from fieldstation.config.demo import demo_toml
from fieldstation.domain.alert import Alert, AlertCode
from fieldstation.domain.notification import (
    LASTS,
    About,
    Channel,
    Failure,
    Notification,
    NotificationContent,
    about,
)
from fieldstation.domain.settings import Settings, StoredSetting
from fieldstation.notify import main as notify_room
from fieldstation.notify import webhook as webhook_room
from fieldstation.notify.deadline import within
from fieldstation.notify.main import send_due
from fieldstation.notify.webhook import by_webhook
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.commands import fieldstation
from tests.kit.page_bench import STATION

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
MESSAGE: dict[str, Any] = {"id": 1, "title": "t", "text": "ü"}


class Other:
    """The other side: keeps what it got and answers as told."""

    def __init__(
        self, answer: Callable[[BaseHTTPRequestHandler], None], context: ssl.SSLContext | None = None
    ) -> None:
        got: list[tuple[dict[str, str], bytes]] = []
        self.got = got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                got.append((dict(self.headers), body))
                with contextlib.suppress(OSError):
                    answer(self)

            def do_GET(self) -> None:
                got.append((dict(self.headers), b"GET"))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def other() -> Iterator[Callable[..., Other]]:
    made: list[Other] = []

    def make(
        answer: Callable[[BaseHTTPRequestHandler], None], context: ssl.SSLContext | None = None
    ) -> Other:
        made.append(Other(answer, context))
        return made[-1]

    yield make
    for one in made:
        one.close()


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    status(200)(handler)
    while True:
        handler.wfile.write(b"x" * 65536)


def silent(_: BaseHTTPRequestHandler) -> None:
    time.sleep(5)


def settings(**values: Any) -> Settings:
    return Settings({(name, None): StoredSetting(value, "Ana", NOW) for name, value in values.items()})


def notification(number: int = 1, code: AlertCode = AlertCode.TANK_LOW, **more: Any) -> Notification:
    alert = Alert(code, NOW, None, {"pump": "main"})
    return Notification(
        NOW, Channel.WEBHOOK, about(alert, About.OPENED), NOW + LASTS, NOW, number, number, **more
    )


def test_a_message_is_signed_json_with_the_sentence_and_what_to_do(other: Callable[..., Other]) -> None:
    side = other(status(204))
    kept = settings(
        webhook_url=side.url.replace("//", "//ana:p%40ss@"), webhook_secret="s3cret", language="es"
    )
    assert send_due(STATION, kept, [notification()], NOW) == [(1, None)]
    [(headers, body)] = side.got
    sent = json.loads(body)
    assert sent["title"].endswith("El depósito de main está bajo.")
    assert sent["text"].splitlines()[1] == "1. Llene el depósito."
    assert (sent["id"], sent["event"], sent["code"], sent["severity"]) == (1, "opened", "tank_low", "warning")
    assert (
        headers["X-Fieldstation-Signature"]
        == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    )
    assert headers["Authorization"] == "Basic YW5hOnBAc3M="
    assert "s3cret" not in str(headers) + body.decode()


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (status(500), Failure.REFUSED),
        (status(404), Failure.REFUSED),
        (status(302, Location="/elsewhere"), Failure.REDIRECTED),
        (status(307, Location="/elsewhere"), Failure.REDIRECTED),
        (lambda handler: handler.wfile.write(b"\x00\x01 no http\r\n\r\n"), Failure.GARBLED),
        (lambda handler: None, Failure.UNREACHABLE),
        (silent, Failure.TOO_SLOW),
        (endless, None),
    ],
)
def test_whatever_the_other_side_does_it_has_a_name_and_an_end(
    other: Callable[..., Other], monkeypatch: pytest.MonkeyPatch, answer: Any, failure: Failure | None
) -> None:
    monkeypatch.setattr(webhook_room, "SOCKET_S", 0.5)
    side = other(answer)
    begun = time.monotonic()
    assert by_webhook(side.url, None, MESSAGE) is failure
    assert time.monotonic() - begun < 3
    assert len(side.got) == 1, "a redirect is not followed"


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("http://127.0.0.1:1/x", Failure.UNREACHABLE),
        ("http://no-such-name.invalid/x", Failure.NAME_UNKNOWN),
        ("http://127.0.0.1:99999/x", Failure.ADDRESS),
        ("http://a b/x", Failure.ADDRESS),
        ("file:///etc/passwd", Failure.ADDRESS),
        ("ftp://127.0.0.1/x", Failure.ADDRESS),
        ("http:///x", Failure.ADDRESS),
    ],
)
def test_addresses_that_lead_nowhere(url: str, failure: Failure) -> None:
    assert by_webhook(url, None, MESSAGE) is failure


@pytest.mark.slow
def test_a_certificate_nobody_vouches_for_is_refused(other: Callable[..., Other], tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {key} -out {certificate}"
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = subprocess.run([*command.split(), *named], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no openssl here")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    side = other(status(200), context)
    assert by_webhook(side.url.replace("http:", "https:"), None, MESSAGE) is Failure.CERTIFICATE
    assert side.got == []


def test_proxies_of_the_environment_get_nothing(
    other: Callable[..., Other], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, side = other(status(200)), other(status(200))
    monkeypatch.setenv("http_proxy", proxy.url)
    assert by_webhook(side.url, None, MESSAGE) is None
    assert (len(proxy.got), len(side.got)) == (0, 1)


def test_a_drip_that_never_pauses_ends_too() -> None:
    with pytest.raises(TimeoutError):
        within(0.2, lambda: time.sleep(5))
    with pytest.raises(KeyError):
        within(1, lambda: dict[str, int]()["x"])


def test_one_dead_end_is_tried_once_and_urgent_and_new_letters_go_first(
    other: Callable[..., Other], monkeypatch: pytest.MonkeyPatch
) -> None:
    notifications = [
        notification(1),
        notification(2),
        notification(3, AlertCode.LEDGER),
        notification(4, AlertCode.PLANNER_FAILED),
    ]
    side = other(status(200))
    done = send_due(STATION, settings(webhook_url=side.url), notifications, NOW)
    assert done == [(3, None), (2, None), (1, None), (4, None)]
    monkeypatch.setattr(webhook_room, "SOCKET_S", 0.3)
    dead = other(silent)
    done = send_due(STATION, settings(webhook_url=dead.url), notifications, NOW)
    assert done == [(n, "too_slow") for n in (3, 2, 1, 4)]
    assert len(dead.got) == 1
    wrong = other(status(403))
    assert (
        len(send_due(STATION, settings(webhook_url=wrong.url), [notification(n) for n in range(30)], NOW))
        == notify_room.MOST
    )


def test_what_is_not_due_or_too_old_or_without_address_is_left(other: Callable[..., Other]) -> None:
    side = other(status(200))
    later = Notification(
        NOW,
        Channel.WEBHOOK,
        NotificationContent(About.TEST, proof="1234"),
        NOW + LASTS,
        NOW + timedelta(seconds=1),
        None,
        1,
    )
    old = Notification(NOW, Channel.WEBHOOK, NotificationContent(About.TEST, proof="1234"), NOW, NOW, None, 2)
    assert send_due(STATION, settings(webhook_url=side.url), [later, old], NOW) == []
    assert send_due(STATION, settings(), [notification()], NOW) == []
    assert side.got == []


def test_solved_and_over_say_when(other: Callable[..., Other]) -> None:
    side = other(status(200))
    alert = Alert(AlertCode.AIR_UNKNOWN, NOW - timedelta(hours=3), ended_at=NOW - timedelta(hours=1))
    notifications = [
        Notification(NOW, Channel.WEBHOOK, about(alert, what), NOW + LASTS, NOW, 1, number)
        for number, what in enumerate((About.SOLVED, About.OVER))
    ]
    send_due(STATION, settings(webhook_url=side.url), notifications, NOW)
    over, solved = (json.loads(body) for _, body in side.got)
    assert solved["title"].endswith("Solved: No air temperature for an hour.")
    assert solved["text"].startswith("Solved, today")
    assert over["text"].startswith("It began today")
    assert over["ended_at"] == "2026-07-01T08:00:00Z"


def test_apprise_sends_title_and_text(other: Callable[..., Other]) -> None:
    pytest.importorskip("apprise")
    side = other(status(200))
    mine = Notification(
        NOW, Channel.APPRISE, NotificationContent(About.TEST, proof="0042"), NOW + LASTS, NOW, None, 5
    )
    urls = (f"json://127.0.0.1:{side.port}/x", "json://127.0.0.1:1/dead")
    assert send_due(STATION, settings(apprise_urls=urls), [mine], NOW) == [(5, None)]
    assert "0042" in json.loads(side.got[0][1])["message"]
    assert send_due(STATION, settings(apprise_urls=urls[1:]), [mine], NOW) == [(5, "refused")]
    assert send_due(STATION, settings(apprise_urls=("nonsense",)), [mine], NOW) == [(5, "address")]


@pytest.mark.slow
def test_the_command_prints_what_came_of_each_and_no_address(
    other: Callable[..., Other], tmp_path: Path
) -> None:
    side = other(status(200))
    config = tmp_path / "station.toml"
    config.write_text(demo_toml(planted_on=NOW.date(), seed=1))
    prepare(tmp_path / "record.db", NOW)
    record = Record.open(tmp_path / "record.db", "boot")
    record.set_setting("webhook_url", None, side.url, "Ana")
    at = datetime.now(UTC)
    test = Notification(at, Channel.WEBHOOK, NotificationContent(About.TEST, proof="1234"), at + LASTS, at)
    lost = Notification(at, Channel.APPRISE, NotificationContent(About.TEST, proof="1234"), at + LASTS, at)
    record.set_setting("apprise_urls", None, ("json://user:hidden@127.0.0.1:1",), "Ana")
    with record.outbox() as outbox:
        numbers = outbox.save([test, lost])
    record.close()
    done = fieldstation("notify", "--json", "--config", config, "--data", tmp_path)
    assert done.returncode == 0, done.stderr
    found = {one["id"]: one["failure"] for one in json.loads(done.stdout)["results"]}
    assert found[numbers[0]] is None
    assert found[numbers[1]] in ("refused", "not_installed")
    assert "hidden" not in done.stdout + done.stderr
    assert "1234" in side.got[0][1].decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    "room", ["fieldstation.guard.main", "fieldstation.controller.main", "fieldstation.page.app"]
)
def test_no_other_process_can_send(room: str) -> None:
    code = f"import sys, {room}; print([m for m in ('apprise', 'requests', 'fieldstation.notify') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_server_that_hangs_does_not_keep_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(10))
    monkeypatch.setattr(notify_room, "ONE_S", 0.3)
    begun = time.monotonic()
    assert send_due(STATION, settings(webhook_url="http://example.org/x"), [notification()], NOW) == [
        (1, "too_slow")
    ]
    assert time.monotonic() - begun < 3
