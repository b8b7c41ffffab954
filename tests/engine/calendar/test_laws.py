"""What holds for every deadline, tried on many."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import (
    SHANGHAI,
    Deadline,
    DeadlineAmount,
    WorkingCalendar,
    due_at,
    in_working_hours,
    next_working_moment,
    open_seconds,
    share_of_span,
    working_days_between,
)

CALENDAR = WorkingCalendar()
moments = st.integers(0, 30 * 365 * 86400).map(
    lambda n: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
)
calendars = st.sampled_from(["office", "facility", "always"])
rolls = st.sampled_from(["previous", "next", "none"])
amounts = st.one_of(
    st.integers(0, 300).map(lambda n: DeadlineAmount(n, "working_days")),
    st.integers(0, 900).map(lambda n: DeadlineAmount(n, "days")),
    st.integers(0, 36).map(lambda n: DeadlineAmount(n, "months")),
    st.integers(60, 10**6).map(lambda n: DeadlineAmount(n, "seconds")),
    st.integers(60, 10**6).map(lambda n: DeadlineAmount(n, "working_seconds")),
    st.builds(DeadlineAmount, st.integers(1, 31), st.sampled_from(["quarter", "month", "coming", "year"])),
)
deadlines = st.builds(Deadline, amounts, calendars, rolls)


def local_day(moment: datetime) -> object:
    return moment.astimezone(SHANGHAI).date()


@given(deadlines, moments)
def test_a_due_moment_is_after_its_start(deadline: Deadline, start: datetime) -> None:
    assert due_at(deadline, start, CALENDAR).at > start


@given(deadlines, moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_who_starts_later_is_never_due_earlier(deadline: Deadline, start: datetime, later: timedelta) -> None:
    assert due_at(deadline, start, CALENDAR).at <= due_at(deadline, start + later, CALENDAR).at


@given(st.integers(0, 200), st.integers(0, 100), moments, calendars)
def test_more_working_days_are_never_due_earlier(n: int, more: int, start: datetime, calendar: str) -> None:
    few = Deadline(DeadlineAmount(n, "working_days"), calendar)  # type: ignore[arg-type]
    many = Deadline(DeadlineAmount(n + more, "working_days"), calendar)  # type: ignore[arg-type]
    assert due_at(few, start, CALENDAR).at <= due_at(many, start, CALENDAR).at


@given(deadlines, moments)
def test_rolling_onwards_never_ends_on_a_rest_day(deadline: Deadline, start: datetime) -> None:
    onwards = Deadline(deadline.amount, deadline.calendar, "next")
    due = due_at(onwards, start, CALENDAR).at
    if not deadline.amount.in_hours:
        assert CALENDAR.is_working_day(due.astimezone(SHANGHAI).date(), deadline.calendar)
        assert in_working_hours(due, CALENDAR, deadline.calendar)


@given(amounts, moments, calendars)
def test_the_three_rolls_lie_in_order(amount: DeadlineAmount, start: datetime, calendar: str) -> None:
    if amount.unit in ("days", "months") and amount.count > 20:
        early, plain, late = (
            due_at(Deadline(amount, calendar, roll), start, CALENDAR).at  # type: ignore[arg-type]
            for roll in ("previous", "none", "next")
        )
        assert early <= plain <= late


@given(st.integers(1, 150), st.integers(1, 150), moments)
def test_working_days_add_up(first: int, second: int, start: datetime) -> None:
    def count(n: int, begin: datetime) -> datetime:
        return due_at(Deadline(DeadlineAmount(n, "working_days")), begin, CALENDAR).at

    assert count(second, count(first, start)) == count(first + second, start)


@given(st.integers(1, 400), moments, calendars)
def test_counting_back_gives_the_amount(n: int, start: datetime, calendar: str) -> None:
    due = due_at(Deadline(DeadlineAmount(n, "working_days"), calendar), start, CALENDAR).at  # type: ignore[arg-type]
    assert working_days_between(start, due, CALENDAR, calendar) == n  # type: ignore[arg-type]
    assert working_days_between(due, start, CALENDAR, calendar) == -n  # type: ignore[arg-type]


@given(st.integers(1, 10**6), moments, calendars)
def test_working_hours_used_up_are_the_amount(seconds: int, start: datetime, calendar: str) -> None:
    due = due_at(Deadline(DeadlineAmount(seconds, "working_seconds"), calendar), start, CALENDAR).at  # type: ignore[arg-type]
    assert open_seconds(start, due, CALENDAR, calendar) == seconds  # type: ignore[arg-type]


@given(deadlines, moments, st.integers(1, 99), st.integers(1, 99))
def test_shares_of_a_span_lie_within_it_and_in_order(
    deadline: Deadline, start: datetime, one: int, other: int
) -> None:
    due = due_at(deadline, start, CALENDAR).at
    first, second = (
        share_of_span(deadline, start, due, percent, CALENDAR) for percent in sorted((one, other))
    )
    assert start <= first <= second <= due


@given(moments, calendars)
def test_the_next_working_moment_is_in_working_hours_and_settled(moment: datetime, calendar: str) -> None:
    soon = next_working_moment(moment, CALENDAR, calendar)  # type: ignore[arg-type]
    assert soon >= moment
    assert in_working_hours(soon, CALENDAR, calendar)  # type: ignore[arg-type]
    assert next_working_moment(soon, CALENDAR, calendar) == soon  # type: ignore[arg-type]
