"""Which days are working days: the State Council's yearly notices, and a careful guess before one is out.

Sources: the ``chinesecalendar`` package for the years it knows; 《全国年节及纪念日放假办法》 (2025) for the
statutory days of the others; ``lunar_python`` for the days that follow the moon and the sun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Literal

from engine.errors import Invalid
from engine.text import Text

CalendarName = Literal["office", "facility", "always"]
DayKind = Literal["working", "resting", "half"]

#: Outside these years nobody owes anybody an answer, and the tables of moon and sun grow vague.
FIRST_YEAR, LAST_YEAR = 1950, 2150


class Day(IntEnum):
    """What a day is in one calendar; everything but RESTING counts as one day of a period."""

    RESTING = 0
    WORKING = 1
    HALF = 2


@dataclass(frozen=True, slots=True)
class DayOverride:
    """A day set by an administrator: of an imported year table, a local holiday, an emergency closure.

    ``scope`` is None for everywhere, else the key of the place it holds in (a city, a street).
    ``calendars`` are those it touches: a public holiday doesn't close a facility, a typhoon does.
    ``half`` means open until noon.
    """

    date: date
    kind: DayKind
    scope: str | None = None
    reason: str = ""
    calendars: tuple[CalendarName, ...] = ("office",)


@dataclass(frozen=True, slots=True)
class CalendarWarning:
    """The working days of ``year`` are a guess: no notice has been published, or none is loaded."""

    year: int
    text: Text


def warning_for(year: int) -> CalendarWarning:
    """The sentence for people who meet a date in a provisional year."""
    return CalendarWarning(
        year,
        Text(
            f"{year} 年放假安排尚未公布，日期按周末和法定节假日暂算，公布后将重新计算。",
            f"The public holidays of {year} are not published yet; dates are counted provisionally "
            "with weekends and statutory days, and will be counted again.",
        ),
    )


@lru_cache(maxsize=1)
def _notices() -> tuple[frozenset[date], frozenset[date], range]:
    """(rest days on weekdays, make-up working days, years known); loaded on first use, it is a big table."""
    from chinese_calendar import holidays, workdays

    years = range(min(holidays).year, max(holidays).year + 1)
    return frozenset(holidays), frozenset(workdays), years


def published_years() -> range:
    """The years whose notices the installed ``chinesecalendar`` contains."""
    return _notices()[2]


def statutory_days(year: int) -> frozenset[date]:
    """The thirteen statutory days of a year, without any shifting around weekends.

    New Year's Day; New Year's Eve of the lunar year and three days; Qingming; 1–2 May; Dragon Boat;
    Mid-Autumn; 1–3 October [全国年节及纪念日放假办法 第二条, in force since 2025]. Fewer than thirteen when
    two fall together.
    """
    from lunar_python import Lunar, Solar

    def lunar(month: int, day: int) -> date:
        solar = Lunar.fromYmd(year, month, day).getSolar()
        return date(solar.getYear(), solar.getMonth(), solar.getDay())

    new_year = lunar(1, 1)
    qingming = Solar.fromYmd(year, 4, 5).getLunar().getJieQiTable()["清明"]
    return frozenset(
        {
            date(year, 1, 1),
            *(new_year + timedelta(days=shift) for shift in (-1, 0, 1, 2)),
            date(qingming.getYear(), qingming.getMonth(), qingming.getDay()),
            date(year, 5, 1),
            date(year, 5, 2),
            lunar(5, 5),
            lunar(8, 15),
            date(year, 10, 1),
            date(year, 10, 2),
            date(year, 10, 3),
        }
    )


@dataclass(frozen=True, slots=True)
class Year:
    """One year of one calendar, laid out for counting. Days are proleptic ordinals, as in
    ``date.toordinal``.
    """

    first: int
    days: bytes
    open_days: tuple[int, ...]
    #: For each day of the year, how many open days there are up to and including it.
    rank: tuple[int, ...]
    provisional: bool


@lru_cache(maxsize=512)
def office_days(year: int, confirmed: bool) -> tuple[bytes, bool]:
    """(a ``Day`` per day of the year, provisional). ``confirmed``: an administrator supplies the notice's
    days.
    """
    off, made_up, known = _notices()
    provisional = year not in known and not confirmed
    if provisional:
        off, made_up = statutory_days(year), frozenset()
    elif year not in known:
        off = made_up = frozenset()
    start = date(year, 1, 1)
    return bytes(
        Day.WORKING if day in made_up or (day.weekday() < 5 and day not in off) else Day.RESTING
        for day in (start + timedelta(days=n) for n in range(_length(year)))
    ), provisional


def lay_out(year: int, days: bytes, overrides: Sequence[tuple[date, Day]], provisional: bool) -> Year:
    """A year with its overrides laid over it, ready for counting."""
    first = date(year, 1, 1).toordinal()
    if overrides:
        changed = bytearray(days)
        for day, kind in overrides:
            changed[day.toordinal() - first] = kind
        days = bytes(changed)
    rank, so_far = [], 0
    for each in days:
        so_far += each != Day.RESTING
        rank.append(so_far)
    open_days = tuple(first + n for n, kind in enumerate(days) if kind)
    return Year(first, days, open_days, tuple(rank), provisional)


def every_day(year: int) -> bytes:
    """A year without rest days."""
    return bytes([Day.WORKING]) * _length(year)


def check_year(year: int) -> None:
    """Refuse a year no calendar is kept for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            Text(
                f"日期超出日历范围（{FIRST_YEAR}—{LAST_YEAR} 年）：{year} 年。",
                f"The date lies outside the calendar ({FIRST_YEAR}–{LAST_YEAR}): year {year}.",
            ),
            code="date_out_of_range",
        )


def _length(year: int) -> int:
    return date(year, 12, 31).timetuple().tm_yday
