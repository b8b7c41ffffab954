"""The working calendar of a year, for those who set it and those who count by it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.working_days import confirmed_years, read_calendar
from engine.calendar import CalendarName, DayKind, published_years
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text


@dataclass(frozen=True, slots=True)
class SetDay:
    """A day an administrator set. ``place`` is an organisation's code and ``place_name`` its name; empty for
    everywhere.
    """

    date: date
    kind: DayKind
    calendar: CalendarName
    place: str
    place_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class YearView:
    """A year of the office calendar. ``provisional``: its holidays are a guess, and ``warning`` says so;
    ``confirmed``: an administrator entered its notice; ``awaiting`` counts the open deadlines that rest on a
    guess, of any year.
    """

    year: int
    provisional: bool
    warning: Text | None
    published: bool
    confirmed: bool
    working_days: int
    set_days: tuple[SetDay, ...]
    awaiting: int


def calendar_year(engine: ProcessEngine, year: int, organisation_id: UUID | None = None) -> YearView:
    """The year as it counts at an organisation, or, without one, everywhere. Raises Invalid for a year
    outside the calendar.
    """
    with reading(engine.database) as conn:
        calendar = read_calendar(conn, organisation_id)
        laid_out = calendar.year(year)
        warning = calendar.warning(year)
        day, org = t.calendar_day.c, t.organisation.c
        rows = conn.execute(
            sa.select(day.day, day.kind, day.calendar, day.reason, org.code, org.name)
            .select_from(t.calendar_day.outerjoin(t.organisation, org.id == day.organisation_id))
            .where(day.day >= date(year, 1, 1), day.day <= date(year, 12, 31))
            .order_by(day.day, sa.func.coalesce(org.path, ""), day.calendar)
        )
        waiting = (
            sa.select(sa.func.count()).select_from(t.task).where(t.task_is_open, t.task.c.due_provisional)
        )
        return YearView(
            year=year,
            provisional=laid_out.provisional,
            warning=None if warning is None else warning.text,
            published=year in published_years(),
            confirmed=year in confirmed_years(conn),
            working_days=len(laid_out.open_days),
            set_days=tuple(
                SetDay(row.day, row.kind, row.calendar, row.code or "", row.name or "", row.reason)
                for row in rows
            ),
            awaiting=conn.execute(waiting).scalar_one(),
        )
