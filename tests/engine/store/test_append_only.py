"""What happened, and who looked, can be added to and never changed: the database itself refuses."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.commands import start
from engine.ids import new_id
from engine.store import tables as t
from engine.store.append_only import lift
from engine.store.database import reading, writing
from tests.bpmn_builder import Process, diagram
from tests.house import build_house

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def look(database: sa.Engine) -> None:
    row = {"id": new_id(), "at": NOW, "action": "read", "subject_kind": "case"}
    with writing(database) as conn:
        conn.execute(t.access_log.insert(), row)


@pytest.mark.parametrize(
    "tamper", [t.access_log.update().values(reason="nothing to see"), t.access_log.delete()], ids=str
)
def test_the_access_log_is_neither_changed_nor_emptied(database: sa.Engine, tamper: sa.Executable) -> None:
    look(database)
    with pytest.raises(IntegrityError, match="append-only"), writing(database) as conn:
        conn.execute(tamper)
    look(database)
    with reading(database) as conn:
        assert list(conn.execute(sa.select(t.access_log.c.reason)).scalars()) == ["", ""]


@pytest.mark.parametrize("tamper", [t.event.update().values(kind="nothing"), t.event.delete()], ids=str)
def test_the_history_of_a_matter_is_neither_changed_nor_emptied(
    database_url: str, tamper: sa.Executable
) -> None:
    house = build_house(database_url)
    p = Process("P")
    p.start("s").user("a", role="social_worker").end("e").flow("s", "a", "e")
    house.deploy(diagram(p), starts=[{"process": "P", "roles": ["anyone"]}])
    start(house.engine, house.as_("worker"), "P")
    with pytest.raises(IntegrityError, match="append-only"), writing(house.engine.database) as conn:
        conn.execute(tamper)
    assert [row["kind"] for row in house.rows(t.event)] == ["started"]
    house.engine.close()


def test_postgresql_refuses_to_truncate(postgresql_url: str) -> None:
    database = sa.create_engine(postgresql_url)
    with pytest.raises(IntegrityError, match="append-only"), database.begin() as conn:
        conn.execute(sa.text("TRUNCATE access_log"))
    database.dispose()


def test_a_migration_may_lift_the_guard(database: sa.Engine) -> None:
    look(database)
    with writing(database) as conn:
        lift(conn)
        conn.execute(t.access_log.delete())
