"""When a task is due, and what happens on the way there: one job row a task, moved from step to step."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from engine.bpmn.graph import Escalate, Remind
from engine.calendar import (
    CalendarName,
    Deadline,
    DeadlineAmount,
    DeadlineMark,
    Roll,
    WorkingCalendar,
    mark_at,
    next_working_moment,
)

Step = dict[str, Any]
"""``{"key": "r0", "at": ISO time, "do": "remind" | "escalate", "to": role or "assignee", …}``. ``key`` tells
which reminder or escalation of the task it is.
"""


def read_deadline(amount: str, calendar: str, roll: str) -> Deadline:
    """The deadline of a task. Raises Invalid for an amount that can't be read."""
    return Deadline(DeadlineAmount.parse(amount), cast(CalendarName, calendar), cast(Roll, roll))


def plan_steps(
    deadline: Deadline,
    remind: Sequence[Remind],
    escalate: Sequence[Escalate],
    start: datetime,
    due: datetime,
    days: WorkingCalendar,
    *,
    taken: Collection[str] = (),
) -> list[Step]:
    """The reminders and escalations of a task, in order of time, without those whose keys are ``taken``; a
    reminder that would be in the past is left out.
    """
    steps: list[Step] = []
    for number, reminder in enumerate(remind):
        at = _reminder_time(deadline, reminder, start, due, days)
        if at > start:
            steps.append({"key": f"r{number}", "at": at.isoformat(), "do": "remind", "to": reminder.to})
    for number, escalation in enumerate(escalate):
        at = mark_at(DeadlineMark.of(after=escalation.after), deadline, start, due, days)
        step = {
            "key": f"e{number}",
            "at": at.isoformat(),
            "do": "escalate",
            "to": escalation.to,
            "level": escalation.level,
        }
        if escalation.at:
            step["place"] = escalation.at
        if escalation.signal:
            step["signal"] = escalation.signal
        steps.append(step)
    steps = [step for step in steps if step["key"] not in taken]
    steps.sort(key=lambda step: str(step["at"]))
    return steps


def _reminder_time(
    deadline: Deadline, reminder: Remind, start: datetime, due: datetime, days: WorkingCalendar
) -> datetime:
    """Within working hours, except for a deadline that runs day and night, and where the doors would open too
    late.
    """
    at = mark_at(DeadlineMark.of(before=reminder.before, at=reminder.at), deadline, start, due, days)
    if deadline.calendar == "always":
        return at
    working = next_working_moment(at, days, deadline.calendar)
    return at if at <= due < working else working


def payload_of(steps: Sequence[Step]) -> str:
    return json.dumps({"steps": list(steps)}, ensure_ascii=False, separators=(",", ":"))


def back_off(attempts: int) -> timedelta:
    """How long to wait before trying a failed job again: 10 s, 1 min, 6 min, 36 min … at most 6 hours."""
    return timedelta(seconds=min(10 * 6 ** (attempts - 1), 21_600))
