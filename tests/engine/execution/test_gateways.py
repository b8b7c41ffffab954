"""Exclusive, parallel and event-based gateways, and flows out of activities."""

from datetime import timedelta

import pytest

from tests.bpmn_builder import Body, Process
from tests.engine.execution.play import Play


def assessment() -> Process:
    p = Process("process")
    p.start().user("assess")
    p.exclusive("risk", default="risk_routine")
    p.user("crisis").user("intensive").user("routine").end()
    p.flow("start", "assess", "risk")
    p.flow("risk", "crisis", when='level = "red"')
    p.flow("risk", "intensive", when='level = "red" or level = "orange"')
    p.flow("risk", "routine", id="risk_routine")
    for node in ("crisis", "intensive", "routine"):
        p.flow(node, "end")
    return p


@pytest.mark.parametrize(
    ("level", "expected"),
    [("red", "crisis"), ("orange", "intensive"), ("green", "routine"), (None, "routine"), (7, "routine")],
)
def test_the_first_condition_that_holds_decides_and_the_default_catches_the_rest(
    level: object, expected: str
) -> None:
    play = Play(assessment()).start()
    play.complete("assess", level=level)
    assert play.open == [expected]
    play.complete(expected)
    assert play.status == "completed"


def test_no_condition_and_no_default_is_an_incident_and_a_corrected_variable_lets_it_go_on() -> None:
    p = Process("process")
    p.start().user("assess").user("fix").parallel("both").exclusive("risk").end("low").end("high").end(
        "other"
    )
    p.flow("start", "both", "assess", "risk").flow("both", "fix", "other")
    p.flow("risk", "low", when="score < 10").flow("risk", "high", when="score >= 10")
    play = Play(p).start()
    play.complete("assess", score="many")
    assert play.incident.node == "risk"
    assert play.incident.code == "no_flow"
    assert play.incident.token == play.waiting("risk")
    assert play.status == "active"

    play.complete("fix", score=12)
    play.retry("risk")
    assert play.incidents == []
    assert "high" in play.trace()
    assert play.status == "completed"


def test_a_retry_that_fails_again_raises_the_incident_again() -> None:
    p = Process("process")
    p.start().exclusive("risk").end("low").end("high")
    p.flow("start", "risk").flow("risk", "low", when="x = 1").flow("risk", "high", when="x = 2")
    play = Play(p).start()
    play.retry("risk")
    assert play.incident.code == "no_flow"


def test_a_parallel_join_waits_for_every_branch() -> None:
    p = Process("process")
    p.start().parallel("split").user("home_visit").user("phone_call").user("records").parallel("join")
    p.user("plan").end()
    for task in ("home_visit", "phone_call", "records"):
        p.flow("split", task, "join")
    p.flow("start", "split").flow("join", "plan", "end")
    play = Play(p).start()
    assert play.open == ["home_visit", "phone_call", "records"]
    play.complete("records")
    play.complete("home_visit")
    assert play.open == ["phone_call"]
    play.complete("phone_call")
    assert play.open == ["plan"]


def test_a_second_token_on_one_branch_does_not_stand_in_for_the_other_branch() -> None:
    p = Process("process")
    p.start().parallel("split").task("a1").task("a2").exclusive("merge").user("b").parallel("join").user(
        "after"
    )
    p.end()
    p.flow("start", "split", "a1", "merge").flow("split", "a2", "merge", "join").flow("split", "b", "join")
    p.flow("join", "after", "end")
    play = Play(p).start()
    assert play.open == ["b"]
    assert play.state.root.joins == {"join": {"merge_join": 2}}
    play.complete("b")
    assert play.open == ["after"]
    play.complete("after")
    assert play.state.root.joins == {"join": {"merge_join": 1}}
    assert [(one.code, one.node) for one in play.incidents] == [("stuck", "join")]
    assert play.status == "active"


def test_a_join_that_can_never_fire_is_reported_and_not_silent() -> None:
    p = Process("process")
    p.start().user("choose").exclusive("which", default="to_a").parallel("join").end()
    p.flow("start", "choose", "which").flow("which", "join", id="to_a")
    p.flow("which", "join", id="to_b", when="b").flow("join", "end")
    play = Play(p).start()
    play.complete("choose")
    assert play.incident.code == "stuck"
    assert play.incident.node == "join"
    assert play.incident.token is None
    assert play.status == "active"


def test_four_eyes_hold_in_every_round() -> None:
    """Two approvers, rework, two approvers again: one approval of the second round is not enough."""
    p = Process("process")
    p.start().exclusive("again").parallel("split").user("first").user("second").parallel("join")
    p.user("decide").exclusive("agreed", default="no").user("rework").end()
    p.flow("start", "again", "split").flow("split", "first", "join").flow("split", "second", "join")
    p.flow("join", "decide", "agreed").flow("agreed", "end", when="yes").flow("agreed", "rework", id="no")
    p.flow("rework", "again")
    play = Play(p).start()
    for _ in range(4):
        play.complete("first")
        assert play.open == ["second"]
        play.complete("second")
        assert play.open == ["decide"]
        play.complete("decide", yes=False)
        play.complete("rework")
        assert play.open == ["first", "second"]
        play.complete("second")
        assert play.open == ["first"], "one of two approvers sufficed"
        play.complete("first")
        play.complete("decide", yes=False)
        play.complete("rework")
    assert play.state.root.live == 2


def branches(body: Body, *, default: bool) -> None:
    body.flow("assess", "visit", when="poor").flow("assess", "doctor", when="ill")
    if default:
        body.flow("assess", "close", id="none")


def test_conditional_flows_out_of_an_activity_run_side_by_side() -> None:
    p = Process("process")
    p.start().user("assess", default="none").user("visit").user("doctor").user("close")
    p.flow("start", "assess")
    branches(p, default=True)
    for poor, ill, expected in (
        (True, True, ["visit", "doctor"]),
        (True, False, ["visit"]),
        (False, False, ["close"]),
        (None, None, ["close"]),
    ):
        play = Play(p).start()
        play.complete("assess", poor=poor, ill=ill)
        assert play.open == expected


def test_the_default_flow_is_taken_beside_unconditional_flows_when_no_condition_held() -> None:
    p = Process("process")
    p.start().user("assess", default="none").user("visit").user("close").user("record")
    p.flow("start", "assess").flow("assess", "record").flow("assess", "visit", when="poor")
    p.flow("assess", "close", id="none")
    held = Play(p).start()
    held.complete("assess", poor=True)
    assert sorted(held.open) == ["record", "visit"]
    not_held = Play(p).start()
    not_held.complete("assess", poor=False)
    assert sorted(not_held.open) == ["close", "record"]


def waiting_for_reply() -> Process:
    p = Process("process")
    p.start().event_based("reply").catch("accepted", message="accepted", key="case")
    p.catch("refused", message="refused", key="case").catch("silence", timer="P3D")
    p.user("hand_over").user("find_other").user("remind").end()
    p.flow("start", "reply")
    for event, task in (("accepted", "hand_over"), ("refused", "find_other"), ("silence", "remind")):
        p.flow("reply", event, task, "end")
    return p


def test_the_first_event_behind_an_event_gateway_decides_and_the_others_are_dropped() -> None:
    play = Play(waiting_for_reply()).start(variables={"case": "GA-2026-0001"})
    assert [one.name for one in play.subscriptions] == ["accepted", "refused"]
    play.deliver("refused", "GA-2026-0001", reason="full")
    assert play.open == ["find_other"]
    assert play.subscriptions == []
    assert play.timers == []
    assert play.variables["reason"] == "full"
    assert [flow for flow in play.trace("flow") if flow.startswith("reply_")] == ["reply_refused"]


def test_silence_behind_an_event_gateway_is_an_answer_too() -> None:
    play = Play(waiting_for_reply()).start(variables={"case": "GA-2026-0001"})
    play.wait(timedelta(days=3))
    assert play.open == ["remind"]
    assert play.subscriptions == []


def test_a_receive_task_may_stand_behind_an_event_gateway() -> None:
    p = Process("process")
    p.start().event_based("either").receive("letter", "letter").catch("late", timer="P1D").end()
    p.flow("start", "either", "letter", "end").flow("either", "late", "end")
    play = Play(p).start()
    play.deliver("letter", text="yes")
    assert play.status == "completed"
    assert play.variables == {"text": "yes"}
