"""Whatever is done to a diagram, it is read, refused or reported; nothing else ever comes out."""

import random
from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.bpmn import compile_deployed, read
from engine.bpmn.source import BPMN
from engine.errors import Invalid
from tests.bpmn_builder import Process, diagram, each, loop


def rich() -> bytes:
    """One diagram with nearly everything in it."""
    p = Process("p", name="全部")
    p.start("begin", message="lead", key="number").exclusive("merge").parallel("fork").inclusive("both")
    p.user("visit", role="worker", due="3wd", remind=[{"before": "1wd"}], loop=each("people", "one"))
    p.script("count", "n = n + 1", loop=loop("n < 3", maximum=5)).rule("risk", "risk", "level")
    p.service("open", "case.open", inputs={"a": "b"}).call("other", "p", outputs={"c": "d"}).send(
        "tell", "told"
    )
    p.event_based("first").catch("reply", message="reply").catch("timeout", timer="PT1H").receive(
        "r", "reply"
    )
    p.throw("out", link="page").catch("in", link="page").end("failed", error="E1").end("over", terminate=True)
    with p.sub("group") as group:
        group.start("gs").manual("carry", role="w").end("ge", signal="done").flow("gs", "carry", "ge")
    with p.event_sub("stop") as stop:
        stop.start("ss", signal="stop", interrupting=False).end("se").flow("ss", "se")
    p.boundary("late", on="visit", timer="= span", interrupting=False).boundary("bad", on="group", error="E1")
    p.flow("begin", "merge", "fork", "visit", "both", "risk", "open", "group", "first", "reply", "out")
    p.flow("fork", "count", "both").flow("first", "timeout", "tell", "over").flow("in", "other", "failed")
    p.flow("late", "r", "over").flow("bad", "over").lane("l", "visit", "count", name="社工")
    return diagram(p)


RICH = rich()
VALUES = [
    "",
    "p",
    "visit",
    "fork",
    "= (",
    "=",
    "true",
    "-1",
    "p:q",
    "PT",
    "R/",
    "页",
    "begin_merge",
    "9" * 50,
]
TAGS = [
    "task",
    "subProcess",
    "complexGateway",
    "sequenceFlow",
    "startEvent",
    "boundaryEvent",
    "laneSet",
    "nonsense",
]


def disturb(source: bytes, chance: random.Random, times: int) -> bytes:
    """Moves, drops, copies, renames elements and changes attributes and texts."""
    root = etree.fromstring(source)
    for _ in range(times):
        elements = list(root.iterdescendants(etree.Element))
        if not elements:
            break
        one, other = chance.choice(elements), chance.choice(elements)
        parent = one.getparent()
        assert parent is not None
        match chance.randrange(7):
            case 0:
                parent.remove(one)
            case 1 if one not in list(other.iterancestors()) and one is not other:
                other.append(one)
            case 2:
                parent.append(deepcopy(one))
            case 3:
                one.tag = f"{{{BPMN}}}{chance.choice(TAGS)}"
            case 4 if one.attrib:
                one.set(chance.choice(list(map(str, one.attrib))), chance.choice(VALUES))
            case 5 if one.attrib:
                del one.attrib[chance.choice(list(map(str, one.attrib)))]
            case 6:
                one.text = chance.choice(VALUES)
    return etree.tostring(root)


def answer(source: bytes) -> None:
    try:
        reading = read(source, own=False)
    except Invalid:
        return
    for finding in reading.findings:
        assert finding.text.zh
        assert finding.text.en
    for process, _ in reading.processes:
        steps = reading.steps(process)
        assert len({step.id for step in steps}) == len(steps)
    if reading.graph is not None:
        assert repr(compile_deployed(source)) == repr(reading.graph)
    else:
        assert any(finding.severity == "error" for finding in reading.findings)


def test_the_undisturbed_diagram_is_good() -> None:
    assert read(RICH).graph is not None


@settings(max_examples=300, derandomize=True)
@given(seed=st.integers(min_value=0), times=st.integers(min_value=1, max_value=12))
def test_a_disturbed_diagram_gets_an_answer(seed: int, times: int) -> None:
    answer(disturb(RICH, random.Random(seed), times))


@settings(max_examples=200, derandomize=True)
@given(
    place=st.integers(min_value=0, max_value=len(RICH)),
    length=st.integers(0, 40),
    what=st.binary(max_size=12),
)
def test_damaged_bytes_get_an_answer(place: int, length: int, what: bytes) -> None:
    answer(RICH[:place] + what + RICH[place + length :])
