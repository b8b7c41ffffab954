"""What may be seen: each query carries its access rule in its SQL."""

from engine.people.access import BrokenGlass
from engine.queries.access import Look, access_of, emergency_openings
from engine.queries.calendar import SetDay, YearView, calendar_year
from engine.queries.cases import CaseRow, CaseView, LinkedMatter, case_view, cases
from engine.queries.inbox import Notice, count_unread, inbox
from engine.queries.matters import MatterView, Trouble, matter_view
from engine.queries.rows import Moment, Page, StepRow, TaskRow
from engine.queries.starts import Startable, StartView, start_view, startable
from engine.queries.tasks import TaskView, task_view
from engine.queries.worklist import count_open, worklist

__all__ = [
    "BrokenGlass",
    "CaseRow",
    "CaseView",
    "LinkedMatter",
    "Look",
    "MatterView",
    "Moment",
    "Notice",
    "Page",
    "SetDay",
    "StartView",
    "Startable",
    "StepRow",
    "TaskRow",
    "TaskView",
    "Trouble",
    "YearView",
    "access_of",
    "calendar_year",
    "case_view",
    "cases",
    "count_open",
    "count_unread",
    "emergency_openings",
    "inbox",
    "matter_view",
    "start_view",
    "startable",
    "task_view",
    "worklist",
]
