"""The executor alone, without a database: decode, one step, encode.

The floor of a completion is what the same state costs to decode and encode, without any step.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from statistics import median

from benchmarks.report import Figure
from benchmarks.workload import diagram_w
from engine.bpmn.graph import Graph
from engine.bpmn.reading import read
from engine.errors import NotFound
from engine.execution import CompleteTask, StartProcess, State, Step, decode, encode, run
from engine.text import Text
from tests.bpmn_builder import Process, chain, diagram, each

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


class Alone:
    """An environment with one diagram."""

    functions: Mapping[str, Callable[..., object]] = {}

    def __init__(self, source: bytes) -> None:
        graph = read(source).graph
        assert graph is not None
        self.home = graph

    def graph(self, definition: str | None) -> Graph:
        return self.home

    def constants(self, definition: str | None) -> dict[str, object]:
        return {}

    def resolve(self, process: str) -> str:
        raise NotFound(Text(process, process))

    def decide(
        self, definition: str | None, ref: str, context: Mapping[str, object]
    ) -> tuple[object, object]:
        raise NotFound(Text(ref, ref))


def step(env: Alone, text: str, make: Callable[[State], Step]) -> tuple[float, str]:
    """Seconds for decode, run and encode, and the state after it."""
    begun = time.perf_counter()
    state = decode(text)
    run(env, state, make(state), NOW)
    text = encode(state)
    return time.perf_counter() - begun, text


def oldest(node: str, variables: Mapping[str, object]) -> Callable[[State], Step]:
    """Completes the oldest task at the node."""

    def make(state: State) -> Step:
        for token in state.tokens.values():
            if token.node == node and token.waits == "task":
                return CompleteTask(token.id, variables)
        raise LookupError(node)

    return make


def codec(text: str) -> float:
    begun = time.perf_counter()
    encode(decode(text))
    return time.perf_counter() - begun


def workload_w(rounds: int = 400) -> Iterator[Figure]:
    env = Alone(diagram_w())
    empty = encode(State())
    starts, completions, floors, size = [], [], [], 0
    given = {f"field_{number}": f"value {number}" for number in range(20)} | {"amount": 200}
    for _ in range(rounds):
        seconds, text = step(env, empty, lambda _: StartProcess("W", variables=given))
        starts.append(seconds)
        for node in ("a", "b", "c", "d"):
            floors.append(codec(text))
            size = max(size, len(text.encode()))
            seconds, text = step(env, text, oldest(node, {f"done_{node}": True}))
            completions.append(seconds)
    yield Figure("execution: W, start", round(median(starts) * 1e6, 1), "µs")
    middle, floor = median(completions) * 1e6, median(floors) * 1e6
    yield Figure(
        "execution: W, completion", round(middle, 1), "µs", round(floor, 1), round(floor / middle, 3)
    )
    yield Figure("execution: W, state with 20 variables", size, "B")


def many(count: int = 1_000) -> Iterator[Figure]:
    p = Process("many")
    characteristics = each("members", "member", result="opinion", results="opinions")
    p.start().user("ask", loop=characteristics).end().flow("start", "ask", "end")
    env = Alone(diagram(p))
    members = [f"member {number}" for number in range(count)]
    opened, text = step(env, encode(State()), lambda _: StartProcess("many", variables={"members": members}))
    floor = median(codec(text) for _ in range(20)) * 1e3
    first = median(step(env, text, oldest("ask", {"opinion": "yes"}))[0] for _ in range(20)) * 1e3
    yield Figure(f"execution: multi-instance of {count}, opening", round(opened * 1e3, 1), "ms")
    yield Figure(
        f"execution: multi-instance of {count}, completion",
        round(first, 2),
        "ms",
        round(floor, 2),
        round(floor / first, 3),
    )


def long_loop(rounds: int = 1_000) -> Iterator[Figure]:
    p = Process("loop")
    p.start().exclusive("merge").user("work").exclusive("again", default="back").end()
    p.flow("start", "merge", "work", "again").flow("again", "end", when="stop").flow(
        "again", "merge", id="back"
    )
    env = Alone(diagram(p))
    _, text = step(env, encode(State()), lambda _: StartProcess("loop"))
    times = []
    for _ in range(rounds):
        seconds, text = step(env, text, oldest("work", {"stop": False}))
        times.append(seconds)
    first, last = median(times[50:150]) * 1e6, median(times[-100:]) * 1e6
    yield Figure(
        "execution: round 1,000 of a loop", round(last, 1), "µs", round(first, 1), round(first / last, 3)
    )


def straight(length: int = 4_000) -> Iterator[Figure]:
    env = Alone(chain(length))
    best = min(step(env, encode(State()), lambda _: StartProcess("chain"))[0] for _ in range(5))
    yield Figure("execution: one move along a chain", round(best / length * 1e6, 2), "µs")


def figures() -> Iterator[Figure]:
    yield from workload_w()
    yield from many()
    yield from long_loop()
    yield from straight()
