"""Lists to choose from, out of the organisation tree, the users and the bundle's own lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.forms import Option
from engine.people.places import resolve_place
from engine.store import tables as t
from engine.text import Text

#: Parts of an address: lists of the topmost organisations of a level, by code.
_LEVELS = {"streets": "street", "communities": "community", "grids": "grid"}


@dataclass(slots=True)
class HouseLists:
    """Named lists:

    * ``organisations`` by ``kind`` (several with ``|``), ``level``, ``parent``; values are ids;
    * ``users`` by ``role``, ``organisation``, ``near``; values are ids;
    * ``streets``, ``communities``, ``grids``; values are codes, each with the code of what it lies in;
    * any other name is a list of the bundle's manifest (``lists``).

    ``near`` is a place as seen from ``origin``, the organisation the matter belongs to: only what lies
    there or below is offered (``{"list": "users", "role": "nurse", "near": "street"}``).
    """

    conn: sa.Connection
    lists: Mapping[str, Sequence[Mapping[str, object]]]
    origin: UUID | None = None

    def options(self, name: str, params: Mapping[str, str]) -> Sequence[Option]:
        if name == "organisations":
            return self._organisations(params)
        if name == "users":
            return self._users(params)
        if name in _LEVELS and name not in self.lists:
            return self._level(_LEVELS[name])
        return [_listed(entry) for entry in self.lists.get(name, ())]

    def _organisations(self, params: Mapping[str, str]) -> Sequence[Option]:
        org = t.organisation
        query = (
            sa.select(org.c.id, org.c.name, org.c.name_en, org.c.parent_id)
            .where(org.c.active)
            .order_by(org.c.path)
        )
        if "kind" in params:
            query = query.where(org.c.kind.in_(params["kind"].split("|")))
        if "level" in params:
            query = query.where(org.c.level == params["level"])
        if "parent" in params:
            query = query.where(org.c.parent_id == UUID(params["parent"]))
        if "near" in params:
            query = query.where(self._within(params["near"]))
        return [
            Option(str(row.id), Text(row.name, row.name_en or row.name), parent=str(row.parent_id or ""))
            for row in self.conn.execute(query)
        ]

    def _users(self, params: Mapping[str, str]) -> Sequence[Option]:
        query = (
            sa.select(t.user.c.id, t.user.c.name).where(t.user.c.active).order_by(t.user.c.name).distinct()
        )
        if params.keys() & {"role", "organisation", "near"}:
            query = query.join(t.membership, t.membership.c.user_id == t.user.c.id)
        if "role" in params:
            query = query.where(t.membership.c.role == params["role"])
        if "organisation" in params:
            query = query.where(t.membership.c.organisation_id == UUID(params["organisation"]))
        if "near" in params:
            query = query.join(t.organisation, t.organisation.c.id == t.membership.c.organisation_id)
            query = query.where(self._within(params["near"]))
        return [Option(str(row.id), Text(row.name, row.name)) for row in self.conn.execute(query)]

    def _level(self, level: str) -> Sequence[Option]:
        org, parent = t.organisation, t.organisation.alias("parent")
        query = (
            sa.select(org.c.code, org.c.name, org.c.name_en, parent.c.code.label("parent"))
            .select_from(org.outerjoin(parent, parent.c.id == org.c.parent_id))
            .where(org.c.active, org.c.level == level, sa.func.coalesce(parent.c.level, "") != level)
            .order_by(org.c.path)
        )
        return [
            Option(row.code, Text(row.name, row.name_en or row.name), parent=row.parent)
            for row in self.conn.execute(query)
        ]

    def _within(self, near: str) -> sa.ColumnElement[bool]:
        """At or below the place; nothing where there is no such place."""
        place = resolve_place(self.conn, near, self.origin)
        path = self.conn.execute(
            sa.select(t.organisation.c.path).where(t.organisation.c.id == place)
        ).scalar()
        return sa.false() if path is None else t.organisation.c.path.startswith(path, autoescape=True)


def _listed(entry: Mapping[str, object]) -> Option:
    label = entry.get("label")
    words = label if isinstance(label, dict) else {}
    value = str(entry.get("value", ""))
    zh = str(words.get("zh_Hans_CN", value))
    return Option(value, Text(zh, str(words.get("en", zh))))
