"""Records of persons: one datum once, encrypted where it identifies, with the source of every field.

A record is read and written as a mapping of the *bound* fields of forms: ``person`` ``{name, gender,
birth_date, …}``, ``identity_document`` ``{kind, number, …}``, ``mobile`` ``{number, contact_name,
contact_number}``, ``address`` ``{street, community, grid, detail}``, and any other key (dots nest:
``health.note``). Other keys are sealed unless the caller says that they are public.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict
from engine.ids import new_id
from engine.people.person_record import (
    Source,
    Values,
    document_hash,
    document_of,
    document_tail_hash,
    mobile_hash,
    part,
    person_row,
    person_view,
    sealing_context,
    write_person,
)
from engine.people.vault import Vault
from engine.store import tables as t
from engine.text import Text

__all__ = [
    "create_person",
    "document_tail_hash",
    "find_by_document",
    "find_by_mobile",
    "find_by_tail",
    "merge_persons",
    "person_sources",
    "person_view",
    "reseal",
    "update_person",
    "upsert_person",
]


def find_by_document(conn: sa.Connection, vault: Vault, kind: str, number: str) -> UUID | None:
    """The person with this identity document; spaces and small letters don't matter."""
    wanted = t.person.c.document_hash == document_hash(vault, kind, number)
    return conn.execute(sa.select(t.person.c.id).where(wanted)).scalar()


def find_by_mobile(conn: sa.Connection, vault: Vault, number: str) -> list[UUID]:
    """Persons reached at this mobile number; a family may share one."""
    query = sa.select(t.person.c.id).where(t.person.c.mobile_hash == mobile_hash(vault, number))
    return list(conn.execute(query.order_by(t.person.c.id)).scalars())


def find_by_tail(conn: sa.Connection, vault: Vault, tail: str) -> list[UUID]:
    """Persons whose document number ends with these four characters."""
    query = sa.select(t.person.c.id).where(t.person.c.document_tail_hash == document_tail_hash(vault, tail))
    return list(conn.execute(query.order_by(t.person.c.id)).scalars())


def create_person(
    conn: sa.Connection,
    vault: Vault,
    values: Values,
    *,
    source: Source,
    now: datetime,
    organisation_id: UUID | None = None,
    public: Collection[str] = (),
) -> UUID:
    """A new record. Raises IntegrityError where the document is on record; mostly :func:`upsert_person` is
    meant.
    """
    person_id = new_id()
    empty = {"id": person_id, "name": "", "attributes": {}, "sources": {}, "updated_at": now}
    conn.execute(t.person.insert(), {**empty, "organisation_id": organisation_id})
    write_person(conn, vault, person_id, values, source, now, public)
    return person_id


def upsert_person(
    conn: sa.Connection,
    vault: Vault,
    values: Values,
    *,
    source: Source,
    now: datetime,
    organisation_id: UUID | None = None,
    public: Collection[str] = (),
) -> UUID:
    """The person with the document in ``values``, brought up to date; without one, or a new one, a new
    record.
    """
    document = document_of(values)
    known = find_by_document(conn, vault, *document) if document else None
    if known is None:
        try:
            with conn.begin_nested():
                return create_person(
                    conn,
                    vault,
                    values,
                    source=source,
                    now=now,
                    organisation_id=organisation_id,
                    public=public,
                )
        except IntegrityError:
            known = find_by_document(conn, vault, *document) if document else None
            if known is None:
                raise  # otherwise somebody else entered the same person in this very moment
    write_person(conn, vault, known, values, source, now, public)
    return known


def update_person(
    conn: sa.Connection,
    vault: Vault,
    person_id: UUID,
    values: Values,
    *,
    source: Source,
    now: datetime,
    public: Collection[str] = (),
) -> UUID:
    """Write values over a record, with where they are from; a value of None empties a field, but never the
    name or the document.

    When the document turns out to belong to another record of the same name, the two are one person: this
    record is merged into that one. Returns the id of the record that stays. Raises Conflict
    (``document_in_use``) when the names differ.
    """
    document = document_of(values)
    holder = find_by_document(conn, vault, *document) if document else None
    if holder is not None and holder != person_id:
        _check_same_name(conn, holder, str(_name(values) or person_row(conn, person_id)["name"]))
        merge_persons(conn, keep=holder, drop=person_id, now=now)
        person_id = holder
    write_person(conn, vault, person_id, values, source, now, public)
    return person_id


def person_sources(conn: sa.Connection, person_id: UUID) -> dict[str, Mapping[str, object]]:
    """Per field, where its value is from: ``{form, by, at}`` as the writer gave it."""
    return dict(person_row(conn, person_id)["sources"] or {})


def merge_persons(conn: sa.Connection, *, keep: UUID, drop: UUID, now: datetime) -> None:
    """Two records are one person: everything that points to ``drop`` points to ``keep`` from now on, and
    ``drop`` goes.

    Fields are not mixed, since it is not known which are right; those of ``keep`` stay, empty ones stay
    empty.
    """
    for table in t.metadata.tables.values():  # those of plugins too
        for column in table.columns:
            if any(key.column.table is t.person for key in column.foreign_keys):
                conn.execute(table.update().where(column == drop).values({column.name: keep}))
    conn.execute(t.person.delete().where(t.person.c.id == drop))
    conn.execute(t.person.update().where(t.person.c.id == keep).values(updated_at=now))


def reseal(conn: sa.Connection, vault: Vault, limit: int = 500) -> int:
    """After a change of keys: seal records again that another key sealed. Returns how many; 0 means done."""
    changed = 0
    columns = ("document_sealed", "mobile_sealed", "sealed")
    for row in conn.execute(sa.select(t.person).order_by(t.person.c.id)).mappings():
        old = {name: row[name] for name in columns if row[name] and not vault.is_current(row[name])}
        if old:
            new = {
                name: vault.seal(
                    vault.open_(value, sealing_context(row["id"], name)), sealing_context(row["id"], name)
                )
                for name, value in old.items()
            }
            conn.execute(t.person.update().where(t.person.c.id == row["id"]).values(**new))
            changed += 1
            if changed == limit:
                break
    return changed


def _check_same_name(conn: sa.Connection, holder: UUID, name: str) -> None:
    if name and person_row(conn, holder)["name"] not in ("", name):
        raise Conflict(
            Text(
                "这个证件号码已登记在另一个姓名下，请核对号码和姓名。",
                "This document number is on record under another name; check the number and the name.",
            ),
            code="document_in_use",
        )


def _name(values: Values) -> object:
    return values.get("name") or part(values.get("person")).get("name")
