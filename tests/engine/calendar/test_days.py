"""Working days, published and guessed, and what administrators lay over them."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from engine.calendar import DayOverride, WorkingCalendar, published_years
from engine.calendar.days import statutory_days
from engine.errors import Invalid

CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_published_year_has_its_number_of_working_days(year: int, days: int) -> None:
    assert len(CALENDAR.year(year).open_days) == days
    assert CALENDAR.warning(year) is None


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_a_make_up_day_on_a_weekend_is_a_working_day(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert CALENDAR.is_working_day(date.fromisoformat(day))


def test_nothing_else_on_a_weekend_of_2026_is_a_working_day() -> None:
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    assert sum(day.weekday() >= 5 and CALENDAR.is_working_day(day) for day in days) == 6


def test_every_working_day_agrees_with_the_package_it_comes_from() -> None:
    from chinese_calendar import is_workday

    for year in (2004, 2012, 2020, 2026):
        for n in range(0, 365, 3):
            day = date(year, 1, 1) + timedelta(days=n)
            assert CALENDAR.is_working_day(day) == is_workday(day), day


def test_the_statutory_days_of_a_guessed_year_are_those_of_the_moon_and_the_sun() -> None:
    assert sorted(statutory_days(2027)) == [
        date(2027, 1, 1),
        date(2027, 2, 5),  # New Year's Eve of the lunar year
        date(2027, 2, 6),
        date(2027, 2, 7),
        date(2027, 2, 8),
        date(2027, 4, 5),  # Qingming
        date(2027, 5, 1),
        date(2027, 5, 2),
        date(2027, 6, 9),  # Dragon Boat
        date(2027, 9, 15),  # Mid-Autumn
        date(2027, 10, 1),
        date(2027, 10, 2),
        date(2027, 10, 3),
    ]


def test_computed_festivals_were_rest_days_in_every_published_year_since_they_became_holidays() -> None:
    from chinese_calendar import is_holiday

    for year in range(2008, published_years().stop):
        eve = min(
            day for day in statutory_days(year) if (day.month in (1, 2) and day.day != 1) or day.month == 2
        )
        for day in statutory_days(year):
            if day == eve or day == date(year, 5, 2):
                continue  # the eve and 2 May weren't statutory in every year
            assert is_holiday(day), day


def test_a_year_without_a_notice_is_provisional_and_says_so_in_both_languages() -> None:
    beyond = published_years().stop
    warning = CALENDAR.warning(beyond)
    assert warning is not None
    assert warning.year == beyond
    assert "尚未公布" in warning.text.zh
    assert "not published" in warning.text.en
    assert not CALENDAR.is_working_day(date(beyond, 10, 1))
    assert not CALENDAR.is_working_day(date(2028, 1, 26))  # Spring Festival, a Wednesday
    assert CALENDAR.is_working_day(date(2028, 2, 1))


def test_an_imported_year_table_replaces_the_guess() -> None:
    notice = [DayOverride(date(2027, 2, n), "resting", reason="春节") for n in range(5, 13)]
    notice.append(DayOverride(date(2027, 1, 31), "working", reason="补班"))
    published = WorkingCalendar(tuple(notice), confirmed=frozenset({2027}))
    assert published.warning(2027) is None
    assert not published.is_working_day(date(2027, 2, 12))
    assert published.is_working_day(date(2027, 1, 31))
    assert published.is_working_day(date(2027, 4, 5))  # not in this notice, so no guess of Qingming


def test_the_street_overrules_the_city_and_the_city_the_nation() -> None:
    day = date(2026, 7, 1)
    overrides = (
        DayOverride(day, "half", "street:lianmeng"),
        DayOverride(day, "resting", "city"),
        DayOverride(day, "working", None),
        DayOverride(day, "working", "street:elsewhere"),
    )
    assert CALENDAR.is_working_day(day)
    assert not WorkingCalendar(overrides, ("city",)).is_working_day(day)
    street = WorkingCalendar(overrides, ("city", "street:lianmeng"))
    assert street.is_working_day(day)
    assert [end.hour for _begin, end in street.spans(day)] == [12]
    assert WorkingCalendar(overrides).is_working_day(day)


def test_of_two_entries_for_the_same_place_the_later_holds() -> None:
    day = date(2026, 7, 1)
    both = (DayOverride(day, "resting"), DayOverride(day, "working"))
    assert WorkingCalendar(both).is_working_day(day)
    assert not WorkingCalendar(both[::-1]).is_working_day(day)


def test_a_public_holiday_does_not_close_a_facility_but_a_typhoon_does() -> None:
    storm = DayOverride(date(2026, 8, 3), "resting", reason="台风", calendars=("office", "facility"))
    stormy = WorkingCalendar((storm,))
    assert stormy.is_working_day(date(2026, 10, 1), "facility")
    assert not stormy.is_working_day(date(2026, 8, 3), "facility")
    assert stormy.is_working_day(date(2026, 8, 3), "always")


def test_a_date_no_calendar_is_kept_for_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        CALENDAR.is_working_day(date(3000, 1, 1))
    assert refusal.value.code == "date_out_of_range"


def test_the_big_tables_are_loaded_when_first_needed() -> None:
    code = (
        "import sys, engine.calendar; print('chinese_calendar' in sys.modules, 'lunar_python' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
