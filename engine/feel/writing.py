"""A value as text, the way ``string()`` and people see it."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.evaluation import Run
from engine.feel.temporal import (
    DistantDate,
    DistantMoment,
    format_date,
    format_datetime,
    format_duration,
    format_time,
)
from engine.feel.values import Range, YearsMonths


def write(value: object, run: Run) -> str:
    """A string by itself is bare; inside a list or context it has quotes."""
    if isinstance(value, str):
        return value
    return run.text(_write(value, run))


def _write(value: object, run: Run) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return run.text('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"')
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format_number(value)
    if isinstance(value, datetime | DistantMoment):
        return format_datetime(value)
    if isinstance(value, date | DistantDate):
        return format_date(value)
    if isinstance(value, time):
        return format_time(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, YearsMonths):
        return str(value)
    return _write_compound(value, run)


def _write_compound(value: object, run: Run) -> str:
    run.enter()
    if isinstance(value, list):
        run.spend(len(value))
        text = "[" + ", ".join(_write(each, run) for each in value) + "]"
    elif isinstance(value, dict):
        run.spend(len(value))
        text = "{" + ", ".join(f"{_key(key)}: {_write(each, run)}" for key, each in value.items()) + "}"
    elif isinstance(value, Range):
        ends = f"{_end(value.low, run)}..{_end(value.high, run)}"
        text = ("[" if value.low_closed else "(") + ends + ("]" if value.high_closed else ")")
    else:
        text = "function"
    run.leave()
    return run.text(text)


def _key(key: str) -> str:
    plain = key.replace(" ", "").replace("_", "")
    return key if plain and not any(sign in key for sign in '"{}[]():,\\') else _quoted(key)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _end(value: object, run: Run) -> str:
    if value is None:
        return ""
    return (
        ("@" + _quoted(_write(value, run)))
        if isinstance(value, date | time | timedelta | YearsMonths | DistantDate | DistantMoment)
        else _write(value, run)
    )


def format_number(number: Decimal) -> str:
    """Digits without an exponent, as long as that stays readable."""
    return format(number if number else abs(number), "f")
