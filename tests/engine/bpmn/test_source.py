"""A diagram is hostile input."""

import subprocess
import sys
from itertools import pairwise

import pytest

from engine.bpmn.reading import compile_deployed, read
from engine.bpmn.source import MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, MAX_VALUE, open_source
from engine.errors import Invalid
from tests.bpmn_builder import BPMN, Process, chain, diagram

OPENING = f'<bpmn:definitions xmlns:bpmn="{BPMN}" targetNamespace="urn:wulian:test">'.encode()
CLOSING = b"</bpmn:definitions>"
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"<a/>" * (MAX_BYTES // 4 + 1), "diagram-too-large"),
        (OPENING + b"<bpmn:subProcess>" * 100_000, "diagram-too-deep"),
        (OPENING + b"<a/>" * (MAX_ELEMENTS + 1) + CLOSING, "diagram-too-many-elements"),
        (
            b"<a " + b"".join(b'a%d="" ' % n for n in range(MAX_ATTRIBUTES + 1)) + b"/>",
            "diagram-too-many-attributes",
        ),
        (b'<a b="' + b"c" * (MAX_VALUE + 1) + b'"/>', "diagram-value-too-long"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "diagram-doctype"),
        (b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', "diagram-doctype"),
        (b'<!DOCTYPE l [<!ENTITY l0 "ha">' + LAUGHS + b"]><l>&l9;</l>", "diagram-doctype"),
        (b"<a>&undeclared;</a>", "diagram-not-xml"),
        (OPENING, "diagram-not-xml"),
        (b"", "diagram-not-xml"),
        (b"PK\x03\x04", "diagram-not-xml"),
        (b"\xff\xfe\x00", "diagram-encoding"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "diagram-encoding"),
        ("<?xml version='1.0' encoding='UTF-8'?><a>接</a>".encode("gbk"), "diagram-encoding"),
        (b"<html/>", "diagram-not-bpmn"),
        (b"<definitions xmlns='http://schema.omg.org/spec/BPMN/2.0'/>", "diagram-not-bpmn"),
    ],
)
def test_what_is_hostile_or_unreadable_is_refused_in_both_languages(source: bytes, code: str) -> None:
    for opening in (read, compile_deployed):
        with pytest.raises(Invalid) as refused:
            opening(source)
        assert refused.value.code == code
        assert refused.value.text.zh
        assert refused.value.text.en


def test_the_line_of_broken_xml_is_told() -> None:
    with pytest.raises(Invalid, match="Line 2"):
        read(OPENING + b"\n<bpmn:process></bpmn:task>")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"]
)
def test_names_survive_every_encoding(encoding: str) -> None:
    p = Process("p")
    p.start().user("visit", name="入户面谈", role="social_worker").end().flow("start", "visit", "end")
    declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(encoding, encoding)
    source = diagram(p).decode().replace("UTF-8", declared).encode(encoding)
    reading = read(source)
    assert reading.graph is not None
    assert reading.graph.nodes["visit"].name == "入户面谈"


def test_nesting_up_to_the_limit_is_read() -> None:
    levels = MAX_DEPTH - 3
    opening = b"".join(b'<bpmn:subProcess id="s%d">' % n for n in range(levels))
    source = (
        OPENING + b'<bpmn:process id="p">' + opening + b'<bpmn:task id="t"/>' + b"</bpmn:subProcess>" * levels
    )
    reading = read(source + b"</bpmn:process>" + CLOSING)
    assert reading.graph is not None
    assert len(reading.graph.bodies) == levels + 1
    assert len(reading.steps("p")) == levels + 1


def test_nothing_outside_the_file_is_included() -> None:
    include = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>'
    imported = b'<bpmn:import importType="x" namespace="x" location="file:///etc/hostname"/>'
    root = open_source(OPENING + imported + include + CLOSING)
    assert root.xpath("string()") == ""


def test_a_file_full_of_breaches_gives_a_short_answer() -> None:
    source = (
        OPENING
        + b'<bpmn:process id="p">'
        + b'<bpmn:task id="t" x="1"/>' * 100_000
        + b"</bpmn:process>"
        + CLOSING
    )
    reading = read(source)
    assert reading.graph is None
    assert {finding.rule for finding in reading.findings} == {"duplicate-id", "schema", "too-many-nodes"}


def test_an_expression_too_deep_or_too_long_is_a_finding_on_its_flow() -> None:
    for text in ("(" * 5000 + "1" + ")" * 5000, "1+" * 50_000 + "1"):
        p = Process("p")
        p.start().exclusive("x").end().end("other").flow("start", "x", "other").flow("x", "end", when=text)
        assert ("expression", "x_end") in [(one.rule, one.element) for one in read(diagram(p)).findings]


def test_joins_that_would_need_too_much_memory_are_refused() -> None:
    tasks = [f"t{n}" for n in range(3_000)]
    p = Process("p")
    for task in tasks:
        p.raw(f'<bpmn:task id="{task}"/><bpmn:sequenceFlow id="h{task}" sourceRef="{task}" targetRef="g"/>')
    for before, after in pairwise(tasks):
        p.raw(f'<bpmn:sequenceFlow id="f{before}" sourceRef="{before}" targetRef="{after}"/>')
    p.inclusive("g")
    assert ("too-many-joins", "p") in [(one.rule, one.element) for one in read(diagram(p)).findings]


def test_a_deployed_diagram_loads_without_spiffworkflow() -> None:
    program = (
        "import sys\n"
        "from engine.bpmn.reading import compile_deployed\n"
        "graph = compile_deployed(sys.stdin.buffer.read())\n"
        "assert len(graph.nodes) == 22, len(graph.nodes)\n"
        "assert not [name for name in sys.modules if name.startswith('SpiffWorkflow')]\n"
    )
    done = subprocess.run([sys.executable, "-c", program], input=chain(20), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_long_chain_is_one_long_list() -> None:
    reading = read(chain(3_000))
    assert reading.graph is not None
    assert [step.id for step in reading.steps("chain")][:3] == ["start", "t0", "t1"]
    assert len(reading.steps("chain")) == 3_002
