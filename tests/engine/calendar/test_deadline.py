"""When things fall due, by the Civil Code's counting."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine.calendar import (
    DayOverride,
    DeadlineAmount,
    WorkingCalendar,
    after,
    before,
    due_at,
    in_working_hours,
    next_working_moment,
    open_seconds,
    share_of_span,
    working_days_between,
)
from engine.errors import Invalid
from tests.engine.calendar.times import at, deadline, due, shown

CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-02-13 10:00", "3wd", "2026-02-25 17:00"),  # over the Spring Festival; the 14th is made up
        ("2026-04-30 10:00", "5wd", "2026-05-11 17:00"),
        ("2026-09-24 10:00", "5wd", "2026-10-09 17:00"),
        ("2026-09-30 10:00", "5wd", "2026-10-13 17:00"),
        ("2026-03-02 23:50", "1wd", "2026-03-03 17:00"),  # however late in the day, the day isn't counted
        ("2026-03-07 10:00", "1wd", "2026-03-09 17:00"),  # from a Saturday
        ("2026-03-02 10:00", "0wd", "2026-03-02 17:00"),
        ("2026-03-02 18:00", "0wd", "2026-03-03 17:00"),  # today's close is past
        ("2026-03-07 10:00", "0wd", "2026-03-09 17:00"),
    ],
)
def test_working_days_are_counted_from_the_next_day(start: str, amount: str, expected: str) -> None:
    assert due(start, amount) == expected


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-03-06 16:30", "2h", "2026-03-06 18:30"),  # on Friday evening, not rolled
        ("2026-02-16 22:00", "24h", "2026-02-17 22:00"),  # New Year's Eve
        ("2026-03-06 23:50", "30min", "2026-03-07 00:20"),
        ("2026-03-06 16:30", "2wh", "2026-03-09 10:30"),
        ("2026-03-06 11:00", "2wh", "2026-03-06 14:00"),  # over the lunch break
        ("2026-03-06 09:00", "7wh", "2026-03-06 17:00"),
        ("2026-03-06 20:00", "1wh", "2026-03-09 10:00"),
        ("2026-03-06 12:30", "0wh", "2026-03-06 13:00"),
    ],
)
def test_hours_begin_at_once(start: str, amount: str, expected: str) -> None:
    assert due(start, amount) == expected


@pytest.mark.parametrize(
    ("start", "amount", "roll", "expected"),
    [
        ("2026-03-01 10:00", "28@quarter", "previous", "2026-03-27 17:00"),
        ("2026-03-01 10:00", "28@quarter", "next", "2026-03-30 17:00"),
        ("2026-03-01 10:00", "28@quarter", "none", "2026-03-28 17:00"),
        ("2026-06-01 10:00", "28@quarter", "previous", "2026-06-26 17:00"),
        ("2026-06-01 10:00", "28@quarter", "next", "2026-06-29 17:00"),
        ("2025-09-15 10:00", "28@quarter", "previous", "2025-09-28 17:00"),  # a Sunday that is made up
        ("2026-01-05 10:00", "28@quarter", "previous", "2026-03-27 17:00"),
        ("2026-03-29 10:00", "28@quarter", "previous", "2026-06-26 17:00"),  # past: the next quarter's
        (
            "2026-03-28 10:00",
            "28@quarter",
            "previous",
            "2026-03-30 17:00",
        ),  # rolling back would miss the start
        ("2026-03-10 10:00", "5@month", "next", "2026-04-07 17:00"),  # 5 April is Qingming, a Sunday
        ("2026-03-03 10:00", "5@month", "previous", "2026-04-03 17:00"),
        ("2026-03-03 10:00", "5@coming", "next", "2026-03-05 17:00"),
        ("2026-03-05 10:00", "5@coming", "next", "2026-03-05 17:00"),
        ("2026-03-06 10:00", "5@coming", "previous", "2026-04-03 17:00"),
        ("2026-01-10 10:00", "last@month", "previous", "2026-02-28 17:00"),  # a Saturday that is made up
        ("2026-03-06 10:00", "20@year", "previous", "2026-12-18 17:00"),
        ("2026-03-06 10:00", "10d", "next", "2026-03-16 17:00"),
        ("2026-03-06 10:00", "1d", "previous", "2026-03-06 17:00"),
        ("2026-03-06 18:00", "1d", "previous", "2026-03-09 17:00"),  # Friday's close is past already
        ("2026-09-01 10:00", "30d", "next", "2026-10-08 17:00"),  # 1 October
        ("2026-01-31 10:00", "1m", "next", "2026-02-28 17:00"),  # no 31 February [民法典 202]
        ("2024-01-31 10:00", "1m", "none", "2024-02-29 17:00"),
        ("2025-12-15 10:00", "3m", "next", "2026-03-16 17:00"),
    ],
)
def test_a_last_day_on_a_rest_day_rolls_as_told(start: str, amount: str, roll: str, expected: str) -> None:
    assert due(start, amount, roll=roll) == expected  # type: ignore[arg-type]


def test_a_facility_and_the_round_the_clock_calendar_know_no_weekend() -> None:
    assert due("2026-03-06 10:00", "1wd", "facility") == "2026-03-07 17:00"
    assert due("2026-03-06 10:00", "7d", "always") == "2026-03-13 23:59"
    assert due("2026-03-06 10:00", "1wd", "always") == "2026-03-07 23:59"
    assert due("2026-09-30 10:00", "3d", "always") == "2026-10-03 23:59"
    assert due("2026-03-06 16:00", "2wh", "facility") == "2026-03-07 10:00"
    assert due("2026-03-06 16:00", "2wh", "always") == "2026-03-06 18:00"


def test_a_fixed_day_ends_at_its_close_and_may_lie_in_the_past() -> None:
    assert due("2026-03-01 10:00", "2026-03-28") == "2026-03-30 17:00"
    assert due("2026-03-01 10:00", "2026-03-28", roll="previous") == "2026-03-27 17:00"
    assert due("2026-03-01 10:00", "2026-02-10") == "2026-02-10 17:00"
    assert due("2026-03-01 10:00", "2026-03-28T20:00") == "2026-03-28 20:00"


def test_on_a_half_day_the_period_ends_at_noon() -> None:
    half = WorkingCalendar((DayOverride(date(2026, 3, 9), "half", reason="下午政治学习"),))
    assert due("2026-03-06 10:00", "1wd", days=half) == "2026-03-09 12:00"
    assert due("2026-03-06 16:00", "6wh", days=half) == "2026-03-10 11:00"


def test_an_emergency_closure_moves_what_falls_on_it() -> None:
    closed = WorkingCalendar((DayOverride(date(2026, 3, 9), "resting", "street", "停电"),), ("street",))
    assert due("2026-03-06 10:00", "1wd", days=closed) == "2026-03-10 17:00"
    assert due("2026-03-06 10:00", "3d", days=closed) == "2026-03-10 17:00"


def test_a_count_into_a_guessed_year_is_marked_provisional() -> None:
    start = at("2026-12-30 10:00")
    assert due_at(deadline("5wd"), start, CALENDAR).provisional
    assert not due_at(deadline("1wd"), start, CALENDAR).provisional
    assert not due_at(deadline("5wd", "always"), start, CALENDAR).provisional
    assert not due_at(deadline("240h"), start, CALENDAR).provisional


def test_a_deadline_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Invalid):
        due_at(deadline("30y"), at("2149-01-01 10:00"), CALENDAR)
    with pytest.raises(Invalid):
        due_at(deadline("9999-12-31"), at("2026-01-01 10:00"), CALENDAR)
    with pytest.raises(Invalid):
        due_at(deadline("240000h"), datetime(9999, 1, 1, tzinfo=UTC), CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        due_at(deadline("1wd"), datetime(2026, 1, 1), CALENDAR)  # noqa: DTZ001 - that is the point


def test_the_day_is_the_one_in_china_whatever_the_machine_thinks() -> None:
    code = (
        "from datetime import datetime, UTC\n"
        "from engine.calendar import *\n"
        "start = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)\n"  # one in the morning of the 6th
        "print(due_at(Deadline(DeadlineAmount.parse('1wd')), start, WorkingCalendar()).at.isoformat())"
    )
    zone = {**os.environ, "TZ": "America/Los_Angeles"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=zone)
    assert done.stdout.strip() == "2026-03-09T09:00:00+00:00"


def test_reminders_stand_before_and_escalations_after() -> None:
    end = at("2026-02-25 17:00")
    one = DeadlineAmount.parse("1wd")
    assert shown(before(end, one, CALENDAR, time(9))) == "2026-02-24 09:00"
    assert shown(before(end, DeadlineAmount.parse("2wd"), CALENDAR, time(9))) == "2026-02-14 09:00"
    assert shown(after(end, one, CALENDAR)) == "2026-02-26 17:00"
    assert shown(after(end, DeadlineAmount.parse("3wd"), CALENDAR, time(9))) == "2026-02-28 09:00"
    assert shown(before(end, DeadlineAmount.parse("4h"), CALENDAR)) == "2026-02-25 13:00"
    assert shown(before(end, DeadlineAmount.parse("2d"), CALENDAR, time(9))) == "2026-02-23 09:00"
    assert shown(after(end, DeadlineAmount.parse("1m"), CALENDAR)) == "2026-03-25 17:00"
    with pytest.raises(Invalid):
        before(end, DeadlineAmount.parse("28@quarter"), CALENDAR)


def test_half_of_three_working_days_is_counted_in_open_hours() -> None:
    start, end = at("2026-02-13 09:00"), at("2026-02-25 17:00")  # 13, 14, 24, 25 February: 28 open hours
    three = deadline("3wd")
    assert shown(share_of_span(three, start, end, 50, CALENDAR)) == "2026-02-14 17:00"
    assert share_of_span(three, start, end, 100, CALENDAR) == end
    assert share_of_span(three, start, end, 0, CALENDAR) == start
    assert shown(share_of_span(three, start, end, 75, CALENDAR)) == "2026-02-24 17:00"
    assert share_of_span(three, start, end, 150, CALENDAR) > end


def test_half_of_two_hours_at_night_is_one_hour() -> None:
    start = at("2026-03-06 22:00")
    assert (
        shown(share_of_span(deadline("2h"), start, at("2026-03-07 00:00"), 50, CALENDAR))
        == "2026-03-06 23:00"
    )


def test_half_of_a_span_without_open_hours_is_half_of_the_time() -> None:
    start, end = at("2026-03-07 10:00"), at("2026-03-08 10:00")
    assert shown(share_of_span(deadline("1d", roll="none"), start, end, 50, CALENDAR)) == "2026-03-07 22:00"


def test_working_hours_include_the_moment_of_closing() -> None:
    assert in_working_hours(at("2026-03-06 09:00"), CALENDAR)
    assert in_working_hours(at("2026-03-06 17:00"), CALENDAR)
    assert not in_working_hours(at("2026-03-06 17:01"), CALENDAR)
    assert not in_working_hours(at("2026-03-06 12:30"), CALENDAR)
    assert not in_working_hours(at("2026-03-07 10:00"), CALENDAR)
    assert in_working_hours(at("2026-03-07 12:30"), CALENDAR, "facility")
    assert in_working_hours(at("2026-03-07 03:00"), CALENDAR, "always")
    assert in_working_hours(at("2026-02-14 10:00"), CALENDAR)  # a Saturday that is made up


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-06 10:00", "2026-03-06 10:00"),
        ("2026-03-06 17:00", "2026-03-06 17:00"),
        ("2026-03-06 08:00", "2026-03-06 09:00"),
        ("2026-03-06 12:30", "2026-03-06 13:00"),
        ("2026-03-06 19:00", "2026-03-09 09:00"),
        ("2026-02-14 19:00", "2026-02-24 09:00"),  # nine days of Spring Festival
    ],
)
def test_what_is_not_urgent_waits_for_the_doors_to_open(moment: str, expected: str) -> None:
    assert shown(next_working_moment(at(moment), CALENDAR)) == expected


def test_working_days_between_is_the_count_a_due_date_was_made_with() -> None:
    assert working_days_between(date(2026, 2, 13), date(2026, 2, 25), CALENDAR) == 3
    assert working_days_between(date(2026, 2, 25), date(2026, 2, 13), CALENDAR) == -3
    assert working_days_between(at("2026-03-06 23:59"), at("2026-03-09 00:01"), CALENDAR) == 1
    assert working_days_between(date(2025, 12, 31), date(2026, 12, 31), CALENDAR) == 248


def test_open_seconds_leave_out_nights_lunch_and_weekends() -> None:
    assert open_seconds(at("2026-03-06 11:00"), at("2026-03-09 10:00"), CALENDAR) == 6 * 3600
    assert open_seconds(at("2026-03-09 10:00"), at("2026-03-06 11:00"), CALENDAR) == 0
    assert open_seconds(at("2026-03-06 11:00"), at("2026-03-07 11:00"), CALENDAR, "always") == 86400
    assert timedelta(
        seconds=open_seconds(at("2026-01-01 00:00"), at("2027-01-01 00:00"), CALENDAR)
    ) == timedelta(hours=248 * 7)
