"""Clock work and services: done once, retried with patience, never lost in silence."""

import json
from collections.abc import Iterator

import pytest

from engine.commands import (
    BpmnError,
    Service,
    ServiceCall,
    broadcast,
    cancel,
    complete,
    correlate,
    settle,
    start,
)
from engine.commands.history import verify_chain
from engine.errors import NotAllowed, NotFound
from engine.people.actor import SYSTEM
from engine.queries import inbox, matter_view
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text
from tests.bpmn_builder import Process, diagram
from tests.house import House, build_house, local

ANYONE = [{"process": "P", "roles": ["anyone"]}]


class Counter:
    """A service that notes its calls and fails as told."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.failures = 0
        self.refuse = False

    def __call__(self, call: ServiceCall) -> dict[str, object]:
        self.keys.append(call.key)
        if self.refuse:
            raise BpmnError("NO_PLACE", Text("没有床位", "No place left"))
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the other side does not answer")
        return {"answer": f"done {call.inputs.get('what')}"}


@pytest.fixture
def outside() -> Counter:
    return Counter()


@pytest.fixture
def inside() -> Counter:
    return Counter()


@pytest.fixture
def house(database_url: str, outside: Counter, inside: Counter) -> Iterator[House]:
    services = [Service("outside", outside), Service("inside", inside, transactional=True)]
    house = build_house(database_url, services)
    yield house
    house.engine.close()


def serving(kind: str) -> bytes:
    p = Process("P")
    p.start("s").service("call", kind, inputs={"what": '"it"'}).boundary("full", on="call", error="NO_PLACE")
    p.user("after", role="social_worker").user("elsewhere", role="social_worker").end("e")
    p.flow("s", "call", "after", "e").flow("full", "elsewhere", "e")
    return diagram(p)


@pytest.mark.parametrize("kind", ["outside", "inside"])
def test_a_service_is_called_as_a_job_and_the_matter_goes_on(
    house: House, kind: str, outside: Counter, inside: Counter
) -> None:
    house.deploy(serving(kind), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    assert begun.opened == ()
    assert settle(house.engine, begun.instance_id) == 1
    house.task("worker", "after")
    assert len(outside.keys) + len(inside.keys) == 1
    assert house.rows(t.job) == []


@pytest.mark.parametrize("kind", ["outside", "inside"])
def test_a_business_error_takes_the_way_the_diagram_draws_for_it(
    house: House, kind: str, outside: Counter, inside: Counter
) -> None:
    outside.refuse = inside.refuse = True
    house.deploy(serving(kind), starts=ANYONE)
    start(house.engine, house.as_("worker"), "P")
    settle(house.engine)
    house.task("worker", "elsewhere")


def test_a_failing_service_is_tried_again_with_the_same_key_and_then_becomes_an_incident(
    house: House, outside: Counter
) -> None:
    outside.failures = 3
    house.deploy(serving("outside"), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    house.pass_(hours=2)
    assert len(outside.keys) == 3
    assert len(set(outside.keys)) == 1
    view = matter_view(house.engine, house.as_("worker"), begun.instance_id)
    assert [trouble.node for trouble in view.incidents] == ["call"]
    assert view.status == "active"
    with reading(house.engine.database) as conn:
        assert verify_chain(conn, begun.instance_id) is None


def test_a_service_nobody_handles_is_an_incident_at_once(house: House) -> None:
    house.deploy(serving("nobody"), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    settle(house.engine)
    (trouble,) = matter_view(house.engine, house.as_("worker"), begun.instance_id).incidents
    assert trouble.code == "no_handler"
    assert "nobody" in trouble.text.zh


def waiting() -> bytes:
    p = Process("P")
    p.start("s").user("first", role="social_worker")
    p.catch("reply", message="referral_reply", key="number").user("read", role="social_worker").end("e")
    p.flow("s", "first", "reply", "read", "e")
    return diagram(p)


def test_a_message_finds_the_one_matter_with_its_key(house: House) -> None:
    house.deploy(waiting(), starts=ANYONE)
    worker = house.as_("worker")
    for number in ("GA-1", "GA-2"):
        begun = start(house.engine, worker, "P")
        complete(house.engine, worker, begun.opened[0], {"number": number})
    found = correlate(house.engine, worker, "referral_reply", "GA-2", {"accept": "yes"})
    assert house.task("worker", "read").instance_id == found.instance_id
    with pytest.raises(NotFound):
        correlate(house.engine, worker, "referral_reply", "GA-2", {})
    with pytest.raises(NotFound):
        correlate(house.engine, worker, "referral_reply", "GA-3", {})
    with pytest.raises(NotAllowed):
        correlate(house.engine, house.as_("receiver"), "referral_reply", "GA-1", {})


def test_a_message_nobody_waits_for_starts_what_it_starts(house: House) -> None:
    p = Process("P")
    p.start("s", message="help_wanted").user("answer", role="social_worker").end("e")
    p.flow("s", "answer", "e")
    house.deploy(diagram(p))
    found = correlate(house.engine, house.as_("worker"), "help_wanted", "K", {"what": "陪诊"})
    assert found.started
    assert house.task("worker", "answer").instance_id == found.instance_id


def test_a_signal_reaches_every_matter_once(house: House) -> None:
    p = Process("P")
    p.start("s").catch("storm", signal="storm").user("visit", role="social_worker").end("e")
    p.flow("s", "storm", "visit", "e")
    house.deploy(diagram(p), starts=ANYONE)
    for _ in range(3):
        start(house.engine, house.as_("worker"), "P")
    broadcast(house.engine, house.as_("worker"), "storm")
    settle(house.engine)
    assert len(house.tasks("worker")) == 3
    assert house.rows(t.subscription) == []


def test_a_message_thrown_by_one_matter_is_caught_by_another(house: House) -> None:
    house.deploy(waiting(), starts=ANYONE)
    q = Process("Q")
    q.start("s").send("tell", "referral_reply", key="number").end("e").flow("s", "tell", "e")
    house.deploy(diagram(q), key="other")
    worker = house.as_("worker")
    begun = start(house.engine, worker, "P")
    complete(house.engine, worker, begun.opened[0], {"number": "GA-9"})
    start(house.engine, SYSTEM, "Q", {"number": "GA-9"})
    settle(house.engine)
    house.task("worker", "read")


def test_a_yearly_recruitment_starts_itself_and_again(house: House) -> None:
    p = Process("P")
    p.start("s", cycle="R/2026-03-05T09:00:00+08:00/P1Y").user(
        "plan", role="social_worker", at="=organisation.id"
    ).end("e")
    p.flow("s", "plan", "e")
    house.deploy(diagram(p))
    house.move_to("2026-03-05 10:00")
    assert len(house.rows(t.instance)) == 1
    house.move_to("2027-03-05 10:00")
    assert len(house.rows(t.instance)) == 2
    (job,) = [row for row in house.rows(t.job) if row["kind"] == "start"]
    assert job["due_at"] == local("2028-03-05 09:00")


def escalating() -> bytes:
    p = Process("P")
    p.start("s").user(
        "reply",
        name="转入回复",
        role="social_worker",
        due="3wd",
        remind=[{"before": "1wd", "at": "09:00"}],
        escalate=[
            {"after": "0h", "to": "supervisor", "at": "social_work_station", "level": "yellow"},
            {"after": "1wd", "to": "coordinator", "at": "district", "level": "red"},
        ],
    ).end("e")
    p.flow("s", "reply", "e")
    return diagram(p)


def test_a_silent_worker_is_reminded_then_the_supervisor_then_the_district_is_told(house: House) -> None:
    house.deploy(escalating(), starts=ANYONE)
    house.move_to("2026-09-24 10:00")
    start(house.engine, house.as_("worker"), "P")
    assert house.task("worker", "reply").due_at == local("2026-09-30 17:00")  # Mid-Autumn lies between

    house.move_to("2026-09-29 08:59")
    assert inbox(house.engine, house.as_("worker")) == ()
    house.move_to("2026-09-29 09:00")
    (note,) = inbox(house.engine, house.as_("worker"))
    assert (note.kind, note.at) == ("reminder", local("2026-09-29 09:00"))
    assert "转入回复" in note.text.zh

    house.move_to("2026-09-30 17:00")
    assert house.task("worker", "reply").level == "yellow"
    assert [note.kind for note in inbox(house.engine, house.as_("supervisor"))] == ["escalation"]
    assert inbox(house.engine, house.as_("coordinator")) == ()

    house.move_to("2026-10-08 16:59")  # National Day: no working day has passed yet
    assert house.task("worker", "reply").level == "yellow"
    house.move_to("2026-10-08 17:00")
    assert house.task("worker", "reply").level == "red"
    assert [note.level for note in inbox(house.engine, house.as_("coordinator"))] == ["red"]
    kinds = [row["kind"] for row in house.rows(t.event)]
    assert kinds == ["started", "reminded", "escalated", "escalated"]


def test_a_task_done_in_time_troubles_nobody(house: House) -> None:
    house.deploy(escalating(), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    complete(house.engine, house.as_("worker"), begun.opened[0], {})
    house.pass_(days=30)
    assert house.rows(t.notification) == []
    assert house.rows(t.job) == []


def test_after_a_standstill_every_missed_step_is_taken_once(house: House) -> None:
    house.deploy(escalating(), starts=ANYONE)
    start(house.engine, house.as_("worker"), "P")
    house.clock.move_to(local("2026-03-20 09:00"))
    settle(house.engine)
    settle(house.engine)
    assert sorted(row["kind"] for row in house.rows(t.notification)) == [
        "escalation",
        "escalation",
        "reminder",
    ]
    assert json.loads(house.rows(t.event)[-1]["data"])["level"] == "red"


def test_an_escalation_to_a_role_nobody_holds_goes_up_the_tree_and_says_so(house: House) -> None:
    p = Process("P")
    escalate = [
        {"after": "0h", "to": "supervisor", "at": "community", "level": "yellow"},
        {"after": "1wd", "to": "coordinator", "at": "street", "level": "red"},
    ]
    p.start("s").user("reply", role="social_worker", due="3wd", escalate=escalate).end("e")
    p.flow("s", "reply", "e")
    house.deploy(diagram(p), starts=ANYONE)
    start(house.engine, house.as_("worker"), "P")
    house.pass_(days=7)
    # No supervisor in the community nor above it, no coordinator in the street: the district's hears of both.
    red, yellow = inbox(house.engine, house.as_("coordinator"))
    assert (yellow.level, red.level) == ("yellow", "red")
    assert "无人担任" in yellow.text.zh
    assert "Nobody holds" in red.text.en
    told = [json.loads(row["data"]) for row in house.rows(t.event, t.event.c.kind == "escalated")]
    assert [each["instead_of"]["role"] for each in told] == ["supervisor", "coordinator"]


def test_a_reminder_of_a_task_whose_role_nobody_holds_reaches_somebody(house: House) -> None:
    p = Process("P")
    p.start("s").user("reply", role="nurse", due="3wd", remind=[{"before": "1wd", "at": "09:00"}]).end("e")
    p.flow("s", "reply", "e")
    house.deploy(diagram(p), starts=ANYONE)
    start(house.engine, house.as_("worker"), "P")
    house.pass_(days=7)
    (note,) = inbox(house.engine, house.as_("coordinator"))
    assert (note.kind, "无人担任" in note.text.zh) == ("reminder", True)


def test_of_a_cancelled_matter_no_timer_service_or_reminder_is_left(house: House, outside: Counter) -> None:
    p = Process("P")
    remind = [{"before": "1wd", "at": "09:00"}]
    p.start("s").parallel("fork").user("work", role="social_worker", due="3wd", remind=remind)
    p.boundary("late", on="work", timer="PT1H", interrupting=False).user("more", role="social_worker")
    p.catch("wait", timer="P1D").catch("hear", message="m", key='"k"').service("call", "outside").end("e")
    p.flow("s", "fork", "work", "e").flow("late", "more", "e").flow("fork", "call", "e")
    p.flow("fork", "wait", "e").flow("fork", "hear", "e")
    house.deploy(diagram(p), starts=ANYONE)
    outside.failures = 1
    begun = start(house.engine, house.as_("worker"), "P")
    settle(house.engine)
    cancel(house.engine, house.as_("coordinator"), begun.instance_id, "重复登记")
    assert house.rows(t.job) == []
    assert house.rows(t.subscription) == []
    house.pass_(days=10)
    assert house.rows(t.notification) == []
    assert len(outside.keys) == 1


def test_a_service_whose_matter_is_cancelled_while_it_works_troubles_nobody(database_url: str) -> None:
    def work(call: ServiceCall) -> None:
        cancel(call.engine, coordinator, call.instance.id, "重复登记")

    house = build_house(database_url, [Service("outside", work)])
    coordinator = house.as_("coordinator")
    house.deploy(serving("outside"), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    settle(house.engine)
    (row,) = house.rows(t.instance)
    assert row["status"] == "cancelled"
    assert house.rows(t.incident) == []
    assert house.rows(t.job) == []
    with reading(house.engine.database) as conn:
        assert verify_chain(conn, begun.instance_id) is None
    house.engine.close()
