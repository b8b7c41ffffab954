"""What tasks of each kind ask of the world, and what comes back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from engine.errors import Invalid
from engine.execution.effects import Entry, ServiceRequested, TaskClosed, TaskOpened
from engine.text import Text
from tests.bpmn_builder import Process
from tests.engine.execution.play import Play


def one(**work: object) -> Process:
    p = Process("process")
    p.start().user("intake", name="接案面谈", **work).end().flow("start", "intake", "end")
    return p


def opened(process: Process, **variables: object) -> TaskOpened:
    (task,) = Play(process).start(variables=variables).tasks.values()
    return task


def test_a_user_task_opens_with_its_texts_evaluated() -> None:
    p = one(
        form="intake",
        role="social_worker",
        at="community",
        assignee="= caseworker",
        priority="= 60 + extra",
        title='= client + "的面谈"',
        due="3wd",
        calendar="facility",
        roll="previous",
        remind=[{"before": "1wd", "to": "assignee", "at": "09:00"}],
        escalate=[{"after": "0h", "to": "supervisor", "at": "street", "level": "red"}],
    )
    task = opened(p, caseworker="u-1", extra=10, client="王某")
    assert (task.name, task.form, task.role, task.at) == ("接案面谈", "intake", "social_worker", "community")
    assert (task.assignee, task.priority, task.title) == ("u-1", 70, "王某的面谈")
    assert (task.due, task.calendar, task.roll) == ("3wd", "facility", "previous")
    assert [remind.before for remind in task.remind] == ["1wd"]
    assert [escalate.to for escalate in task.escalate] == ["supervisor"]


def test_a_task_that_says_nothing_has_defaults() -> None:
    task = opened(one())
    assert (task.role, task.assignee, task.due, task.priority, task.local) == (None, None, None, 50, {})


def test_a_due_time_may_be_computed() -> None:
    p = one(due='= if urgent then "4h" else "3wd"')
    assert opened(p, urgent=True).due == "4h"
    assert opened(p, urgent=False).due == "3wd"
    moment = opened(one(due="= moment"), moment=datetime(2026, 3, 5, 1, tzinfo=UTC)).due
    assert moment == "2026-03-05T01:00:00Z"
    assert opened(one(due="= nothing")).due is None


def test_a_priority_stays_between_0_and_100_and_a_senseless_one_is_an_incident() -> None:
    assert opened(one(priority="= p"), p=900).priority == 100
    assert opened(one(priority="= p"), p=-3).priority == 0
    assert opened(one(priority="= p"), p=Decimal("7.9")).priority == 7
    play = Play(one(priority="= p")).start(variables={"p": "high"})
    assert play.incident.code == "priority"


def test_a_completed_task_is_closed_and_an_interrupted_one_withdrawn() -> None:
    play = Play(one()).start()
    token = play.token("intake")
    play.complete("intake")
    assert play.effects[0] == TaskClosed(token, withdrawn=False)


def test_history_has_what_highlights_the_diagram() -> None:
    play = Play(one()).start()
    play.complete("intake", x=1)
    assert [(entry.kind, entry.node) for entry in play.entries] == [
        ("started", "process"),
        ("completed", "start"),
        ("flow", "start_intake"),
        ("entered", "intake"),
        ("completed", "intake"),
        ("flow", "intake_end"),
        ("completed", "end"),
        ("ended", "process"),
    ]


def test_manual_tasks_wait_for_a_person_too() -> None:
    p = Process("process")
    p.start().manual("post").end().flow("start", "post", "end")
    assert Play(p).start().open == ["post"]


def test_a_service_gets_its_inputs_and_gives_its_outputs() -> None:
    p = Process("process")
    p.start().service(
        "open",
        "case.open",
        retries=5,
        inputs={"who": "name", "kind": '"referral"'},
        outputs={"case_number": "number"},
    ).end()
    p.flow("start", "open", "end")
    play = Play(p).start(variables={"name": "王某"})
    token = play.waiting("open")
    wanted = ServiceRequested(token, "open", "case.open", {"who": "王某", "kind": "referral"}, 5)
    assert play.services == {token: wanted}
    play.serve("open", number="GA-2026-0001", other=1)
    assert play.variables == {"name": "王某", "case_number": "GA-2026-0001"}


def test_a_service_that_failed_for_good_can_be_asked_again() -> None:
    p = Process("process")
    p.start().service("open", "case.open").end().boundary("late", on="open", timer="P1D", interrupting=False)
    p.flow("start", "open", "end").flow("late", "end")
    play = Play(p).start()
    play.services.clear()  # the job is dead
    play.retry("open")
    assert [service.type for service in play.services.values()] == ["case.open"]
    assert len(play.timers) == 1
    play.serve("open")
    assert play.status == "completed"


def test_a_script_assigns_line_by_line() -> None:
    p = Process("process")
    p.start().script("sum", "total = a + b", 'level = if total > 10 then "high" else "low"', "a = null").end()
    p.flow("start", "sum", "end")
    assert Play(p).start(variables={"a": 4, "b": 7}).variables == {
        "a": None,
        "b": 7,
        "total": 11,
        "level": "high",
    }


def test_a_script_with_outputs_gives_only_those() -> None:
    p = Process("process")
    p.start().script("sum", "t = a + 1", "u = t * 2", outputs={"result": "u"}).end().flow(
        "start", "sum", "end"
    )
    assert Play(p).start(variables={"a": 1}).variables == {"a": 1, "result": 4}


def test_a_decision_gives_its_result_and_history_keeps_the_rules() -> None:
    p = Process("process")
    p.start().rule("risk", "risk_level", "risk").exclusive("how").end("high").end("low")
    p.flow("start", "risk", "how").flow("how", "high", when='risk = "red"').flow("how", "low", when="true")

    def decide(context: Mapping[str, object]) -> object:
        return "red" if context["score"] == 9 else Decimal("1.5")

    play = Play(p, decisions={"risk_level": decide}).start(variables={"score": 9})
    assert "high" in play.trace()
    (entry,) = [entry for entry in play.entries if entry.kind == "decided"]
    assert entry == Entry(
        "decided", "risk", entry.token, 1, {"decision": "risk_level", "result": "red", "rules": [1]}
    )


def test_a_decision_that_is_missing_or_refuses_is_an_incident() -> None:
    p = Process("process")
    p.start().rule("risk", "risk_level", "risk").end().flow("start", "risk", "end")
    assert Play(p).start().incident.code == "not_found"

    def refuse(context: Mapping[str, object]) -> object:
        raise Invalid(Text("两条规则冲突", "two rules collide"), code="rules_collide")

    play = Play(p, decisions={"risk_level": refuse}).start()
    assert play.incident.code == "rules_collide"
    play.world.decisions["risk_level"] = lambda context: 1
    play.retry("risk")
    assert play.variables == {"risk": 1}
