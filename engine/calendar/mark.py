"""Moments told relative to a deadline, where reminders and escalations stand.

The grammar (spaces and letter case don't matter)::

    mark   := "due" | percent | amount ("before" | "after") [ "at" ] [ HH:MM ]     1wd before 09:00, 2h after
    percent:= 50%            of the time between start and due; above 100 % it lies beyond
    amount := wd, d, m, h, min as in a deadline       前 and 后 may stand for before and after
"""

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from unicodedata import normalize

from engine.calendar.amount import DeadlineAmount
from engine.calendar.deadline import Deadline, after, before, share_of_span
from engine.calendar.working import WorkingCalendar
from engine.errors import Invalid
from engine.text import Text

_PERCENT = re.compile(r"([0-9]{1,3})%")
_SHIFT = re.compile(r"(.{1,20}?)(before|after|前|后)(?:at)?([0-9]{1,2}:[0-9]{2})?")
_SHIFTING = ("working_days", "days", "months", "seconds")


@dataclass(frozen=True, slots=True)
class DeadlineMark:
    """A share of the span, or an amount before or after the due moment, at a time of day if one is given."""

    percent: int | None = None
    amount: DeadlineAmount | None = None
    side: Literal["before", "after"] = "before"
    at: time | None = None

    @staticmethod
    def parse(text: str) -> "DeadlineMark":
        """Read the text form. Raises :class:`Invalid` (``deadline_mark``) saying what was not understood."""
        plain = "".join(normalize("NFKC", text[:60]).split()).lower()
        if plain in ("due", "到期", "到期时"):
            return DeadlineMark(percent=100)
        if _PERCENT.fullmatch(plain):
            return DeadlineMark.of(before=plain)
        if len(plain) <= 40 and (match := _SHIFT.fullmatch(plain)):
            amount, side, clock = match.groups()
            if side in ("before", "前"):
                return DeadlineMark.of(before=amount, at=clock)
            return DeadlineMark.of(after=amount, at=clock)
        raise _not_understood(text)

    @staticmethod
    def of(*, before: str | None = None, after: str | None = None, at: str | None = None) -> "DeadlineMark":
        """Read the attributes of a diagram: ``before="1wd" at="09:00"``, ``before="50%"``, ``after="0h"``.

        Raises :class:`Invalid`, ``deadline_mark`` or ``deadline_amount``.
        """
        told = " ".join(f"{name} {value}" for name, value in (("before", before), ("after", after)) if value)
        if bool(before) == bool(after):
            raise _not_understood(told)
        if before and (match := _PERCENT.fullmatch(before.strip())):
            if at or not 1 <= int(match[1]) <= 500:
                raise _not_understood(before)
            return DeadlineMark(percent=int(match[1]))
        amount = DeadlineAmount.parse(before or after or "")
        if amount.unit not in _SHIFTING:
            raise _not_understood(told)
        return DeadlineMark(None, amount, "before" if before else "after", _clock(at))

    def __str__(self) -> str:
        """The text form again."""
        if self.percent is not None:
            return "due" if self.percent == 100 else f"{self.percent}%"
        return f"{self.amount} {self.side}" + (f" {self.at:%H:%M}" if self.at else "")


def mark_at(
    mark: DeadlineMark, deadline: Deadline, start: datetime, due: datetime, calendar: WorkingCalendar
) -> datetime:
    """When a mark of a deadline comes (aware, UTC); it may lie before the start of a short deadline.

    Not moved into working hours: whoever sends decides that, since an emergency goes out at night too.
    """
    if mark.percent is not None:
        return share_of_span(deadline, start, due, mark.percent, calendar)
    assert mark.amount is not None  # noqa: S101 - parse sets one of the two
    move = before if mark.side == "before" else after
    # A round-the-clock deadline still has working days for those who are reminded.
    kind = "office" if deadline.calendar == "always" else deadline.calendar
    return move(due, mark.amount, calendar, mark.at, kind)


def _clock(text: str | None) -> time | None:
    if not text:
        return None
    match = re.fullmatch(r"\s*([0-9]{1,2}):([0-9]{2})\s*", text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise _not_understood(text)
    return time(int(match[1]), int(match[2]))


def _not_understood(text: str) -> Invalid:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return Invalid(
        Text(
            f"看不懂提醒时间“{shown}”。可以写 1wd before 09:00（提前）、1wd after（逾期后）、"
            "50%（用时过半）、due（到期时）。",
            f"“{shown}” is not a time for a reminder. Write 1wd before 09:00, 1wd after, 50% or due.",
        ),
        code="deadline_mark",
    )
