"""The real application on both databases, with a small house of people and one short process."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.people.passwords import hash_password
from engine.store import tables as t
from engine.store.database import writing
from tests.bpmn_builder import Process, diagram
from tests.house import KEY, House, build_house
from web.app import create_app

PASSWORD = "平安社区-2026"
_HASHED = hash_password(PASSWORD)

ROLES = """
roles:
  social_worker: {name: {zh_Hans_CN: 社会工作者, en: Social worker}}
  supervisor: {name: {zh_Hans_CN: 督导, en: Supervisor}}
  administrator: {name: {zh_Hans_CN: 管理员, en: Administrator}}
"""

LEAD = {
    "form": "lead",
    "title": {"zh_Hans_CN": "登记线索", "en": "Report a lead"},
    "components": [
        {"key": "name", "type": "text", "label": {"zh_Hans_CN": "姓名", "en": "Name"}, "required": True},
        {
            "key": "story",
            "type": "long_text",
            "label": {"zh_Hans_CN": "情况", "en": "What happened"},
            "required": True,
            "min_length": 5,
        },
    ],
}
VISIT = {
    "form": "visit",
    "title": {"zh_Hans_CN": "入户走访", "en": "Home visit"},
    "components": [
        {
            "key": "seen",
            "type": "yes_no",
            "label": {"zh_Hans_CN": "见到本人", "en": "Met in person"},
            "required": True,
        },
        {
            "key": "why_not",
            "type": "text",
            "label": {"zh_Hans_CN": "没见到的原因", "en": "Why not"},
            "visible_when": "seen = false",
            "required": True,
        },
        {
            "key": "notes",
            "type": "repeated_group",
            "label": {"zh_Hans_CN": "记录", "en": "Notes"},
            "row_label": {"zh_Hans_CN": "记录", "en": "Note"},
            "min_rows": 0,
            "max_rows": 5,
            "components": [
                {
                    "key": "text",
                    "type": "text",
                    "label": {"zh_Hans_CN": "内容", "en": "Text"},
                    "required": True,
                }
            ],
        },
    ],
}


def visits() -> bytes:
    """线索 → 入户走访 (the community's social worker, 3 working days) → 督导审核 (no form)."""
    process = Process("VISITS", name="走访关怀")
    process.start("lead", name="线索登记")
    process.user(
        "visit",
        name="入户走访",
        form="visit",
        role="social_worker",
        at="community",
        due="3wd",
        title="= name",
        remind=[{"before": "1wd", "at": "09:00", "to": "assignee"}],
        escalate=[{"after": "0h", "to": "supervisor", "at": "social_work_station", "level": "yellow"}],
    )
    process.user("review", name="督导审核", role="supervisor", at="social_work_station", due="2wd")
    process.end("done", name="已办结")
    process.flow("lead", "visit", "review", "done")
    return diagram(process)


@dataclass
class Visitor:
    """A browser without JavaScript: sends the forms of a page with their hidden fields."""

    client: FlaskClient
    prefix: str = ""
    page: TestResponse | None = None

    def go(self, path: str, **options: object) -> TestResponse:
        """Open an address and follow where it leads."""
        self.page = self.client.get(self.prefix + path, follow_redirects=True, **options)
        return self.page

    def sign_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        self.go("/sign-in")
        return self.send("/sign-in", login=login, password=password)

    def send(self, path: str, *, follow: bool = True, **fields: object) -> TestResponse:
        """Send the form of the present page that goes to ``path``: its hidden fields, and these."""
        data = {**self.hidden(path), **fields}
        self.page = self.client.post(self.prefix + path, data=data, follow_redirects=follow)
        return self.page

    def hidden(self, path: str) -> dict[str, list[str]]:
        """The hidden fields of the form that goes to ``path``."""
        for form in re.findall(r"<form[^>]*>.*?</form>", self.text, re.S):
            action = re.search(r'action="([^"]*)"', form)
            if action and unescape(action[1]).removeprefix(self.prefix) == path:
                found: dict[str, list[str]] = {}
                for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form):
                    name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
                    assert name
                    found.setdefault(unescape(name[1]), []).append(unescape(value[1]) if value else "")
                return found
        raise AssertionError(f"no form on the page goes to {path}:\n{self.text[:3000]}")

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.get_data(as_text=True)

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.request.path.removeprefix(self.prefix)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """People who can sign in, and one process to work on."""
    house = build_house(database_url)
    with writing(house.engine.database) as conn:
        conn.execute(t.user.update().values(password_hash=_HASHED))
    house.deploy(
        visits(),
        key="visits",
        starts=[
            {
                "process": "VISITS",
                "form": "lead",
                "roles": ["social_worker"],
                "at": "community",
                "title": {"zh_Hans_CN": "登记线索", "en": "Report a lead"},
            }
        ],
        files={"forms/lead.json": json.dumps(LEAD).encode(), "forms/visit.json": json.dumps(VISIT).encode()},
    )
    yield house
    house.engine.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> dict[str, object]:
    """An installation's settings."""
    roles = tmp_path / "roles.yaml"
    roles.write_text(ROLES)
    return {
        "WULIAN_DATABASE_URL": database_url,
        "WULIAN_DATA_DIR": str(tmp_path),
        "WULIAN_SECRET_KEY": "a secret of the tests",
        "WULIAN_DATA_KEY": KEY,
        "WULIAN_ROLES_FILE": str(roles),
        "TESTING": True,
        "PROPAGATE_EXCEPTIONS": False,
    }


@pytest.fixture
def app(house: House, settings: dict[str, object]) -> Flask:
    """Wulian alone."""
    return create_app(settings, engine=house.engine)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in yet."""
    return Visitor(app.test_client())


@pytest.fixture
def worker(app: Flask) -> Visitor:
    """李社工, signed in."""
    visitor = Visitor(app.test_client())
    visitor.sign_in("worker")
    return visitor


def report_lead(visitor: Visitor, name: str = "王建国") -> None:
    """登记线索, all the way to its confirmation."""
    visitor.go("/start/VISITS")
    visitor.send("/start/VISITS", name=name, story="独居老人，近一个月很少出门。", _do="check")
    visitor.send("/start/VISITS", _do="send")
    assert "/started" in visitor.path, visitor.text


def open_visit(house: House, login: str = "worker") -> UUID:
    """The one open 入户走访 of the team, taken on."""
    from engine.commands import claim

    task = house.task(login, "visit")
    claim(house.engine, house.as_(login), task.id)
    return task.id
