"""Looking at a case is on record: identifiers seen in full, protected cases, refusals, emergencies."""

import json
from uuid import UUID

import pytest

from engine.commands import break_glass, start
from engine.errors import NotAllowed, NotFound
from engine.people.policy import load_powers
from engine.queries import access_of, case_view, emergency_openings, start_view, task_view
from engine.store import tables as t
from tests.bpmn_builder import Process, diagram
from tests.house import POWERS, House

REASON = "服务对象昏倒送医，需联系家属"


@pytest.fixture
def house(house: House) -> House:
    """The coordinator may open cases in an emergency."""
    coordinator = {"sees": "organisation", "sensitivity": ["normal", "protected"], "manage": True}
    house.engine.powers = {**POWERS, **load_powers({"coordinator": {**coordinator, "break_glass": True}})}
    return house


def log(house: House) -> list[tuple[str, str]]:
    names = {user_id: login for login, user_id in house.users.items()}
    return [(names[row["user_id"]], row["action"]) for row in house.rows(t.access_log)]


def test_identifiers_seen_in_full_are_on_record_once_an_hour(house: House, ordinary: UUID) -> None:
    for _ in range(3):
        view = case_view(house.engine, house.as_("worker"), ordinary)
        assert view.unmasked
        assert view.client["identity_document"]["number"] == "530103195203080030"  # type: ignore[index]
    assert log(house) == [("worker", "unmasked")]
    house.pass_(minutes=61)
    case_view(house.engine, house.as_("worker"), ordinary)
    case_view(house.engine, house.as_("colleague"), ordinary)
    assert sorted(log(house)) == [("colleague", "unmasked"), ("worker", "unmasked"), ("worker", "unmasked")]


def test_a_look_at_a_protected_case_is_on_record_even_with_the_masks_on(
    house: House, protected: UUID, ordinary: UUID
) -> None:
    house.engine.powers = POWERS  # the coordinator sees the district, and lifts no mask
    for case_id in (protected, ordinary):
        view = case_view(house.engine, house.as_("coordinator"), case_id)
        assert not view.unmasked
        assert "王秀英" not in str(view.client)
        assert "13900139000" not in str(view.client)
    assert log(house) == [("coordinator", "read")]


def test_a_refusal_is_on_record_where_there_is_a_case(house: House, ordinary: UUID) -> None:
    for case_id in (ordinary, house.users["worker"]):
        with pytest.raises(NotFound):
            case_view(house.engine, house.as_("stranger"), case_id)
    assert log(house) == [("stranger", "refused")]


def test_in_an_emergency_a_case_is_opened_for_some_hours_and_everybody_concerned_knows(
    house: House, protected: UUID
) -> None:
    coordinator = house.as_("coordinator")
    (case,) = house.rows(t.case)
    with pytest.raises(NotFound):
        case_view(house.engine, coordinator, protected)
    house.pass_(minutes=1)
    assert break_glass(house.engine, coordinator, case["number"], REASON) == protected
    house.pass_(minutes=1)
    view = case_view(house.engine, house.as_("coordinator"), protected)
    assert view.emergency
    assert not view.unmasked  # the role by which it was opened lifts no mask
    assert log(house) == [("coordinator", "refused"), ("coordinator", "break_glass"), ("coordinator", "read")]
    (note,) = house.rows(t.notification)
    assert note["user_id"] == house.users["stranger"]
    assert "孙协调紧急调阅了个案" in note["text_zh"]
    house.pass_(hours=4)
    with pytest.raises(NotFound):
        case_view(house.engine, house.as_("coordinator"), protected)


def test_emergencies_are_reviewed_by_those_in_charge(house: House, ordinary: UUID) -> None:
    break_glass(house.engine, house.as_("coordinator"), ordinary, REASON)
    (opened,) = emergency_openings(house.engine, house.as_("coordinator"))
    assert (opened.user, opened.case_id, opened.reason) == ("孙协调", ordinary, REASON)
    assert emergency_openings(house.engine, house.as_("worker")) == ()
    house.pass_(days=31)
    assert emergency_openings(house.engine, house.as_("coordinator")) == ()


def test_who_looked_at_a_case_is_for_those_in_charge_of_it(house: House, ordinary: UUID) -> None:
    house.engine.powers = POWERS
    case_view(house.engine, house.as_("worker"), ordinary)
    (look,) = access_of(house.engine, house.as_("coordinator"), ordinary)
    assert (look.user, look.action) == ("李社工", "unmasked")
    with pytest.raises(NotAllowed):
        access_of(house.engine, house.as_("worker"), ordinary)
    with pytest.raises(NotFound):
        access_of(house.engine, house.as_("stranger"), ordinary)


FORM = {
    "form": "visit",
    "title": {"zh_Hans_CN": "探访", "en": "Visit"},
    "components": [
        {
            "key": "document",
            "type": "identity_document",
            "label": {"zh_Hans_CN": "证件", "en": "Document"},
            "binds": "client.identity_document",
        },
        {"key": "note", "type": "text", "label": {"zh_Hans_CN": "记录", "en": "Note"}},
    ],
}


def test_a_form_started_in_a_case_shows_no_more_than_the_case_does(house: House, ordinary: UUID) -> None:
    house.engine.powers = POWERS
    p = Process("P")
    p.start("s").user("visit", role="social_worker").end("e").flow("s", "visit", "e")
    starts = [{"process": "P", "form": "visit", "roles": ["anyone"], "on": "case"}]
    house.deploy(diagram(p), starts=starts, files={"forms/visit.json": json.dumps(FORM).encode()})
    covered = start_view(house.engine, house.as_("coordinator"), "P", ordinary)
    assert "document" not in covered.prefilled
    assert "530103195203080030" not in str((covered.context, covered.raw))
    assert log(house) == []
    shown = start_view(house.engine, house.as_("worker"), "P", ordinary)
    assert "530103195203080030" in str(shown.raw)
    assert log(house) == [("worker", "unmasked")]


def test_a_task_that_opens_with_identifiers_is_a_look_at_them(house: House, ordinary: UUID) -> None:
    p = Process("P")
    p.start("s").user("visit", role="social_worker", form="visit").end("e").flow("s", "visit", "e")
    starts = [{"process": "P", "roles": ["anyone"], "on": "case"}]
    house.deploy(diagram(p), starts=starts, files={"forms/visit.json": json.dumps(FORM).encode()})
    start(house.engine, house.as_("worker"), "P", case_id=ordinary)
    task = house.task("colleague", "visit")
    task_view(house.engine, house.as_("colleague"), task.id, with_form=False)
    assert log(house) == []
    view = task_view(house.engine, house.as_("colleague"), task.id)
    assert "530103195203080030" in str(view.raw)
    assert log(house) == [("colleague", "unmasked")]
