"""A DHT11: the DHT22's coarse relative, without frost. The library ignores its sign bit."""

from __future__ import annotations

from fieldstation.drivers import dht22

MEASURES = dht22.MEASURES
BLOCKING = True
Settings = dht22.Settings


class Driver(dht22.Driver):
    """One measurement a call, within 0-50 C and 20-90 %."""

    kind = "DHT11"
    limits_c = (0.0, 50.0)
    limits_frac = (0.20, 0.90)
