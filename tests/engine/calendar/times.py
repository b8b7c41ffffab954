"""Moments written short: ``at("2026-02-13 10:00")`` is that time in China."""

from datetime import datetime

from engine.calendar import SHANGHAI, Deadline, DeadlineAmount, WorkingCalendar, due_at
from engine.calendar.days import CalendarName
from engine.calendar.deadline import Roll


def at(text: str) -> datetime:
    """A local time, aware."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def deadline(amount: str, calendar: CalendarName = "office", roll: Roll = "next") -> Deadline:
    """A deadline by its text."""
    return Deadline(DeadlineAmount.parse(amount), calendar, roll)


def due(
    start: str,
    amount: str,
    calendar: CalendarName = "office",
    roll: Roll = "next",
    days: WorkingCalendar | None = None,
) -> str:
    """When something that starts at a local time is due, as local time."""
    return shown(due_at(deadline(amount, calendar, roll), at(start), days or WorkingCalendar()).at)


def shown(moment: datetime) -> str:
    """A moment as local time, to the minute."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
