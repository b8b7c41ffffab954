"""The demo's clock: days go by at the press of a button, and what falls due does so in its own order."""

from datetime import timedelta

import pytest
from flask import Flask

from engine.calendar.working import local
from engine.commands import ProcessEngine
from engine.people.vault import Vault
from engine.store import tables as t
from tests.house import KEY, POWERS, House
from tests.web.conftest import Visitor, report_lead
from web.app import create_app
from web.demo_clock import DemoClock, moment_after, move_on


@pytest.fixture
def demo(house: House) -> ProcessEngine:
    """The house's database with the demo's clock."""
    return ProcessEngine.open(
        house.engine.database,
        vault=Vault.from_text(KEY),
        powers=POWERS,
        clock=DemoClock(house.engine.database),
    )


@pytest.fixture
def app(demo: ProcessEngine, settings: dict[str, object]) -> Flask:
    return create_app({**settings, "WULIAN_DEMO": "1"}, engine=demo)


def signed_in(app: Flask, login: str) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(login)
    return visitor


def test_reminder_and_escalation_come_at_their_own_moments(
    app: Flask, demo: ProcessEngine, house: House
) -> None:
    worker = signed_in(app, "worker")
    report_lead(worker)
    task = house.rows(t.task)[0]
    before = demo.clock.now()
    move_on(demo, moment_after(demo, "+5wd"))
    kinds = [row for row in house.rows(t.event) if row["kind"] in ("reminded", "escalated")]
    assert [row["kind"] for row in sorted(kinds, key=lambda row: row["seq"])][-1] == "escalated"
    escalated = next(row for row in kinds if row["kind"] == "escalated")
    assert abs(escalated["at"] - task["due_at"]) < timedelta(minutes=1)
    assert before < escalated["at"] < demo.clock.now()
    supervisor = signed_in(app, "supervisor")
    supervisor.go("/inbox")
    assert "入户走访" in supervisor.text


def test_an_administrator_moves_the_clock_by_a_button(app: Flask, demo: ProcessEngine) -> None:
    admin = signed_in(app, "admin")
    day = local(demo.clock.now()).date()
    admin.send("/demo/clock", amount="1wd")
    assert local(demo.clock.now()).date() > day
    assert admin.path == "/"


def test_nobody_else_sees_the_button(app: Flask) -> None:
    assert "演示时间" not in signed_in(app, "worker").text
    assert "演示时间" in signed_in(app, "admin").text


def test_other_processes_see_the_time_and_it_never_runs_back(demo: ProcessEngine) -> None:
    clock = demo.clock
    assert isinstance(clock, DemoClock)
    start = clock.now()
    clock.move_to(start + timedelta(days=3))
    other = DemoClock(demo.database)
    assert other.now() >= start + timedelta(days=3)
    other.move_to(start)
    assert other.now() >= start + timedelta(days=3)
