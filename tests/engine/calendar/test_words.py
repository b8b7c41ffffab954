"""Deadlines in the words of the worklist."""

import pytest

from engine.calendar import WorkingCalendar, due_words
from tests.engine.calendar.times import at

CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    ("due", "now", "zh", "en", "level"),
    [
        ("2026-03-11 17:00", "2026-03-09 10:00", "还剩 2 个工作日", "2 working days left", "calm"),
        ("2026-02-25 17:00", "2026-02-13 10:00", "还剩 3 个工作日", "3 working days left", "calm"),
        ("2026-03-09 17:00", "2026-03-06 10:00", "还剩 1 个工作日", "1 working day left", "soon"),
        ("2026-03-09 17:00", "2026-03-09 00:01", "今天到期", "due today", "today"),
        ("2026-03-09 17:00", "2026-03-09 17:00", "今天到期", "due today", "today"),
        ("2026-03-09 17:00", "2026-03-09 17:05", "逾期 5 分钟", "5 minutes overdue", "late"),
        ("2026-03-09 17:00", "2026-03-09 19:30", "逾期 2 小时", "2 hours overdue", "late"),
        ("2026-03-09 17:00", "2026-03-10 08:00", "逾期 1 天", "1 day overdue", "late"),
        ("2026-03-06 17:00", "2026-03-09 08:00", "逾期 3 天", "3 days overdue", "late"),
        ("2026-03-09 14:30", "2026-03-09 11:00", "还剩 3 小时", "3 hours left", "today"),
        ("2026-03-09 14:30", "2026-03-09 14:00", "还剩 30 分钟", "30 minutes left", "today"),
        ("2026-03-10 01:00", "2026-03-09 22:00", "还剩 3 小时", "3 hours left", "soon"),
        ("2026-03-08 17:00", "2026-03-07 10:00", "还剩 1 天", "1 day left", "soon"),  # both on a weekend
    ],
)
def test_a_deadline_is_said_in_words(due: str, now: str, zh: str, en: str, level: str) -> None:
    words = due_words(at(due), at(now), CALENDAR)
    assert words.text == (zh, en)
    assert words.level == level


def test_round_the_clock_days_are_plain_days() -> None:
    words = due_words(at("2026-03-09 23:59:59"), at("2026-03-06 10:00"), CALENDAR, "always")
    assert words.text == ("还剩 3 天", "3 days left")
    assert words.level == "calm"
