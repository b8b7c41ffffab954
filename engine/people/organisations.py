"""The tree of organisations. Kinds and levels are words of the field, given as data."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.store import tables as t
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Organisation:
    """``path`` is ``/<code>/<code>/``: from the root to itself, so that a subtree is a prefix."""

    id: UUID
    parent_id: UUID | None
    code: str
    kind: str
    level: str
    name: str
    name_en: str
    path: str
    phone: str
    active: bool


def add_organisation(
    conn: sa.Connection,
    *,
    code: str,
    kind: str,
    level: str,
    name: str,
    name_en: str = "",
    parent_id: UUID | None = None,
    phone: str = "",
) -> UUID:
    """A new organisation below ``parent_id``, or a root. Raises Conflict (``code_taken``), Invalid,
    NotFound.
    """
    if not code or "/" in code or len(code) > 60 or any(char.isspace() for char in code):
        text = Text(
            "机构代码为 1 到 60 个字符，不含空格和斜杠。",
            "A code has 1 to 60 characters, no spaces or slashes.",
        )
        raise Invalid(text, fields={"code": [text]})
    above = "/" if parent_id is None else organisation(conn, parent_id).path
    if len(above) + len(code) + 1 > 1000:
        raise Invalid(Text("机构层级太深。", "The tree of organisations is too deep."))
    row = {
        "id": new_id(),
        "parent_id": parent_id,
        "code": code,
        "kind": kind,
        "level": level,
        "name": name,
        "name_en": name_en,
        "path": f"{above}{code}/",
        "phone": phone,
        "active": True,
    }
    try:
        with conn.begin_nested():
            conn.execute(t.organisation.insert(), row)
    except IntegrityError:
        raise Conflict(
            Text(f"机构代码 {code} 已被使用。", f"The code {code} is taken."), code="code_taken"
        ) from None
    return UUID(str(row["id"]))


def organisation(conn: sa.Connection, organisation_id: UUID) -> Organisation:
    """One organisation. Raises NotFound."""
    row = (
        conn.execute(sa.select(t.organisation).where(t.organisation.c.id == organisation_id))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound(Text("没有这个机构。", "There is no such organisation."))
    return Organisation(**row)


def by_code(conn: sa.Connection, code: str) -> Organisation | None:
    """The organisation with a code."""
    row = conn.execute(sa.select(t.organisation).where(t.organisation.c.code == code)).mappings().first()
    return None if row is None else Organisation(**row)


def subtree(conn: sa.Connection, organisation_id: UUID, *, kind: str | None = None) -> list[Organisation]:
    """An organisation and all below it that are active, by path; ``kind`` keeps those of one kind."""
    root = organisation(conn, organisation_id)
    query = sa.select(t.organisation).where(below(root.path), t.organisation.c.active)
    if kind is not None:
        query = query.where(t.organisation.c.kind == kind)
    return [Organisation(**row) for row in conn.execute(query.order_by(t.organisation.c.path)).mappings()]


def below(path: str) -> sa.ColumnElement[bool]:
    """Organisations at a path or under it."""
    return t.organisation.c.path.startswith(path, autoescape=True)


def move_organisation(conn: sa.Connection, organisation_id: UUID, parent_id: UUID) -> None:
    """Hang a subtree under another parent: communities change their street now and then. Raises Invalid
    under itself.
    """
    moved, parent = organisation(conn, organisation_id), organisation(conn, parent_id)
    if parent.path.startswith(moved.path):
        raise Invalid(Text("不能移到自己的下级。", "An organisation cannot be moved below itself."))
    new = f"{parent.path}{moved.code}/"
    for each in conn.execute(
        sa.select(t.organisation.c.id, t.organisation.c.path).where(below(moved.path))
    ).all():
        conn.execute(
            t.organisation.update()
            .where(t.organisation.c.id == each.id)
            .values(path=new + each.path.removeprefix(moved.path))
        )
    conn.execute(
        t.organisation.update().where(t.organisation.c.id == organisation_id).values(parent_id=parent_id)
    )


def close_organisation(conn: sa.Connection, organisation_id: UUID) -> None:
    """An organisation that is no more: its roles end, it is offered nowhere, its history stays. Raises
    Conflict while something below is open.
    """
    row = organisation(conn, organisation_id)
    if any(each.id != organisation_id for each in subtree(conn, organisation_id)):
        raise Conflict(Text(f"“{row.name}”还有下级机构。", f"“{row.name}” still has organisations below it."))
    conn.execute(t.organisation.update().where(t.organisation.c.id == organisation_id).values(active=False))
