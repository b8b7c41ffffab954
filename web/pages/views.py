"""What templates show, made from what queries give."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from engine.calendar.working import MIDNIGHT, local
from engine.text import Text
from web.extension import engine

if TYPE_CHECKING:
    from engine.queries.rows import TaskRow
    from engine.queries.tasks import TaskView

_DAY_ENDS = {time(12), time(17), MIDNIGHT}


@dataclass(frozen=True)
class Due:
    """A due time in words with its date. ``level``: calm, soon, today or late; ``by_clock``: the hour
    matters.
    """

    text: Text
    level: str
    at: datetime
    today: date
    by_clock: bool
    provisional: bool


@dataclass(frozen=True)
class Item:
    """A task in a list."""

    id: UUID
    name: str
    subject: str
    number: str
    due: Due | None
    holder: str
    since: datetime
    level: str
    claimable: bool
    mine: bool = False
    reachable: bool = False


def due_of(row: "TaskRow | TaskView") -> Due | None:
    """The due time of a task, if it has one."""
    if row.due_at is None or row.due_words is None:
        return None
    ends = local(row.due_at).time()
    return Due(
        text=row.due_words,
        level=row.urgency or "calm",
        at=row.due_at,
        today=local(engine().clock.now()).date(),
        by_clock=ends not in _DAY_ENDS,
        provisional=row.provisional,
    )


def item_of(
    row: "TaskRow", *, claimable: bool = False, user_id: UUID | None = None, reachable: bool = False
) -> Item:
    """A task as lists show it."""
    return Item(
        id=row.id,
        name=row.name,
        subject=row.about or row.process,
        number=row.case_number if row.case_number and row.case_number not in row.about else "",
        due=due_of(row),
        holder=row.assignee or row.organisation,
        since=row.created_at,
        level=row.level,
        claimable=claimable,
        mine=user_id is not None and row.assignee_id == user_id,
        reachable=reachable or (user_id is not None and row.assignee_id == user_id),
    )


def short_number(instance_id: UUID) -> str:
    """A number people can read out for a matter without a case: the random end of its id."""
    tail = instance_id.hex[-8:].upper()
    return f"{tail[:4]}-{tail[4:]}"
