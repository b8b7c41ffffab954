"""What the notation forbids, what can never run, what never stops."""

import pytest

from engine.bpmn.reading import read
from tests.bpmn_builder import Process, diagram
from tests.engine.bpmn.findings import compiled, errors, found, simple, warnings


def test_a_flow_must_have_two_ends() -> None:
    p = simple("x").task("x").raw('<bpmn:sequenceFlow id="f" sourceRef="x" targetRef="gone"/>')
    finding = found(p)["flow-dangling", "f"]
    assert "gone" in finding.text.en


def test_a_flow_stays_within_its_process_and_sub_process() -> None:
    p, q = Process("p"), Process("q")
    p.start().end().flow("start", "inner", "end")
    with p.sub("inner") as inner:
        inner.task("deep").flow("deep", "other")
    p.flow("deep", "end")
    q.task("other")
    assert errors(p, q) == [("flow-crosses-scope", "deep_end"), ("flow-crosses-scope", "deep_other")]


def test_an_event_sub_process_has_no_flows() -> None:
    p = simple("x").task("x").flow("x", "es")
    with p.event_sub("es") as es:
        es.start("s", signal="a").end("e").flow("s", "e")
    assert errors(p) == [("flow-not-allowed", "x_es")]


@pytest.mark.parametrize(
    ("process", "finding"),
    [
        (simple("x").task("x").flow("x", "start"), ("flow-not-allowed", "start")),
        (simple("x").task("x").flow("end", "x"), ("flow-not-allowed", "end")),
        (
            simple("x").user("x", role="w").boundary("b", on="x", timer="PT1H").flow("x", "b"),
            ("flow-not-allowed", "b"),
        ),
        (
            simple("x").throw("x", link="a").catch("c", link="a").flow("c", "end"),
            ("flow-not-allowed", "x"),
        ),
        (simple("x").parallel("x").end("e").flow("x", "e", when="a"), ("condition-not-allowed", "x_e")),
        (
            simple("x").catch("x", timer="PT1H").end("e").flow("x", "e", when="a"),
            ("condition-not-allowed", "x_e"),
        ),
        (simple("x").exclusive("x", default="gone"), ("default-not-outgoing", "x")),
        (simple("x").task("x", default="start_x"), ("default-not-outgoing", "x")),
        (simple("x").exclusive("x").end("e").flow("x", "e", when="a"), ("exclusive-unconditioned", "x")),
        (
            simple("x").task("x").boundary("b", on="start", timer="PT1H").flow("b", "end"),
            ("boundary-host", "b"),
        ),
        (
            simple("x").task("x").boundary("b", on="gone", timer="PT1H").flow("b", "end"),
            ("boundary-host", "b"),
        ),
        (
            simple("x").task("x").boundary("b", on="x", error="E", interrupting=False).flow("b", "end"),
            ("error-not-interrupting", "b"),
        ),
        (simple("x").task("x").task("lost").flow("lost", "end"), ("no-incoming", "lost")),
        (Process("p").task("a").task("b").flow("a", "b", "a"), ("no-start", "p")),
        (Process("p"), ("no-start", "p")),
        (simple("x").catch("x"), ("trigger-not-allowed", "x")),
        (simple("x").throw("x", timer="PT1H"), ("trigger-not-allowed", "x")),
        (simple("x").task("x").start("s", error="E").flow("s", "x"), ("trigger-not-allowed", "s")),
    ],
)
def test_what_cannot_work_is_an_error(process: Process, finding: tuple[str, str]) -> None:
    assert finding in errors(process)


@pytest.mark.parametrize(
    ("process", "finding"),
    [
        (
            simple("x").exclusive("x", default="x_end").end("e").flow("x", "e", when="a"),
            None,
        ),
        (simple("x").task("x").task("a").task("b").flow("a", "b", "a"), ("unreachable", "a")),
        (simple("x").task("x").start("again").flow("again", "x"), ("several-starts", "process")),
        (simple("x").task("x").boundary("b", on="x", timer="PT1H"), ("boundary-without-flow", "b")),
        (simple("x").task("x").catch("c", link="a").flow("c", "end"), ("unreachable", "c")),
        (simple("x").event_based("x"), ("event-gateway-few", "x")),
        (simple("x").user("x"), ("task-without-role", "x")),
        (simple("x").node("scriptTask", "x"), ("script-missing", "x")),
        (simple("x").task("x", default="x_end").end("e").flow("x", "e", when="a"), None),
    ],
)
def test_what_is_doubtful_is_a_warning(process: Process, finding: tuple[str, str] | None) -> None:
    assert finding in warnings(process) if finding else not warnings(process)


def test_an_unconditioned_last_flow_is_taken_as_the_default() -> None:
    p = Process("p")
    p.start().exclusive("x").end().end("e").flow("start", "x").flow("x", "e", when="a").flow("x", "end")
    assert warnings(p) == [("exclusive-implicit-default", "x")]


def test_a_condition_on_a_default_flow_has_no_effect_and_is_reported() -> None:
    p = Process("p")
    p.start().exclusive("x", default="x_e").end().end("e").flow("start", "x")
    p.flow("x", "end", when="a").flow("x", "e", when="b")
    assert warnings(p) == [("default-with-condition", "x_e")]
    assert compiled(p).nodes["x"].outgoing[1].condition is None


def test_a_sub_process_has_at_most_one_start_and_an_event_sub_process_exactly_one() -> None:
    p = Process("p")
    p.start().end().flow("start", "inner", "end")
    with p.sub("inner") as inner:
        inner.start("a").start("b").task("c").flow("a", "c").flow("b", "c")
    with p.event_sub("none") as none:
        none.task("d")
    with p.event_sub("plain") as plain:
        plain.start("e").end("f").flow("e", "f")
    assert errors(p) == [
        ("trigger-not-allowed", "e"),
        ("sub-process-starts", "inner"),
        ("sub-process-starts", "none"),
    ]


def test_only_waiting_events_follow_an_event_gateway() -> None:
    p = Process("p")
    p.start().event_based("g").catch("m", message="m").receive("r", "n").task("t").throw("th").end()
    p.catch("shared", timer="PT1H")
    p.flow("start", "g", "m", "end").flow("g", "r", "end").flow("g", "t", "end").flow(
        "g", "th", "shared", "end"
    )
    p.flow("g", "shared")
    assert errors(p) == [
        ("event-gateway-target", "t"),
        ("event-gateway-target", "th"),
        ("event-gateway-shared", "shared"),
    ]


def looping(*nodes: str) -> Process:
    p = Process("p")
    p.start().end().exclusive("x", default="x_end").flow("start", "a", *nodes, "x", "end")
    p.flow("x", "a", when="again")
    return p


def test_a_loop_with_a_way_out_but_no_wait_is_a_warning() -> None:
    assert warnings(looping().script("a", "n = n + 1")) == [("loop-without-wait", "x")]
    assert not warnings(looping().user("a", role="w"))
    assert not warnings(looping().catch("a", timer="PT1H"))
    assert not warnings(looping().service("a", "do"))


def test_a_loop_without_a_way_out_or_a_wait_is_an_error() -> None:
    p = Process("p")
    p.start().task("a").parallel("fork").end().flow("start", "a", "fork", "end").flow("fork", "a")
    assert errors(p) == [("endless-loop", "a")]


def test_a_loop_held_by_a_join_is_only_a_warning() -> None:
    p = Process("p")
    p.start().parallel("fork").user("u", role="w").parallel("join").task("a").parallel("again").end()
    p.flow("start", "fork", "u", "join", "a", "again", "end").flow("again", "join")
    assert not errors(p)
    assert ("loop-without-wait", "join") in warnings(p)


def test_a_wait_inside_a_sub_process_or_a_called_process_counts() -> None:
    waiting, idle = looping(), looping()
    with waiting.sub("a") as inner:
        inner.start("s").user("u", role="w").end("e").flow("s", "u", "e")
    with idle.sub("a") as inner:
        inner.start("s").exclusive("either", default="either_e").user("u", role="w").end("e")
        inner.flow("s", "either", "e").flow("either", "u", "e", when="slow")
    assert not warnings(waiting)
    assert warnings(idle) == [("loop-without-wait", "x")]
    called = Process("called")
    called.start("cs").task("ct").end("ce").flow("cs", "ct", "ce")
    assert warnings(looping().call("a", "called"), called) == [("loop-without-wait", "x")]
    assert not warnings(looping().call("a", "elsewhere"))


def test_a_process_that_calls_itself_at_once_is_reported() -> None:
    p, q = Process("p"), Process("q")
    p.start().call("c", "q").end().flow("start", "c", "end")
    q.start("qs").end("qe").flow("qs", "inner", "qe")
    with q.sub("inner") as inner:
        inner.call("back", "p")
    assert warnings(p, q) == [("calls-itself", "c"), ("calls-itself", "back")]
    patient = Process("p")
    patient.start().user("u", role="w").call("c", "p").end().flow("start", "u", "c", "end")
    assert not warnings(patient)


def test_what_follows_a_refused_element_is_not_reported_as_unreachable() -> None:
    p = Process("p")
    p.start().node("complexGateway", "strange").task("a").end().flow("start", "strange", "a", "end")
    assert list(found(p)) == [("unsupported-element", "strange")]


def test_a_file_without_an_executable_process_is_refused() -> None:
    p = Process("p", executable=False)
    assert [(one.rule, one.severity) for one in read(diagram(p)).findings] == [
        ("no-executable-process", "error"),
        ("process-not-executable", "info"),
    ]
    assert errors() == [("no-executable-process", None)]


def test_an_id_used_twice_is_an_error() -> None:
    assert ("duplicate-id", "x") in errors(simple("x").task("x").raw('<bpmn:dataObject id="x"/>'))
    assert ("duplicate-id", "x") in errors(simple("x").task("x").task("x"), own=False)


def test_a_gateway_without_a_default_is_mentioned() -> None:
    p = Process("p")
    p.start().exclusive("x").end("a").end("b").flow("start", "x").flow("x", "a", when="y").flow(
        "x", "b", when="z"
    )
    assert found(p)["no-default", "x"].severity == "info"
