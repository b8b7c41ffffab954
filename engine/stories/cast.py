"""The organisations and people that stories play among."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.errors import Invalid
from engine.people.organisations import add_organisation
from engine.people.users import add_user
from engine.store import tables as t
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation to be: ``within`` is the code of its parent."""

    code: str
    name: str
    kind: str
    level: str
    within: str | None


@dataclass(frozen=True, slots=True)
class Player:
    """A person to be: ``roles`` are (organisation code, role) pairs."""

    login: str
    name: str
    home: str
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Organisations, parents first, and people."""

    places: tuple[Place, ...] = ()
    people: tuple[Player, ...] = field(default=())


def read_cast(data: Mapping[str, Any]) -> Cast:
    """From ``organisations`` (``{code, name, kind, level, in}``) and ``people`` (``{login, name, at,
    roles}``, a role being ``role`` at home or ``role@organisation``).
    """
    try:
        places = tuple(
            Place(each["code"], each["name"], each["kind"], each["level"], each.get("in"))
            for each in data.get("organisations", ())
        )
        people = tuple(
            Player(each["login"], each["name"], each["at"], tuple(_roles(each)))
            for each in data.get("people", ())
        )
    except (KeyError, TypeError) as error:
        raise Invalid(Text(f"角色表缺少 {error}。", f"The cast lacks {error}.")) from error
    return Cast(places, people)


def _roles(person: Mapping[str, Any]) -> list[tuple[str, str]]:
    roles = []
    for each in person.get("roles", ()):
        role, _, where = str(each).partition("@")
        roles.append((where or str(person["at"]), role))
    return roles


def enter_cast(conn: sa.Connection, cast: Cast, now: datetime) -> None:
    """Write the cast; those that are there already stay as they are."""
    org = t.organisation.c
    ids: dict[str, UUID] = {row.code: row.id for row in conn.execute(sa.select(org.code, org.id))}
    for place in cast.places:
        if place.code not in ids:
            ids[place.code] = add_organisation(
                conn,
                code=place.code,
                kind=place.kind,
                level=place.level,
                name=place.name,
                parent_id=None if place.within is None else ids[place.within],
            )
    known = set(conn.execute(sa.select(t.user.c.login)).scalars())
    for person in cast.people:
        if person.login not in known:
            add_user(
                conn,
                login=person.login,
                name=person.name,
                now=now,
                organisation_id=ids[person.home],
                memberships=[(ids[where], role) for where, role in person.roles],
            )
