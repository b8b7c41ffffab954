"""When something is due. Counting follows 民法典 (Civil Code) articles 200–204.

201: the day of the event is not counted; a period in hours begins at once. 202: a period of months ends on
the same day of the month, or its last. 203: where the last day is a rest day, the next working day takes its
place; the last day ends at midnight, or at the close of business where there are business hours.
"""

import calendar as gregorian
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from engine.calendar.amount import DeadlineAmount
from engine.calendar.days import LAST_YEAR, CalendarName, check_year
from engine.calendar.working import WorkingCalendar, at_local, local
from engine.errors import Invalid
from engine.text import Text

Roll = Literal["previous", "next", "none"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """An amount of time, the calendar it is counted in, and where a last day on a rest day goes.

    Periods owed to a citizen roll to the next working day [民法典 203]; internal reports usually to the
    previous.
    """

    amount: DeadlineAmount
    calendar: CalendarName = "office"
    roll: Roll = "next"


@dataclass(frozen=True, slots=True)
class Due:
    """A moment (aware, UTC), and whether a provisional year was counted through to reach it."""

    at: datetime
    provisional: bool


def due_at(deadline: Deadline, start: datetime, calendar: WorkingCalendar) -> Due:
    """When a deadline that starts at ``start`` (aware) falls due.

    Periods by the clock (hours, a fixed moment) are never rolled. Everything else ends with a day, at its
    close. A due moment is always after its start: where rolling back, or a close already past, would put it
    before, the next close is taken; only a fixed date may lie in the past. Raises :class:`Invalid` beyond
    the calendar's years.
    """
    amount, kind = deadline.amount, deadline.calendar
    begin = local(start)
    try:
        match amount.unit:
            case "seconds":
                due = (start + timedelta(seconds=amount.count)).astimezone(UTC)
                check_year(due.year)
                return Due(due, False)
            case "working_seconds":
                due = _after_open_time(start, amount.count, calendar, kind)
            case "working_days":
                target = calendar.move(begin.date(), amount.count, kind)
                due = _close(target, deadline, start, calendar)
            case "moment" if isinstance(amount.at, datetime):
                return Due(amount.at.astimezone(UTC), False)
            case "moment":
                assert amount.at is not None  # noqa: S101 - set wherever a moment is made
                due = calendar.closing(_rolled(amount.at, deadline.roll, calendar, kind), kind)
            case _:
                due = _close(_nominal(amount, begin.date()), deadline, start, calendar)
    except OverflowError:
        check_year(LAST_YEAR + 1)
        raise
    return Due(due, calendar.provisional_between(begin.date(), local(due).date(), kind))


def before(
    due: datetime,
    amount: DeadlineAmount,
    calendar: WorkingCalendar,
    at: time | None = None,
    kind: CalendarName = "office",
) -> datetime:
    """A moment before a due moment: "1wd before, at 09:00"; else at the due moment's own time of day."""
    return _shifted(due, amount, calendar, at, kind, -1)


def after(
    due: datetime,
    amount: DeadlineAmount,
    calendar: WorkingCalendar,
    at: time | None = None,
    kind: CalendarName = "office",
) -> datetime:
    """A moment after a due moment: "1wd after"; without ``at`` at the due moment's own time of day."""
    return _shifted(due, amount, calendar, at, kind, 1)


def share_of_span(
    deadline: Deadline, start: datetime, due: datetime, percent: int, calendar: WorkingCalendar
) -> datetime:
    """The moment ``percent`` of the time between start and due is used up; 0 is the start, 100 the due
    moment.

    Counted in open hours of the deadline's calendar, so that half of three working days over a long holiday
    is not a holiday; in plain time for deadlines by the clock, or where the doors are closed throughout.
    """
    if percent <= 0 or due <= start:
        return start
    if percent == 100:
        return due
    if not deadline.amount.in_hours or deadline.amount.unit == "working_seconds":
        total = open_seconds(start, due, calendar, deadline.calendar)
        if total > 0:
            return _after_open_time(start, total * percent // 100, calendar, deadline.calendar)
    return start + (due - start) * percent / 100


def working_days_between(
    first: datetime | date, last: datetime | date, calendar: WorkingCalendar, kind: CalendarName = "office"
) -> int:
    """How many working days after ``first``'s day up to ``last``'s; negative when ``last`` is earlier."""
    begin, end = (local(each).date() if isinstance(each, datetime) else each for each in (first, last))
    return calendar.count(begin, end, kind)


def in_working_hours(moment: datetime, calendar: WorkingCalendar, kind: CalendarName = "office") -> bool:
    """Whether the doors are open; the moment of closing counts too, so that what is due then is told then."""
    here = local(moment)
    clock = here.time()
    return any(begin <= clock <= end for begin, end in calendar.spans(here.date(), kind))


def next_working_moment(
    moment: datetime, calendar: WorkingCalendar, kind: CalendarName = "office"
) -> datetime:
    """The moment itself within working hours, else the next opening; aware, UTC."""
    here = local(moment)
    day, clock = here.date(), here.time()
    for begin, end in calendar.spans(day, kind):
        if clock <= end:
            return moment.astimezone(UTC) if begin <= clock else at_local(day, begin)
    day = calendar.move(day, 1, kind)
    return at_local(day, calendar.spans(day, kind)[0][0])


def open_seconds(
    start: datetime, end: datetime, calendar: WorkingCalendar, kind: CalendarName = "office"
) -> int:
    """How many seconds the doors are open between two moments; 0 when ``end`` is not later."""
    if end <= start:
        return 0
    if kind == "always":
        return int((end - start).total_seconds())
    begin, finish = local(start), local(end)
    total = 0
    for day in _open_days(begin.date(), finish.date(), calendar, kind):
        for opens, closes in calendar.spans(day, kind):
            low = max(opens, begin.time()) if day == begin.date() else opens
            high = min(closes, finish.time()) if day == finish.date() else closes
            total += max(0, _seconds(high) - _seconds(low))
    return total


def _open_days(first: date, last: date, calendar: WorkingCalendar, kind: CalendarName) -> list[date]:
    count = calendar.count(first - timedelta(days=1), last, kind)
    day, days = first - timedelta(days=1), []
    for _ in range(count):
        day = calendar.move(day, 1, kind)
        days.append(day)
    return days


def _after_open_time(
    start: datetime, seconds: int, calendar: WorkingCalendar, kind: CalendarName
) -> datetime:
    if kind == "always":
        return (start + timedelta(seconds=seconds)).astimezone(UTC)
    moment = local(next_working_moment(start, calendar, kind))
    day, clock = moment.date(), moment.time()
    while True:
        for opens, closes in calendar.spans(day, kind):
            low = max(opens, clock)
            room = _seconds(closes) - _seconds(low)
            if room >= 0 and seconds <= room:
                return at_local(day, low) + timedelta(seconds=seconds)
            seconds -= max(0, room)
        day, clock = calendar.move(day, 1, kind), time.min


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def _close(target: date, deadline: Deadline, start: datetime, calendar: WorkingCalendar) -> datetime:
    kind = deadline.calendar
    due = calendar.closing(_rolled(target, deadline.roll, calendar, kind), kind)
    if due > start:
        return due
    due = calendar.closing(calendar.on_or_after(target, kind), kind)
    if due > start:
        return due
    return calendar.closing(calendar.move(local(start).date(), 1, kind), kind)


def _rolled(day: date, roll: Roll, calendar: WorkingCalendar, kind: CalendarName) -> date:
    check_year(day.year)
    if roll == "next":
        return calendar.on_or_after(day, kind)
    if roll == "previous":
        return calendar.on_or_before(day, kind)
    return day


def _nominal(amount: DeadlineAmount, start: date) -> date:
    """The last day before any rolling."""
    count = amount.count
    match amount.unit:
        case "days":
            return start + timedelta(days=count)
        case "months":
            return _day_of_month(start.year, start.month + count, start.day)
        case "month":
            return _day_of_month(start.year, start.month + 1, count)
        case "coming":
            this = _day_of_month(start.year, start.month, count)
            return this if this >= start else _day_of_month(start.year, start.month + 1, count)
        case "quarter":
            end = (start.month + 2) // 3 * 3
            this = _day_of_month(start.year, end, count)
            return this if this >= start else _day_of_month(start.year, end + 3, count)
        case "year":
            this = _day_of_month(start.year, 12, count)
            return this if this >= start else _day_of_month(start.year + 1, 12, count)
        case _:
            raise AssertionError(amount.unit)


def _day_of_month(year: int, month: int, day: int) -> date:
    """A day of a month counted on from January of ``year``, or the month's last day where it has no such
    day.
    """
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, gregorian.monthrange(year, month)[1]))


def _shifted(
    due: datetime,
    amount: DeadlineAmount,
    calendar: WorkingCalendar,
    at: time | None,
    kind: CalendarName,
    sign: int,
) -> datetime:
    here = local(due)
    match amount.unit:
        case "seconds":
            return due + sign * timedelta(seconds=amount.count)
        case "working_days":
            day = calendar.move(here.date(), sign * amount.count, kind)
        case "days":
            day = here.date() + sign * timedelta(days=amount.count)
        case "months":
            day = _day_of_month(here.year, here.month + sign * amount.count, here.day)
        case _:
            raise Invalid(
                Text(
                    f"“{amount}”不能用来提前或推后，请写 1wd、2d 或 4h。",
                    f"“{amount}” cannot be counted before or after a deadline; write 1wd, 2d or 4h.",
                ),
                code="deadline_offset",
            )
    return at_local(day, at or here.time())
