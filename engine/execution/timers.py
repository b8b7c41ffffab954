"""When a timer is due: ISO 8601 texts, or FEEL giving a text, a date, a date and time or a duration.

A cycle is ``R[n]/period``, ``R[n]/start/period`` or ``R[n]/start/end``. It is carried as
``R[n]/start/period``, where ``start`` is the origin of its grid: each due moment is the first one on the
grid after the present. So a cycle keeps its hour and its day of the month, occurrences missed during
downtime fire once and not in a burst, and ``n`` counts firings. Local times are those of Asia/Shanghai.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from engine.bpmn.graph import EventDefinition, TimerKind
from engine.errors import Invalid
from engine.execution.periods import Period, moment_of, period_of
from engine.execution.state import Scope, Token
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.feel import Expression
from engine.text import Text

Firing = tuple[datetime, str | None]

_CYCLE = re.compile(r"R(-1|[1-9]\d{0,8})?/([^/]+)(?:/([^/]+))?", re.ASCII)
_SHORTEST = timedelta(seconds=1)
_SHORTEST_MONTH = timedelta(days=28)


class Cycle(NamedTuple):
    """``times`` firings to come (``None``: for ever), on the grid of ``period`` from ``start``."""

    times: int | None
    start: datetime | None
    period: Period


def first(walk: Walk, event: EventDefinition, where: Token | Scope) -> Firing:
    """The first due moment, in UTC, and the cycle that goes on after it; :class:`Trouble` where there is
    none."""
    value: object = event.timer
    if isinstance(value, Expression):
        value = walk.evaluate(value, where)
    firing = _first(value, event.timer_kind, walk.now)
    if firing is None:
        raise Trouble("timer", _not_understood(value))
    return firing


def first_firing(
    event: EventDefinition,
    context: Mapping[str, object],
    now: datetime,
    functions: Mapping[str, Callable[..., object]] | None = None,
) -> Firing:
    """The same for a timer start event, outside any instance. ``Invalid`` where the timer can't be
    understood."""
    value: object = event.timer
    if isinstance(value, Expression):
        value = value.evaluate(context, now=now, functions=functions or {})
    firing = _first(value, event.timer_kind, now)
    if firing is None:
        raise Invalid(_not_understood(value), code="timer")
    return firing


def next_firing(cycle: str | None, due: datetime, now: datetime) -> Firing | None:
    """After a firing at ``now`` that was due at ``due``: the next due moment and the cycle after it, or
    ``None`` at the end."""
    return None if cycle is None else following(cycle, max(due, now))


def following(cycle: str, now: datetime) -> Firing | None:
    """The next due moment of a cycle after a firing at ``now``, and what is left after that."""
    parts = _cycle(cycle)
    return None if parts is None else _on_grid(parts, parts.start or now, now)


def _not_understood(value: object) -> Text:
    shown = "null" if value is None else str(value)[:80]
    return Text(f"无法理解的时间:{shown}", f"This is no time, duration or cycle: {shown}")


def _first(value: object, kind: TimerKind | None, now: datetime) -> Firing | None:
    if isinstance(value, str):
        value = value.strip()
        if value[:1] == "R":
            cycle = _cycle(value)
            if cycle is None:
                return None
            if cycle.start is not None and cycle.start >= now:
                return cycle.start, _left(cycle, cycle.start)
            return _on_grid(cycle, cycle.start or now, now)
    period = period_of(value)
    if period is not None and kind is TimerKind.CYCLE:
        cycle = _checked(None, None, period)
        return None if cycle is None else _on_grid(cycle, now, now)
    due = moment_of(value) if period is None else period.after(now)
    return None if due is None else (due, None)


def _cycle(text: str) -> Cycle | None:
    found = _CYCLE.fullmatch(text)
    if found is None:
        return None
    count = None if found[1] in (None, "-1") else int(found[1])
    if found[3] is None:
        return _checked(count, None, period_of(found[2]))
    start, end = moment_of(found[2]), moment_of(found[3])
    if start is None:
        return None
    return _checked(count, start, period_of(found[3]) if end is None else Period(0, end - start))


def _checked(count: int | None, start: datetime | None, period: Period | None) -> Cycle | None:
    if period is None or period.months < 0 or period.months * _SHORTEST_MONTH + period.span < _SHORTEST:
        return None
    return Cycle(count, start, period)


def _on_grid(cycle: Cycle, start: datetime, now: datetime) -> Firing | None:
    """The first moment of the grid after ``now``."""
    period = cycle.period
    shortest = period.months * _SHORTEST_MONTH + period.span
    longest = period.months * timedelta(days=31) + period.span
    times = max((now - start) // longest, 1)  # never beyond the moment looked for
    due = period.after(start, times)
    while due is not None and due <= now:
        times += max((now - due) // longest, 1) if longest > shortest else (now - due) // longest + 1
        due = period.after(start, times)
    return None if due is None else (due, _left(cycle, start))


def _left(cycle: Cycle, start: datetime) -> str | None:
    """The cycle after one more firing; ``None`` when that was the last."""
    if cycle.times == 1:
        return None
    origin = start.isoformat().replace("+00:00", "Z")
    return f"R{'' if cycle.times is None else cycle.times - 1}/{origin}/{cycle.period}"
