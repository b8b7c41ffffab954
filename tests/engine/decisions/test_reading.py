"""Files as others write them, and files written to do harm."""

import pytest

from engine.decisions import read_dmn
from engine.decisions.reader import NAMESPACES
from engine.decisions.xml import MAX_BYTES
from engine.errors import Invalid, LimitExceeded, WulianError
from tests.engine.decisions.drawing import decision, document, input_data, literal, table


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_version_since_1_1_is_read(namespace: str) -> None:
    assert read_dmn(document(decision("d", literal("1")), namespace=namespace)).decision("d").name == "d"


def test_a_tables_rules_annotations_and_labels_are_kept_for_showing() -> None:
    rules = table("FIRST", "age", "level", '>= 80 => "red"').replace(
        "</rule>", "<annotationEntry><text>表 D 第 1 行</text></annotationEntry></rule>"
    )
    logic = read_dmn(document(decision("d", rules))).decision("d").expression
    assert logic.rules[0].annotations == ("表 D 第 1 行",)  # type: ignore[union-attr]
    assert logic.rules[0].tests[0].text == ">= 80"  # type: ignore[union-attr]


def refused(source: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_dmn(source)
    assert caught.value.text.zh
    assert caught.value.text.en
    return caught.value


def test_wrong_feel_names_the_cell_and_the_place() -> None:
    wrong = table("FIRST", "age", "level", ">= => 1").replace("<inputEntry>", '<inputEntry id="cell">')
    error = refused(document(decision("d", wrong)))
    assert error.element == "cell"
    assert "第 1 行第 3 列" in error.text.zh


def test_wrong_feel_can_be_read_leniently_and_is_listed() -> None:
    model = read_dmn(document(decision("d", literal("1 +"))), lenient=True)
    assert len(model.problems) == 1


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (decision("d", literal("x"), needs="decision:nowhere"), "dmn_reference"),
        (
            decision("a", literal("b"), needs="decision:b") + decision("b", literal("a"), needs="decision:a"),
            "dmn_circle",
        ),
        (decision("a", literal("a"), needs="decision:a"), "dmn_circle"),
        (decision("d", table("BEST", "age", "x", "- => 1")), "dmn_hit_policy"),
        (decision("d", table("COLLECT", "age", "x", "- => 1", aggregation="AVG")), "dmn_hit_policy"),
        (decision("d", table("FIRST", "age", "x", "- | - => 1")), "dmn_table"),
        (decision("d", '<decisionTable id="t"/>'), "dmn_table"),
        (
            decision(
                "d", '<literalExpression expressionLanguage="javascript"><text>1</text></literalExpression>'
            ),
            "dmn_language",
        ),
        (decision("d", "<conditional><if/><then/><else/></conditional>"), "dmn_incomplete"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_element(inside: str, code: str) -> None:
    error = refused(document(inside))
    assert error.code == code
    assert error.element


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"not xml",
        b"<definitions/>",
        b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        b"<a>" * 100_000,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>',
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
        b" " * (MAX_BYTES + 1),
    ],
    ids=["empty", "no xml", "no namespace", "bpmn", "deep", "doctype", "entities", "utf-16 entities", "huge"],
)
def test_hostile_or_foreign_files_are_refused(source: bytes) -> None:
    refused(source)


def test_an_external_entity_is_never_read() -> None:
    source = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + document(
        decision("d", literal("1"))
    ).partition(b"?>")[2].replace(b"<text>1</text>", b"<text>&x;</text>")
    assert refused(source).code == "dmn_doctype"


def test_too_many_cells_are_refused() -> None:
    rules = ["- => 1"] * 16_000
    with pytest.raises(LimitExceeded):
        read_dmn(document(decision("d", table("FIRST", "age", "x", *rules))))


def test_too_many_names_with_spaces_are_refused() -> None:
    with pytest.raises(LimitExceeded):
        read_dmn(document("".join(input_data(f"a {n}") for n in range(2_001)) + decision("d", literal("1"))))


def test_a_type_that_contains_itself_is_read() -> None:
    component = '<itemComponent name="left"><typeRef>tTree</typeRef></itemComponent>'
    tree = f'<itemDefinition name="tTree">{component}</itemDefinition>'
    model = read_dmn(document(tree + decision("d", literal("{left: null}"), kind="tTree")))
    assert model.decision("d").type == "tTree"


def test_types_that_refer_to_each_other_do_not_hang() -> None:
    circle = "".join(
        f'<itemDefinition name="{a}"><typeRef>{b}</typeRef></itemDefinition>' for a, b in ("ab", "ba")
    )
    assert read_dmn(document(circle + decision("d", literal("1"), kind="a"))).types.keys() == {"a", "b"}


@pytest.mark.parametrize("depth", [20, 120, 240])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<list>", "</list>"),
        ('<context><contextEntry><variable name="x"/>', "</contextEntry></context>"),
        ('<itemComponent name="x">', "</itemComponent>"),
    ],
)
def test_deep_nesting_is_read_or_refused(depth: int, start: str, end: str) -> None:
    inside = start * depth + end * depth
    source = (
        document(decision("d", inside))
        if "item" not in start
        else document(
            f'<itemDefinition name="t">{inside}</itemDefinition>' + decision("d", literal("1"), kind="t")
        )
    )
    try:
        read_dmn(source)
    except WulianError as error:
        refused_with = error
    else:
        return
    assert refused_with.text.zh
