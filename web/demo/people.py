"""The demonstration's tree of organisations and its people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from engine.people.organisations import add_organisation
from engine.people.passwords import hash_password
from engine.people.users import add_user
from engine.store import tables as t
from web.demo.district import AGENCIES, DEPARTMENTS, STREETS, community_code, person_name

PASSWORD = "wulian-demo"  # noqa: S105 - printed at every start: the demonstration hides nothing


class Login(NamedTuple):
    """A person to sign in as, with what they do."""

    login: str
    name: str
    role: str
    organisation: str


class Person(NamedTuple):
    """``home`` is the organisation they belong to, ``at`` where they hold their role."""

    login: str
    name: str
    role: str
    home: str
    at: str


#: The people the tour is played with. Everybody else is there so that the district is not empty.
CAST = (
    Person("worker", "李春梅", "social_worker", "jinchen_01", "jinchen_01"),
    Person("colleague", "王志强", "social_worker", "jinchen_01", "jinchen_01"),
    Person("supervisor", "赵文静", "supervisor", "jinchen_station", "jinchen"),
    Person("head", "陈建华", "station_head", "jinchen_station", "jinchen"),
    Person("duty", "杨海燕", "duty_lead", "jinchen", "jinchen"),
    Person("receiver", "周雨桐", "intake_officer", "xinqiao", "xinqiao"),
    Person("receiver2", "吴佳怡", "intake_officer", "chunhui", "chunhui"),
    Person("coordinator", "孙丽萍", "coordinator", "shehui_gongzuo", "panlong"),
    Person("districthead", "何国庆", "district_head", "panlong", "panlong"),
    Person("resident", "马秋月", "community_worker", "jinchen_01", "jinchen_01"),
    Person("admin", "系统管理员", "administrator", "panlong", "panlong"),
)
ALSO = (("receiver", "xinqiao", "social_worker"), ("receiver2", "chunhui", "social_worker"))


@dataclass(slots=True)
class Tree:
    """Ids of the organisations and users by code and login."""

    organisations: dict[str, UUID]
    users: dict[str, UUID]


def plant(conn: sa.Connection) -> dict[str, UUID]:
    """The district with its departments, streets, stations, communities and agencies."""
    ids: dict[str, UUID] = {}

    def add(code: str, kind: str, level: str, name: str, name_en: str, parent: str | None) -> None:
        parent_id = None if parent is None else ids[parent]
        ids[code] = add_organisation(
            conn, code=code, kind=kind, level=level, name=name, name_en=name_en, parent_id=parent_id
        )

    add("panlong", "district_government", "district", "盘龙区", "Panlong District", None)
    for code, name, name_en in DEPARTMENTS:
        add(code, "department", "department", name, name_en, "panlong")
    for code, name, name_en in AGENCIES:
        add(code, "social_work_agency", "agency", name, name_en, "panlong")
    for street in STREETS:
        add(street.code, "street_office", "street", street.name, f"{street.name_en} Street", "panlong")
        station = f"{street.code}_station"
        add(
            station,
            "social_work_station",
            "station",
            f"{street.name}社工站",
            f"{street.name_en} station",
            street.code,
        )
        for number, name in enumerate(street.communities):
            code = community_code(street, number)
            add(
                code,
                "residents_committee",
                "community",
                f"{name}社区",
                f"{street.name_en} {number + 1}",
                street.code,
            )
    return ids


def _everybody_else() -> Iterator[Person]:
    taken = {(person.role, person.at) for person in CAST}
    number = 40
    for street in STREETS:
        wanted = [
            ("supervisor", f"supervisor.{street.code}", street.code),
            ("station_head", f"head.{street.code}", street.code),
            ("duty_lead", f"duty.{street.code}", street.code),
        ]
        wanted += [
            ("social_worker", f"worker.{community_code(street, each)}", community_code(street, each))
            for each in range(len(street.communities))
        ]
        for role, login, at in wanted:
            number += 1
            if (role, at) not in taken:
                home = f"{street.code}_station" if role in ("supervisor", "station_head") else at
                yield Person(login, person_name(number), role, home, at)
    for code, *_ in AGENCIES:
        number += 1
        if ("intake_officer", code) not in taken:
            yield Person(f"receiver.{code}", person_name(number), "intake_officer", code, code)


def people(conn: sa.Connection, ids: dict[str, UUID], now: datetime) -> dict[str, UUID]:
    """Everybody, with one password: hashed once, as hashing is slow by design."""
    users: dict[str, UUID] = {}
    for person in (*CAST, *_everybody_else()):
        users[person.login] = add_user(
            conn,
            login=person.login,
            name=person.name,
            now=now,
            organisation_id=ids[person.home],
            memberships=[(ids[person.at], person.role)],
        )
    for login, at, role in ALSO:
        conn.execute(
            t.membership.insert(), {"user_id": users[login], "organisation_id": ids[at], "role": role}
        )
    conn.execute(
        t.user.update().where(t.user.c.id.in_(users.values())).values(password_hash=hash_password(PASSWORD))
    )
    return users
