"""Whose a task is, what may be opened in an emergency, and which of a form's answers stay sealed."""

import json
from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.cases.files import open_case
from engine.commands import (
    Service,
    assign,
    break_glass,
    case_services,
    claim,
    complete,
    correlate,
    release,
    save_draft,
    settle,
    start,
)
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.people.policy import load_powers
from engine.queries import task_view
from engine.store import tables as t
from engine.store.database import writing
from tests.bpmn_builder import Process, diagram
from tests.house import POWERS, House, build_house

REASON = "服务对象昏倒送医，需联系家属"
ANYONE = [{"process": "P", "roles": ["anyone"]}]


def words(text: str) -> dict[str, str]:
    return {"zh_Hans_CN": text, "en": text}


FORM = {
    "form": "intake",
    "title": words("接案"),
    "components": [
        {
            "key": "name",
            "type": "text",
            "label": words("服务对象"),
            "sensitivity": "personal",
            "binds": "client.name",
        },
        {"key": "category", "type": "text", "label": words("救助类别"), "binds": "client.aid_category"},
        {
            "key": "health",
            "type": "text",
            "label": words("健康"),
            "sensitivity": "sensitive",
            "binds": "client.health",
        },
        {
            "key": "home",
            "type": "group",
            "label": words("住处"),
            "binds": "client.home",
            "components": [
                {"key": "kind", "type": "text", "label": words("住房")},
                {"key": "with", "type": "text", "label": words("同住"), "sensitivity": "personal"},
            ],
        },
    ],
}
ANSWERS = {
    "name": "王秀英",
    "category": "低保",
    "health": "糖尿病",
    "home": {"kind": "公租房", "with": "孙子"},
}


@pytest.fixture
def task(house: House) -> UUID:
    """A task with a form, offered to the community's workers."""
    p = Process("P")
    p.start("s").user("intake", role="social_worker", form="intake").end("e").flow("s", "intake", "e")
    house.deploy(diagram(p), starts=ANYONE, files={"forms/intake.json": json.dumps(FORM).encode()})
    start(house.engine, house.as_("worker"), "P")
    return house.task("worker", "intake").id


def test_a_task_somebody_has_is_shown_to_a_colleague_without_its_form(house: House, task: UUID) -> None:
    assert task_view(house.engine, house.as_("colleague"), task).can == {"claim", "complete"}
    claim(house.engine, house.as_("worker"), task)
    seen = task_view(house.engine, house.as_("colleague"), task)
    assert (seen.can, seen.form, seen.assignee) == (frozenset(), None, "李社工")
    own = task_view(house.engine, house.as_("worker"), task)
    assert own.can == {"complete", "release", "assign"}
    assert own.form is not None
    acts: tuple[Callable[..., object], ...] = (claim, partial(save_draft, raw={"category": "特困"}))
    for act in acts:
        with pytest.raises(Conflict) as refused:
            act(house.engine, house.as_("colleague"), task)
        assert (refused.value.code, refused.value.details["by"]) == ("task_taken", "李社工")
        with pytest.raises(NotAllowed):
            act(house.engine, house.as_("receiver"), task)
    (row,) = house.rows(t.task)
    assert row["draft"] is None
    claim(house.engine, house.as_("worker"), task)  # taking what one has changes nothing
    assert [row["kind"] for row in house.rows(t.event)] == ["started", "claimed"]
    release(house.engine, house.as_("worker"), task)
    save_draft(house.engine, house.as_("colleague"), task, {"category": "特困"})


def test_a_substitute_does_what_the_absent_colleague_has(house: House, task: UUID) -> None:
    claim(house.engine, house.as_("worker"), task)
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        absent = {"user_id": house.users["worker"], "substitute_id": house.users["colleague"]}
        conn.execute(t.absence.insert(), {"id": house.users["admin"], **absent, "starts_at": now})
    assert "complete" in task_view(house.engine, house.as_("colleague"), task).can
    save_draft(house.engine, house.as_("colleague"), task, {"category": "特困"})
    complete(house.engine, house.as_("colleague"), task, ANSWERS)


def test_who_could_have_done_a_task_is_told_who_did_it(house: House, task: UUID) -> None:
    claim(house.engine, house.as_("worker"), task)
    complete(house.engine, house.as_("worker"), task, ANSWERS)
    with pytest.raises(Conflict) as refused:
        complete(house.engine, house.as_("colleague"), task, ANSWERS)
    assert (refused.value.code, refused.value.details["by"]) == ("task_closed", "李社工")
    with pytest.raises(NotAllowed):
        complete(house.engine, house.as_("receiver"), task, ANSWERS)


def test_what_is_assigned_to_one_person_alone_is_nobody_elses_business(house: House) -> None:
    p = Process("P")
    p.start("s").user("visit", assignee="= starter").end("e").flow("s", "visit", "e")
    house.deploy(diagram(p), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    with pytest.raises(NotAllowed):
        save_draft(house.engine, house.as_("colleague"), begun.opened[0], {})
    with pytest.raises(NotFound):
        task_view(house.engine, house.as_("colleague"), begun.opened[0])
    with pytest.raises(NotAllowed):
        assign(house.engine, house.as_("colleague"), begun.opened[0], house.users["colleague"])


def test_a_public_answer_stays_readable_and_a_personal_one_is_sealed(house: House, task: UUID) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        client = {"id": house.users["admin"], "name": "王秀英", "updated_at": now}
        conn.execute(t.person.insert(), client)
        opened = open_case(
            conn,
            series="GA",
            kind="case_work",
            title="",
            organisation_id=house.organisations["jinxing"],
            client_id=house.users["admin"],
            now=now,
        )
        conn.execute(sa.update(t.instance).values(case_id=opened.id))
        conn.execute(sa.update(t.task).values(case_id=opened.id))
    complete(house.engine, house.as_("worker"), task, ANSWERS)
    (person,) = house.rows(t.person)
    assert person["attributes"] == {"aid_category": "低保"}
    assert person["sealed"]
    for secret in ("糖尿病", "孙子"):
        assert secret.encode() not in bytes(person["sealed"])


def test_a_client_made_from_the_forms_of_a_matter_keeps_public_answers_readable(database_url: str) -> None:
    services: list[Service] = list(case_services())
    house = build_house(database_url, services)
    p = Process("P")
    p.start("s").user("intake", role="social_worker", form="intake")
    inputs = {"series": '"GA"', "kind": '"case_work"', "client": '"client"'}
    p.service("open", "case.open", inputs=inputs).end("e").flow("s", "intake", "open", "e")
    house.deploy(diagram(p), starts=ANYONE, files={"forms/intake.json": json.dumps(FORM).encode()})
    start(house.engine, house.as_("worker"), "P")
    complete(house.engine, house.as_("worker"), house.task("worker", "intake").id, ANSWERS)
    settle(house.engine)
    (person,) = house.rows(t.person)
    assert (person["name"], person["attributes"]) == ("王秀英", {"aid_category": "低保"})
    house.engine.close()


def test_the_pane_is_broken_only_by_those_who_may_and_every_attempt_is_on_record(house: House) -> None:
    breaking = load_powers({"coordinator": {"break_glass": True}})
    house.engine.powers = {**POWERS, **breaking}
    with writing(house.engine.database) as conn:
        opened = open_case(
            conn,
            series="GA",
            kind="case_work",
            title="",
            organisation_id=house.organisations["jinxing"],
            now=house.clock.now(),
        )
    for case in (opened.id, opened.number):
        with pytest.raises(NotAllowed):
            break_glass(house.engine, house.as_("stranger"), case, REASON)
    with pytest.raises(NotFound):
        break_glass(house.engine, house.as_("coordinator"), "GA-0000", REASON)
    with pytest.raises(Invalid) as refused:
        break_glass(house.engine, house.as_("coordinator"), opened.number, "急")
    assert list(refused.value.fields) == ["reason"]
    assert break_glass(house.engine, house.as_("coordinator"), opened.id, REASON) == opened.id
    actions = [(row["action"], row["subject_id"], row["reason"]) for row in house.rows(t.access_log)]
    assert sorted(actions, key=str) == sorted(
        [
            ("refused", opened.id, ""),
            ("refused", None, opened.number),
            ("refused", None, "GA-0000"),
            ("break_glass", opened.id, REASON),
        ],
        key=str,
    )


def test_a_matter_is_started_for_ones_own_organisation_or_one_below(house: House) -> None:
    p = Process("P")
    p.start("s").user("work", role="social_worker").end("e").flow("s", "work", "e")
    house.deploy(diagram(p), starts=ANYONE)
    elsewhere, below = house.organisations["bailongsi"], house.organisations["jinxing"]
    with pytest.raises(NotAllowed):
        start(house.engine, house.as_("worker"), "P", organisation_id=elsewhere)
    with pytest.raises(NotAllowed):
        start(house.engine, house.as_("worker"), "P", organisation_id=house.organisations["jinchen"])
    with pytest.raises(NotAllowed):
        start(house.engine, house.as_("worker"), "P", organisation_id=house.users["worker"])
    assert house.rows(t.instance) == []
    start(house.engine, house.as_("coordinator"), "P", organisation_id=below)
    house.task("worker", "work")


def test_messages_reach_only_matters_where_one_may_send_them(house: House) -> None:
    p = Process("P")
    p.start("s").catch("hear", message="news", key='"K"').user("read", role="social_worker").end("e")
    p.flow("s", "hear", "read", "e")
    q = Process("Q")
    q.start("s", message="help").user("answer", role="social_worker").end("e").flow("s", "answer", "e")
    house.deploy(diagram(p), diagram(q), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    stranger = house.as_("stranger")
    for instance in (None, begun.instance_id):
        with pytest.raises(NotFound):
            correlate(house.engine, stranger, "news", "K", instance_id=instance)
    with pytest.raises(NotAllowed):
        correlate(
            house.engine, stranger, "help", None, {"organisation_id": str(house.organisations["jinxing"])}
        )
    with pytest.raises(Invalid):
        correlate(house.engine, stranger, "help", None, {"organisation_id": "nonsense"})
    assert correlate(house.engine, house.as_("worker"), "news", "K").instance_id == begun.instance_id


def test_a_stranger_does_not_learn_who_closed_a_task(house: House) -> None:
    p = Process("P")
    p.start("s").user("work", role="social_worker").end("e").flow("s", "work", "e")
    house.deploy(diagram(p), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    complete(house.engine, house.as_("worker"), begun.opened[0], {})
    stranger = house.as_("stranger")
    acts: tuple[Callable[..., object], ...] = (claim, release, partial(complete, raw={}))
    for act in acts:
        with pytest.raises(NotAllowed):
            act(house.engine, stranger, begun.opened[0])
    with pytest.raises(NotAllowed):
        assign(house.engine, stranger, begun.opened[0], house.users["stranger"])
