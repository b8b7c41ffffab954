"""Counting open deadlines again when a year's notice is published, or a day is set."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from engine.calendar.deadline import Deadline, due_at
from engine.calendar.working import WorkingCalendar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class OpenDeadline(Generic[Key]):
    """A deadline that still runs: whose it is (``key``), when it started, and its present due moment."""

    key: Key
    deadline: Deadline
    start: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Recounted(Generic[Key]):
    """What changed: ``old`` and ``new`` moments (aware, UTC), for the log and for the people to be told.

    ``provisional``: the new date is a guess still. ``passed``: the new date lies in the past already
    although the old one did not, so nobody could keep it; it must be told, never applied in silence.
    """

    key: Key
    old: datetime
    new: datetime
    provisional: bool
    passed: bool


def recount(
    deadlines: Iterable[OpenDeadline[Key]], calendar: WorkingCalendar, now: datetime
) -> Iterator[Recounted[Key]]:
    """The deadlines whose due moment is another one in ``calendar``; those that stay are left out."""
    for each in deadlines:
        due = due_at(each.deadline, each.start, calendar)
        if due.at != each.due:
            yield Recounted(each.key, each.due, due.at, due.provisional, passed=due.at < now <= each.due)
