"""The interface for programs."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.people.tokens import issue_token, revoke_token, tokens_of
from engine.store import tables as t
from engine.store.database import writing
from tests.house import House
from tests.web.test_access import token_of
from web.api.tokens import actors

LEAD = {"process": "VISITS", "values": {"name": "王建国", "story": "独居老人，很少出门。"}}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    actors.forget()
    return app.test_client()


def test_a_program_starts_a_matter_takes_the_task_and_completes_it(client: FlaskClient, house: House) -> None:
    worker = token_of(house, "worker")
    begun = client.post("/api/v1/instances", json=LEAD, headers=worker)
    assert begun.status_code == 201
    (task,) = begun.json["opened"]  # type: ignore[index]
    assert client.post(f"/api/v1/tasks/{task}/claim", headers=worker).status_code == 204
    mine = client.get("/api/v1/tasks", headers=worker).json
    assert [each["name"] for each in mine["items"]] == ["入户走访"]  # type: ignore[index]
    done = client.post(f"/api/v1/tasks/{task}/complete", json={"values": {"seen": "yes"}}, headers=worker)
    assert done.status_code == 200
    assert done.json["status"] == "active"  # type: ignore[index]
    instance = client.get(f"/api/v1/instances/{done.json['instance_id']}", headers=worker).json  # type: ignore[index]
    assert [step["name"] for step in instance["steps"] if step["state"] == "current"] == ["督导审核"]  # type: ignore[index]


def test_a_repeated_request_gives_the_first_answer(client: FlaskClient, house: House) -> None:
    headers = {**token_of(house, "worker"), "Idempotency-Key": str(uuid4())}
    first, second = (client.post("/api/v1/instances", json=LEAD, headers=headers).json for _ in range(2))
    assert first == second
    assert len(house.rows(t.instance)) == 1


def test_wrong_answers_come_back_by_field_in_both_languages(client: FlaskClient, house: House) -> None:
    answer = client.post("/api/v1/instances", json={"process": "VISITS"}, headers=token_of(house, "worker"))
    assert answer.status_code == 422
    problem = answer.json
    assert problem is not None
    assert problem["code"] == "form_invalid"
    assert set(problem["errors"]) == {"name", "story"}
    assert set(problem["errors"]["name"][0]) == {"zh_Hans_CN", "en"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"json": {}}, 422),
        ({"json": {"process": "VISITS", "values": []}}, 422),
        ({"json": {"process": "VISITS", "surprise": 1}}, 422),
        ({"json": {"process": "NOTHING"}}, 404),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": "name=x", "content_type": "application/x-www-form-urlencoded"}, 422),
        ({"json": {"process": "VISITS", "case_id": "not an id"}}, 422),
    ],
)
def test_what_cannot_be_understood_is_a_problem_with_a_code(
    client: FlaskClient, house: House, body: dict[str, object], status: int
) -> None:
    answer = client.post("/api/v1/instances", headers=token_of(house, "worker"), **body)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == status
    assert answer.json["texts"]["zh_Hans_CN"]


def test_a_second_completion_is_told_who_was_first(client: FlaskClient, house: House) -> None:
    begun = client.post("/api/v1/instances", json=LEAD, headers=token_of(house, "worker"))
    (task,) = begun.json["opened"]  # type: ignore[index]
    body = {"values": {"seen": "yes"}}
    client.post(f"/api/v1/tasks/{task}/complete", json=body, headers=token_of(house, "worker"))
    second = client.post(f"/api/v1/tasks/{task}/complete", json=body, headers=token_of(house, "colleague"))
    assert second.status_code == 409
    assert second.json is not None
    assert "李社工" in second.json["detail"]


def test_tokens_are_asked_for_and_wrong_ones_refused(client: FlaskClient) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic d29ya2VyOng="}):
        answer = client.get("/api/v1/tasks", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_token(app: Flask, house: House) -> None:
    from tests.web.conftest import Visitor

    visitor = Visitor(app.test_client())
    visitor.sign_in("worker")
    assert visitor.client.get("/api/v1/tasks").status_code == 401


def test_the_interface_sets_no_cookie(client: FlaskClient, house: House) -> None:
    answer = client.get("/api/v1/tasks", headers=token_of(house, "worker"))
    assert "Set-Cookie" not in answer.headers


def test_a_revoked_token_ends_within_seconds(client: FlaskClient, house: House) -> None:
    worker = house.users["worker"]
    with writing(house.engine.database) as conn:
        token = issue_token(conn, worker, "test", now=house.clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/tasks", headers=headers).status_code == 200
    with writing(house.engine.database) as conn:
        for each in tokens_of(conn, worker):
            revoke_token(conn, worker, each.id)
    actors.forget()  # what the passing of a few seconds does
    assert client.get("/api/v1/tasks", headers=headers).status_code == 401


def test_an_expired_token_is_refused(client: FlaskClient, house: House) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        token = issue_token(conn, house.users["worker"], "test", now=now, expires_at=now)
    assert client.get("/api/v1/tasks", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_it_describes_itself_in_openapi(client: FlaskClient) -> None:
    spec = client.get("/api/v1/openapi.json").json
    assert spec is not None
    assert spec["openapi"] == "3.1.0"
    assert "/api/v1/tasks/{task_id}/complete" in spec["paths"]
    assert spec["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_it_tells_its_version_and_health_to_everybody(client: FlaskClient) -> None:
    assert client.get("/api/v1/version").json["api"] == "v1"  # type: ignore[index]
    assert client.get("/api/v1/health").json == {"status": "ok"}
    assert client.get("/healthz").status_code == 200
