"""Moving dates and times, and measuring between them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.feel.temporal import distant
from engine.feel.temporal.distant import AnyDate, Day, Moment

_ANY_DAY = date(2000, 1, 1)


def time_offset(value: time) -> timedelta | None:
    """The offset of a time from UTC. A named zone's depends on the day; without one, winter's is taken."""
    if value.tzinfo is None:
        return None
    if isinstance(value.tzinfo, ZoneInfo):
        return datetime.combine(_ANY_DAY, value).utcoffset()
    return value.utcoffset()


def time_instant(value: time) -> timedelta:
    """Time since midnight, in UTC where the zone is known (DMN 1.5, 10.3.2.3.4: ``valuet``)."""
    since = timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )
    return since - (time_offset(value) or timedelta())


def instant(value: datetime) -> datetime:
    """The moment, so that two zones compare; a local one stays local."""
    return value if value.tzinfo is None else value.astimezone(UTC)


def add_months(value: AnyDate, months: int) -> Day | Moment | None:
    """The same day some months on, or the month's last day."""
    return distant.add_months(value, months)


def add_days(value: Day, span: timedelta) -> Day | None:
    """A date later or earlier; counted from its midnight, and the time of day dropped."""
    cycles, near = distant.spread(value)
    moved = distant.add_span(
        distant.DistantMoment(cycles, datetime(near.year, near.month, near.day, tzinfo=UTC)), span
    )
    if moved is None:
        return None
    cycles, near = distant.spread(moved)
    day = near.date() if isinstance(near, datetime) else near
    found = distant.settle(cycles, day)
    return None if isinstance(found, distant.DistantMoment) else found


def add_span(value: Moment, span: timedelta) -> Day | Moment | None:
    """A moment later or earlier. In a named zone the clock may jump: what counts is the time that passes."""
    if isinstance(value, datetime) and 10 < value.year < 9990 and abs(span.days) < 3_000:
        if isinstance(value.tzinfo, ZoneInfo):
            return (value.astimezone(UTC) + span).astimezone(value.tzinfo)
        return value + span
    return distant.add_span(value, span)


def add_span_to_time(value: time, span: timedelta) -> time:
    """A time of day later or earlier, round the clock."""
    moved = datetime.combine(_ANY_DAY, value) + timedelta(
        seconds=span.seconds, microseconds=span.microseconds
    )
    return moved.timetz()
