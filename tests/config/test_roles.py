"""A sensor's role comes from what it measures; a broken driver costs its own sensor only."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

import pytest

from fieldstation.config.load import resolve
from fieldstation.domain.errors import ConfigError

EXAMPLE = (resources.files("fieldstation.config") / "example.toml").read_text()
AIR = '[sensor.air]\ndriver = "dht22"           # or "dht11"\npin = 4\n'
NO_AIR = EXAMPLE.replace(AIR, "")
PROBE = """
[sensor.south_deep]
driver = "{driver}"
{place}
zone = "south"
depth_m = 0.45
calibration = [[1.00, 0.50], [2.90, 0.02]]
"""
CHIP = 'channel: int = setting("c")\n    address: int = setting("a", default=0x48)'

WriteDriver = Callable[..., None]


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        resolve(text)
    return [str(problem) for problem in caught.value.problems]


def test_whatever_measures_air_temperature_is_the_air_sensor(write_driver: WriteDriver) -> None:
    assert AIR in EXAMPLE
    write_driver("thermometer", measures="Quantity.AIR_T")
    station = resolve(NO_AIR + '\n[sensor.mast]\ndriver = "thermometer"\npin = 4\n')
    assert station.air is not None
    assert (station.air.id, station.air.driver) == ("mast", "thermometer")


def test_one_device_may_have_two_roles(write_driver: WriteDriver) -> None:
    write_driver("weather_mast", measures="Quantity.AIR_T, Quantity.AIR_RH, Quantity.RAIN")
    text = NO_AIR[: NO_AIR.index("[sensor.rain]")] + NO_AIR[NO_AIR.index("[sampling]") :]
    station = resolve(text + '\n[sensor.mast]\ndriver = "weather_mast"\npin = 4\n')
    assert station.air is station.rain is not None


def test_a_soil_probe_of_any_driver_stands_in_its_zone(write_driver: WriteDriver) -> None:
    write_driver("other_probe", measures="Quantity.SOIL_WATER", settings=CHIP, more='BUS = "i2c"')
    station = resolve(EXAMPLE + PROBE.format(driver="other_probe", place="channel = 2"))
    assert [probe.device.driver for probe in station.zone("south").probes] == [
        "capacitive_soil_mcp3008",
        "other_probe",
    ]


def test_a_sensor_that_no_role_takes_says_which_roles_there_are(write_driver: WriteDriver) -> None:
    write_driver("hygrometer", measures="Quantity.AIR_RH")
    (told,) = problems(EXAMPLE + '\n[sensor.damp]\ndriver = "hygrometer"\npin = 5\n')
    assert "[sensor.damp] driver" in told
    for word in ("measures air_rh", "no role", "soil probe (soil_water)", "air sensor (air_t)", "rain gauge"):
        assert word in told


def test_two_air_sensors_are_an_error_among_all_the_others() -> None:
    text = EXAMPLE.replace("area_m2 = 90", "area_m2 = 0")
    told = problems(text + '\n[sensor.porch]\ndriver = "dht11"\npin = 5\n')
    assert any("more than one air sensor: air, porch; keep one" in line for line in told), told
    assert any("area_m2" in line for line in told), told


def test_a_driver_with_another_use_is_no_sensor() -> None:
    (told,) = problems(EXAMPLE + '\n[sensor.float]\ndriver = "float_switch"\npin = 5\n')
    assert "choose one of: capacitive_soil_ads1115, capacitive_soil_mcp3008, dht11" in told
    (told,) = problems(EXAMPLE.replace('"float_switch"', '"dht22"'))
    assert "[pump.main] tank_float.driver: is 'dht22'" in told
    assert "choose one of: float_switch" in told


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("channel = 1", "channel: 1 is taken by"),
        ("channel = 1\naddress = 0x49", ""),
        ("channel = 2", ""),
    ],
)
def test_chips_are_shared_by_channel_and_found_by_address(
    write_driver: WriteDriver, place: str, words: str
) -> None:
    write_driver("other_probe", measures="Quantity.SOIL_WATER", settings=CHIP, more='BUS = "i2c"')
    text = EXAMPLE + PROBE.format(driver="other_probe", place="channel = 1")
    text += PROBE.format(driver="other_probe", place=place).replace("south_deep", "south_deeper")
    if not words:
        assert len(resolve(text).zone("south").probes) == 3
        return
    (told,) = problems(text)
    assert words in told


def test_two_kinds_of_chip_cannot_share_an_address(write_driver: WriteDriver) -> None:
    address = 'address: int = setting("a", default=0x48)'
    write_driver("thermometer", settings=address, more='BUS = "i2c"')
    write_driver("other_probe", measures="Quantity.SOIL_WATER", settings=CHIP, more='BUS = "i2c"')
    text = NO_AIR + '\n[sensor.mast]\ndriver = "thermometer"\n'
    (told,) = problems(text + PROBE.format(driver="other_probe", place="channel = 0"))
    assert "0x48 is taken by [sensor.mast]" in told


def test_i2c_and_a_relay_cannot_share_a_pin(write_driver: WriteDriver) -> None:
    write_driver("thermometer", settings='address: int = setting("a", default=0x48)', more='BUS = "i2c"')
    text = NO_AIR.replace('"stop_button", pin = 26', '"stop_button", pin = 2')
    (told,) = problems(text + '\n[sensor.mast]\ndriver = "thermometer"\n')
    assert "needs I2C, but 2 is taken by" in told


BROKEN = {
    "syntax": ("def (", "SyntaxError"),
    "import": ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
    "attribute": ("1 / 0", "ZeroDivisionError"),
    "empty": ("", "does not define Settings, MEASURES, BLOCKING, Driver"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_driver_takes_its_sensor_away_and_says_why(write_driver: WriteDriver, name: str) -> None:
    text, cause = BROKEN[name]
    write_driver("bad", text)
    station = resolve(NO_AIR + '\n[sensor.mast]\ndriver = "bad"\npin = 4\n')
    assert station.air is None
    (broken,) = station.broken
    assert (broken.id, broken.driver) == ("mast", "bad")
    assert cause in broken.cause
    assert len(station.zones) == 2


def test_a_broken_driver_that_nobody_uses_matters_to_nobody(write_driver: WriteDriver) -> None:
    write_driver("bad", "def (")
    assert resolve(EXAMPLE).broken == ()
    (told,) = problems(EXAMPLE.replace('driver = "dht22"', 'driver = "dht21"'))
    assert "did you mean 'dht" in told, "advice leaves the broken one out"


def test_a_broken_driver_of_the_guard_is_an_error(write_driver: WriteDriver) -> None:
    write_driver("bad", "def (")
    (told,) = problems(EXAMPLE.replace('"float_switch"', '"bad"'))
    assert "drivers/bad.py is broken: SyntaxError" in told
