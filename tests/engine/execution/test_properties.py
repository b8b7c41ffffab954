"""Whatever is drawn and whatever happens, state and world agree. (``Play`` checks after every step.)"""

from collections.abc import Callable

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.bpmn.reading import read
from engine.errors import LimitExceeded, NotFound
from engine.execution import Budget, CompleteService, CompleteTask, Deliver, RetryToken, ThrowError
from engine.text import Text
from tests.bpmn_builder import Process, diagram
from tests.engine.execution.play import Play
from tests.engine.execution.sketches import processes

BOUNDED = settings(
    max_examples=250,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
VALUES = st.fixed_dictionaries(
    {}, optional={"x": st.integers(0, 4), "y": st.booleans(), "z": st.sampled_from([None, {"a": 1}])}
)


def acts(play: Play, values: dict[str, object]) -> list[tuple[str, Callable[[], object]]]:
    """Everything that may happen next."""
    found: list[tuple[str, Callable[[], object]]] = []
    for token in play.tasks:
        found.append(("complete", lambda token=token: play.step(CompleteTask(token, values))))
        found.append(("fail", lambda token=token: play.step(ThrowError(token, "e1"))))
    for token in play.services:
        found.append(("serve", lambda token=token: play.step(CompleteService(token, values))))
        found.append(("fail", lambda token=token: play.step(ThrowError(token, "e2"))))
    for timer in play.timers:
        found.append(("timer", lambda timer=timer: _fire(play, timer)))
    for one in play.subscriptions:
        found.append(("deliver", lambda one=one: play.step(Deliver(one.holder, one.node, values))))
    for token in play.state.tokens.values():
        if token.waits in ("enter", "leave", "onward"):
            found.append(("retry", lambda token=token: _retry(play, token.id)))
    found.append(("signal", lambda: play.signal("s1")))
    return found


def _fire(play: Play, timer: object) -> None:
    due = timer.due  # type: ignore[attr-defined]
    play.now = max(play.now, due)
    play.fire(timer)  # type: ignore[arg-type]


def _retry(play: Play, token: int) -> None:
    play.incidents = [one for one in play.incidents if one.token != token]
    play.step(RetryToken(token))


def live_through(process: Process, data: st.DataObject, steps: int) -> Play | None:
    reading = read(diagram(process))
    if reading.graph is None:
        event("refused")
        return None
    play = Play(graph=reading.graph, budget=Budget(steps=2_000))
    try:
        play.start(variables={"x": data.draw(st.integers(0, 4)), "y": data.draw(st.booleans())})
        for _ in range(steps):
            if play.status != "active":
                break
            open_acts = acts(play, data.draw(VALUES))
            name, act = open_acts[data.draw(st.integers(0, len(open_acts) - 1))]
            event(name)
            act()
    except LimitExceeded:
        event("limit")
        return None
    event(play.status)
    return play


@BOUNDED
@given(processes(wild=True), st.data())
def test_state_and_world_agree_whatever_happens(process: Process, data: st.DataObject) -> None:
    play = live_through(process, data, 25)
    if play is not None and play.status == "active":
        play.cancel("enough")
    if play is not None:
        assert (play.tasks, play.timers, play.subscriptions, play.services) == ({}, [], [], {})


def ends(process: Process, data: st.DataObject) -> None:
    """Complete everything that is open, oldest first, until the end."""
    graph = read(diagram(process)).graph
    assert graph is not None
    play = Play(graph=graph, budget=Budget(steps=2_000))
    play.start(variables={"x": data.draw(st.integers(0, 3)), "y": False})
    for _ in range(400):
        if play.status != "active":
            break
        if play.tasks:
            play.step(CompleteTask(min(play.tasks), {"y": False}))
        elif play.services:
            play.step(CompleteService(min(play.services)))
        elif inside := [one for one in play.subscriptions if not one.node.startswith("boundary")]:
            one = inside[0]
            play.step(Deliver(one.holder, one.node))
        elif play.timers:
            _fire(play, min(play.timers, key=lambda timer: timer.due))
        else:
            raise AssertionError(f"nothing can be done: {play.state}")
    assert play.status == "completed"
    assert [one for one in play.incidents if one.code == "stuck"] == []


@BOUNDED
@given(processes(), st.data())
def test_a_diagram_of_matching_blocks_always_reaches_its_end(process: Process, data: st.DataObject) -> None:
    ends(process, data)


def test_the_harness_itself_notices_what_is_forgotten() -> None:
    p = Process("process")
    p.start().user("visit").end().boundary("late", on="visit", timer="P1D").flow("start", "visit", "end")
    p.flow("late", "end")
    play = Play(p).start()
    play.timers.clear()
    try:
        play.signal("anything")
    except AssertionError as error:
        assert "lacks" in str(error)
    else:
        raise NotFound(Text("没有发现", "not noticed"))
