"""What pages and the interface for programs get to see: plain, read-only rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.bpmn.graph import Kind
from engine.text import Text


@dataclass(frozen=True, slots=True)
class TaskRow:
    """An open task in a list. ``about`` is what it is about: its own title, or its matter's or case's. Times
    are aware UTC.
    """

    id: UUID
    name: str
    about: str
    process: str
    instance_id: UUID
    case_id: UUID | None
    case_number: str | None
    node: str
    role: str | None
    organisation_id: UUID | None
    organisation: str
    assignee_id: UUID | None
    assignee: str
    created_at: datetime
    due_at: datetime | None
    due_words: Text | None
    urgency: str  # calm | soon | today | late | "" without a due time
    provisional: bool
    level: str
    priority: int


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list; ``after`` continues it, ``None`` at its end."""

    rows: tuple[TaskRow, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline. ``kind`` is that of the history entry; ``words`` is empty where the page has
    its own for the kind.
    """

    at: datetime
    kind: str
    by: str
    on_behalf_of: str = ""
    node: str | None = None
    name: str = ""
    instance_id: UUID | None = None
    task_id: UUID | None = None
    submission_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a matter in the readable list beside its diagram. ``state`` is done, current or ahead."""

    id: str
    name: str
    kind: Kind
    lane: str
    state: str
    who: str = ""
    since: datetime | None = None
    due_at: datetime | None = None
