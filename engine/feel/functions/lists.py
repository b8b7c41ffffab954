"""Functions on lists (DMN 1.5, 10.3.4.4, 10.3.4.9). Positions count from 1, from the end with a minus."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.calls import invoke
from engine.feel.evaluation import Run
from engine.feel.functions.signature import Registry
from engine.feel.operators import equals
from engine.feel.paths import index
from engine.feel.temporal import instant, time_instant
from engine.feel.values import Function, YearsMonths

FUNCTIONS = Registry()
_add = FUNCTIONS.add
Values = list[object]


def same(left: object, right: object, run: Run) -> bool:
    """Whether two elements are the same to a list: nulls are."""
    return left.__class__ is right.__class__ and (left is None or equals(left, right, run) is True)


@_add("list contains", "list: list, element: any")
def list_contains(run: Run, values: Values, element: object) -> object:
    return any(same(value, element, run) for value in values)


@_add("count", "list: list")
def count(run: Run, values: Values) -> object:
    return Decimal(len(values))


@_add("sublist", "list: list, start position: number, length?: number")
def sublist(run: Run, values: Values, start: Decimal, length: Decimal | None = None) -> object:
    first = index(start, len(values))
    if first is None:
        return None
    if length is None:
        return values[first:]
    if length < 1 or first + length > len(values):
        return None
    return values[first : first + int(length)]


@_add("append", "list: list, ...item: any")
def append(run: Run, values: Values, *items: object) -> object:
    run.room(len(values) + len(items))
    return [*values, *items]


@_add("concatenate", "...list: list")
def concatenate(run: Run, *lists: Values) -> object:
    run.room(sum(map(len, lists)))
    return [value for values in lists for value in values]


@_add("union", "...list: list")
def union(run: Run, *lists: Values) -> object:
    run.room(sum(map(len, lists)))
    return _distinct(run, [value for values in lists for value in values])


@_add("distinct values", "list: list")
def distinct_values(run: Run, values: Values) -> object:
    return _distinct(run, values)


def _key(value: Any) -> object:
    """What equal values share, to avoid comparing pair by pair; None for lists and contexts."""
    kind = value.__class__
    if kind is datetime:
        return kind, value.tzinfo is None, instant(value)
    if kind is time:
        return kind, value.tzinfo is None, time_instant(value)
    if kind in (Decimal, str, bool, date, timedelta, YearsMonths, type(None)):
        return kind, value
    return None


def _distinct(run: Run, values: Values) -> Values:
    seen: set[object] = set()
    others: Values = []
    found: Values = []
    for value in values:
        key = _key(value)
        if key is not None:
            if key not in seen:
                seen.add(key)
                found.append(value)
            continue
        run.spend(len(others))
        if not any(same(value, other, run) for other in others):
            others.append(value)
            found.append(value)
    return found


@_add("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, values: Values, position: Decimal, item: object) -> object:
    at = index(position, len(values) + 1 if position > 0 else len(values))
    if at is None or at >= max(len(values), 1):
        return None
    run.room(len(values) + 1)
    return [*values[:at], item, *values[at:]]


@_add("remove", "list: list, position: number")
def remove(run: Run, values: Values, position: Decimal) -> object:
    at = index(position, len(values))
    return None if at is None else values[:at] + values[at + 1 :]


@_add("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, values: Values, position: Decimal, item: object) -> object:
    at = index(position, len(values))
    return None if at is None else [*values[:at], item, *values[at + 1 :]]


@_add("list replace", "list: list, match: function, newItem: any")
def list_replace_matching(run: Run, values: Values, match: Function, item: object) -> object:
    replaced: Values = []
    for value in values:
        result = invoke(run, match, [value, item])
        if result.__class__ is not bool:
            return None
        replaced.append(item if result else value)
    return replaced


@_add("reverse", "list: list")
def reverse(run: Run, values: Values) -> object:
    return values[::-1]


@_add("index of", "list: list, match: any")
def index_of(run: Run, values: Values, match: object) -> object:
    return [Decimal(at) for at, value in enumerate(values, 1) if same(value, match, run)]


@_add("flatten", "list: list")
def flatten(run: Run, values: Values) -> object:
    flat: Values = []
    waiting: list[Any] = [iter(values)]
    while waiting:
        for value in waiting[-1]:
            if value.__class__ is list:
                run.spend(1)
                waiting.append(iter(value))
                break
            flat.append(value)
        else:
            waiting.pop()
    run.room(len(flat))
    return flat


@_add("all", "list: list")
def all_(run: Run, values: Values) -> object:
    if any(value is False for value in values):
        return False
    return True if all(value is True for value in values) else None


@_add("any", "list: list")
def any_(run: Run, values: Values) -> object:
    if any(value is True for value in values):
        return True
    return False if all(value is False for value in values) else None


@_add("all", "...list: boolean?")
def all_given(run: Run, *values: object) -> object:
    return all_(run, list(values)) if values else None


@_add("any", "...list: boolean?")
def any_given(run: Run, *values: object) -> object:
    return any_(run, list(values)) if values else None


@_add("sort", "list: list, precedes?: function")
def sort(run: Run, values: Values, precedes: Function | None = None) -> object:
    if precedes is None:
        precedes = _ASCENDING
    failed = False

    def order(left: object, right: object) -> int:
        nonlocal failed
        run.spend(1)
        result = invoke(run, precedes, [left, right])
        if result.__class__ is not bool:
            failed = True
        if result is True:
            return -1
        return 1 if invoke(run, precedes, [right, left]) is True else 0

    result = sorted(values, key=cmp_to_key(order))
    return None if failed else result


def _precedes(run: Run, values: Any) -> object:
    from engine.feel.operators import less

    return less(*values)


_ASCENDING = Function(("x", "y"), _precedes)
