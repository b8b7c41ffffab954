"""A small house for tests: a district with a street and a community, people in it, an engine with a clock
that is moved by hand.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import yaml

from engine.clock import SetClock
from engine.commands import ProcessEngine, Service, deploy_bundle, settle
from engine.ids import new_id
from engine.people.actor import SYSTEM, Actor, load_actor
from engine.people.policy import load_powers
from engine.people.vault import Vault
from engine.queries import worklist
from engine.queries.rows import TaskRow
from engine.store import tables as t
from engine.store.database import reading, writing

BEIJING = ZoneInfo("Asia/Shanghai")
KEY = "1:" + base64.b64encode(bytes(range(32))).decode()
POWERS = load_powers(
    {
        "social_worker": {"sees": "organisation", "unmask": True, "messages": True},
        "supervisor": {
            "sees": "subtree",
            "sensitivity": ["normal", "protected"],
            "manage": True,
            "unmask": True,
        },
        "coordinator": {"sees": "subtree", "sensitivity": ["normal", "protected"], "manage": True},
        "receiver": {"sees": "organisation"},
        "administrator": {"administer": True},
    }
)
TREE = (
    # code, parent, kind, level, name
    ("panlong", None, "district_government", "district", "盘龙区"),
    ("civil_affairs", "panlong", "department", "district", "区民政局"),
    ("jinchen", "panlong", "street_office", "street", "金辰街道"),
    ("jinchen_station", "jinchen", "social_work_station", "street", "金辰街道社工站"),
    ("jinxing", "jinchen", "community", "community", "金星社区"),
    ("agency", "panlong", "social_work_agency", "district", "温暖社工服务中心"),
    ("qingyun", "panlong", "street_office", "street", "青云街道"),
    ("bailongsi", "qingyun", "community", "community", "白龙寺社区"),
)
PEOPLE = (
    # login, name, organisation, role
    ("worker", "李社工", "jinxing", "social_worker"),
    ("colleague", "王社工", "jinxing", "social_worker"),
    ("supervisor", "赵督导", "jinchen_station", "supervisor"),
    ("coordinator", "孙协调", "panlong", "coordinator"),
    ("receiver", "周接案", "agency", "receiver"),
    ("stranger", "吴社工", "bailongsi", "social_worker"),
    ("admin", "管理员", "panlong", "administrator"),
)


def local(text: str) -> datetime:
    """``2026-02-12 10:00`` in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


@dataclass
class House:
    """An engine with its people. ``as_(login)`` is an actor, ``organisations`` are ids by code."""

    engine: ProcessEngine
    clock: SetClock
    organisations: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)

    def as_(self, login: str) -> Actor:
        with reading(self.engine.database) as conn:
            return load_actor(conn, self.users[login], self.clock.now())

    def deploy(
        self,
        *diagrams: bytes,
        starts: Iterable[Mapping[str, object]] = (),
        files: Mapping[str, bytes] | None = None,
        key: str = "test",
        settings: Mapping[str, object] | None = None,
    ) -> None:
        """Deploy diagrams as one bundle, by default with nothing that people may start."""
        paths = {f"diagram{number}.bpmn": source for number, source in enumerate(diagrams)}
        manifest = {
            "key": key,
            "name": key,
            "diagrams": list(paths),
            "starts": [dict(each) for each in starts],
            "settings": dict(settings or {}),
        }
        bundle = {
            "bundle.yaml": yaml.safe_dump(manifest, allow_unicode=True).encode(),
            **paths,
            **(files or {}),
        }
        deploy_bundle(self.engine, SYSTEM, bundle)

    def move_to(self, moment: str | datetime) -> None:
        """Let time pass, doing each job at its moment, in order."""
        goal = local(moment) if isinstance(moment, str) else moment
        job = t.job.c
        while True:
            with reading(self.engine.database) as conn:
                due = conn.execute(
                    sa.select(sa.func.min(job.due_at)).where(job.dead.is_(False), job.due_at <= goal)
                ).scalar()
            if due is None:
                break
            self.clock.move_to(max(due, self.clock.now()))
            settle(self.engine, limit=1000)
        self.clock.move_to(goal)

    def pass_(self, **span: float) -> None:
        """Let a span of time pass: ``pass_(days=3)``."""
        self.move_to(self.clock.now() + timedelta(**span))

    def tasks(self, login: str, scope: str = "team") -> list[TaskRow]:
        """A person's worklist."""
        return list(worklist(self.engine, self.as_(login), scope=scope).rows)  # type: ignore[arg-type]

    def task(self, login: str, node: str, scope: str = "team") -> TaskRow:
        """The one open task at a node in a person's worklist."""
        found = [task for task in self.tasks(login, scope) if task.node == node]
        assert len(found) == 1, f"{login} has {len(found)} tasks at {node}"
        return found[0]

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[sa.RowMapping]:
        """Rows of a table, for looking behind the scenes."""
        with reading(self.engine.database) as conn:
            return list(conn.execute(sa.select(table).where(*where)).mappings())


def build_house(url: str, services: Iterable[Service] = (), start: str = "2026-03-02 09:00") -> House:
    """The house in a migrated database."""
    clock = SetClock(local(start))
    engine = ProcessEngine.open(
        url, vault=Vault.from_text(KEY), powers=POWERS, clock=clock, services=services
    )
    house = House(engine, clock)
    paths: dict[str | None, str] = {None: "/"}
    with writing(engine.database) as conn:
        for code, parent, kind, level, name in TREE:
            house.organisations[code], paths[code] = new_id(), f"{paths[parent]}{code}/"
            conn.execute(
                t.organisation.insert(),
                {
                    "id": house.organisations[code],
                    "parent_id": house.organisations.get(parent or ""),
                    "code": code,
                    "kind": kind,
                    "level": level,
                    "name": name,
                    "name_en": code,
                    "path": paths[code],
                    "phone": "",
                    "active": True,
                },
            )
        for login, name, code, role in PEOPLE:
            house.users[login] = new_id()
            conn.execute(
                t.user.insert(),
                {
                    "id": house.users[login],
                    "login": login,
                    "name": name,
                    "organisation_id": house.organisations[code],
                    "locale": "zh_Hans_CN",
                    "active": True,
                    "created_at": clock.now(),
                },
            )
            conn.execute(
                t.membership.insert(),
                {"user_id": house.users[login], "organisation_id": house.organisations[code], "role": role},
            )
    return house
