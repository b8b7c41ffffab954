"""Boundary events: what interrupts, what runs beside, what is dropped with the activity."""

from datetime import timedelta

from tests.bpmn_builder import Process
from tests.engine.execution.play import Play

DAY = timedelta(days=1)


def visit(*, interrupting: bool = True, **trigger: object) -> Process:
    p = Process("process")
    p.start().user("visit").user("supervise").end()
    p.boundary("late", on="visit", interrupting=interrupting, **trigger)
    p.flow("start", "visit", "end").flow("late", "supervise", "end")
    return p


def test_an_interrupting_timer_withdraws_the_task() -> None:
    play = Play(visit(timer="P2D")).start()
    play.wait(2 * DAY)
    assert play.open == ["supervise"]
    assert play.trace("interrupted") == ["visit"]
    assert "visit" not in play.trace()
    play.complete("supervise")
    assert play.status == "completed"


def test_a_task_done_in_time_drops_its_timer() -> None:
    play = Play(visit(timer="P2D")).start()
    play.complete("visit")
    assert play.timers == []
    assert play.status == "completed"


def test_a_timer_beside_the_task_fires_once() -> None:
    play = Play(visit(timer="P2D", interrupting=False)).start()
    play.wait(10 * DAY)
    assert play.open == ["visit", "supervise"]
    play.complete("visit")
    assert play.status == "active"
    play.complete("supervise")
    assert play.status == "completed"


def test_a_cycle_beside_the_task_repeats_as_often_as_it_says() -> None:
    play = Play(visit(cycle="R3/P1D", interrupting=False)).start()
    play.wait(DAY)
    assert play.open == ["visit", "supervise"]
    play.wait(DAY)
    assert play.open == ["visit", "supervise", "supervise"]
    play.wait(10 * DAY)
    assert play.open == ["visit", "supervise", "supervise", "supervise"]
    assert play.timers == []


def test_an_endless_cycle_ends_with_the_task() -> None:
    play = Play(visit(cycle="R/P1D", interrupting=False)).start()
    play.wait(5 * DAY)
    assert play.open.count("supervise") == 5
    play.complete("visit")
    assert play.timers == []


def test_an_interrupting_cycle_fires_once() -> None:
    play = Play(visit(cycle="R3/P1D")).start()
    play.wait(9 * DAY)
    assert play.open == ["supervise"]


def test_a_message_beside_the_task_may_come_again() -> None:
    play = Play(visit(message="complaint", interrupting=False)).start()
    play.deliver("complaint", text="late")
    play.deliver("complaint", text="later")
    assert play.open == ["visit", "supervise", "supervise"]
    assert play.variables["text"] == "later"
    play.complete("visit")
    assert play.subscriptions == []


def test_an_interrupting_message_takes_the_place_of_the_task() -> None:
    play = Play(visit(message="moved_away")).start()
    play.deliver("moved_away", to="other district")
    assert play.open == ["supervise"]
    assert play.subscriptions == []


def test_a_signal_reaches_the_boundary_event() -> None:
    play = Play(visit(signal="flood")).start()
    play.signal("flood", level=2)
    assert play.open == ["supervise"]
    assert play.variables == {"level": 2}


def test_interrupting_a_sub_process_withdraws_everything_in_it() -> None:
    p = Process("process")
    p.start().user("close").end()
    with p.sub("care") as care:
        care.start("cs").parallel("cp").user("meals").parallel("cj").end("ce").catch(
            "letter", message="letter"
        )
        care.flow("cs", "cp", "meals", "cj", "ce").flow("cp", "letter", "cj")
        with care.sub("inner") as inner:
            inner.start("is").user("nursing").end("ie").flow("is", "nursing", "ie")
        care.boundary("nursing_late", on="inner", timer="P1D", interrupting=False)
        care.user("chase")
        care.flow("cp", "inner", "cj").flow("nursing_late", "chase")
    p.boundary("withdrawn", on="care", message="consent withdrawn")
    p.flow("start", "care", "end").flow("withdrawn", "close", "end")
    play = Play(p).start()
    play.complete("meals")
    assert play.open == ["nursing"]
    assert len(play.state.scopes) == 3
    play.deliver("consent withdrawn")
    assert play.open == ["close"]
    assert play.timers == []
    assert play.subscriptions == []
    assert len(play.state.scopes) == 1


def test_boundary_events_of_a_sub_process_run_beside_it() -> None:
    p = Process("process")
    p.start().user("report").end()
    with p.sub("care") as care:
        care.start("cs").user("meals").end("ce").flow("cs", "meals", "ce")
    p.boundary("month", on="care", cycle="R/P30D", interrupting=False)
    p.flow("start", "care", "end").flow("month", "report")
    play = Play(p).start()
    play.wait(65 * DAY)
    assert play.open == ["meals", "report", "report"]
    play.complete("meals")
    assert play.open == ["report", "report"]
    assert play.timers == []
    play.complete("report")
    play.complete("report")
    assert play.status == "completed"


def test_opened_and_withdrawn_in_one_step_never_reaches_the_world() -> None:
    p = Process("process")
    p.start().parallel("split").user("visit").throw("alarm", signal="stop").user("after").end()
    p.boundary("stopped", on="visit", signal="stop")
    p.boundary("late", on="visit", timer="P1D", interrupting=False)
    p.flow("start", "split", "visit", "end").flow("split", "alarm", "end").flow("stopped", "after", "end")
    p.flow("late", "end")
    play = Play(p).start()
    kinds = {type(effect).__name__ for effect in play.effects}
    assert kinds == {"Entry", "TaskOpened", "SignalThrown"}
    assert play.open == ["after"]
    assert "visit" in play.trace("interrupted")
