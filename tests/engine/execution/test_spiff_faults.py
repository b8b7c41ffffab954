"""Why SpiffWorkflow's runtime is not ours: each fault shown on SpiffWorkflow, and not here."""

from itertools import pairwise

from engine.bpmn.reading import read
from tests.bpmn_builder import Process, diagram
from tests.engine.execution.oracle import Spiff
from tests.engine.execution.play import Play


def four_eyes() -> Process:
    p = Process("process")
    p.start("begin").exclusive("again").parallel("split").user("first").user("second").parallel("join")
    p.user("decide").exclusive("agreed", default="no").user("rework").end("finish")
    p.flow("begin", "again", "split").flow("split", "first", "join").flow("split", "second", "join")
    p.flow("join", "decide", "agreed").flow("agreed", "finish", when="yes > 0")
    p.flow("agreed", "rework", id="no").flow("rework", "again")
    return p


def until_the_second_round(play: Spiff | Play) -> list[str]:
    """Round one is approved by the first approver, then the second; in round two the second one is
    quicker."""
    for node in ("first", "second"):
        play.complete(node)
    play.complete("decide", yes=0)
    play.complete("rework")
    assert sorted(play.open) == ["first", "second"]
    play.complete("second")
    return sorted(play.open)


def test_in_the_second_round_one_of_two_approvers_suffices_on_spiff() -> None:
    assert until_the_second_round(Spiff(four_eyes(), {})) == ["decide", "first"]
    assert until_the_second_round(Play(four_eyes()).start()) == ["first"]


def two_counters() -> Process:
    p = Process("process")
    p.start("begin").parallel("split").user("a").user("b").parallel("join").user("after").end("finish")
    p.flow("begin", "split", "a", "join").flow("split", "b", "join").flow("join", "after", "finish")
    return p


def test_branches_lose_each_others_updates_on_spiff() -> None:
    spiff = Spiff(two_counters(), {"seen": 0})
    play = Play(two_counters()).start(variables={"seen": 0})
    spiff.complete("a", seen=1, found="here")
    play.complete("a", seen=1, found="here")
    (b,) = spiff.workflow.get_tasks(spec_name="b")
    assert b.data == {"seen": 0}, "the other branch doesn't see it"
    assert play.variables == {"seen": 1, "found": "here"}
    spiff.complete("b")
    play.complete("b")
    (after,) = spiff.workflow.get_tasks(spec_name="after")
    assert after.data["seen"] == 0, "and the join brings the old value back"
    assert play.variables["seen"] == 1


def blocks_in_a_row(count: int) -> Process:
    p = Process("process")
    p.start("n0")
    for number in range(count):
        p.parallel(f"s{number}").user(f"a{number}").user(f"b{number}").parallel(f"n{number + 1}")
        p.flow(f"n{number}", f"s{number}", f"a{number}", f"n{number + 1}")
        p.flow(f"s{number}", f"b{number}", f"n{number + 1}")
    p.end("finish").flow(f"n{count}", "finish")
    return p


def test_predictions_double_with_each_and_block_on_spiff() -> None:
    sizes = [len(list(Spiff(blocks_in_a_row(count), {}).workflow.get_tasks())) for count in (3, 4, 5, 6)]
    growth = [later - earlier for earlier, later in pairwise(sizes)]
    assert all(later > 1.8 * earlier for earlier, later in pairwise(growth)), sizes
    ours = [len(Play(blocks_in_a_row(count)).start().state.tokens) for count in (3, 20)]
    assert ours == [2, 2]


def rounds() -> Process:
    p = Process("process")
    p.start("begin").exclusive("merge").user("work").exclusive("again", default="back").end("finish")
    p.flow("begin", "merge", "work", "again").flow("again", "finish", when="stop > 0")
    p.flow("again", "merge", id="back")
    return p


def test_a_long_loop_claims_to_be_complete_on_spiff() -> None:
    spiff = Spiff(rounds(), {})
    done = 0
    while spiff.open and done < 600:
        spiff.complete("work", stop=0)
        done += 1
    assert done < 600, "nobody asked it to stop"
    assert spiff.completed
    play = Play(rounds()).start()
    for _ in range(done + 50):
        play.complete("work", stop=0)
    assert play.open == ["work"]


def test_a_condition_is_python_on_spiff() -> None:
    p = Process("process")
    hostile = "[each for each in ().__class__.__base__.__subclasses__() if each.__name__ == 'Popen'] != []"
    p.start("begin").exclusive("which", default="no").user("reached").user("safe").end("finish")
    p.flow("begin", "which").flow("which", "reached", when=hostile).flow("which", "safe", id="no")
    p.flow("reached", "finish").flow("safe", "finish")
    assert Spiff(p, {}).open == ["reached"]
    reading = read(diagram(p))
    assert reading.graph is None
    assert "which_reached" in {finding.element for finding in reading.findings if finding.severity == "error"}
