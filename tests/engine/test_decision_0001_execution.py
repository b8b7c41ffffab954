"""Each fault of SpiffWorkflow 3.2.0's runtime that docs/decisions/0001 counts, beside our own execution.

One diagram serves both: SpiffWorkflow runs ``bpmn:script``, we run ``wulian:script``; the conditions read the
same in Python and in FEEL.
"""

from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.reading import read
from engine.execution import Budget, encode
from tests.bpmn_builder import Process, diagram
from tests.engine.execution.play import Play


class Spiff:
    """A process on SpiffWorkflow's runtime."""

    def __init__(self, process: Process) -> None:
        parser = BpmnParser()
        self.root = etree.fromstring(diagram(process))  # kept: the parser knows documents by their identity
        parser.add_bpmn_xml(self.root)
        spec = parser.get_spec(process.id)
        self.workflow = BpmnWorkflow(spec, parser.get_subprocess_specs(process.id))
        self.workflow.do_engine_steps()

    @property
    def open(self) -> list[str]:
        tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return [task.task_spec.bpmn_id for task in tasks]

    def complete(self, node: str, **variables: object) -> None:
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        (task,) = [task for task in ready if task.task_spec.bpmn_id == node]
        task.data.update(variables)
        task.run()
        self.workflow.do_engine_steps()


def test_these_are_the_faults_of_one_version() -> None:
    """A newer one must be measured again."""
    assert version("SpiffWorkflow") == "3.2.0"


def four_eyes() -> Process:
    """Two people approve a grant, a third decides; rework sends it round again."""
    p = Process("four_eyes")
    p.start("begin").exclusive("merge").parallel("fork").user("first", role="a").user("second", role="a")
    p.parallel("both").user("decide", role="a").exclusive("enough", default="enough_paid")
    p.user("rework", role="a").end("paid")
    p.flow("begin", "merge", "fork", "first", "both", "decide", "enough", "paid")
    p.flow("fork", "second", "both").flow("enough", "rework", when="again").flow("rework", "merge")
    return p


def approve_twice(run: "Spiff | Play") -> None:
    """Round one by both; rework; in round two only one of the two approves."""
    run.complete("first")
    assert run.open == ["second"]
    run.complete("second")
    run.complete("decide", again=True)
    run.complete("rework")
    assert sorted(run.open) == ["first", "second"]
    run.complete("second")


def test_spiffworkflow_lets_one_of_two_approvers_suffice_in_the_second_round() -> None:
    run = Spiff(four_eyes())
    approve_twice(run)
    assert "decide" in run.open


def test_both_approvers_must_approve_in_every_round() -> None:
    run = Play(four_eyes()).start("four_eyes")
    approve_twice(run)
    assert run.open == ["first"]
    run.complete("first")
    assert run.open == ["decide"]
    run.complete("decide", again=False)
    assert run.status == "completed"


def two_reports() -> Process:
    """Two branches add to the same list."""
    p = Process("reports")
    p.start("begin").parallel("fork").parallel("join").user("look", role="a").end("done")
    for name, ours, theirs in (
        ("init", "seen = []", "seen = []"),
        ("a", 'seen = append(seen, "a")', "seen = seen + ['a']"),
        ("b", 'seen = append(seen, "b")', "seen = seen + ['b']"),
    ):
        p.script(name, ours, extra=f"<bpmn:script>{theirs}</bpmn:script>")
    p.flow("begin", "init", "fork", "a", "join", "look", "done").flow("fork", "b", "join")
    return p


def test_spiffworkflow_loses_what_one_of_two_branches_wrote() -> None:
    (task,) = Spiff(two_reports()).workflow.get_tasks(state=TaskState.READY, manual=True)
    assert len(task.data["seen"]) == 1


def test_branches_see_each_others_updates() -> None:
    run = Play(two_reports()).start("reports")
    assert run.variables["seen"] == ["a", "b"]


def blocks(count: int) -> Process:
    """AND blocks in sequence."""
    p = Process("blocks")
    p.start("begin").end("done")
    before = "begin"
    for n in range(count):
        p.parallel(f"fork{n}").user(f"a{n}", role="a").user(f"b{n}", role="a").parallel(f"join{n}")
        p.flow(before, f"fork{n}", f"a{n}", f"join{n}").flow(f"fork{n}", f"b{n}", f"join{n}")
        before = f"join{n}"
    p.flow(before, "done")
    return p


def test_spiffworkflow_predicts_twice_as_much_with_each_block() -> None:
    sizes = [len(Spiff(blocks(count)).workflow.tasks) for count in (5, 6, 7, 8)]
    for smaller, larger in pairwise(sizes):
        assert larger > 1.9 * smaller
    assert sizes[-1] > 2_000


def test_twenty_blocks_cost_no_more_than_one() -> None:
    one = Play(blocks(1)).start("blocks")
    twenty = Play(blocks(20)).start("blocks")
    assert len(twenty.state.tokens) == len(one.state.tokens) == 2
    assert len(encode(twenty.state)) == len(encode(one.state))
    for n in range(20):
        twenty.complete(f"b{n}")
        twenty.complete(f"a{n}")
    assert twenty.status == "completed"


ROUNDS = 2_000


def counting() -> Process:
    p = Process("counting")
    p.start("begin").exclusive("merge").exclusive("enough", default="enough_done").end("done")
    p.script("init", "n = 0", extra="<bpmn:script>n = 0</bpmn:script>")
    p.script("count", "n = n + 1", extra="<bpmn:script>n = n + 1</bpmn:script>")
    p.flow("begin", "init", "merge", "count", "enough", "done").flow("enough", "merge", when=f"n < {ROUNDS}")
    return p


def test_spiffworkflow_stops_in_the_middle_of_a_long_loop_and_calls_it_completed() -> None:
    workflow = Spiff(counting()).workflow
    assert workflow.is_completed()
    reached = max(task.data.get("n", 0) for task in workflow.get_tasks())
    assert reached < ROUNDS
    ends = [
        task for task in workflow.get_tasks(state=TaskState.COMPLETED) if task.task_spec.bpmn_id == "done"
    ]
    assert not ends


def test_a_long_loop_goes_round_as_often_as_it_should() -> None:
    run = Play(counting(), budget=Budget(steps=10 * ROUNDS)).start("counting")
    assert run.status == "completed"
    assert run.trace().count("count") == ROUNDS
    assert run.variables["n"] == ROUNDS


def hostile(marker: Path) -> Process:
    """A condition that reaches for Python."""
    p = Process("hostile")
    p.start("begin").exclusive("x", default="x_done").end("done").end("taken")
    reach = "[c for c in ().__class__.__mro__[1].__subclasses__() if c.__name__ == '_wrap_close'][0]"
    p.flow("begin", "x", "done")
    p.flow("x", "taken", when=f"{reach}.__init__.__globals__['mkdir']({str(marker)!r}) is None")
    return p


def test_a_condition_on_spiffworkflow_is_python_and_does_what_it_likes(tmp_path: Path) -> None:
    marker = tmp_path / "written by a diagram"
    Spiff(hostile(marker))
    assert marker.is_dir()


def test_a_condition_that_is_no_feel_is_refused_when_it_is_published(tmp_path: Path) -> None:
    marker = tmp_path / "written by a diagram"
    reading = read(diagram(hostile(marker)))
    assert reading.graph is None
    assert [(one.rule, one.element) for one in reading.findings] == [("expression", "x_taken")]
    assert not marker.exists()


@pytest.mark.parametrize(
    "text", ['__import__("os").getcwd()', "().__class__", 'open("/etc/passwd")', 'eval("1")']
)
def test_a_condition_has_no_way_to_python(text: str) -> None:
    p = Process("hostile")
    p.start("begin").exclusive("x", default="x_done").end("done").user("taken", role="a")
    p.flow("begin", "x", "done").flow("x", "taken", when=f"({text}) != null")
    graph = read(diagram(p)).graph
    if graph is not None:
        run = Play(graph=graph).start("hostile")
        assert run.open == []
