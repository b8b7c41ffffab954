"""Event sub-processes: armed with their scope, interrupting it or running beside it."""

from datetime import timedelta

from tests.bpmn_builder import Process
from tests.engine.execution.play import Play

DAY = timedelta(days=1)


def case(*, interrupting: bool, **trigger: object) -> Process:
    p = Process("process")
    p.start().user("work").user("more").end()
    with p.event_sub("exception") as e:
        e.start("es", interrupting=interrupting, **trigger).user("handle").end("ee").flow(
            "es", "handle", "ee"
        )
    p.flow("start", "work", "more", "end")
    return p


def test_a_message_that_interrupts_replaces_what_runs() -> None:
    play = Play(case(interrupting=True, message="consent withdrawn", key="n")).start(variables={"n": "7"})
    assert [(one.holder, one.key) for one in play.subscriptions] == [("s1", "7")]
    play.deliver("consent withdrawn", "7", why="moved")
    assert play.open == ["handle"]
    assert play.subscriptions == []
    assert play.variables == {"n": "7", "why": "moved"}
    play.complete("handle")
    assert play.status == "completed"
    assert "exception" in play.trace()


def test_a_message_beside_may_come_often_and_the_case_ends_when_all_is_done() -> None:
    play = Play(case(interrupting=False, message="question")).start()
    play.deliver("question")
    play.deliver("question")
    assert play.open == ["work", "handle", "handle"]
    play.complete("work")
    play.complete("more")
    assert play.status == "active"
    play.deliver("question")
    for _ in range(3):
        play.complete("handle")
    assert play.status == "completed"
    assert play.subscriptions == []


def test_a_timer_runs_from_when_the_scope_was_opened() -> None:
    play = Play(case(interrupting=False, timer="P2D")).start()
    play.wait(5 * DAY)
    assert play.open == ["work", "handle"]
    assert play.timers == []


def test_a_cycle_starts_it_again_and_again() -> None:
    play = Play(case(interrupting=False, cycle="R/P7D")).start()
    play.wait(22 * DAY)
    assert play.open == ["work", "handle", "handle", "handle"]


def test_a_signal_thrown_inside_the_scope_interrupts_the_thrower() -> None:
    p = Process("process")
    p.start().end()
    with p.sub("work") as w:
        w.start("ws").throw("alarm", signal="alarm").user("never").end("we").flow(
            "ws", "alarm", "never", "we"
        )
        with w.event_sub("heard") as h:
            h.start("hs", signal="alarm").user("respond").end("he").flow("hs", "respond", "he")
    p.flow("start", "work", "end")
    play = Play(p).start()
    assert play.open == ["respond"]
    play.complete("respond")
    assert play.status == "completed"


def test_an_error_in_the_scope_starts_its_error_event_sub_process() -> None:
    p = Process("process")
    p.start().service("pay", "pay").end()
    with p.event_sub("trouble") as t:
        t.start("ts", error="no money").user("ask").end("te").flow("ts", "ask", "te")
    p.flow("start", "pay", "end")
    play = Play(p).start()
    play.fail("pay", "no money", missing=20)
    assert play.open == ["ask"]
    assert play.services == {}
    assert play.variables == {"missing": 20}


def test_an_error_out_of_an_event_sub_process_passes_by_its_siblings_and_goes_to_the_parent() -> None:
    p = Process("process")
    p.start().user("outside").end()
    with p.sub("work") as w:
        w.start("ws").service("pay", "pay").end("we").flow("ws", "pay", "we")
        with w.event_sub("first") as f:
            f.start("fs", error="a").end("fe", error="b").flow("fs", "fe")
        with w.event_sub("second") as s:
            s.start("ss", error="b").user("wrong").end("se").flow("ss", "wrong", "se")
    p.boundary("b_outside", on="work", error="b")
    p.flow("start", "work", "end").flow("b_outside", "outside", "end")
    play = Play(p).start()
    play.fail("pay", "a")
    assert play.open == ["outside"]


def test_after_an_interruption_no_other_event_sub_process_of_the_scope_starts() -> None:
    p = case(interrupting=True, message="stop")
    with p.event_sub("other") as o:
        o.start("os", interrupting=False, message="question").user("answer").end("oe").flow(
            "os", "answer", "oe"
        )
    play = Play(p).start()
    play.deliver("question")
    assert play.open == ["work", "answer"]
    play.deliver("stop")
    assert play.open == ["handle"]
    assert play.subscriptions == []


def test_an_event_sub_process_ends_with_the_sub_process_it_is_in() -> None:
    p = Process("process")
    p.start().user("after").end()
    with p.sub("care") as care:
        care.start("cs").user("meals").end("ce").flow("cs", "meals", "ce")
        with care.event_sub("month") as m:
            m.start("ms", interrupting=False, cycle="R/P30D").user("report").end("me").flow(
                "ms", "report", "me"
            )
    p.boundary("stop", on="care", message="stop")
    p.flow("start", "care", "after", "end").flow("stop", "end")
    play = Play(p).start()
    play.wait(31 * DAY)
    assert play.open == ["meals", "report"]
    play.complete("meals")
    assert play.open == ["report"]
    play.complete("report")
    assert play.open == ["after"]
    assert play.timers == []


def test_an_event_sub_process_that_cannot_open_is_an_incident_and_what_triggered_it_is_not_lost() -> None:
    p = Process("process")
    p.start().user("work").user("fix").end().flow("start", "work", "fix", "end")
    with p.event_sub("outer") as o:
        o.start("os", interrupting=False, message="a").user("first").end("oe").flow("os", "first", "oe")
        with o.event_sub("inner") as i:
            i.start("is", timer="= when").end("ie").flow("is", "ie")
    play = Play(p).start()
    play.deliver("a", text="kept")
    assert play.incident.node == "outer"
    assert play.open == ["work"]
    assert play.variables == {}
    play.complete("work", when="P1D")
    play.retry("outer")
    assert play.open == ["fix", "first"]
    assert play.variables["text"] == "kept"
    assert len(play.timers) == 1


def test_an_event_sub_process_inside_another() -> None:
    p = Process("process")
    p.start().user("work").end().flow("start", "work", "end")
    with p.event_sub("outer") as o:
        o.start("os", interrupting=False, message="a").user("first").end("oe").flow("os", "first", "oe")
        with o.event_sub("inner") as i:
            i.start("is", message="b").user("second").end("ie").flow("is", "second", "ie")
    play = Play(p).start()
    play.deliver("a")
    play.deliver("b")
    assert play.open == ["work", "second"]
    play.complete("second")
    play.complete("work")
    assert play.status == "completed"
