"""Block-structured diagrams mean the same here and on SpiffWorkflow's runtime.

Left out are its known faults, which ``tests/engine/test_decision_0001_execution.py`` shows: joins inside
loops, and branches that write the same variable.
"""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bpmn_builder import Body, Process
from tests.engine.execution.oracle import Spiff
from tests.engine.execution.play import Play

CONDITIONS = ("x > 1", "x < 1", "x > 2", "y > 0", "x > y", "y < 2")  # the same in FEEL and in Python


class Blocks:
    """Draws a process. In a loop there are no joins; each loop counts in a variable of its own."""

    def __init__(self, draw: Callable[..., object]) -> None:
        self.draw = draw
        self.count = 0
        self.process = Process("process")

    def whole(self) -> Process:
        self.process.start("begin").end("finish")
        first, last = self.row(self.process, depth=0, looping=False)
        self.process.flow("begin", first).flow(last, "finish")
        return self.process

    def number(self, low: int, high: int) -> int:
        return int(str(self.draw(st.integers(low, high))))

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}_{self.count}"

    def row(self, body: Body, depth: int, looping: bool) -> tuple[str, str]:
        first, last = self.block(body, depth, looping)
        for _ in range(self.number(0, 2) if self.count < 25 else 0):
            begin, end = self.block(body, depth, looping)
            body.flow(last, begin)
            last = end
        return first, last

    def block(self, body: Body, depth: int, looping: bool) -> tuple[str, str]:
        kinds = ["user", "throw"]
        if depth < 3:
            kinds += (
                ["exclusive", "sub"] if looping else ["exclusive", "parallel", "inclusive", "sub", "again"]
            )
        kind = str(self.draw(st.sampled_from(kinds)))
        id = self.id(kind)
        if kind in ("user", "throw"):
            getattr(body, kind)(id)
            return id, id
        if kind == "sub":
            with body.sub(id) as sub:
                sub.start(f"first_of_{id}").end(f"last_of_{id}")
                first, last = self.row(sub, depth + 1, looping)
                sub.flow(f"first_of_{id}", first).flow(last, f"last_of_{id}")
            return id, id
        if kind == "again":
            return self.again(body, id, depth)
        return self.split(body, kind, id, depth, looping)

    def split(self, body: Body, kind: str, id: str, depth: int, looping: bool) -> tuple[str, str]:
        join = f"{id}_join"
        rest = {} if kind == "parallel" else {"default": f"{id}_default"}
        getattr(body, kind)(id, **rest)
        getattr(body, kind)(join)
        for number in range(self.number(2, 3)):
            first, last = self.row(body, depth + 1, looping)
            if kind == "parallel":
                body.flow(id, first)
            elif number == 0:
                body.flow(id, first, id=f"{id}_default")
            else:
                body.flow(id, first, when=str(self.draw(st.sampled_from(CONDITIONS))))
            body.flow(last, join)
        return id, join

    def again(self, body: Body, id: str, depth: int) -> tuple[str, str]:
        """Once more while the loop's own counter is below 2."""
        out = f"{id}_out"
        body.exclusive(id).user(f"round_{id}").exclusive(out, default=f"{id}_on").throw(f"{id}_after")
        first, last = self.row(body, depth + 1, looping=True)
        body.flow(id, first).flow(last, f"round_{id}", out).flow(out, id, when=f"{id} < 2")
        body.flow(out, f"{id}_after", id=f"{id}_on")
        return id, f"{id}_after"


@st.composite
def blocks(draw: Callable[..., object]) -> Process:
    return Blocks(draw).whole()


@settings(
    max_examples=100,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(blocks(), st.integers(0, 3), st.integers(0, 3), st.randoms(use_true_random=False))
def test_block_structured_diagrams_run_as_on_spiffworkflow(
    process: Process, x: int, y: int, random: st.DataObject
) -> None:
    variables: dict[str, object] = {"x": x, "y": y}
    ours = Play(process).start(variables=variables)
    theirs = Spiff(process, variables)
    rounds: dict[str, int] = {}
    for _ in range(300):
        assert sorted(ours.open) == sorted(theirs.open)
        if not ours.open:
            break
        node = random.choice(sorted(ours.open))  # type: ignore[attr-defined]
        given_back: dict[str, object] = {}
        if node.startswith("round_"):
            rounds[node] = rounds.get(node, 0) + 1
            given_back[node.removeprefix("round_")] = rounds[node] % 3
        ours.complete(node, **given_back)
        theirs.complete(node, **given_back)
    assert theirs.completed
    assert ours.status == "completed"
