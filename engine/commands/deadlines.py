"""When a task is due, and what happens on the way there: one job row a task, moved from step to step."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast

from engine.bpmn.graph import Escalate, Remind
from engine.calendar import (
    CalendarName,
    Deadline,
    DeadlineAmount,
    Roll,
    WorkingCalendar,
    after,
    before,
    share_of_span,
)

Step = dict[str, Any]
"""``{"at": ISO time, "do": "remind" | "escalate", "to": role or "assignee", …}``"""


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
) -> list[Step]:
    """The reminders and escalations of a task, in order of time; a reminder that would be in the past is left
    out.
    """
    steps: list[Step] = []
    for reminder in remind:
        at = _reminder_time(deadline, reminder, start, due, days)
        if at > start:
            steps.append({"at": at.isoformat(), "do": "remind", "to": reminder.to})
    for escalation in escalate:
        at = after(due, DeadlineAmount.parse(escalation.after), days)
        step = {"at": at.isoformat(), "do": "escalate", "to": escalation.to, "level": escalation.level}
        if escalation.at:
            step["place"] = escalation.at
        if escalation.signal:
            step["signal"] = escalation.signal
        steps.append(step)
    steps.sort(key=lambda step: str(step["at"]))
    return steps


def _reminder_time(
    deadline: Deadline, reminder: Remind, start: datetime, due: datetime, days: WorkingCalendar
) -> datetime:
    if reminder.before.endswith("%"):
        return share_of_span(deadline, start, due, int(reminder.before[:-1]), days)
    clock = time.fromisoformat(reminder.at) if reminder.at else None
    return before(due, DeadlineAmount.parse(reminder.before), days, clock)


def payload_of(steps: Sequence[Step]) -> str:
    return json.dumps({"steps": list(steps)}, ensure_ascii=False, separators=(",", ":"))


def back_off(attempts: int) -> timedelta:
    """How long to wait before trying a failed job again: 10 s, 1 min, 6 min, 36 min … at most 6 hours."""
    return timedelta(seconds=min(10 * 6 ** (attempts - 1), 21_600))
