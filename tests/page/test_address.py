"""By which names the page answers: our own, and no name that merely resolves here."""

from __future__ import annotations

import socket

import pytest

from fieldstation.page.access.hosts import display_name, reached
from fieldstation.page.access.request_guard import Hosts

OWN = socket.gethostname().lower()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8080",
        "127.0.0.1",
        "127.0.0.1:80",
        OWN,
        f"{OWN.upper()}:8080",
        f"{OWN.removesuffix('.local')}.local",
        "pump.farm.example:8080",
    ],
)
def test_our_names(host: str) -> None:
    assert Hosts(["Pump.Farm.example"]).ours(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "203.0.113.7",
        "0.0.0.0",
        "224.0.0.1",
        "[2001:db8::1]",
        "[::]",
        "localhost.",
        "1",
        "0x7f.1",
        "[",
        "127.0.0.1@evil.example",
    ],
)
def test_foreign_names(host: str) -> None:
    assert not Hosts().ours(host)


def test_an_own_address_of_the_network_is_ours() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))  # sends nothing: only asks which address would be used
        except OSError:
            pytest.skip("no network here")
        assert Hosts().ours(f"{way.getsockname()[0]}:8080")


def test_many_foreign_addresses_are_not_kept() -> None:
    hosts = Hosts()
    for n in range(500):
        assert not hosts.ours(f"203.0.113.{n % 250}")
    assert len(hosts._looked) <= 64


def test_what_people_are_told_and_what_this_machine_asks() -> None:
    assert (display_name("127.0.0.1"), reached("127.0.0.1")) == ("127.0.0.1", "127.0.0.1")
    assert (display_name("::1"), reached("::1")) == ("[::1]", "[::1]")
    for everywhere in ("0.0.0.0", "::"):
        assert display_name(everywhere) == f"{socket.gethostname().removesuffix('.local')}.local"
        assert reached(everywhere) == "localhost"
    assert (display_name("station.local"), reached("station.local")) == ("station.local", "station.local")
