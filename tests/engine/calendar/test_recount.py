"""When the State Council publishes a year, open deadlines are counted again."""

from datetime import date

from engine.calendar import DayOverride, OpenDeadline, WorkingCalendar, due_at, recount
from tests.engine.calendar.times import at, deadline, shown

GUESSED = WorkingCalendar()
PUBLISHED = WorkingCalendar(
    (
        *(DayOverride(date(2027, 2, n), "resting", reason="春节") for n in range(5, 13)),
        DayOverride(date(2027, 1, 31), "working", reason="补班"),
    ),
    confirmed=frozenset({2027}),
)


def test_open_deadlines_move_to_the_published_days_and_the_rest_is_left_alone() -> None:
    over_the_festival = at("2027-02-04 10:00")
    untouched = at("2027-03-01 10:00")
    open_ones = [
        OpenDeadline(key, deadline("3wd"), start, due_at(deadline("3wd"), start, GUESSED).at)
        for key, start in (("reply", over_the_festival), ("visit", untouched))
    ]
    (moved,) = recount(open_ones, PUBLISHED, at("2026-11-10 09:00"))
    assert moved.key == "reply"
    assert (shown(moved.old), shown(moved.new)) == ("2027-02-11 17:00", "2027-02-17 17:00")
    assert not moved.provisional
    assert not moved.passed


def test_a_date_that_would_be_past_already_is_flagged() -> None:
    start = at("2027-01-29 10:00")  # Friday; the Sunday after becomes a working day
    old = due_at(deadline("1wd"), start, GUESSED).at
    (moved,) = recount([OpenDeadline(7, deadline("1wd"), start, old)], PUBLISHED, at("2027-02-01 09:00"))
    assert (shown(old), shown(moved.new)) == ("2027-02-01 17:00", "2027-01-31 17:00")
    assert moved.passed
