"""A case changes hands, and nothing is lost."""

import json
from uuid import UUID

from engine.cases import hand_over, set_responsible
from engine.commands import settle, start
from engine.commands.history import verify_chain
from engine.people.actor import SYSTEM
from engine.store import tables as t
from engine.store.database import reading, writing
from tests.bpmn_builder import Process, diagram
from tests.house import House


def started(house: House, case_id: UUID) -> None:
    """A matter of the case with one task of the worker's own and one offered to the community."""
    p = Process("VISITS")
    p.start("s").parallel("fork")
    p.user("own", role="social_worker", at="community", assignee="= responsible()")
    p.user("offered", role="social_worker", at="community").end("e")
    p.flow("s", "fork", "own", "e").flow("fork", "offered", "e")
    house.deploy(diagram(p), starts=[{"process": "VISITS", "roles": ["anyone"], "on": "case"}])
    with writing(house.engine.database) as conn:
        set_responsible(conn, case_id, house.users["worker"], house.clock.now())
    start(house.engine, house.as_("worker"), "VISITS", case_id=case_id)


def test_open_tasks_go_along_to_the_colleague(house: House, case_id: UUID) -> None:
    started(house, case_id)
    with writing(house.engine.database) as conn:
        moved = hand_over(conn, case_id, house.users["colleague"], house.clock.now())
    assert [task.node for task in moved] == ["own"]
    assert {task["node"]: task["assignee_id"] for task in house.rows(t.task)} == {
        "own": house.users["colleague"],
        "offered": None,
    }
    kinds = [event["kind"] for event in house.rows(t.case_event)]
    assert kinds[-2:] == ["responsible", "handed_over"]


def test_a_case_that_moves_takes_its_matters_and_offers_along(house: House, case_id: UUID) -> None:
    started(house, case_id)
    new_home = house.organisations["bailongsi"]
    with writing(house.engine.database) as conn:
        hand_over(conn, case_id, house.users["stranger"], house.clock.now(), organisation_id=new_home)
    assert {task["organisation_id"] for task in house.rows(t.task)} == {new_home}
    (instance,) = house.rows(t.instance)
    assert instance["organisation_id"] == new_home
    (case,) = house.rows(t.case)
    assert (case["organisation_id"], case["responsible_id"]) == (new_home, house.users["stranger"])


def test_a_matter_whose_task_changes_hands_tells_it_in_its_own_history(house: House, case_id: UUID) -> None:
    started(house, case_id)
    p = Process("HANDOVER")
    p.start("s").service("move", "case.hand_over", inputs={"to": "colleague"}).end("e").flow("s", "move", "e")
    house.deploy(diagram(p), key="handover")
    colleague = str(house.users["colleague"])
    start(house.engine, SYSTEM, "HANDOVER", {"colleague": colleague}, case_id=case_id)
    settle(house.engine)
    (matter,) = house.rows(t.instance, t.instance.c.key == "VISITS")
    *_, last = sorted(house.rows(t.event, t.event.c.instance_id == matter["id"]), key=lambda row: row["seq"])
    assert last["kind"] == "assigned"
    assert json.loads(last["data"])["to"] == colleague
    with reading(house.engine.database) as conn:
        assert verify_chain(conn, matter["id"]) is None
