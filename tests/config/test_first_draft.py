"""A first draft of station.toml: one round tells all that is wrong with it, and mending that is enough."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from fieldstation.binding import Problem
from fieldstation.binding.reading import fields_of
from fieldstation.config.load import resolve
from fieldstation.config.sections import SECTIONS
from fieldstation.domain.errors import ConfigError
from fieldstation.domain.station import Probe

EXAMPLE = (resources.files("fieldstation.config") / "example.toml").read_text()
PLANNING = EXAMPLE[EXAMPLE.index("[planning]") :]
SOUTH_LIMITS = EXAMPLE[EXAMPLE.index("[zone.south.limits]") : EXAMPLE.index("[sensor.north_soil]")]
SECOND_GAUGE = '[sensor.rain_2]\ndriver = "tipping_bucket_rain_gauge"\npin = 22\nmm_per_tip = 0.2\n\n'
# what is right => what a first draft says => where that is told => the words that name it
LINES = r"""
name = "Example" => name = "Exa\u0007mple" => [station] name => what the station is called
latitude_deg = 36.8  => latitude_deg = 368  => [station] latitude_deg => from -66 to 66
elevation_m = 120\n => elevation = 120\n => [station] elevation: => did you mean 'elevation_m'?
"Europe/Madrid" => "Europe/Madird" => [station] timezone => did you mean 'Europe/Madrid'?
language = "en"  => language = en  => column 12: is not TOML: Invalid value: 'language = en => write texts and times in quotes
frost_months = [11, 12, 1, 2, 3] => frost_months = ["Nov"] => [guard] frost_months[0] => from 1 to 12
"stop_button", pin = 26 => "button", pin = 17 => [guard] stop_button.driver => did you mean 'stop_button'?
nominal_lpm = 40  => nominal_lpm = 400  => [pump.main] min_lpm => must rise in that order
pulses_per_l = 12  => pulses_per_l = "12"  => [pump.main] flow_meter.pulses_per_l => a number > 0
longest_run_s = 3600\nmin_rest_s = 60\n => longest_run_s = 360000\nmin_rest_s = 60\n => [pump.main.limits] longest_run_s => from 60 to 14400 s
name = "North field" => name = "" => [zone.north] name => 1 to 64 characters
pin = 27, active_high = true => pin = 5, active_high = true => [zone.north] valve.pin => choose a free pin
planted_on = 2026-04-18 => planted_on = "18 April" => [zone.north] planted_on => a date such as
min_event_mm = 3\n => min_event_mm = 30\n => [zone.north] min_event_mm => no water could ever be given
water_from = "20:00"   => water_from = 20:00   => column 16: is not TOML: Expected newline or end of document after a statement: 'water_from = 20:00 => write texts and times in quotes
water_until = "08:00"\n\n[zone.north => water_until = "08:00Z"\n\n[zone.north => [zone.north] water_until => without seconds, Z
name = "South beds"\npump = "main" => name = "South beds\npump = "mian" => 'name = "South beds' => close what is open
[zone.south]\n => [zone.south\n => a table declaration: '[zone.south' => close what is open
valve = { driver = "relay", pin = 22 => valve = { driver = "relay", pin = 17 => [zone.south] valve.pin => 17 is taken by [guard] stop_button
area_m2 = 90\n => area_m2 = 90\narea_m2 = 91\n => Cannot overwrite a value: 'area_m2 = 91' => keep one of the two
crop = "tomato" => crop = "tomatoes" => [zone.south] crop => did you mean 'tomato'?
soil = "loam" => soil = "clayish" => [zone.south] soil => give one of
zone = "south" => zone = "sout" => [sensor.south_soil] zone => did you mean 'south'?
depth_m = 0.45\ncalibration = [[1.00, 0.50] => depth_m = 0.45\ncalibration = [[1.00, 50] => [sensor.north_deep] calibration[0][1] => from 0 to 0.8
driver = "dht22"   => driver = "dht21"   => [sensor.air] driver => did you mean 'dht22'?
pin = 4\n => pin = 23\n => [sensor.air] pin => 23 is taken by [pump.main] flow_meter
mm_per_tip = 0.2794  => mm_per_tip = nan  => [sensor.rain] mm_per_tip => is nan
raw_days = 90 => raw_days = 90.0 => [sampling] raw_days => a whole number
"""
MISTAKES = [
    *(tuple(line.replace(r"\n", "\n").split(" => ")) for line in LINES.strip("\n").split("\n")),
    (SOUTH_LIMITS, "", "[zone.south.limits]", "longest_run_s: a number"),
    ("[sampling]\n", SECOND_GAUGE + "[sampling]\n", "[sensor]: more than one rain gauge", "keep one"),
    (PLANNING, "", "[planning]", "at: a list of 1 to 48 items, each a local time"),
]


def told(text: str) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        resolve(text)
    return caught.value.problems


def test_one_round_tells_all_and_mending_it_is_enough() -> None:
    draft = EXAMPLE
    for right, wrong, _, _ in MISTAKES:
        assert draft.count(right) >= 1, right
        draft = draft.replace(right, wrong, 1)
    lines = [str(problem) for problem in told(draft)]
    for right, wrong, where, words in reversed(MISTAKES):
        if any(where in line and words in line for line in lines):
            draft = draft.replace(wrong, right, 1) if wrong else draft + right
    assert resolve(draft).zone("south").pump == "main", lines


def test_an_empty_file_is_told_every_key_that_it_needs() -> None:
    text = " ".join(map(str, told("")))
    needed = [
        slot.key
        for section in SECTIONS
        for kind in section.kinds
        for slot in fields_of(kind)
        if slot.required and slot.declared and kind is not Probe
    ]
    devices = ("relay", "flow_meter", "tank_float", "valve", "pulses_per_l", "no_tank_float", "soil")
    assert [key for key in (*needed, *devices) if not re.search(rf"\b{key}\b", text)] == []


@pytest.mark.parametrize("header", ["[[zone]]", "[zone]"])
def test_a_zone_without_a_name_is_read_all_the_same(header: str) -> None:
    problems = told(
        EXAMPLE[: EXAMPLE.index("[zone.south]")]
        .replace("[zone.north]", header)
        .replace("area_m2", "area")
        .replace("[zone.north.limits]", "[zone.limits]" if header == "[zone]" else "[zone.south.limits]")
    )
    where = {problem.where.removeprefix("station.toml ") for problem in problems}
    assert {"[zone]", "[zone.zone1] area", "[zone.zone1] area_m2"} <= where


def test_advice_never_names_a_pin_that_something_has() -> None:
    draft = (
        EXAMPLE.replace("pin = 27", "pin = 17").replace("pin = 22", "pin = 8").replace("pin = 24", "pin = 23")
    )
    draft = re.sub("tank_float = .*", "", draft).replace("pin = 25", "pin = 99").replace("stop_button =", "#")
    pins = [
        int(pin) for problem in told(draft) for pin in re.findall(r"(?:such as |pin = )(\d+)", problem.do)
    ]
    assert len(set(pins)) == len(pins) == 3, "two are not sent to one pin"
    assert not {17, 8, 23, 4, 99, 2, 3, 7, 9, 10, 11} & set(pins)


def test_advice_leaves_out_the_serial_pins() -> None:
    draft = EXAMPLE.replace("pin = 27", "pin = 17")
    draft += "".join(f"\n[sensor.more_{pin}]\npin = {pin}\n" for pin in (12, 13))
    (advice,) = [problem.do for problem in told(draft) if problem.what.startswith("17 is taken")]
    assert advice == "choose a free pin, such as 16", "14 and 15 are the console's"


def test_a_pin_that_is_taken_says_by_what() -> None:
    (problem,) = told(EXAMPLE.replace("pin = 27", "pin = 17"))
    assert str(problem) == (
        "station.toml [zone.north] valve.pin: 17 is taken by [pump.main] relay; choose a free pin, such as 12"
    )


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('water_from = "20:00"', 'water_from = "20:00+02:00"', "[zone.north] water_from"),
        ('water_from = "20:00"', "water_from = 2026-05-01T20:00:00Z", "[zone.north] water_from"),
        ('water_until = "08:00"', 'water_until = "08:00:30"', "[zone.north] water_until"),
        ('at = ["05:00", "19:30"]', 'at = ["05:00Z"]', "[planning] at[0]"),
        ('at = ["05:00", "19:30"]', 'at = ["05:00", "05:00:30"]', "[planning] at[1]"),
        ('at = ["05:00", "19:30"]', "at = [2026-05-01T05:00:00+02:00]", "[planning] at[0]"),
        ("planted_on = 2026-04-18", "planted_on = 2026-04-18T00:00:00Z", "[zone.north] planted_on"),
        ("planted_on = 2026-04-18", 'planted_on = "2026-04-18T00:00+02:00"', "[zone.north] planted_on"),
        ("planted_on = 2026-04-18", "planted_on = 1926-04-18", "[zone.north] planted_on"),
    ],
)
def test_a_time_with_an_offset_is_no_local_time(old: str, new: str, where: str) -> None:
    assert old in EXAMPLE
    (problem,) = told(EXAMPLE.replace(old, new, 1))
    assert problem.where == f"station.toml {where}"


def test_local_times_may_stand_without_quotes() -> None:
    text = EXAMPLE.replace('water_from = "20:00"', "water_from = 20:00:00", 1)
    assert resolve(text) == resolve(EXAMPLE)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "Example"', 'name = "   "', "[station] name"),
        ('name = "Example"', f'name = "{"x" * 65}"', "[station] name"),
        ('name = "South beds"', 'name = "a\\nb"', "[zone.south] name"),
        ('name = "South beds"', 'name = " north FIELD"', "is the name of [zone.north] too"),
        ("[sensor.air]", '[sensor.""]', "is no usable name"),
        ("[sensor.air]", f"[sensor.{'x' * 33}]", "is no usable name"),
        ("[sensor.air]", '[sensor."a b"]', "is no usable name"),
        ("[sensor.air]", "[sensor.stop_button]", "the name 'stop_button' is taken by [guard] stop_button"),
        ("[sensor.air]", "[sensor.main_flow_meter]", "the name 'main_flow_meter' is taken by [pump.main]"),
    ],
)
def test_names_empty_doubled_endless_or_broken_are_refused(old: str, new: str, says: str) -> None:
    assert old in EXAMPLE
    assert any(says in str(problem) for problem in told(EXAMPLE.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[station\n", "f line 1, column 9"),
        ("a = [1,\n", "f line 1"),
        ("a = 1\n[b]\nc = \n", "f line 3, column 5"),
        ("a = " + "[" * 5000, "f"),
        ("a = " + "9" * 5000, "f"),
        ("[station]\n[station]\n[station]\n", "f line 2, column 9"),
    ],
)
def test_what_is_no_toml_says_the_line(text: str, where: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(text, "f")
    first = caught.value.problems[0]
    assert (first.where, first.what[:12]) == (where, "is not TOML:")
    assert first.do
