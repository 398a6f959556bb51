"""What the API takes: bodies and queries checked field by field; what they do not know they refuse by name."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

NAME = validate.Length(1, 64)
NOTE = validate.Length(0, 200)
CLOCK = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$")


class Body(Schema):
    """A JSON body."""

    class Meta:
        """Unknown fields are errors: a typing mistake must not be a request for something else."""

        unknown = RAISE


class Query(Schema):
    """What stands in an address behind the question mark."""

    class Meta:
        """Others may stand there too, such as `lang`."""

        unknown = EXCLUDE


class YesNo(fields.Field[bool]):
    """true or false, and nothing that merely sounds like it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if value is not True and value is not False:
            raise ValidationError("Must be true or false.")
        return value


class Number(fields.Float):
    """A JSON number; no text, no yes or no."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Must be a number.")
        return super()._deserialize(value, attr, data, **more)


class Whole(fields.Integer):
    """A whole number in an address, in digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 16):
            raise ValidationError("Must be a whole number.")
        return super()._deserialize(value, attr, data, **more)


KINDS: dict[type[fields.Field[Any]], str] = {YesNo: "boolean", Number: "number", Whole: "integer"}
"""Fields of ours, and what they are in the description."""


def body(**fields_of: fields.Field[Any]) -> type[Schema]:
    """A schema of these fields."""
    return Body.from_dict(dict(fields_of), name="Body")


def day(**more: Any) -> fields.String:
    """An ISO date."""
    metadata = {"format": "date", **more.pop("metadata", {})}
    return fields.String(validate=[validate.Regexp(r"^\d{4}-\d{2}-\d{2}$"), _day], metadata=metadata, **more)


def number(low: float, high: float, **more: Any) -> Number:
    """A number between bounds."""
    return Number(validate=validate.Range(low, high), allow_nan=False, **more)


def text(least: int, most: int, **more: Any) -> fields.String:
    """A text of so many notifications."""
    return fields.String(validate=validate.Length(least, most), **more)


def one_of(choices: Any, **more: Any) -> fields.String:
    """One of some words."""
    return fields.String(validate=validate.OneOf([str(one) for one in choices]), **more)


def _day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValidationError("Must be a date such as 2026-07-01.") from None
