"""What is not one's business is refused: by link, by number, by form and by the interface for programs."""

from uuid import UUID

import pytest
from flask import Flask

from engine.people.tokens import issue_token
from engine.store.database import writing
from tests.house import House
from tests.web.conftest import Visitor, open_visit, report_lead


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """吴社工 of another community."""
    visitor = Visitor(app.test_client())
    visitor.sign_in("stranger")
    return visitor


def test_another_communitys_task_cannot_be_opened(worker: Visitor, stranger: Visitor, house: House) -> None:
    report_lead(worker)
    task = open_visit(house)
    assert stranger.go(f"/tasks/{task}").status_code == 404
    assert "王建国" not in stranger.text


def test_another_communitys_task_is_in_no_list(worker: Visitor, stranger: Visitor) -> None:
    report_lead(worker)
    for scope in ("mine", "team", "waiting"):
        stranger.go(f"/?scope={scope}&q=王建国")
        assert "入户走访" not in stranger.text


@pytest.mark.parametrize("what", ["", "/claim", "/release", "/assign"])
def test_another_communitys_task_cannot_be_touched(
    what: str, worker: Visitor, stranger: Visitor, house: House
) -> None:
    report_lead(worker)
    task = house.task("worker", "visit").id
    stranger.go("/me")
    token = stranger.hidden("/sign-out")["csrf_token"]
    fields = {"csrf_token": token, "_do": "send", "seen": "yes", "user": str(house.users["stranger"])}
    page = stranger.client.post(f"/tasks/{task}{what}", data=fields)
    assert page.status_code in (403, 404)
    assert house.task("worker", "visit").assignee_id is None


def test_another_communitys_matter_and_diagram_cannot_be_seen(
    worker: Visitor, stranger: Visitor, house: House
) -> None:
    report_lead(worker)
    matter = house.task("worker", "visit").instance_id
    assert worker.go(f"/matters/{matter}").status_code == 200
    assert worker.go(f"/matters/{matter}/diagram.bpmn").status_code == 200
    assert stranger.go(f"/matters/{matter}").status_code == 404
    assert stranger.go(f"/matters/{matter}/diagram.bpmn").status_code == 404
    assert stranger.go(f"/matters/{matter}/started").status_code == 404


def test_nobody_ends_another_persons_absence(worker: Visitor, stranger: Visitor, house: House) -> None:
    worker.go("/me")
    worker.send(
        "/me/absence", substitute=str(house.users["colleague"]), starts="2026-03-10", ends="2026-03-12"
    )
    assert "王社工" in worker.text
    ended = [part.split('"')[0] for part in worker.text.split("/me/absence/")[1:]]
    stranger.go("/me")
    token = stranger.hidden("/sign-out")["csrf_token"]
    for each in ended:
        assert stranger.client.post(f"/me/absence/{each}", data={"csrf_token": token}).status_code == 404


def test_a_stranger_is_no_substitute(worker: Visitor, house: House) -> None:
    worker.go("/me")
    page = worker.send("/me/absence", substitute=str(house.users["admin"]), starts="2026-03-10")
    assert page.status_code == 422


def test_only_administrators_move_the_demos_clock(worker: Visitor) -> None:
    worker.go("/me")
    token = worker.hidden("/sign-out")["csrf_token"]
    assert worker.client.post("/demo/clock", data={"csrf_token": token, "amount": "1wd"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/start",
        "/start/VISITS",
        "/cases",
        "/inbox",
        "/me",
        "/tasks/00000000-0000-7000-8000-000000000000",
    ],
)
def test_every_page_asks_for_a_sign_in(visitor: Visitor, path: str) -> None:
    visitor.go(path)
    assert visitor.path == "/sign-in"


def token_of(house: House, login: str) -> dict[str, str]:
    with writing(house.engine.database) as conn:
        token = issue_token(conn, house.users[login], "test", now=house.clock.now())
    return {"Authorization": f"Bearer {token}"}


def test_the_interface_refuses_what_the_pages_refuse(app: Flask, worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = house.task("worker", "visit")
    client, stranger = app.test_client(), token_of(house, "stranger")
    unknown = UUID("00000000-0000-7000-8000-000000000000")
    tries = [
        ("GET", f"/api/v1/tasks/{task.id}", None),
        ("POST", f"/api/v1/tasks/{task.id}/claim", None),
        ("POST", f"/api/v1/tasks/{task.id}/release", None),
        ("POST", f"/api/v1/tasks/{task.id}/assign", {"user_id": str(house.users["stranger"])}),
        ("PUT", f"/api/v1/tasks/{task.id}/draft", {"values": {"seen": "yes"}}),
        ("POST", f"/api/v1/tasks/{task.id}/complete", {"values": {"seen": "yes"}}),
        ("GET", f"/api/v1/instances/{task.instance_id}", None),
        ("GET", f"/api/v1/cases/{unknown}", None),
        ("POST", "/api/v1/messages", {"name": "anything"}),
    ]
    for method, path, body in tries:
        answer = client.open(path, method=method, json=body, headers=stranger)
        assert answer.status_code in (403, 404), (path, answer.get_data(as_text=True))
        assert answer.mimetype == "application/problem+json"
    assert house.task("worker", "visit").assignee_id is None
