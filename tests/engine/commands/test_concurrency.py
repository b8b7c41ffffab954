"""Many at once, on both databases: nothing is lost, done twice or stuck."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.cases.files import open_case
from engine.commands import (
    Service,
    ServiceCall,
    cancel,
    case_services,
    claim,
    complete,
    correlate,
    mark_read,
    run_job,
    settle,
    start,
)
from engine.commands.history import verify_chain
from engine.errors import Conflict, Invalid, NotFound, WulianError
from engine.execution import check_invariant, decode
from engine.ids import new_id
from engine.jobs.claims import claim_due
from engine.people.actor import SYSTEM
from engine.store import tables as t
from engine.store.database import reading, writing
from tests.bpmn_builder import Process, diagram
from tests.house import House, build_house

ANYONE = [{"process": "P", "roles": ["anyone"]}]
CROWD = 16


@pytest.fixture
def called() -> list[str]:
    return []


@pytest.fixture
def house(database_url: str, called: list[str]) -> Iterator[House]:
    def note(call: ServiceCall) -> None:
        called.append(call.key)

    services = [*case_services(), Service("inside", note, transactional=True), Service("outside", note)]
    house = build_house(database_url, services)
    yield house
    house.engine.close()


def at_once(acts: Sequence[Callable[[], object]]) -> list[Any]:
    """What each act gave; an error of ours counts as an answer, any other fails the test."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        together.wait()
        try:
            return act()
        except WulianError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def errors_in(answers: Sequence[object]) -> list[WulianError]:
    return [each for each in answers if isinstance(each, WulianError)]


def check_whole(house: House, instance_id: UUID) -> str:
    """The history is an unbroken chain, the state adds up; gives the status."""
    with reading(house.engine.database) as conn:
        assert verify_chain(conn, instance_id) is None
        row = conn.execute(sa.select(t.instance).where(t.instance.c.id == instance_id)).mappings().one()
    check_invariant(decode(row["state"]))
    return str(row["status"])


def crowded() -> bytes:
    """Many tasks side by side, which all must be done before the last."""
    p = Process("P")
    p.start("s").parallel("fork").parallel("join").user("last", role="social_worker").end("e")
    p.flow("s", "fork").flow("join", "last", "e")
    for number in range(CROWD):
        p.user(f"u{number}", role="social_worker").flow("fork", f"u{number}", "join")
    return diagram(p)


def one_task() -> bytes:
    p = Process("P")
    p.start("s").user("work", role="social_worker").user("next", role="social_worker").end("e")
    p.flow("s", "work", "next", "e")
    return diagram(p)


def test_sixteen_people_do_the_branches_of_one_matter_at_the_same_moment(house: House) -> None:
    house.deploy(crowded(), starts=ANYONE)
    worker = house.as_("worker")
    begun = start(house.engine, worker, "P")
    acts = [
        partial(complete, house.engine, worker, task, {f"v{number}": number})
        for number, task in enumerate(begun.opened)
    ]
    assert errors_in(at_once(acts)) == []
    last = house.task("worker", "last")
    check_whole(house, begun.instance_id)
    kinds = [row["kind"] for row in house.rows(t.event)]
    assert kinds == ["started", *["completed"] * CROWD]
    complete(house.engine, worker, last.id, {})
    assert check_whole(house, begun.instance_id) == "completed"


def test_of_sixteen_who_do_one_task_one_does_it_and_the_others_are_told(house: House) -> None:
    house.deploy(one_task(), starts=ANYONE)
    worker = house.as_("worker")
    begun = start(house.engine, worker, "P")
    answers = at_once([partial(complete, house.engine, worker, begun.opened[0], {})] * CROWD)
    refused = errors_in(answers)
    assert len(refused) == CROWD - 1
    assert {type(each) for each in refused} == {Conflict}
    assert {each.details["by"] for each in refused} == {"李社工"}
    house.task("worker", "next")
    check_whole(house, begun.instance_id)


def test_of_two_who_take_a_task_one_gets_it(house: House) -> None:
    house.deploy(one_task(), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    (task,) = begun.opened
    people = [house.as_("worker"), house.as_("colleague")] * 4
    answers = at_once([partial(claim, house.engine, actor, task) for actor in people])
    (row,) = house.rows(t.task)
    for actor, answer in zip(people, answers, strict=True):
        assert (answer is None) == (actor.user_id == row["assignee_id"])
    assert [row["kind"] for row in house.rows(t.event)] == ["started", "claimed"]
    check_whole(house, begun.instance_id)


def test_a_start_sent_twice_at_the_same_moment_begins_one_matter(house: House) -> None:
    house.deploy(one_task(), starts=ANYONE)
    act = partial(start, house.engine, house.as_("worker"), "P", idempotency_key="the same key")
    answers = at_once([act] * 8)
    assert errors_in(answers) == []
    assert len(set(answers)) == 1
    assert len(house.rows(t.instance)) == 1


def test_a_completion_sent_twice_at_the_same_moment_gives_the_first_answer_twice(house: House) -> None:
    house.deploy(one_task(), starts=ANYONE)
    worker = house.as_("worker")
    begun = start(house.engine, worker, "P")
    act = partial(complete, house.engine, worker, begun.opened[0], {}, idempotency_key="the same key")
    answers = at_once([act] * 8)
    assert errors_in(answers) == []
    assert len(set(answers)) == 1
    assert answers[0].opened == (house.task("worker", "next").id,)


def test_a_key_that_was_used_for_one_task_does_not_answer_for_another(house: House) -> None:
    house.deploy(one_task(), starts=ANYONE)
    worker = house.as_("worker")
    first, second = (start(house.engine, worker, "P") for _ in range(2))
    complete(house.engine, worker, first.opened[0], {}, idempotency_key="the same key")
    with pytest.raises(Invalid):
        complete(house.engine, worker, second.opened[0], {}, idempotency_key="the same key")
    assert house.rows(t.task, t.task.c.id == second.opened[0])[0]["state"] == "open"


def besieged() -> bytes:
    """A task that ends by being done, by its timer, by a message or with the matter."""
    p = Process("P")
    p.start("s").user("work", role="social_worker")
    p.boundary("late", on="work", timer="PT1H").boundary("stop", on="work", message="stop")
    for number in range(3):
        p.user(f"after{number}", role="social_worker").end(f"e{number}")
    p.flow("s", "work", "after0", "e0").flow("late", "after1", "e1").flow("stop", "after2", "e2")
    return diagram(p)


def test_a_task_done_timed_out_called_off_and_ended_at_once_goes_one_way(house: House) -> None:
    house.deploy(besieged(), starts=ANYONE)
    worker, coordinator = house.as_("worker"), house.as_("coordinator")
    for _ in range(4):
        begun = start(house.engine, worker, "P")
        house.clock.advance(timedelta(hours=2))
        (timer,) = [job["id"] for job in house.rows(t.job, t.job.c.instance_id == begun.instance_id)]
        at_once(
            [
                partial(complete, house.engine, worker, begun.opened[0], {}),
                partial(run_job, house.engine, timer),
                partial(run_job, house.engine, timer),
                partial(correlate, house.engine, SYSTEM, "stop", instance_id=begun.instance_id),
                partial(correlate, house.engine, SYSTEM, "stop", instance_id=begun.instance_id),
                partial(cancel, house.engine, coordinator, begun.instance_id, "重复登记"),
            ]
        )
        # Ended by the coordinator, whatever else came first.
        assert check_whole(house, begun.instance_id) == "cancelled"
        kinds = [row["kind"] for row in house.rows(t.event, t.event.c.instance_id == begun.instance_id)]
        assert len(kinds) in (2, 3)
        assert house.rows(t.task, t.task.c.instance_id == begun.instance_id, t.task.c.state == "open") == []
    assert house.rows(t.job) == []
    assert house.rows(t.subscription) == []
    assert house.rows(t.incident) == []


@pytest.mark.parametrize("kind", ["inside", "outside"])
def test_several_workers_call_each_service_once(house: House, kind: str, called: list[str]) -> None:
    p = Process("P")
    p.start("s").service("call", kind).end("e").flow("s", "call", "e")
    house.deploy(diagram(p), starts=ANYONE)
    begun = [start(house.engine, house.as_("worker"), "P") for _ in range(12)]

    def work(name: str) -> None:
        while ids := claim_due(house.engine.database, house.clock.now(), name, limit=3):
            for job_id in ids:
                run_job(house.engine, job_id)

    acts: list[Callable[[], object]] = [partial(work, f"w{number}") for number in range(4)]
    acts += [partial(settle, house.engine, each.instance_id) for each in begun[:4]]
    assert errors_in(at_once(acts)) == []
    assert len(called) == len(set(called)) == 12
    assert {check_whole(house, each.instance_id) for each in begun} == {"completed"}


def test_numbers_of_cases_have_no_gaps_and_no_doubles(house: House) -> None:
    def opened(fails: bool) -> str:
        with writing(house.engine.database) as conn:
            case = open_case(
                conn,
                series="GA",
                kind="support",
                title="",
                organisation_id=house.organisations["jinxing"],
                now=house.clock.now(),
            )
            if fails:
                raise Conflict(case_text())
        return case.number

    answers = at_once([partial(opened, number % 4 == 0) for number in range(CROWD)])
    numbers = sorted(each for each in answers if isinstance(each, str))
    assert numbers == [f"GA-2026-{number:05d}" for number in range(1, CROWD * 3 // 4 + 1)]


def case_text() -> Any:
    from engine.text import Text

    return Text("不行", "no")


def test_two_matters_of_one_case_change_it_and_each_other_at_once(house: House) -> None:
    """A hand-over touches the tasks of the other matter while that one writes to the case."""
    p = Process("P")
    p.start("s").user("work", role="social_worker").user("next", role="social_worker").end("e")
    p.flow("s", "work", "next", "e")
    q = Process("Q")
    q.start("s").service("open", "case.open", inputs={"series": '"GA"', "kind": '"support"'})
    q.user("ask", role="social_worker").service("move", "case.hand_over", inputs={"to": "to"})
    q.user("told", role="social_worker").end("e").flow("s", "open", "ask", "move", "told", "e")
    starts = [{**ANYONE[0], "on": "case"}, {"process": "Q", "roles": ["anyone"]}]
    house.deploy(diagram(p), diagram(q), starts=starts)
    worker = house.as_("worker")
    for _ in range(4):
        asked = start(house.engine, worker, "Q")
        settle(house.engine)
        (row,) = house.rows(t.instance, t.instance.c.id == asked.instance_id)
        with writing(house.engine.database) as conn:
            conn.execute(t.case.update().values(responsible_id=worker.user_id))
        others = [start(house.engine, worker, "P", case_id=row["case_id"]) for _ in range(6)]
        for other in others:
            claim(house.engine, worker, other.opened[0])
        ask = house.task("worker", "ask")
        complete(house.engine, worker, ask.id, {"to": str(house.users["colleague"])})
        acts: list[Callable[[], object]] = [partial(settle, house.engine, asked.instance_id)]
        acts += [partial(complete, house.engine, worker, other.opened[0], {}) for other in others]
        answers = at_once(acts)
        # Some were handed over before they were done; nothing else stands in the way.
        assert {type(each) for each in errors_in(answers)} <= {Conflict}
        for each in (asked, *others):
            check_whole(house, each.instance_id)
        assert house.task("worker", "told").instance_id == asked.instance_id
        complete(house.engine, worker, house.task("worker", "told").id, {})
    assert house.rows(t.incident) == []


def test_two_matters_send_each_other_messages_at_the_same_moment(house: House) -> None:
    p = Process("P")
    p.start("s").parallel("fork").send("tell", "hello", key="to").end("e0")
    p.catch("hear", message="hello", key="mine").user("heard", role="social_worker").end("e1")
    p.flow("s", "fork", "tell", "e0").flow("fork", "hear", "heard", "e1")
    house.deploy(diagram(p), starts=ANYONE)
    worker = house.as_("worker")
    for number in range(4):
        for mine, to in (("a", "b"), ("b", "a")):
            start(house.engine, worker, "P", {"mine": f"{mine}{number}", "to": f"{to}{number}"})
    jobs = claim_due(house.engine.database, house.clock.now(), "w")
    at_once([partial(run_job, house.engine, job) for job in jobs])
    assert len(house.tasks("worker")) == 8
    assert house.rows(t.incident) == []
    assert house.rows(t.job) == []


def test_messages_read_in_two_windows_at_once_are_read(house: House) -> None:
    actor = house.as_("worker")
    note = {"kind": "information", "text_zh": "通知", "text_en": "note", "at": house.clock.now()}
    with writing(house.engine.database) as conn:
        rows = [{"id": new_id(), "user_id": actor.user_id, **note} for _ in range(50)]
        conn.execute(t.notification.insert(), rows)
    assert errors_in(at_once([partial(mark_read, house.engine, actor)] * 8)) == []
    assert len(house.rows(t.notification_read)) == 50


def test_a_message_for_a_matter_that_just_ended_is_told_so(house: House) -> None:
    house.deploy(besieged(), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    answers = at_once([partial(correlate, house.engine, SYSTEM, "stop", instance_id=begun.instance_id)] * 8)
    assert len([each for each in answers if isinstance(each, NotFound)]) == 7
    house.task("worker", "after2")
    check_whole(house, begun.instance_id)
