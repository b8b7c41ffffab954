"""Intermediate events, messages and signals within one instance, links, ends."""

from datetime import timedelta

import pytest

from engine.errors import Conflict
from engine.execution import Deliver, FireTimer
from tests.bpmn_builder import Process
from tests.engine.execution.play import Play


def test_a_timer_message_and_signal_are_waited_for_in_turn() -> None:
    p = Process("process")
    p.start().catch("day", timer="P1D").catch("letter", message="letter", key="case").catch(
        "go", signal="go"
    ).end()
    p.flow("start", "day", "letter", "go", "end")
    play = Play(p).start(variables={"case": 17})
    play.wait(timedelta(days=1))
    assert play.subscriptions[0].key == "17"
    play.deliver("letter", "17", body="yes")
    play.deliver("go")
    assert play.status == "completed"
    assert play.trace("caught") == ["day", "letter", "go"]
    assert play.variables == {"case": 17, "body": "yes"}


def test_what_a_message_brings_goes_through_the_output_mappings() -> None:
    p = Process("process")
    p.start().catch("reply", message="reply", outputs={"accepted": 'answer = "yes"'}).end()
    p.flow("start", "reply", "end")
    play = Play(p).start()
    play.deliver("reply", answer="yes", chatter="…")
    assert play.variables == {"accepted": True}


def test_a_null_key_is_an_incident_because_no_message_could_find_it() -> None:
    p = Process("process")
    p.start().catch("reply", message="reply", key="case_number").end()
    p.flow("start", "reply", "end")
    play = Play(p).start()
    assert play.incident.code == "no_key"
    assert play.subscriptions == []


def test_a_message_for_this_instance_is_delivered_inside_it() -> None:
    p = Process("process")
    p.start().parallel("split").throw("ask", message="hello", key="n", inputs={"text": '"hi"'}).end()
    p.catch("hear", message="hello", key="n").catch("other", message="hello", key='"other"')
    p.flow("start", "split", "ask", "end").flow("split", "hear", "end").flow("split", "other", "end")
    play = Play(p).start(variables={"n": 1})
    assert play.messages == []
    assert [one.key for one in play.subscriptions] == ["other"]
    assert play.variables == {"n": 1, "text": "hi"}


def test_a_message_nobody_here_waits_for_goes_out() -> None:
    p = Process("process")
    p.start().send("invite", "invitation", key="name", inputs={"at": '"10:00"'}).end("told", message="told")
    p.flow("start", "invite", "told")
    play = Play(p).start(variables={"name": "白鹭社"})
    assert [(one.name, one.key, one.payload) for one in play.messages] == [
        ("invitation", "白鹭社", {"at": "10:00"}),
        ("told", None, {}),
    ]
    assert play.status == "completed"
    assert play.variables == {"name": "白鹭社"}


def test_one_message_wakes_one_catcher_and_one_signal_wakes_all() -> None:
    p = Process("process")
    p.start().parallel("split").end().user("m").throw("tell", message="x").throw("shout", signal="y")
    for number in ("1", "2"):
        p.catch(f"message{number}", message="x").catch(f"signal{number}", signal="y")
        p.flow("split", f"message{number}", "end").flow("split", f"signal{number}", "end")
    p.flow("start", "split", "m", "tell", "shout", "end")
    play = Play(p).start()
    play.complete("m")
    assert play.trace("caught") == ["message1", "signal1", "signal2"]
    assert [one.name for one in play.signals] == ["y"]


def test_a_catcher_on_a_parallel_branch_does_not_miss_a_signal_thrown_in_the_same_step() -> None:
    for first, second in (("throwing", "catching"), ("catching", "throwing")):
        p = Process("process")
        p.start().parallel("split").throw("throwing", signal="now").task("long").task("way").end()
        p.catch("catching", signal="now")
        p.flow("start", "split")
        p.flow("split", first).flow("split", second) if first == "throwing" else p.flow("split", "long")
        if first == "catching":
            p.flow("long", "way", "catching").flow("split", "throwing")
        p.flow("throwing", "end").flow("catching", "end")
        if first == "throwing":
            p.flow("long", "way", "end")
            p.flow("split", "long")
        assert Play(p).start().status == "completed"


def test_a_thrower_that_its_own_signal_interrupts_does_not_go_on() -> None:
    p = Process("process")
    p.start().user("stopped").user("after").end()
    with p.sub("work") as w:
        w.start("ws").throw("alarm", signal="alarm").user("inside").end("we").flow(
            "ws", "alarm", "inside", "we"
        )
    p.boundary("heard", on="work", signal="alarm")
    p.flow("start", "work", "after", "end").flow("heard", "stopped", "end")
    play = Play(p).start()
    assert play.open == ["stopped"]
    assert "alarm" not in play.trace()


def test_a_thrower_whose_signal_interrupts_nothing_goes_on() -> None:
    p = Process("process")
    p.start().user("noted").end()
    with p.sub("work") as w:
        w.start("ws").throw("alarm", signal="alarm").user("inside").end("we").flow(
            "ws", "alarm", "inside", "we"
        )
    p.boundary("heard", on="work", signal="alarm", interrupting=False)
    p.flow("start", "work", "end").flow("heard", "noted", "end")
    assert sorted(Play(p).start().open) == ["inside", "noted"]


def test_a_signal_that_would_wake_a_catcher_it_has_just_interrupted_leaves_it_asleep() -> None:
    p = Process("process")
    p.start().user("go").parallel("split").throw("alarm", signal="alarm").user("out").end()
    with p.sub("work") as w:
        w.start("ws").catch("inside", signal="alarm").user("woken").end("we").flow(
            "ws", "inside", "woken", "we"
        )
    p.boundary("heard", on="work", signal="alarm")
    p.flow("start", "split", "work", "end").flow("split", "go", "alarm", "end").flow("heard", "out", "end")
    play = Play(p).start()
    play.complete("go")
    assert play.open == ["out"]


def test_a_link_jumps_to_its_target() -> None:
    p = Process("process")
    p.start().throw("to", link="page 2").catch("from", link="page 2").user("next").end()
    p.flow("start", "to").flow("from", "next", "end")
    play = Play(p).start()
    assert play.open == ["next"]
    assert play.trace() == ["start", "to", "from"]


def test_a_terminate_end_ends_everything_in_the_process() -> None:
    p = Process("process")
    p.start().parallel("split").user("visit").user("refuse").end("stop", terminate=True).end()
    p.catch("letter", message="letter")
    p.flow("start", "split", "visit", "end").flow("split", "refuse", "stop").flow("split", "letter", "end")
    play = Play(p).start()
    play.complete("refuse")
    assert play.status == "terminated"
    assert play.open == []
    assert play.subscriptions == []


def test_a_terminate_end_in_a_sub_process_ends_just_the_sub_process() -> None:
    p = Process("process")
    p.start().user("after").end()
    with p.sub("work") as w:
        w.start("ws").parallel("wp").user("visit").user("refuse").end("stop", terminate=True).end("we")
        w.flow("ws", "wp", "visit", "we").flow("wp", "refuse", "stop")
    p.flow("start", "work", "after", "end")
    play = Play(p).start()
    play.complete("refuse")
    assert play.open == ["after"]
    assert "work" in play.trace()


def test_start_events_start_what_they_are_for() -> None:
    p = Process("process")
    p.start("by_hand").start("by_letter", message="letter").start("weekly", cycle="R/P7D").user("a").user(
        "b"
    ).end()
    p.flow("by_hand", "a", "end").flow("by_letter", "b", "end").flow("weekly", "b")
    assert Play(p).start().open == ["a"]
    letter = Play(p).start(node="by_letter", variables={"from": "school"})
    assert letter.open == ["b"]
    assert letter.variables == {"from": "school"}
    assert Play(p).start(node="weekly").open == ["b"]


def test_a_process_without_start_events_starts_at_every_beginning() -> None:
    p = Process("process")
    p.user("a").user("b").user("c")
    p.flow("a", "c")
    play = Play(p).start()
    assert play.open == ["a", "b"]
    play.complete("a")
    play.complete("b")
    play.complete("c")
    assert play.status == "completed"


def test_a_deed_on_something_that_no_longer_waits_is_a_conflict() -> None:
    p = Process("process")
    p.start().user("visit").user("next").end().boundary("late", on="visit", timer="P1D")
    p.flow("start", "visit", "next", "end").flow("late", "next")
    play = Play(p).start()
    (timer,) = play.timers
    visit = play.token("visit")
    play.complete("visit")
    for step in (
        FireTimer(timer.holder, timer.node),
        Deliver(timer.holder, timer.node),
        Deliver("s1", "nothing"),
        Deliver("x", "nothing"),
        FireTimer(f"t{play.token('next')}", "late"),
    ):
        with pytest.raises(Conflict):
            play.step(step)
    from engine.execution import CompleteService, CompleteTask, RetryToken, ThrowError

    for again in (CompleteTask(visit), CompleteService(visit), RetryToken(visit), ThrowError(visit, "x")):
        with pytest.raises(Conflict):
            play.step(again)
    play.complete("next")
    with pytest.raises(Conflict) as ended:
        play.cancel()
    assert ended.value.code == "instance_ended"


def test_cancelling_ends_everything() -> None:
    p = Process("process")
    p.start().user("visit").end().boundary("late", on="visit", timer="P1D", interrupting=False)
    p.flow("start", "visit", "end").flow("late", "end")
    play = Play(p).start(variables={"name": "白鹭社"})
    play.cancel("moved away")
    assert play.status == "cancelled"
    assert play.open == []
    assert play.timers == []
    assert play.entries[-1].data == {"status": "cancelled", "reason": "moved away"}
    assert play.variables == {"name": "白鹭社"}
