"""Working days, due dates, rolls and service hours, in the law and the time of China."""

from engine.calendar.amount import DeadlineAmount
from engine.calendar.days import CalendarName, CalendarWarning, DayKind, DayOverride, published_years
from engine.calendar.deadline import (
    Deadline,
    Due,
    Roll,
    after,
    before,
    due_at,
    in_working_hours,
    next_working_moment,
    open_seconds,
    share_of_span,
    working_days_between,
)
from engine.calendar.mark import DeadlineMark, mark_at
from engine.calendar.recount import OpenDeadline, Recounted, recount
from engine.calendar.words import DueWords, Level, amount_words, due_words
from engine.calendar.working import SHANGHAI, OpeningHours, WorkingCalendar

__all__ = [
    "SHANGHAI",
    "CalendarName",
    "CalendarWarning",
    "DayKind",
    "DayOverride",
    "Deadline",
    "DeadlineAmount",
    "DeadlineMark",
    "Due",
    "DueWords",
    "Level",
    "OpenDeadline",
    "OpeningHours",
    "Recounted",
    "Roll",
    "WorkingCalendar",
    "after",
    "amount_words",
    "before",
    "due_at",
    "due_words",
    "in_working_hours",
    "mark_at",
    "next_working_moment",
    "open_seconds",
    "published_years",
    "recount",
    "share_of_span",
    "working_days_between",
]
