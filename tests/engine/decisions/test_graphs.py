"""Requirement graphs, boxed expressions, knowledge models, services and types (DMN 1.5, 6, 7, 10.2)."""

from datetime import UTC, datetime

import pytest

from engine.decisions import call_service, decide, read_dmn
from engine.errors import LimitExceeded
from engine.feel import Limits
from tests.engine.decisions.drawing import decision, document, input_data, literal, model, table


def value(inside: str, name: str, /, **given: object) -> object:
    return decide(model(inside), name, given, now=datetime(2026, 2, 12, tzinfo=UTC)).value


def test_a_decision_sees_the_decisions_it_requires_by_name() -> None:
    graph = (
        input_data("age", "number")
        + decision("score points", literal("if age >= 80 then 3 else 1"), needs="input:age", id_="score")
        + decision(
            "level",
            table("UNIQUE", "score", "level", '> 2 => "red"', '<= 2 => "green"').replace(
                "<text>score</text>", "<text>score points</text>"
            ),
            needs="decision:score",
        )
    )
    decided = decide(model(graph), "level", {"age": 81})
    assert decided.value == "red"
    assert model(graph).inputs_of("level") == {"age"}


def test_with_declared_inputs_a_decision_sees_only_what_it_requires() -> None:
    graph = input_data("age") + input_data("name") + decision("d", literal("name"), needs="input:age")
    assert value(graph, "d", age=1, name="王") is None
    assert model(graph).inputs_of("d") == {"age", "name"}


def test_without_declared_inputs_the_whole_context_is_seen() -> None:
    assert value(decision("d", literal("age + 1")), "d", age=80) == 81


def test_the_name_of_the_variable_counts_where_it_differs_from_the_decisions() -> None:
    first = decision("表 D 风险等级", literal('"red"'), id_="d").replace(
        'variable name="表 D 风险等级"', 'variable name="level"'
    )
    assert value(first + decision("e", literal("level"), needs="decision:d"), "e") == "red"


def test_a_long_chain_of_decisions_is_no_problem() -> None:
    chain = decision("d0", literal("1"))
    for number in range(1, 1_500):
        chain += decision(f"d{number}", literal(f"d{number - 1} + 1"), needs=f"decision:d{number - 1}")
    assert value(chain, "d1499") == 1_500


RATE = (
    '<businessKnowledgeModel id="rate" name="rate">'
    '<variable name="rate" typeRef="number"/><encapsulatedLogic>'
    '<formalParameter name="base" typeRef="number"/><formalParameter name="share" typeRef="number"/>'
    f"{literal('base * share')}</encapsulatedLogic></businessKnowledgeModel>"
)


def test_a_knowledge_model_is_a_function_by_position_by_name_and_as_an_invocation() -> None:
    boxed = (
        f"<invocation>{literal('rate')}"
        f'<binding><parameter name="share"/>{literal("0.5")}</binding>'
        f'<binding><parameter name="base"/>{literal("10")}</binding></invocation>'
    )
    for logic in (literal("rate(10, 0.5)"), literal("rate(share: 0.5, base: 10)"), boxed):
        assert value(RATE + decision("d", logic, needs="knowledge:rate"), "d") == 5
    assert value(RATE + decision("d", literal('rate("ten", 0.5)'), needs="knowledge:rate"), "d") is None


def test_a_table_in_a_knowledge_model_tells_its_rules_under_its_own_id() -> None:
    inner = table("UNIQUE", "n", "x", "> 1 => 2", "<= 1 => 1")
    knowledge = (
        '<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic>'
        f'<formalParameter name="n"/>{inner}</encapsulatedLogic></businessKnowledgeModel>'
    )
    decided = decide(model(knowledge + decision("d", literal("k(5)"), needs="knowledge:k")), "d", {})
    assert [(each.decision, each.rules[0].number) for each in decided.matched] == [("k", 1)]


def test_knowledge_that_calls_itself_for_ever_is_stopped() -> None:
    knowledge = (
        '<businessKnowledgeModel id="k" name="k"><variable name="k"/>'
        '<encapsulatedLogic><formalParameter name="n"/>' + literal("k(n + 1)") + "</encapsulatedLogic>"
        '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement></businessKnowledgeModel>'
    )
    with pytest.raises(LimitExceeded):
        value(knowledge + decision("d", literal("k(1)"), needs="knowledge:k"), "d")


def test_boxed_contexts_lists_and_relations() -> None:
    context = (
        f'<context><contextEntry><variable name="monthly income" typeRef="number"/>{literal("3000")}'
        "</contextEntry>"
        f'<contextEntry><variable name="people"/>{literal("2")}</contextEntry>'
        f"<contextEntry>{literal('monthly income / people')}</contextEntry></context>"
    )
    assert value(decision("d", context), "d") == 1500
    assert value(decision("d", f"<list>{literal('1')}{literal('1 + 1')}</list>"), "d") == [1, 2]
    relation = (
        '<relation><column name="who"/><column name="age"/>'
        f"<row>{literal(chr(34) + '王' + chr(34))}{literal('80')}</row></relation>"
    )
    assert value(decision("d", relation), "d") == [{"who": "王", "age": 80}]


def test_boxed_functions_conditionals_filters_and_loops() -> None:
    function = (
        '<context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="x"/>'
        f"{literal('x * 2')}</functionDefinition></contextEntry>"
        f"<contextEntry>{literal('f(21)')}</contextEntry></context>"
    )
    assert value(decision("d", function), "d") == 42
    branches = f"<then>{literal('1')}</then><else>{literal('2')}</else>"
    conditional = f"<conditional><if>{literal('a > 1')}</if>{branches}</conditional>"
    assert value(decision("d", conditional), "d", a=2) == 1
    chosen = f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>"
    assert value(decision("d", chosen), "d") == [2, 3]
    loop = f'<for iteratorVariable="i"><in>{literal("[1, 2]")}</in><return>{literal("i * a")}</return></for>'
    assert value(decision("d", loop), "d", a=3) == [3, 6]
    satisfied = f"<in>{literal('[1, 2]')}</in><satisfies>{literal('i > 1')}</satisfies>"
    every = f'<every iteratorVariable="i">{satisfied}</every>'
    assert value(decision("d", every), "d") is False


def test_a_java_function_is_null() -> None:
    java = '<functionDefinition kind="Java"><formalParameter name="x"/></functionDefinition>'
    entry = f'<contextEntry><variable name="f"/>{java}</contextEntry>'
    assert (
        value(decision("d", f"<context>{entry}<contextEntry>{literal('f(1)')}</contextEntry></context>"), "d")
        is None
    )


SERVICE = (
    input_data("age", "number")
    + decision("need", literal("age > 60"), needs="input:age", kind="boolean")
    + decision("plan", literal('if need then "visit" else "call"'), needs="decision:need")
    + '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#plan"/>'
    '<encapsulatedDecision href="#need"/><inputData href="#age"/></decisionService>'
)


def test_a_service_is_called_from_outside_and_from_a_decision() -> None:
    assert call_service(model(SERVICE), "s", {"age": 70}).value == "visit"
    caller = decision("d", literal("s(30)"), needs="knowledge:s")
    assert value(SERVICE + caller, "d", age=70) == "call"
    assert value(SERVICE + decision("d", literal('s("old")'), needs="knowledge:s"), "d") is None


TYPES = (
    '<itemDefinition name="tLevel"><typeRef>string</typeRef>'
    '<allowedValues><text>"red", "green"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef></itemDefinition>'
    '<itemDefinition name="tClient"><itemComponent name="age"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="level"><typeRef>tLevel</typeRef></itemComponent></itemDefinition>'
)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("number", '"x"', None),
        ("number", "[7]", 7),
        ("tLevel", '"red"', "red"),
        ("tLevel", '"blue"', None),
        ("tLevels", '"red"', ["red"]),
        ("tLevels", '["red", "blue"]', None),
        ("tClient", '{age: 80, level: "red"}', {"age": 80, "level": "red"}),
        ("tClient", '{age: "old", level: "red"}', None),
        ("Any", '"x"', "x"),
        ("nobody knows", "1", 1),
    ],
)
def test_a_result_of_another_type_is_null(kind: str, text: str, expected: object) -> None:
    assert value(TYPES + decision("d", literal(text), kind=kind), "d") == expected


def test_an_input_of_another_type_is_null_and_told() -> None:
    graph = input_data("age", "number") + decision("d", literal("age"), needs="input:age")
    decided = decide(model(graph), "d", {"age": "old"})
    assert decided.value is None
    assert decided.problems[0].element == "age"


def test_instance_of_knows_the_types_of_the_model() -> None:
    assert value(TYPES + decision("d", literal('"red" instance of tLevel')), "d") is True
    assert value(TYPES + decision("d", literal('"blue" instance of tLevel')), "d") is False


def test_imported_models_are_seen_under_their_name() -> None:
    base = read_dmn(document(decision("greet the person", literal('"你好"'), id_="greet"), own="urn:base"))
    importing = (
        '<import namespace="urn:base" name="base" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        + decision("d", literal("base.greet the person"), needs="decision:x").replace("#x", "urn:base#greet")
    )
    read = read_dmn(document(importing), imports={"urn:base": base})
    assert decide(read, "d", {}).value == "你好"


def test_the_whole_graph_shares_one_budget() -> None:
    heavy = literal("count(for i in 1..1000 return i)")
    graph = "".join(decision(f"d{n}", heavy) for n in range(20))
    graph += decision("all", literal("1"), needs=" ".join(f"decision:d{n}" for n in range(20)))
    assert decide(model(graph), "all", {}).value == 1
    with pytest.raises(LimitExceeded):
        decide(model(graph), "all", {}, limits=Limits(max_iterations=10_000))


FUNCTION_TYPE = (
    '<itemDefinition name="tRate"><functionItem outputTypeRef="number">'
    '<parameters name="base" typeRef="number"/><parameters name="share" typeRef="number"/>'
    "</functionItem></itemDefinition>"
)


def test_a_knowledge_model_may_be_of_a_function_type() -> None:
    typed = FUNCTION_TYPE + RATE.replace('name="rate" typeRef="number"', 'name="rate" typeRef="tRate"')
    assert value(typed + decision("d", literal("rate(10, 0.5)"), needs="knowledge:rate"), "d") == 5


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("function<number, number> -> number", True),
        ("function<number, number> -> Any", True),
        ("function<number, number> -> string", False),
        ("function<string, number> -> number", False),
        ("function<number> -> number", False),
        ("tRate", True),
    ],
)
def test_instance_of_a_function_type(kind: str, expected: bool) -> None:
    inside = FUNCTION_TYPE + RATE + decision("d", literal(f"rate instance of {kind}"), needs="knowledge:rate")
    assert value(inside, "d") is expected
