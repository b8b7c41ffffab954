"""A place's calendar: its working days, its rest days and its hours, in the time of China."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from engine.calendar.days import (
    CalendarName,
    CalendarWarning,
    Day,
    DayOverride,
    Year,
    check_year,
    every_day,
    lay_out,
    office_days,
    warning_for,
)

#: Whatever the machine's own zone is, a day begins and ends here.
SHANGHAI = ZoneInfo("Asia/Shanghai")
#: The last second of a day without business hours [民法典 203: 二十四时].
MIDNIGHT = time(23, 59, 59)

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When the doors are open on an open day, as (from, until) pairs in order; a half day ends at the first
    noon.
    """

    office: tuple[Span, ...] = ((time(9), time(12)), (time(13), time(17)))
    facility: tuple[Span, ...] = ((time(9), time(17)),)
    noon: time = time(12)

    def of(self, calendar: CalendarName, day: Day) -> tuple[Span, ...]:
        """The spans of one day; empty on a rest day; the whole day for ``always``."""
        if calendar == "always":
            return ((time.min, MIDNIGHT),)
        if day is Day.RESTING:
            return ()
        spans = self.office if calendar == "office" else self.facility
        if day is Day.HALF:
            return tuple((begin, min(end, self.noon)) for begin, end in spans if begin < self.noon)
        return spans

    def closing(self, calendar: CalendarName, day: Day) -> time:
        """When a last day ends [民法典 203]: close of business, or midnight where there are no business
        hours.
        """
        if calendar == "always":
            return MIDNIGHT
        return self.of(calendar, Day.WORKING if day is Day.RESTING else day)[-1][1]


@dataclass(frozen=True, slots=True, eq=False)
class WorkingCalendar:
    """The office, facility and round-the-clock calendars of one place. Immutable; build once, keep, share.

    ``overrides`` are days set by administrators; of them those without a scope hold, and those whose scope
    is in ``places``, which names the place's surroundings from wide to narrow (city, street): the narrowest
    wins, then the one given last. ``confirmed`` are years whose notice is contained in ``overrides``, so
    that no guess is mixed in.
    """

    overrides: tuple[DayOverride, ...] = ()
    places: tuple[str, ...] = ()
    confirmed: frozenset[int] = frozenset()
    hours: OpeningHours = OpeningHours()
    _set_days: Mapping[CalendarName, Mapping[int, tuple[tuple[date, Day], ...]]] = field(
        init=False, repr=False
    )
    _years: dict[tuple[CalendarName, int], Year] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_set_days", _by_year(self.overrides, self.places))
        object.__setattr__(self, "_years", {})

    def year(self, number: int, calendar: CalendarName = "office") -> Year:
        """One laid-out year; made on first use."""
        known = self._years.get((calendar, number))
        if known is None:
            check_year(number)
            days, provisional = (
                office_days(number, number in self.confirmed)
                if calendar == "office"
                else (every_day(number), False)
            )
            known = lay_out(number, days, self._set_days[calendar].get(number, ()), provisional)
            self._years[calendar, number] = known
        return known

    def day(self, day: date, calendar: CalendarName = "office") -> Day:
        """What a day is."""
        year = self.year(day.year, calendar)
        return Day(year.days[day.toordinal() - year.first])

    def is_working_day(self, day: date, calendar: CalendarName = "office") -> bool:
        """Whether a day counts; half days do."""
        return self.day(day, calendar) is not Day.RESTING

    def warning(self, year: int) -> CalendarWarning | None:
        """The warning to show beside dates in a provisional year, else None."""
        return warning_for(year) if self.year(year).provisional else None

    def provisional_between(self, first: date, last: date, calendar: CalendarName = "office") -> bool:
        """Whether a count from one day to another touches a provisional year."""
        if calendar != "office":
            return False
        low, high = min(first.year, last.year), max(first.year, last.year)
        return any(self.year(number).provisional for number in range(low, high + 1))

    def move(self, day: date, count: int, calendar: CalendarName = "office") -> date:
        """The ``count``-th working day after a day (before it, when negative); the day itself for 0."""
        if count == 0:
            return day
        number, ordinal = day.year, day.toordinal()
        year = self.year(number, calendar)
        if count > 0:
            index = bisect_right(year.open_days, ordinal) + count - 1
            while index >= len(year.open_days):
                index -= len(year.open_days)
                number += 1
                year = self.year(number, calendar)
        else:
            index = bisect_left(year.open_days, ordinal) + count
            while index < 0:
                number -= 1
                year = self.year(number, calendar)
                index += len(year.open_days)
        return date.fromordinal(year.open_days[index])

    def on_or_after(self, day: date, calendar: CalendarName = "office") -> date:
        """The day, or the first working day after it."""
        return day if self.is_working_day(day, calendar) else self.move(day, 1, calendar)

    def on_or_before(self, day: date, calendar: CalendarName = "office") -> date:
        """The day, or the last working day before it."""
        return day if self.is_working_day(day, calendar) else self.move(day, -1, calendar)

    def count(self, first: date, last: date, calendar: CalendarName = "office") -> int:
        """How many working days lie after ``first`` up to and including ``last``; negative the other way
        round.
        """
        if last < first:
            return -self.count(last, first, calendar)
        total = self._rank(last, calendar) - self._rank(first, calendar)
        return total + sum(len(self.year(n, calendar).open_days) for n in range(first.year, last.year))

    def spans(self, day: date, calendar: CalendarName = "office") -> tuple[Span, ...]:
        """When the doors are open on a day."""
        return self.hours.of(calendar, self.day(day, calendar))

    def closing(self, day: date, calendar: CalendarName = "office") -> datetime:
        """The moment a period ends whose last day this is; aware, UTC."""
        return at_local(day, self.hours.closing(calendar, self.day(day, calendar)))

    def _rank(self, day: date, calendar: CalendarName) -> int:
        year = self.year(day.year, calendar)
        return year.rank[day.toordinal() - year.first]


def at_local(day: date, clock: time) -> datetime:
    """A local day and time as an aware moment in UTC."""
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """A moment as the clocks in China show it; refuses naive ones, which mean a different time on each
    machine.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(SHANGHAI)


_KINDS = {"working": Day.WORKING, "resting": Day.RESTING, "half": Day.HALF}


def _by_year(
    overrides: Iterable[DayOverride], places: tuple[str, ...]
) -> Mapping[CalendarName, Mapping[int, tuple[tuple[date, Day], ...]]]:
    width: dict[str | None, int] = {None: 0, **{place: n for n, place in enumerate(places, 1)}}
    chosen = [each for each in overrides if each.scope in width]
    chosen.sort(key=lambda each: width[each.scope])  # stable: of equals the last given wins below
    result: dict[CalendarName, dict[int, tuple[tuple[date, Day], ...]]] = {"always": {}}
    names: tuple[CalendarName, ...] = ("office", "facility")
    for name in names:
        days = {each.date: _KINDS[each.kind] for each in chosen if name in each.calendars}
        grouped: dict[int, list[tuple[date, Day]]] = {}
        for day, kind in days.items():
            grouped.setdefault(day.year, []).append((day, kind))
        result[name] = {year: tuple(pairs) for year, pairs in grouped.items()}
    return result
