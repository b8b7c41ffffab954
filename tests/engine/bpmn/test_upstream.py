"""What an inclusive join waits for."""

from tests.bpmn_builder import Process
from tests.engine.bpmn.findings import compiled


def test_upstream_holds_the_nodes_and_flows_that_lead_to_each_incoming_flow() -> None:
    p = Process("p")
    p.start().inclusive("split", default="split_a").task("a").task("b").inclusive("join").end()
    p.flow("start", "split", "a", "join", "end").flow("split", "b", "join", when="more")
    graph = compiled(p)
    assert graph.has_inclusive_join
    upstream = graph.nodes["join"].upstream
    assert upstream["a_join"] == {"a_join", "a", "split_a", "split", "start_split", "start"}
    assert upstream["b_join"] == {"b_join", "b", "split_b", "split", "start_split", "start"}
    assert not graph.nodes["split"].upstream


def test_paths_through_the_gateway_itself_do_not_count() -> None:
    p = Process("p")
    p.start().inclusive("join").exclusive("again", default="again_end").task("back").end()
    p.flow("start", "join", "again", "end").flow("again", "back", when="redo").flow("back", "join")
    upstream = compiled(p).nodes["join"].upstream
    assert upstream["back_join"] == {"back_join", "back", "again_back", "again", "join_again"}
    assert upstream["start_join"] == {"start_join", "start"}


def test_a_token_in_an_activity_may_still_leave_it_by_its_boundary_event() -> None:
    p = Process("p")
    p.start().task("work").boundary("late", on="work", timer="PT1H").inclusive("join").end()
    p.flow("start", "work", "join", "end").flow("late", "join")
    upstream = compiled(p).nodes["join"].upstream
    assert upstream["late_join"] == {"late_join", "late", "work", "start_work", "start"}


def test_a_link_is_a_path() -> None:
    p = Process("p")
    p.start().parallel("fork").task("a").throw("out", link="x").catch("in", link="x").inclusive("join").end()
    p.flow("start", "fork", "a", "join", "end").flow("fork", "out").flow("in", "join")
    assert {"fork", "out", "in"} <= compiled(p).nodes["join"].upstream["in_join"]


def test_sub_processes_are_worlds_of_their_own() -> None:
    p = Process("p")
    p.start().end()
    with p.sub("inner") as inner:
        inner.start("is").inclusive("split").inclusive("join").end("ie").flow("is", "split", "join", "ie")
        inner.flow("split", "join", when="a")
    p.flow("start", "inner", "end")
    for upstream in compiled(p).nodes["join"].upstream.values():
        assert not {"start", "inner"} & upstream
