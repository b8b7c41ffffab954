"""Tasks are claimed, handed over, kept as drafts and completed; each act is one transaction with its
history.
"""

import pytest

from engine.commands import assign, claim, complete, release, save_draft, start
from engine.commands.history import verify_chain
from engine.errors import Conflict, NotAllowed, NotFound
from engine.people.actor import SYSTEM
from engine.queries import matter_view, task_view
from engine.store import tables as t
from engine.store.database import reading
from tests.bpmn_builder import Process, diagram
from tests.house import House


def workload() -> bytes:
    p = Process("W")
    p.start("s").user("a", role="social_worker").exclusive("x", default="x_e")
    p.parallel("fork").user("b", role="social_worker").user("c", role="social_worker").parallel("join")
    p.user("d", role="social_worker").boundary("late", on="d", timer="P2D").end("e").end("e2")
    p.flow("s", "a", "x").flow("x", "fork", when="amount > 100").flow("x", "e", id="x_e")
    p.flow("fork", "b", "join").flow("fork", "c", "join").flow("join", "d", "e").flow("late", "e2")
    return diagram(p)


@pytest.fixture
def started(house: House) -> House:
    house.deploy(workload(), starts=[{"process": "W", "roles": ["social_worker"]}])
    start(house.engine, house.as_("worker"), "W")
    return house


def test_a_matter_runs_from_its_start_to_its_end(started: House) -> None:
    worker = started.as_("worker")
    first = started.task("worker", "a")
    assert complete(started.engine, worker, first.id, {"amount": 200}).status == "active"
    complete(started.engine, worker, started.task("worker", "b").id, {})
    complete(started.engine, worker, started.task("worker", "c").id, {})
    done = complete(started.engine, worker, started.task("worker", "d").id, {})
    assert done.status == "completed"
    assert started.tasks("worker") == []
    assert started.rows(t.job) == []
    with reading(started.engine.database) as conn:
        assert verify_chain(conn, done.instance_id) is None
    view = matter_view(started.engine, worker, done.instance_id)
    assert {"a", "b", "c", "d", "e"} <= view.done
    assert not view.current
    assert "x_e" not in view.flows


def test_the_boundary_timer_ends_the_waiting_after_two_days(started: House) -> None:
    worker = started.as_("worker")
    complete(started.engine, worker, started.task("worker", "a").id, {"amount": 200})
    for node in "bc":
        complete(started.engine, worker, started.task("worker", node).id, {})
    last = started.task("worker", "d")
    started.pass_(days=2)
    assert started.tasks("worker") == []
    with pytest.raises(Conflict) as refused:
        complete(started.engine, worker, last.id, {})
    assert refused.value.code == "task_closed"
    assert "撤回" in refused.value.text.zh
    (instance,) = started.rows(t.instance)
    assert instance["status"] == "completed"


def test_who_comes_second_is_told_who_was_first_and_when(started: House) -> None:
    task = started.task("worker", "a")
    complete(started.engine, started.as_("colleague"), task.id, {"amount": 1})
    with pytest.raises(Conflict) as refused:
        complete(started.engine, started.as_("worker"), task.id, {"amount": 1})
    assert refused.value.details["by"] == "王社工"
    assert "王社工于 2026-03-02 09:00 办结" in refused.value.text.zh


def test_a_claimed_task_is_its_owners_until_it_is_released(started: House) -> None:
    task = started.task("worker", "a")
    claim(started.engine, started.as_("worker"), task.id)
    assert [each.id for each in started.tasks("worker", "mine")] == [task.id]
    assert started.tasks("colleague") == []
    for act in (claim, lambda *args: complete(*args, {"amount": 1})):
        with pytest.raises(Conflict) as refused:
            act(started.engine, started.as_("colleague"), task.id)
        assert refused.value.code == "task_taken"
        assert "李社工" in refused.value.text.zh
    release(started.engine, started.as_("worker"), task.id)
    claim(started.engine, started.as_("colleague"), task.id)
    assert [each.assignee for each in started.tasks("colleague", "mine")] == ["王社工"]


def test_a_task_is_handed_to_a_colleague_with_the_same_role_only(started: House) -> None:
    task = started.task("worker", "a")
    claim(started.engine, started.as_("worker"), task.id)
    with pytest.raises(NotAllowed):
        assign(started.engine, started.as_("worker"), task.id, started.users["stranger"])
    assign(started.engine, started.as_("worker"), task.id, started.users["colleague"], "休假")
    assert started.tasks("colleague", "mine")[0].id == task.id
    handed = [row for row in started.rows(t.event) if row["kind"] == "assigned"]
    assert '"reason":"休假"' in handed[0]["data"]


@pytest.mark.parametrize("login", ["stranger", "receiver"])
def test_people_of_other_places_neither_see_nor_do_the_task(started: House, login: str) -> None:
    task = started.task("worker", "a")
    other = started.as_(login)
    assert started.tasks(login) == []
    with pytest.raises(NotFound):
        task_view(started.engine, other, task.id)
    with pytest.raises(NotFound):
        matter_view(started.engine, other, task.instance_id)
    for act in (claim, lambda *args: complete(*args, {}), lambda *args: save_draft(*args, {"x": 1})):
        with pytest.raises(NotAllowed):
            act(started.engine, other, task.id)


def test_the_same_key_completes_once_and_answers_twice(started: House) -> None:
    worker, task = started.as_("worker"), started.task("worker", "a")
    answers = [
        complete(started.engine, worker, task.id, {"amount": 200}, idempotency_key="press-001")
        for _ in range(3)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0].opened) == 2
    assert len(started.tasks("worker")) == 2


def test_a_start_pressed_twice_makes_one_matter(house: House) -> None:
    house.deploy(workload(), starts=[{"process": "W", "roles": ["anyone"]}])
    worker = house.as_("worker")
    first = start(house.engine, worker, "W", idempotency_key="press-002")
    assert start(house.engine, worker, "W", idempotency_key="press-002") == first
    assert len(house.rows(t.instance)) == 1


def test_an_absent_colleagues_task_is_done_by_the_substitute_and_both_names_are_kept(started: House) -> None:
    task = started.task("worker", "a")
    claim(started.engine, started.as_("worker"), task.id)
    with started.engine.database.begin() as conn:
        conn.execute(
            t.absence.insert(),
            {
                "id": started.users["stranger"],
                "user_id": started.users["worker"],
                "substitute_id": started.users["colleague"],
                "starts_at": started.clock.now(),
                "reason": "产假",
            },
        )
    assert started.tasks("colleague", "mine")[0].id == task.id
    complete(started.engine, started.as_("colleague"), task.id, {"amount": 1})
    (done,) = [row for row in started.rows(t.event) if row["kind"] == "completed"]
    assert (done["actor_id"], done["for_id"]) == (started.users["colleague"], started.users["worker"])


def test_a_draft_is_kept_sealed_and_gone_with_the_task(started: House) -> None:
    worker, task = started.as_("worker"), started.task("worker", "a")
    save_draft(started.engine, worker, task.id, {"note": "身份证 530103199001010016"})
    (row,) = started.rows(t.task)
    assert b"530103199001010016" not in bytes(row["draft"])
    complete(started.engine, worker, task.id, {"amount": 1})
    (row,) = started.rows(t.task)
    assert row["draft"] is None


def test_the_system_starts_what_people_may_not(house: House) -> None:
    house.deploy(workload())
    with pytest.raises(NotFound):
        start(house.engine, house.as_("worker"), "W")
    started = start(house.engine, SYSTEM, "W", {"amount": 5}, organisation_id=house.organisations["jinxing"])
    assert len(started.opened) == 1
