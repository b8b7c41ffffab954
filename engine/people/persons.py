"""The register of persons: one record each, identifiers sealed, found by keyed hash, every datum with its source.

Values have the shape that forms bind: ``name`` or ``person`` ``{name, gender, birth_date, mobile, …}``, ``identity_document``
``{kind, number, birth_date, gender}``, ``mobile`` ``{number, contact_name, contact_number}``, ``address`` ``{street, community, grid, detail}``; any other key is kept
sealed among the record's attributes.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.feel.values import from_json, to_json
from engine.ids import new_id
from engine.people.masks import mask_address, mask_document, mask_mobile, mask_name
from engine.people.vault import Vault
from engine.store import tables as t

MASKED = "***"


def find_by_document(conn: sa.Connection, vault: Vault, kind: str, number: str) -> UUID | None:
    """The person with this document."""
    query = sa.select(t.person.c.id).where(t.person.c.document_hash == _document_hash(vault, kind, number))
    return conn.execute(query).scalar()


def find_by_mobile(conn: sa.Connection, vault: Vault, number: str) -> list[UUID]:
    """Persons reached under this number: several may share a telephone."""
    query = sa.select(t.person.c.id).where(t.person.c.mobile_hash == vault.keyed_hash(number, "mobile"))
    return list(conn.execute(query).scalars())


def create_person(
    conn: sa.Connection,
    vault: Vault,
    values: Mapping[str, object],
    *,
    organisation_id: UUID | None,
    source: Mapping[str, object],
    now: datetime,
) -> UUID:
    """A new record."""
    person_id = new_id()
    conn.execute(
        t.person.insert(),
        {
            "id": person_id,
            "name": "",
            "document_kind": "",
            "sex": "",
            "attributes": {},
            "sources": {},
            "organisation_id": organisation_id,
            "updated_at": now,
        },
    )
    update_person(conn, vault, person_id, values, source=source, now=now)
    return person_id


def update_person(
    conn: sa.Connection,
    vault: Vault,
    person_id: UUID,
    values: Mapping[str, object],
    *,
    source: Mapping[str, object],
    now: datetime,
) -> None:
    """Write what a form has bound; what it left empty stays as it was. ``source`` says form, who and when for each datum."""
    row = (
        conn.execute(sa.select(t.person).where(t.person.c.id == person_id).with_for_update()).mappings().one()
    )
    changes: dict[str, Any] = {}
    extra = _attributes(vault, row)
    sources = dict(row["sources"] or {})
    for key, value in values.items():
        if value in (None, "", [], {}):
            continue
        sources[key] = dict(source)
        match key, value:
            case "name" | "person", str():
                changes["name"] = value[:100]
            case "name" | "person", Mapping():
                _take_person(changes, extra, value, vault, person_id)
            case "identity_document", Mapping():
                _take_document(changes, value, vault, person_id)
            case "mobile", Mapping() | str():
                _take_mobile(changes, value, vault, person_id)
            case "address", Mapping():
                changes["address"] = to_json(dict(value))
            case "birth_date", date():
                changes["birth_date"] = value
            case "gender", str():
                changes["sex"] = value[:10]
            case _:
                extra[key] = value
    if extra:
        text = json.dumps(to_json(extra), ensure_ascii=False)
        changes["sealed"] = vault.seal(text, f"person:{person_id}:attributes")
    conn.execute(
        t.person.update().where(t.person.c.id == person_id).values(sources=sources, updated_at=now, **changes)
    )


def _take_person(
    changes: dict[str, Any], extra: dict[str, object], value: Mapping[str, Any], vault: Vault, person_id: UUID
) -> None:
    if value.get("name"):
        changes["name"] = str(value["name"])[:100]
    if value.get("gender"):
        changes["sex"] = str(value["gender"])[:10]
    if isinstance(value.get("birth_date"), date):
        changes["birth_date"] = value["birth_date"]
    if value.get("mobile"):
        _take_mobile(changes, value["mobile"], vault, person_id)
    if value.get("relation"):
        extra["relation"] = value["relation"]


def _take_document(changes: dict[str, Any], value: Mapping[str, Any], vault: Vault, person_id: UUID) -> None:
    number, kind = str(value.get("number") or "").upper(), str(value.get("kind") or "id_card")
    if not number:
        return
    changes["document_kind"] = kind
    changes["document_sealed"] = vault.seal(number, f"person:{person_id}:document")
    changes["document_hash"] = _document_hash(vault, kind, number)
    changes["document_tail_hash"] = vault.keyed_hash(number[-4:], "document_tail")
    if isinstance(value.get("birth_date"), date):
        changes["birth_date"] = value["birth_date"]
    if value.get("gender"):
        changes["sex"] = str(value["gender"])[:10]


def _take_mobile(changes: dict[str, Any], value: object, vault: Vault, person_id: UUID) -> None:
    entry = dict(value) if isinstance(value, Mapping) else {"number": str(value)}
    changes["mobile_sealed"] = vault.seal(
        json.dumps(to_json(entry), ensure_ascii=False), f"person:{person_id}:mobile"
    )
    number = entry.get("number")
    changes["mobile_hash"] = vault.keyed_hash(str(number), "mobile") if number else None


def _document_hash(vault: Vault, kind: str, number: str) -> str:
    return vault.keyed_hash(f"{kind}:{number.upper()}", "document")


def _attributes(vault: Vault, row: Mapping[str, Any]) -> dict[str, object]:
    if row["sealed"] is None:
        return {}
    values = from_json(json.loads(vault.open_(bytes(row["sealed"]), f"person:{row['id']}:attributes")))
    return values if isinstance(values, dict) else {}


def person_view(
    conn: sa.Connection, vault: Vault, person_id: UUID, *, unmask: bool
) -> dict[str, object] | None:
    """The record as forms prefill from it, or, without ``unmask``, as those may see it who need not know: identifiers masked, attributes left out."""
    row = conn.execute(sa.select(t.person).where(t.person.c.id == person_id)).mappings().one_or_none()
    if row is None:
        return None
    view: dict[str, object] = {
        "id": str(person_id),
        "name": row["name"] if unmask else mask_name(row["name"]),
        "gender": row["sex"] or None,
        "birth_date": row["birth_date"] if unmask else None,
    }
    view["person"] = {key: view[key] for key in ("name", "gender", "birth_date")}
    if row["document_sealed"] is not None:
        number = vault.open_(bytes(row["document_sealed"]), f"person:{person_id}:document").decode()
        view["identity_document"] = {
            "kind": row["document_kind"],
            "number": number if unmask else mask_document(number),
            "birth_date": row["birth_date"] if unmask else None,
            "gender": row["sex"] or None,
        }
    if row["mobile_sealed"] is not None:
        mobile = from_json(json.loads(vault.open_(bytes(row["mobile_sealed"]), f"person:{person_id}:mobile")))
        view["mobile"] = mobile if unmask else _masked_mobile(mobile)
    if row["address"]:
        address = from_json(row["address"])
        view["address"] = address if unmask else _masked_address(address)
    if unmask:
        for key, value in _attributes(vault, row).items():
            view.setdefault(key, value)
    return view


def _masked_mobile(mobile: object) -> dict[str, object]:
    entry = dict(mobile) if isinstance(mobile, Mapping) else {}
    for key in ("number", "contact_number"):
        if entry.get(key):
            entry[key] = mask_mobile(str(entry[key]))
    if entry.get("contact_name"):
        entry["contact_name"] = mask_name(str(entry["contact_name"]))
    return entry


def _masked_address(address: object) -> dict[str, object]:
    entry = dict(address) if isinstance(address, Mapping) else {}
    if entry.get("detail"):
        entry["detail"] = mask_address(str(entry["detail"])) if len(str(entry["detail"])) > 6 else MASKED
    return entry
