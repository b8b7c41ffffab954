"""Whatever is drawn and whatever happens, state and world agree. (``Play`` checks after every step.)"""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.bpmn.reading import read
from engine.errors import LimitExceeded
from engine.execution import Budget, CompleteService, CompleteTask, Deliver, RetryToken, ThrowError
from engine.execution.effects import TimerSet
from tests.bpmn_builder import Process, diagram
from tests.engine.execution.play import Play
from tests.engine.execution.sketches import processes

BOUNDED = settings(
    max_examples=250,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
VALUES: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {}, optional={"x": st.integers(0, 4), "y": st.booleans(), "z": st.sampled_from([None, {"a": 1}])}
)


def acts(play: Play, values: dict[str, object]) -> list[tuple[str, Callable[[], object]]]:
    """Everything that may happen next."""
    found: list[tuple[str, Callable[[], object]]] = []
    for number in play.tasks:
        found.append(("complete", partial(play.step, CompleteTask(number, values))))
        found.append(("fail", partial(play.step, ThrowError(number, "e1"))))
    for number in play.services:
        found.append(("serve", partial(play.step, CompleteService(number, values))))
        found.append(("fail", partial(play.step, ThrowError(number, "e2"))))
    found += [("timer", partial(_fire, play, timer)) for timer in play.timers]
    for one in play.subscriptions:
        found.append(("deliver", partial(play.step, Deliver(one.holder, one.node, values))))
    for token in play.state.tokens.values():
        if token.waits in ("enter", "leave", "onward"):
            found.append(("retry", partial(_retry, play, token.id)))
    found.append(("signal", partial(play.signal, "s1")))
    return found


def _fire(play: Play, timer: TimerSet) -> None:
    play.now = max(play.now, timer.due)
    play.fire(timer)


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
    with pytest.raises(AssertionError, match="lacks"):
        play.signal("anything")
