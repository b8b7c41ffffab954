"""Numbers without gaps: counted by series and year, in the transaction that uses them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.calendar import SHANGHAI
from engine.store import tables as t


def next_number(conn: sa.Connection, series: str, now: datetime) -> str:
    """``GA-2026-00001``, then ``GA-2026-00002`` …; the year is China's.

    The counter's row stays locked until the transaction ends, so that nobody gets the same number, and a
    transaction that is rolled back gives its number back.
    """
    key = f"{series}-{now.astimezone(SHANGHAI).year}"
    counter = t.case_number
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(counter).values(series=key, last=1)
    counted = insert.on_conflict_do_update(
        index_elements=[counter.c.series], set_={"last": counter.c.last + 1}
    ).returning(counter.c.last)
    return f"{key}-{conn.execute(counted).scalar_one():05d}"
