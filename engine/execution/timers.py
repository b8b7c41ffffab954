"""When a timer is due: ISO 8601 texts, or FEEL giving a text, a date, a date and time or a duration.

A cycle is ``R[n]/[start/]period``. It is carried as ``R[n]/start/period``, where ``start`` is the origin of its grid: each
due moment is the first one on the grid after the present. So a cycle keeps its hour and day of the month, occurrences
missed during downtime fire once and not in a burst, and ``n`` counts firings. Local times are those of Asia/Shanghai.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from engine.bpmn.graph import EventDefinition, TimerKind
from engine.errors import Invalid
from engine.execution.state import Scope, Token
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.feel import Expression
from engine.feel.evaluation import LOCAL_ZONE
from engine.feel.temporal import add_months, parse_date, parse_datetime, parse_duration
from engine.feel.values import YearsMonths
from engine.text import Text

Period = timedelta | YearsMonths

_CYCLE = re.compile(r"R(-?\d*)/(?:([^/P][^/]*)/)?(P[^/]+)")
_WEEKS = re.compile(r"P(\d+)W")
_SHORTEST = timedelta(seconds=1)


def first(walk: Walk, event: EventDefinition, where: Token | Scope) -> tuple[datetime, str | None]:
    """The first due moment, in UTC, and the cycle that continues after it; :class:`Trouble` where there is none."""
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
) -> tuple[datetime, str | None]:
    """The same for a timer start event, outside any instance. ``Invalid`` where the timer can't be understood."""
    value: object = event.timer
    if isinstance(value, Expression):
        value = value.evaluate(context, now=now, functions=functions or {})
    firing = _first(value, event.timer_kind, now)
    if firing is None:
        raise Invalid(_not_understood(value), code="timer")
    return firing


def next_firing(cycle: str | None, due: datetime, now: datetime) -> tuple[datetime, str | None] | None:
    """After a firing at ``now`` that was due at ``due``: the next due moment and the cycle after it, or ``None`` at its end."""
    return None if cycle is None else following(cycle, max(due, now))


def _not_understood(value: object) -> Text:
    return Text(f"无法理解的时间:{_shown(value)}", f"This is no time, duration or cycle: {_shown(value)}")


def _shown(value: object) -> str:
    return "null" if value is None else str(value)[:80]


def _first(value: object, kind: TimerKind | None, now: datetime) -> tuple[datetime, str | None] | None:
    if isinstance(value, str):
        text = value.strip()
        if text[:1] == "R":
            return _first_of_cycle(text, now)
        value = _parsed(text)
    if isinstance(value, datetime):
        return _utc(value), None
    if isinstance(value, date):
        return _utc(datetime.combine(value, time(), LOCAL_ZONE)), None
    if isinstance(value, timedelta | YearsMonths):
        if kind is TimerKind.CYCLE:
            return _first_of_grid(None, now, value, now)
        due = _later(now, value, 1)
        return None if due is None else (due, None)
    return None


def _parsed(text: str) -> object:
    if text[:1] in ("P", "-"):
        return _period(text)
    moment = parse_datetime(text) if "T" in text else None
    return moment if moment is not None else parse_date(text)


def _period(text: str) -> Period | None:
    weeks = _WEEKS.fullmatch(text)
    if weeks:
        return timedelta(weeks=int(weeks[1])) if len(weeks[1]) < 6 else None
    return parse_duration(text)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LOCAL_ZONE)
    return moment.astimezone(UTC)


def _later(start: datetime, period: Period, times: int) -> datetime | None:
    """``times`` periods after ``start``; ``None`` beyond the calendar."""
    try:
        if isinstance(period, timedelta):
            return start + times * period
        moved = add_months(start.astimezone(LOCAL_ZONE), times * period.total)
        return _utc(moved) if isinstance(moved, datetime) else None
    except OverflowError:
        return None


def _cycle(text: str) -> tuple[int | None, datetime | None, Period] | None:
    match = _CYCLE.fullmatch(text)
    if match is None:
        return None
    period = _period(match[3])
    if period is None or (period < _SHORTEST if isinstance(period, timedelta) else period.total <= 0):
        return None
    start = None
    if match[2] is not None:
        moment = _parsed(match[2])
        if isinstance(moment, date) and not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), LOCAL_ZONE)
        if not isinstance(moment, datetime):
            return None
        start = _utc(moment)
    count = match[1]
    if len(count) > 9 or (count[:1] == "-" and count != "-1") or count == "0":
        return None
    return (int(count) if count not in ("", "-1") else None), start, period


def _first_of_cycle(text: str, now: datetime) -> tuple[datetime, str | None] | None:
    cycle = _cycle(text)
    if cycle is None:
        return None
    count, start, period = cycle
    if start is not None and start >= now:
        return start, _left(count, start, period)
    return _first_of_grid(count, start or now, period, now)


def _first_of_grid(
    count: int | None, start: datetime, period: Period, now: datetime
) -> tuple[datetime, str | None] | None:
    due = _next_on_grid(start, period, now)
    return None if due is None else (due, _left(count, start, period))


def _next_on_grid(start: datetime, period: Period, now: datetime) -> datetime | None:
    """The first moment of the grid after ``now``."""
    if isinstance(period, timedelta):
        return _later(start, period, max((now - start) // period + 1, 1))
    gone = now.astimezone(LOCAL_ZONE)
    origin = start.astimezone(LOCAL_ZONE)
    months = (gone.year - origin.year) * 12 + gone.month - origin.month
    times = max(months // period.total, 1)
    due = _later(start, period, times)
    while due is not None and due <= now:
        times += 1
        due = _later(start, period, times)
    return due


def _left(count: int | None, start: datetime, period: Period) -> str | None:
    """The cycle after one more firing; ``None`` when that was the last."""
    if count == 1:
        return None
    origin = start.isoformat().replace("+00:00", "Z")
    return f"R{'' if count is None else count - 1}/{origin}/{_written(period)}"


def _written(period: Period) -> str:
    if isinstance(period, YearsMonths):
        return str(period)
    return f"PT{period.total_seconds():f}".rstrip("0").rstrip(".") + "S"


def following(cycle: str, now: datetime) -> tuple[datetime, str | None] | None:
    """The next due moment after a firing at ``now``, and what is left after it; ``None`` when there is none."""
    parts = _cycle(cycle)
    if parts is None:
        return None
    count, start, period = parts
    return _first_of_grid(count, start or now, period, now)
