"""The working calendar of a place, out of the days that administrators set."""

from collections.abc import Collection, Sequence
from typing import cast
from uuid import UUID

import sqlalchemy as sa

from engine.calendar import CalendarName, DayKind, DayOverride, WorkingCalendar
from engine.store import tables as t

#: The setting that holds the years whose notices were entered.
CONFIRMED_YEARS = "calendar_years"


def confirmed_years(conn: sa.Connection) -> frozenset[int]:
    """The years whose notices administrators entered."""
    value = conn.execute(sa.select(t.setting.c.value).where(t.setting.c.key == CONFIRMED_YEARS)).scalar()
    return frozenset(value or ())


def read_calendar(
    conn: sa.Connection,
    organisation_id: UUID | None,
    *,
    more: Sequence[DayOverride] = (),
    without: Collection[tuple[object, str, str | None]] = (),
    confirmed: Collection[int] = (),
) -> WorkingCalendar:
    """The national calendar with the overlays of the organisation and those above it.

    ``more`` days and ``confirmed`` years are added, and the days in ``without`` (date, calendar, code of the
    organisation) left out, to see what they would change.
    """
    path = None
    if organisation_id is not None:
        path = conn.execute(
            sa.select(t.organisation.c.path).where(t.organisation.c.id == organisation_id)
        ).scalar()
    day = t.calendar_day.c
    rows = conn.execute(
        sa.select(day.day, day.calendar, day.kind, day.reason, t.organisation.c.code).select_from(
            t.calendar_day.outerjoin(t.organisation, t.organisation.c.id == day.organisation_id)
        )
    )
    kept = [
        DayOverride(
            row.day,
            cast(DayKind, row.kind),
            scope=row.code,
            reason=row.reason,
            calendars=(cast(CalendarName, row.calendar),),
        )
        for row in rows
        if (row.day, row.calendar, row.code) not in without
    ]
    return WorkingCalendar(
        overrides=(*kept, *more),
        places=tuple(code for code in (path or "").split("/") if code),
        confirmed=confirmed_years(conn) | frozenset(confirmed),
    )
