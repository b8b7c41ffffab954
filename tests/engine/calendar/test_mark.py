"""Where reminders and escalations stand."""

import pytest

from engine.calendar import DeadlineMark, WorkingCalendar, due_at, mark_at
from engine.errors import Invalid
from tests.engine.calendar.times import at, deadline, shown

CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1wd before 09:00", "1wd before 09:00"),
        ("1wd before at 9:00", "1wd before 09:00"),
        ("1个工作日前 09:00", "1wd before 09:00"),
        ("3wd after", "3wd after"),
        ("2小时后", "2h after"),
        ("50%", "50%"),
        ("100 %", "due"),
        ("due", "due"),
        ("到期", "due"),
    ],
)
def test_a_mark_is_read_and_written(text: str, canonical: str) -> None:
    mark = DeadlineMark.parse(text)
    assert str(mark) == canonical
    assert DeadlineMark.parse(canonical) == mark


@pytest.mark.parametrize(
    "text",
    ["", "1wd", "0%", "999%", "1wd before 25:00", "28@quarter before", "soon", "9" * 99, "before", "x after"],
)
def test_what_is_not_a_mark_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        DeadlineMark.parse(text)
    assert refusal.value.text.zh


def test_a_mark_is_read_from_the_attributes_of_a_diagram() -> None:
    assert str(DeadlineMark.of(before="1wd", at="09:00")) == "1wd before 09:00"
    assert str(DeadlineMark.of(before="50%")) == "50%"
    assert str(DeadlineMark.of(after="0h")) == "0h after"
    for wrong in ({}, {"before": "1wd", "after": "1wd"}, {"before": "50%", "at": "09:00"}, {"after": "50%"}):
        with pytest.raises(Invalid):
            DeadlineMark.of(**wrong)
    with pytest.raises(Invalid):
        DeadlineMark.of(before="1wd", at="9 o'clock")


def test_the_usual_escalation_of_a_reply_owed_in_three_working_days() -> None:
    reply = deadline("3wd")
    start = at("2026-02-12 10:00")
    due = due_at(reply, start, CALENDAR).at
    marks = ["50%", "1wd before 09:00", "due", "1wd after", "3wd after"]
    assert [shown(mark_at(DeadlineMark.parse(mark), reply, start, due, CALENDAR)) for mark in marks] == [
        "2026-02-14 09:30",  # of 27 open hours (6, 7, 7, 7) the first 13½ are over
        "2026-02-14 09:00",
        "2026-02-24 17:00",
        "2026-02-25 17:00",
        "2026-02-27 17:00",
    ]


def test_a_crisis_at_night_is_reminded_after_half_its_two_hours() -> None:
    crisis = deadline("2h", "always")
    start = at("2026-03-07 02:00")
    due = due_at(crisis, start, CALENDAR).at
    assert shown(mark_at(DeadlineMark.parse("50%"), crisis, start, due, CALENDAR)) == "2026-03-07 03:00"


def test_a_round_the_clock_deadline_escalates_by_the_office_calendar() -> None:
    day = deadline("1d", "always")
    start = at("2026-03-06 10:00")
    due = due_at(day, start, CALENDAR).at
    assert (
        shown(mark_at(DeadlineMark.of(after="1wd", at="09:00"), day, start, due, CALENDAR))
        == "2026-03-09 09:00"
    )
