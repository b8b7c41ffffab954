"""People, matters and the world outside are told what happened in a case."""

import json
from uuid import UUID

import sqlalchemy as sa

from engine.cases.notices import send_outside, tell_process, tell_role
from engine.commands import settle, start
from engine.store import tables as t
from engine.store.database import reading, writing
from engine.text import Text
from tests.bpmn_builder import Process, diagram
from tests.house import House

WORDS = Text("请关注。", "Please note.")


def test_a_role_is_told_at_the_place_as_seen_from_the_case(house: House, case_id: UUID) -> None:
    with writing(house.engine.database) as conn:
        assert tell_role(conn, case_id, "coordinator", "district", WORDS, house.clock.now(), level="red")
        assert not tell_role(conn, case_id, "coordinator", "province", WORDS, house.clock.now())
    (note,) = house.rows(t.notification)
    assert (note["organisation_id"], note["level"]) == (house.organisations["panlong"], "red")


def test_the_matter_that_waits_for_the_case_hears_the_message(house: House, case_id: UUID) -> None:
    with reading(house.engine.database) as conn:
        number = conn.execute(sa.select(t.case.c.number)).scalar_one()
    p = Process("WAITING")
    p.start("s").catch("heard", message="service_ends", key="case_number")
    p.user("close", role="social_worker", at="community").end("e").flow("s", "heard", "close", "e")
    house.deploy(diagram(p), starts=[{"process": "WAITING", "roles": ["anyone"], "on": "case"}])
    start(house.engine, house.as_("worker"), "WAITING", {"case_number": number}, case_id=case_id)
    with writing(house.engine.database) as conn:
        assert tell_process(conn, case_id, "service_ends", {"reason": "moved"}, house.clock.now())
        assert not tell_process(conn, case_id, "nobody_waits_for_this", {}, house.clock.now())
    settle(house.engine)
    assert [task["node"] for task in house.rows(t.task)] == ["close"]
    assert house.rows(t.incident) == []


def test_what_goes_outside_lies_in_the_outbox_and_stands_on_the_timeline(house: House, case_id: UUID) -> None:
    with writing(house.engine.database) as conn:
        send_outside(conn, case_id, "police", "report", {"kinds": ["violence"]}, house.clock.now())
    (row,) = house.rows(t.outbox)
    assert row["kind"] == "case.report"
    assert json.loads(row["payload"])["kinds"] == ["violence"]
    assert [event["kind"] for event in house.rows(t.case_event)] == ["opened", "sent"]
