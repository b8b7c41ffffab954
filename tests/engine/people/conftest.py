"""A district with two streets, and people in it, in a real database of each kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.ids import new_id
from engine.people.actor import Actor, load_actor
from engine.people.organisations import add_organisation
from engine.people.policy import load_powers
from engine.people.users import add_user
from engine.people.vault import Vault
from engine.store import tables as t
from engine.store.database import open_database, reading, writing

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine o'clock in China
PASSWORD = "four unrelated words"
POWERS = load_powers(
    {
        "social_worker": {"sees": "organisation", "break_glass": True},
        "supervisor": {
            "sees": "subtree",
            "sensitivity": ["normal", "protected"],
            "manage": True,
            "unmask": True,
        },
        "coordinator": {
            "sees": "all",
            "sensitivity": ["normal", "protected"],
            "manage": True,
            "administer": True,
        },
        "receiver": {"sees": "organisation"},
        "volunteer": {},
    }
)
TREE = (
    ("panlong", None, "district_government", "district"),
    ("lianmeng", "panlong", "street_office", "street"),
    ("lianmeng-station", "lianmeng", "station", "street"),
    ("jinxing", "lianmeng", "community", "community"),
    ("yinxing", "lianmeng", "community", "community"),
    ("jinchen", "panlong", "street_office", "street"),
    ("chuanxin", "jinchen", "community", "community"),
    ("agency", "panlong", "agency", "district"),
)
PEOPLE = (
    ("li", "李敏", "jinxing", "social_worker"),
    ("wang", "王芳", "jinxing", "social_worker"),
    ("zhao", "赵督导", "lianmeng", "supervisor"),
    ("sun", "孙协调", "panlong", "coordinator"),
    ("zhou", "周接案", "agency", "receiver"),
    ("wu", "吴社工", "chuanxin", "social_worker"),
    ("chen", "陈志愿", "jinxing", "volunteer"),
)


@dataclass
class District:
    """``organisations`` by code and ``users`` by login, as ids."""

    database: sa.Engine
    vault: Vault
    organisations: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)

    def as_(self, login: str, now: datetime = NOW) -> Actor:
        """The person as they act at a moment."""
        with reading(self.database) as conn:
            return load_actor(conn, self.users[login], now)

    def open_case(
        self,
        number: str,
        at: str,
        *,
        responsible: str | None = None,
        sensitivity: str = "normal",
        status: str = "open",
    ) -> UUID:
        """A case of an organisation."""
        case_id = new_id()
        row = {"id": case_id, "number": number, "kind": "case", "title": number, "attributes": {}}
        with writing(self.database) as conn:
            conn.execute(
                t.case.insert(),
                {
                    **row,
                    "organisation_id": self.organisations[at],
                    "responsible_id": self.users.get(responsible or ""),
                    "status": status,
                    "sensitivity": sensitivity,
                    "opened_at": NOW,
                },
            )
        return case_id

    def join_case(self, case_id: UUID, *, login: str | None = None, organisation: str | None = None) -> None:
        """Put a person or an organisation on a case's team."""
        row = {"id": new_id(), "case_id": case_id, "role": "party", "since": NOW}
        with writing(self.database) as conn:
            conn.execute(
                t.case_party.insert(),
                {
                    **row,
                    "user_id": self.users.get(login or ""),
                    "organisation_id": self.organisations.get(organisation or ""),
                },
            )

    def add_task(self, node: str, **values: object) -> UUID:
        """An open task in an instance of its own."""
        definition_id, instance_id, task_id = new_id(), new_id(), new_id()
        definition = {
            "id": definition_id,
            "key": node,
            "version": 1,
            "name": node,
            "source": b"",
            "sha256": "",
        }
        instance = {
            "id": instance_id,
            "definition_id": definition_id,
            "key": node,
            "status": "active",
            "version": 1,
        }
        task = {
            "id": task_id,
            "instance_id": instance_id,
            "definition_id": definition_id,
            "token": 1,
            "node": node,
        }
        with writing(self.database) as conn:
            conn.execute(t.definition.insert(), {**definition, "findings": [], "deployed_at": NOW})
            more = {"state": "{}", "started_at": NOW, "last_seq": 0, "last_hash": ""}
            conn.execute(t.instance.insert(), {**instance, **more})
            conn.execute(
                t.task.insert(), {**task, "name": node, "state": "open", "created_at": NOW, **values}
            )
        return task_id


def build_district(url: str) -> District:
    """The district in a migrated database."""
    district = District(open_database(url), Vault({"1": bytes(range(32))}, "1"))
    with writing(district.database) as conn:
        for code, parent, kind, level in TREE:
            district.organisations[code] = add_organisation(
                conn,
                code=code,
                kind=kind,
                level=level,
                name=code,
                parent_id=district.organisations.get(parent or ""),
            )
        for login, name, code, role in PEOPLE:
            where = district.organisations[code]
            district.users[login] = add_user(
                conn, login=login, name=name, organisation_id=where, memberships=[(where, role)], now=NOW
            )
    return district


@pytest.fixture
def district(database_url: str) -> Iterator[District]:
    """The test runs on SQLite and on PostgreSQL."""
    district = build_district(database_url)
    yield district
    district.database.dispose()


@pytest.fixture
def conn(district: District) -> Iterator[sa.Connection]:
    """A writing transaction in the district."""
    with writing(district.database) as connection:
        yield connection
