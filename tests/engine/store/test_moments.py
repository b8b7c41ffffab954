"""A moment means the same everywhere: aware, in UTC, in order."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from engine.store import tables as t
from engine.store.database import reading, writing
from engine.store.prepared import Batch, Prepared

BEIJING = ZoneInfo("Asia/Shanghai")
NAIVE = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - that is the point


def lease(name: str, until: datetime) -> dict[str, object]:
    return {"name": name, "holder": "x", "until": until}


def test_a_time_without_a_zone_never_reaches_the_database(database: sa.Engine) -> None:
    with pytest.raises(StatementError, match="naive"), writing(database) as conn:
        conn.execute(t.lease.insert(), lease("a", NAIVE))
    with pytest.raises(StatementError, match="naive"), reading(database) as conn:
        conn.execute(sa.select(t.lease).where(t.lease.c.until > NAIVE))
    with pytest.raises(ValueError, match="naive"), writing(database) as conn:
        Batch(conn).add(Prepared(t.lease.insert()), lease("a", NAIVE))


def test_a_moment_of_any_zone_comes_back_in_utc_to_the_microsecond(database: sa.Engine) -> None:
    moment = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=BEIJING)
    with writing(database) as conn:
        conn.execute(t.lease.insert(), lease("a", moment))
        (found,) = conn.execute(sa.select(t.lease.c.until)).scalars()
    assert found == moment
    assert found.tzinfo is UTC


def test_moments_are_in_order_whatever_zone_they_were_given_in(database: sa.Engine) -> None:
    start = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    given = [start + timedelta(minutes=20 * n) for n in range(6)]
    given = [each.astimezone(BEIJING) if n % 2 else each for n, each in enumerate(given)]
    given.append(start + timedelta(microseconds=1))
    with writing(database) as conn:
        conn.execute(t.lease.insert(), [lease(str(n), each) for n, each in enumerate(given)])
        assert list(conn.execute(sa.select(t.lease.c.until).order_by(t.lease.c.until)).scalars()) == sorted(
            given
        )
        before = sa.select(sa.func.count()).where(t.lease.c.until < start.astimezone(BEIJING))
        assert conn.execute(before.select_from(t.lease)).scalar_one() == 0
