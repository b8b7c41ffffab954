"""Prepared statements do exactly what SQLAlchemy does, only quicker."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import sqlalchemy as sa

from engine.ids import new_id
from engine.store import tables as t
from engine.store.database import reading, writing
from engine.store.prepared import Batch, Prepared

NOW = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
INSERT = Prepared(t.person.insert())
FIND = Prepared(sa.select(t.person).where(t.person.c.id == sa.bindparam("person_id")))


def person(**more: object) -> dict[str, object]:
    """A row with a value of every type: UUID, text, bytes, date, JSON, moment, and nothing."""
    row: dict[str, object] = {
        "id": new_id(),
        "name": "王秀英 % ' \" \\",
        "document_kind": "id_card",
        "document_sealed": bytes(range(256)),
        "document_hash": None,
        "document_tail_hash": None,
        "mobile_sealed": None,
        "mobile_hash": None,
        "birth_date": date(1952, 3, 8),
        "sex": "",
        "address": {"街道": "金辰", "number": [1, 2.5, None, True]},
        "attributes": {},
        "sealed": b"",
        "household_id": None,
        "organisation_id": None,
        "sources": {},
        "updated_at": NOW,
    }
    return row | more


def everybody(conn: sa.Connection) -> Sequence[sa.RowMapping]:
    return conn.execute(sa.select(t.person).order_by(t.person.c.sex, t.person.c.id)).mappings().all()


def test_what_a_batch_writes_is_what_sqlalchemy_writes_and_reads(database: sa.Engine) -> None:
    prepared, plain = person(sex="f"), person(sex="m", birth_date=None, address=None)
    with writing(database) as conn:
        batch = Batch(conn)
        batch.add(INSERT, prepared)
        assert batch.run() == [1]
        conn.execute(t.person.insert(), plain)
    with reading(database) as conn:
        assert [dict(row) for row in everybody(conn)] == [prepared, plain]
        for row in (prepared, plain):
            assert FIND.first(conn, {"person_id": row["id"]}) == tuple(row.values())
            found = conn.execute(sa.select(t.person).where(t.person.c.id == row["id"])).one()
            assert FIND.first(conn, {"person_id": row["id"]}) == tuple(found)
        assert FIND.first(conn, {"person_id": new_id()}) is None


def test_a_batch_runs_in_order_and_counts_what_each_statement_touched(database: sa.Engine) -> None:
    update = Prepared(
        t.person.update()
        .where(t.person.c.sex == sa.bindparam("old"))
        .values(sex=sa.bindparam("new"), document_kind="none")
    )
    delete = Prepared(t.person.delete().where(t.person.c.sex == sa.bindparam("which")))
    rows = [person(sex=sex) for sex in ("f", "f", "m")]
    with writing(database) as conn:
        batch = Batch(conn)
        batch.add(INSERT, *rows)
        batch.add(update, {"old": "f", "new": "x"})
        batch.add(update, {"old": "nobody", "new": "x"})
        batch.add(delete, {"which": "m"})
        assert batch.run() == [3, 2, 0, 1]
        assert [(row["sex"], row["document_kind"]) for row in everybody(conn)] == [("x", "none")] * 2


def test_a_batch_belongs_to_the_transaction_it_is_run_in(database: sa.Engine) -> None:
    with database.connect() as conn, conn.begin() as transaction:
        batch = Batch(conn)
        batch.add(INSERT, person())
        batch.run()
        assert len(everybody(conn)) == 1
        transaction.rollback()
    with reading(database) as conn:
        assert everybody(conn) == []


def test_a_value_left_out_takes_the_one_the_statement_has(database: sa.Engine) -> None:
    named = Prepared(
        sa.select(t.person.c.id).where(
            t.person.c.sex == sa.bindparam("sex", "f"), t.person.c.name == sa.bindparam("name")
        )
    )
    row = person(sex="f", name="李")
    with writing(database) as conn:
        conn.execute(t.person.insert(), row)
        assert named.first(conn, {"name": "李"}) == (UUID(str(row["id"])),)
        assert named.first(conn, {"name": "李", "sex": "m"}) is None
