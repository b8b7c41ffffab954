"""What stories write for things that have no fixed value: ids, days and moments."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from engine.calendar import SHANGHAI, DeadlineAmount, WorkingCalendar, after, before
from engine.errors import Invalid
from engine.store import tables as t
from engine.text import Text


def resolved(value: Any, conn: sa.Connection, now: datetime, calendar: WorkingCalendar) -> Any:
    """``value`` with its words replaced, everywhere inside: ``org:<code>`` and ``user:<login>`` by ids,
    ``day:0``, ``day:-3d`` or ``day:5wd`` by a day from today, ``now`` and ``now:-2h`` by a moment.
    ``text:`` protects a text.
    """
    if isinstance(value, Mapping):
        return {key: resolved(each, conn, now, calendar) for key, each in value.items()}
    if isinstance(value, list):
        return [resolved(each, conn, now, calendar) for each in value]
    if not isinstance(value, str):
        return value
    word, colon, rest = value.partition(":")
    if value == "now":
        return _written(now)
    if not colon:
        return value
    match word:
        case "org":
            return _id(conn, t.organisation, t.organisation.c.code, rest)
        case "user":
            return _id(conn, t.user, t.user.c.login, rest)
        case "day":
            moment = now if rest == "0" else shifted(now, rest, calendar)
            return moment.astimezone(SHANGHAI).date().isoformat()
        case "now":
            return _written(shifted(now, rest, calendar))
        case "text":
            return rest
    return value


def shifted(now: datetime, amount: str, calendar: WorkingCalendar) -> datetime:
    """``3 working days`` after now, at the same time of day; with ``-`` before."""
    if amount.startswith("-"):
        return before(now, DeadlineAmount.parse(amount[1:]), calendar)
    return after(now, DeadlineAmount.parse(amount.removeprefix("+")), calendar)


def moment_of(text: object) -> datetime:
    """``2026-02-12 10:00`` in China; a day alone is its opening hour. Raises Invalid."""
    if isinstance(text, datetime):
        return text if text.tzinfo else text.replace(tzinfo=SHANGHAI)
    try:
        found = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise Invalid(Text(f"看不懂时间“{text}”。", f"“{text}” is no time.")) from None
    if found.time() == time() and len(str(text).strip()) <= 10:
        found += timedelta(hours=9)
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _written(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def _id(conn: sa.Connection, table: sa.Table, column: sa.ColumnElement[Any], name: str) -> str:
    found = conn.execute(sa.select(table.c.id).where(column == name)).scalar()
    if found is None:
        raise Invalid(Text(f"故事里没有“{name}”。", f"“{name}” is not in the story's cast."))
    return str(found)
