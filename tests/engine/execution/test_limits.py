"""Whatever a diagram says, one command is bounded."""

from itertools import count

import pytest

from engine.errors import LimitExceeded
from engine.execution import Budget, State
from tests.bpmn_builder import Process, chain, loop, times
from tests.engine.execution.play import Play, graph_from


def endless() -> Process:
    p = Process("process")
    p.start().exclusive("merge").task("work").exclusive("again", default="stop").end()
    p.flow("start", "merge", "work", "again").flow("again", "merge", when="go").flow(
        "again", "end", id="stop"
    )
    return p


def test_a_loop_without_a_wait_is_stopped_and_nothing_of_it_stays() -> None:
    play = Play(endless())
    with pytest.raises(LimitExceeded) as stopped:
        play.start(variables={"go": True})
    assert stopped.value.code == "step_limit"
    assert play.state == State()


def test_a_standard_loop_without_an_end_is_stopped() -> None:
    p = Process("process")
    p.start().task("work", loop=loop("true")).end().flow("start", "work", "end")
    with pytest.raises(LimitExceeded):
        Play(p).start()


def test_time_is_bounded_by_the_clock_that_the_budget_brings() -> None:
    ticks = count()
    budget = Budget(seconds=3, monotonic=lambda: float(next(ticks)))
    with pytest.raises(LimitExceeded) as stopped:
        Play(endless(), budget=budget).start(variables={"go": True})
    assert stopped.value.code == "time_limit"


def test_twenty_and_blocks_in_sequence_cost_twenty_times_one() -> None:
    p = Process("process")
    p.start("n0")
    for number in range(20):
        p.parallel(f"s{number}").task(f"a{number}").task(f"b{number}").parallel(f"n{number + 1}")
        p.flow(f"n{number}", f"s{number}", f"a{number}", f"n{number + 1}")
        p.flow(f"s{number}", f"b{number}", f"n{number + 1}")
    p.end().flow("n20", "end")
    play = Play(p, budget=Budget(steps=200)).start("process")
    assert play.status == "completed"


def test_multi_instances_that_multiply_are_stopped() -> None:
    p = Process("process")
    p.start().end()
    with p.sub("a", loop=times(1000)) as a:
        a.start("as").task("t", loop=times(1000)).end("ae").flow("as", "t", "ae")
    p.flow("start", "a", "end")
    with pytest.raises(LimitExceeded):
        Play(p).start()


def test_a_process_that_calls_itself_twice_is_stopped() -> None:
    p = Process("process")
    p.start().parallel("split").call("one", "process").call("two", "process").end()
    p.flow("start", "split", "one", "end").flow("split", "two", "end")
    with pytest.raises(LimitExceeded):
        Play(p).start()


def test_an_expression_that_costs_too_much_is_an_incident() -> None:
    p = Process("process")
    big = "count(for a in 1..5000, b in 1..5000 return a * b) > 0"
    p.start().exclusive("x").end("a").end("b").flow("start", "x").flow("x", "a", when=big)
    p.flow("x", "b", when="true")
    play = Play(p).start()
    assert play.incident.node == "x"
    assert play.incident.code.startswith("feel_")


def test_data_that_multiplies_is_an_incident_before_it_fills_the_memory() -> None:
    p = Process("process")
    p.start().script("more", 'text = string join(for i in 1..9000 return "0123456789")')
    p.script("most", "copy = text + string(loopCounter)", loop=loop("true", maximum=1000)).end()
    p.flow("start", "more", "most", "end")
    play = Play(p).start()
    assert play.incident.node == "most"
    assert play.incident.code == "data_limit"


def test_data_from_outside_is_bounded_too() -> None:
    p = Process("process")
    p.start().user("visit").end().flow("start", "visit", "end")
    with pytest.raises(LimitExceeded):
        Play(p).start(variables={"big": ["x" * 1000] * 6000})
    play = Play(p).start()
    with pytest.raises(LimitExceeded):
        play.complete("visit", big={"x" * 1000: ["y" * 1000] * 6000})
    assert play.open == ["visit"]


def test_a_state_that_has_grown_over_many_commands_is_refused() -> None:
    from engine.execution import encode
    from engine.execution.codec import LONGEST

    play = Play(endless()).start(variables={"go": False})
    play.state.root.variables["big"] = ["x" * 1000] * (LONGEST // 1000)
    with pytest.raises(LimitExceeded):
        encode(play.state)


def test_a_thousand_rounds_of_a_waiting_loop_run() -> None:
    p = Process("process")
    p.start().exclusive("merge").user("work").exclusive("again", default="back").end()
    p.flow("start", "merge", "work", "again").flow("again", "end", when="stop").flow(
        "again", "merge", id="back"
    )
    play = Play(p).start()
    for _ in range(1000):
        play.complete("work", stop=False)
    assert play.open == ["work"]
    play.complete("work", stop=True)
    assert play.status == "completed"


def test_a_chain_of_thousands_of_nodes_is_within_the_budget() -> None:
    assert Play(graph=graph_from(chain(2000))).start("chain").status == "completed"
