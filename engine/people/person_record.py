"""One person's record: how bound fields become columns, sealed and hashed, and how they are read back."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from engine.errors import NotFound
from engine.feel.values import from_json, to_json
from engine.people.masks import mask_address, mask_document, mask_mobile, mask_name
from engine.people.vault import Vault
from engine.store import tables as t
from engine.text import Text

Values = Mapping[str, object]
Source = Mapping[str, object]
#: How many last characters of a document number can be searched for.
_TAIL = 4
DEFAULT_DOCUMENT = "id_card"
#: What leaves a field as it was.
EMPTY: tuple[object, ...] = (None, "", [], {})


def document_hash(vault: Vault, kind: str, number: str) -> str:
    """What to look for in ``document_hash``."""
    return vault.keyed_hash(f"{kind or DEFAULT_DOCUMENT}:{_tidy(number)}", "document")


def document_of(values: Values) -> tuple[str, str] | None:
    """Kind and number of the identity document among bound fields, None without one."""
    value = values.get("identity_document")
    document = value if isinstance(value, Mapping) else {"number": value}
    number = _tidy(str(document.get("number") or ""))
    return (str(document.get("kind") or DEFAULT_DOCUMENT)[:30], number) if number else None


def document_tail_hash(vault: Vault, tail: str) -> str:
    """What to look for in ``document_tail_hash``; ``tail`` are the last four characters."""
    return vault.keyed_hash(_tidy(tail), "document_tail")


def mobile_hash(vault: Vault, number: str) -> str:
    """What to look for in ``mobile_hash``."""
    return vault.keyed_hash("".join(number.split()), "mobile")


def person_row(conn: sa.Connection, person_id: UUID, lock: bool = False) -> sa.RowMapping:
    """The row. Raises NotFound."""
    query = sa.select(t.person).where(t.person.c.id == person_id)
    found = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if found is None:
        raise NotFound(Text("没有这份人员档案。", "There is no such person on record."))
    return found


def sealing_context(person_id: UUID, column: str) -> str:
    """What a sealed column of a person is bound to."""
    return f"person:{person_id}:{column}"


def person_view(
    conn: sa.Connection, vault: Vault, person_id: UUID, *, unmask: bool
) -> dict[str, object] | None:
    """The record as forms and pages read it; None where there is no such person.

    Masked, name, document, telephone and address are covered, and birth date and sealed fields left out.
    """
    found = conn.execute(sa.select(t.person).where(t.person.c.id == person_id)).mappings().first()
    if found is None:
        return None
    sealed = _unsealed(vault, found)
    document = _opened(vault, found, "document")
    mobile = _opened(vault, found, "mobile")
    about: dict[str, object] = {
        "name": found["name"] if unmask else mask_name(found["name"]),
        "gender": found["sex"] or None,
        "birth_date": found["birth_date"] if unmask else None,
    }
    contact = sealed.pop("mobile_contact", None)
    detail = sealed.pop("address_detail", None)
    view: dict[str, object] = {}
    for key, value in {**_attributes(found), **(sealed if unmask else {})}.items():
        _put(view, key.split("."), value)
    view.update(id=str(found["id"]), **about)
    view["person"] = {**about, **({"relation": view["relation"]} if "relation" in view else {})}
    if document:
        view["identity_document"] = {
            "kind": found["document_kind"],
            "number": document if unmask else mask_document(document),
            "gender": about["gender"],
            "birth_date": about["birth_date"],
        }
    if mobile or contact:
        view["mobile"] = reached = _mobile_view(mobile, contact, unmask)
        view["person"] = {**part(view["person"]), "mobile": reached["number"]}
    if found["address"] or detail:
        address = {**part(from_json(found["address"])), "detail": detail}
        view["address"] = address if unmask else mask_address(address)
    return view


@dataclass(slots=True)
class _Changes:
    """Columns of one record, about to be written."""

    columns: dict[str, object]
    attributes: dict[str, object]
    sealed: dict[str, object]

    def keep(self, key: str, value: object, public: bool = False) -> None:
        """Put a field where it belongs, once; an empty one nowhere."""
        self.attributes.pop(key, None)
        self.sealed.pop(key, None)
        if value in EMPTY:
            return
        if public:
            self.attributes[key] = to_json(value)
        else:
            self.sealed[key] = value


def write_person(
    conn: sa.Connection,
    vault: Vault,
    person_id: UUID,
    values: Values,
    source: Source,
    now: datetime,
    public: Collection[str],
) -> None:
    """Write bound fields over a record; what isn't among ``values``, or is empty there, stays as it was."""
    values = {key: value for key, value in values.items() if value not in EMPTY}
    row = person_row(conn, person_id, lock=True)
    changes = _Changes({}, dict(row["attributes"] or {}), _unsealed(vault, row))
    for key, value in values.items():
        match key:
            case "person":
                about = part(value) or {"name": value}
                _take_about(changes, about)
                if about.get("mobile"):
                    _take_mobile(changes, vault, person_id, about["mobile"])
            case "name" | "gender" | "birth_date":
                _take_about(changes, {key: value})
            case "identity_document":
                _take_document(changes, vault, person_id, value)
            case "mobile":
                _take_mobile(changes, vault, person_id, value)
            case "address":
                _take_address(changes, value)
            case _:
                changes.keep(key, value, key in public)
    sources = {**(row["sources"] or {}), **{key: dict(source) for key in values}}
    conn.execute(
        t.person.update()
        .where(t.person.c.id == person_id)
        .values(
            **changes.columns,
            attributes=changes.attributes,
            sealed=_seal_all(vault, person_id, changes.sealed),
            sources=sources,
            updated_at=now,
        )
    )


def _take_about(changes: _Changes, about: Values) -> None:
    if name := str(about.get("name") or "").strip():
        changes.columns["name"] = name[:100]
    if gender := str(about.get("gender") or ""):
        changes.columns["sex"] = gender[:10]
    if isinstance(birth_date := about.get("birth_date"), date):
        changes.columns["birth_date"] = birth_date
    if relation := about.get("relation"):
        changes.keep("relation", relation)


def _take_document(changes: _Changes, vault: Vault, person_id: UUID, value: object) -> None:
    document = document_of({"identity_document": value})
    if document is None:
        return
    kind, number = document
    changes.columns.update(
        document_kind=kind,
        document_sealed=vault.seal(number, sealing_context(person_id, "document_sealed")),
        document_hash=document_hash(vault, kind, number),
        document_tail_hash=document_tail_hash(vault, number[-_TAIL:]),
    )
    _take_about(changes, part(value))


def _take_mobile(changes: _Changes, vault: Vault, person_id: UUID, value: object) -> None:
    mobile = value if isinstance(value, Mapping) else {"number": value}
    number = str(mobile.get("number") or "").strip()
    changes.columns.update(
        mobile_sealed=vault.seal(number, sealing_context(person_id, "mobile_sealed")) if number else None,
        mobile_hash=mobile_hash(vault, number) if number else None,
    )
    contact = {key: mobile[key] for key in ("contact_name", "contact_number") if mobile.get(key)}
    changes.keep("mobile_contact", contact)


def _take_address(changes: _Changes, value: object) -> None:
    address = dict(part(value))
    # Where somebody lives to the door may be what must not be found; which community it is, statistics need.
    changes.keep("address_detail", address.pop("detail", None))
    changes.columns["address"] = to_json(address) if address else None


def _opened(vault: Vault, row: sa.RowMapping, name: str) -> str:
    sealed = row[f"{name}_sealed"]
    return vault.open_(sealed, sealing_context(row["id"], f"{name}_sealed")).decode() if sealed else ""


def _unsealed(vault: Vault, row: sa.RowMapping) -> dict[str, object]:
    if not row["sealed"]:
        return {}
    values = from_json(json.loads(vault.open_(row["sealed"], sealing_context(row["id"], "sealed"))))
    return dict(part(values))


def _seal_all(vault: Vault, person_id: UUID, values: Mapping[str, object]) -> bytes | None:
    if not values:
        return None
    return vault.seal(json.dumps(to_json(values), ensure_ascii=False), sealing_context(person_id, "sealed"))


def _attributes(row: sa.RowMapping) -> dict[str, object]:
    return {key: from_json(value) for key, value in (row["attributes"] or {}).items()}


def _mobile_view(number: str, contact: object, unmask: bool) -> dict[str, object]:
    view: dict[str, object] = {"number": (number if unmask else mask_mobile(number)) or None}
    for key, value in part(contact).items():
        cover = mask_mobile if key == "contact_number" else mask_name
        view[key] = value if unmask else cover(str(value))
    return view


def _put(view: dict[str, object], path: list[str], value: object) -> None:
    for step in path[:-1]:
        inner = view.get(step)
        inner = dict(inner) if isinstance(inner, Mapping) else {}
        view[step] = inner
        view = inner
    view[path[-1]] = value


def part(value: object) -> Mapping[str, object]:
    """A context, or an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def _tidy(number: str) -> str:
    return "".join(number.split()).upper()
