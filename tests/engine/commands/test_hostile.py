"""Diagrams that mean harm, or were drawn without thinking, are refused or run bounded; the house stays up."""

import pytest

from engine.commands import complete, settle, start
from engine.commands.incidents import retry
from engine.errors import Invalid, LimitExceeded, NotAllowed
from engine.queries import matter_view
from engine.store import tables as t
from tests.bpmn_builder import Process, diagram
from tests.house import House

ANYONE = [{"process": "P", "roles": ["anyone"]}]
HEAD = b'<?xml version="1.0"?>'


def still_works(house: House) -> None:
    p = Process("Fine")
    p.start("s").user("a", role="social_worker").end("e").flow("s", "a", "e")
    house.deploy(diagram(p), starts=[{"process": "Fine", "roles": ["anyone"]}], key="fine")
    begun = start(house.engine, house.as_("worker"), "Fine")
    assert complete(house.engine, house.as_("worker"), begun.opened[0], {}).status == "completed"


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"not XML at all",
        b"<bpmn:definitions",
        HEAD + b'<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>',
        HEAD + b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>',
        HEAD + b"<d>" * 100_000 + b"</d>" * 100_000,
        HEAD + b"<d>" + b" " * 100_000_000 + b"</d>",
        bytes(range(256)) * 40,
    ],
    ids=["empty", "text", "cut off", "entities", "external", "deep", "100 MB", "noise"],
)
def test_what_is_no_diagram_is_refused_and_nothing_is_written(house: House, source: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        house.deploy(source)
    assert refused.value.text.zh
    assert house.rows(t.definition) == []
    still_works(house)


def test_an_unsupported_element_is_refused_by_name(house: House) -> None:
    p = Process("P")
    p.start("s").task("a").end("e").flow("s", "a", "e")
    source = (
        diagram(p)
        .replace(b"<bpmn:task ", b"<bpmn:adHocSubProcess ")
        .replace(b"</bpmn:task>", b"</bpmn:adHocSubProcess>")
    )
    with pytest.raises(Invalid) as refused:
        house.deploy(source)
    assert "a" in refused.value.fields
    assert refused.value.fields["a"][0].zh
    assert refused.value.fields["a"][0].en


def test_a_loop_without_a_wait_is_stopped_and_leaves_nothing(house: House) -> None:
    p = Process("P")
    p.start("s").exclusive("again").script("count", "n = if n = null then 1 else n + 1").exclusive(
        "more", default="out"
    ).end("e")
    p.flow("s", "again", "count", "more").flow("more", "again", when="n > 0").flow("more", "e", id="out")
    house.deploy(diagram(p), starts=ANYONE)  # with a warning: a condition may end the loop
    with pytest.raises(LimitExceeded) as stopped:
        start(house.engine, house.as_("worker"), "P")
    assert stopped.value.text.zh
    assert house.rows(t.instance) == []
    still_works(house)


def test_a_process_that_calls_itself_stops_at_a_bound(house: House) -> None:
    p = Process("P")
    p.start("s").call("self", "P").end("e").flow("s", "self", "e")
    house.deploy(diagram(p), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    (trouble,) = matter_view(house.engine, house.as_("worker"), begun.instance_id).incidents
    assert trouble.node == "self"
    assert trouble.text.zh
    still_works(house)


def test_twenty_and_blocks_in_sequence_run_through(house: House) -> None:
    p = Process("P")
    p.start("s")
    last = "s"
    for n in range(20):
        p.parallel(f"f{n}").script(f"a{n}", f"x{n} = {n}").script(f"b{n}", f"y{n} = {n}").parallel(f"j{n}")
        p.flow(last, f"f{n}").flow(f"f{n}", f"a{n}", f"j{n}").flow(f"f{n}", f"b{n}", f"j{n}")
        last = f"j{n}"
    p.end("e").flow(last, "e")
    house.deploy(diagram(p), starts=ANYONE)
    assert start(house.engine, house.as_("worker"), "P").status == "completed"


def test_what_is_stuck_says_so_and_is_tried_again_by_somebody_in_charge(house: House) -> None:
    p = Process("P")
    p.start("s").user("ask", role="social_worker").exclusive("which").end("e").end("e2")
    p.flow("s", "ask", "which").flow("which", "e", when='answer = "yes"').flow(
        "which", "e2", when='answer = "no"'
    )
    house.deploy(diagram(p), starts=ANYONE)
    begun = start(house.engine, house.as_("worker"), "P")
    complete(house.engine, house.as_("worker"), begun.opened[0], {"answer": "perhaps"})
    (trouble,) = matter_view(house.engine, house.as_("coordinator"), begun.instance_id).incidents
    assert trouble.node == "which"
    with pytest.raises(NotAllowed):
        retry(house.engine, house.as_("worker"), trouble.id, "再试")
    with pytest.raises(Invalid):
        retry(house.engine, house.as_("coordinator"), trouble.id, " ")
    retry(house.engine, house.as_("coordinator"), trouble.id, "表单已更正")
    settle(house.engine)
    (again,) = matter_view(house.engine, house.as_("coordinator"), begun.instance_id).incidents
    assert again.id != trouble.id
