"""What stands behind a dot: a context's entry, a list's entries, a date's year."""

from decimal import Decimal

from engine.feel.evaluation import Run
from engine.feel.temporal import PROPERTIES
from engine.feel.values import Range

_RANGE = {
    "start": lambda span: span.low,
    "end": lambda span: span.high,
    "start included": lambda span: span.low_closed,
    "end included": lambda span: span.high_closed,
}


def follow(value: object, name: str, run: Run) -> object:
    """``value.name``, or null. Tables only: an expression never reaches a Python attribute."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        run.spend(len(value))
        return [follow(each, name, run) for each in value]
    if isinstance(value, Range):
        read = _RANGE.get(name)
        return read(value) if read else None
    properties = PROPERTIES.get(value.__class__)
    if properties is None:
        return None
    found = properties.get(name)
    return found(value) if found else None


def index(position: Decimal, length: int) -> int | None:
    """FEEL's position (1 is the first, -1 the last) as Python's; None if there is no such element."""
    if position != position.to_integral_value() or not 1 <= abs(position) <= length:
        return None
    return int(position) - 1 if position > 0 else length + int(position)
