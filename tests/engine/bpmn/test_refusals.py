"""What isn't executed is refused on its element; nothing is silently ignored."""

import re

import pytest

from engine.bpmn.reading import compile_deployed, read
from engine.bpmn.rules import RULES
from engine.errors import Invalid
from engine.text import Text
from tests.bpmn_builder import Process, diagram, each, element, loop, times
from tests.engine.bpmn.findings import errors, found, simple, warnings


def node(tag: str, **rest: object) -> Process:
    p = simple("x")
    p.node(tag, "x", **rest)  # type: ignore[arg-type]
    return p


@pytest.mark.parametrize("tag", ["complexGateway", "transaction", "adHocSubProcess"])
def test_an_element_outside_the_first_floor_is_named(tag: str) -> None:
    finding = found(node(tag))["unsupported-element", "x"]
    assert finding.severity == "error"
    assert tag in finding.text.zh
    assert tag in finding.text.en
    assert finding.way_out.zh
    assert finding.way_out.en


@pytest.mark.parametrize("trigger", ["cancel", "compensate", "conditional", "escalation"])
@pytest.mark.parametrize(
    "tag", ["intermediateThrowEvent", "intermediateCatchEvent", "endEvent", "startEvent"]
)
def test_an_event_outside_the_first_floor_is_named(tag: str, trigger: str) -> None:
    inside = "<bpmn:condition>a</bpmn:condition>" if trigger == "conditional" else ""
    definition = element(f"bpmn:{trigger}EventDefinition", inside)
    assert ("unsupported-event", "x") in errors(node(tag, extra=definition))


def test_an_event_with_several_triggers_is_refused() -> None:
    two = '<bpmn:terminateEventDefinition/><bpmn:timerEventDefinition id="t"/>'
    assert errors(node("endEvent", extra=two))[0] == ("multiple-events", "x")


@pytest.mark.parametrize(
    ("tag", "attributes", "rule"),
    [
        ("task", {"isForCompensation": True}, "compensation"),
        ("task", {"startQuantity": 2}, "quantity"),
        ("task", {"completionQuantity": 0}, "quantity"),
        ("receiveTask", {"instantiate": True}, "instantiate"),
        ("eventBasedGateway", {"instantiate": True}, "instantiate"),
        ("eventBasedGateway", {"eventGatewayType": "Parallel"}, "bad-attribute"),
    ],
)
def test_a_mark_that_changes_how_it_runs_is_refused(
    tag: str, attributes: dict[str, object], rule: str
) -> None:
    assert (rule, "x") in errors(node(tag, attributes=attributes))


DATA = (
    '<bpmn:ioSpecification><bpmn:dataInput id="in"/><bpmn:dataOutput id="out"/>'
    "<bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>"
)
ALL = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"


@pytest.mark.parametrize(
    "many",
    [
        ALL.replace("Characteristics>", 'Characteristics behavior="One">', 1),
        ALL.replace("Characteristics>", 'Characteristics behavior="None">', 1),
        ALL + "<bpmn:complexBehaviorDefinition><bpmn:condition>a</bpmn:condition>"
        "</bpmn:complexBehaviorDefinition>",
    ],
)
def test_a_multi_instance_that_throws_events_is_refused(many: str) -> None:
    assert ("multi-instance-behaviour", "x") in errors(
        node("task", loop=many + "</bpmn:multiInstanceLoopCharacteristics>")
    )


@pytest.mark.parametrize(
    "association",
    [
        DATA + '<bpmn:dataInputAssociation id="a"><bpmn:sourceRef>d</bpmn:sourceRef>'
        "<bpmn:targetRef>in</bpmn:targetRef></bpmn:dataInputAssociation>",
        DATA + '<bpmn:dataOutputAssociation id="a"><bpmn:sourceRef>out</bpmn:sourceRef>'
        "<bpmn:targetRef>d</bpmn:targetRef></bpmn:dataOutputAssociation>",
        '<bpmn:dataInputAssociation id="a"><bpmn:targetRef>d</bpmn:targetRef>'
        "<bpmn:assignment><bpmn:from>1</bpmn:from><bpmn:to>d</bpmn:to></bpmn:assignment>"
        "</bpmn:dataInputAssociation>",
    ],
)
def test_a_data_association_that_copies_is_refused(association: str) -> None:
    p = node("task", extra=association)
    p.raw('<bpmn:dataObject id="d"/>')
    assert errors(p) == [("data-association", "x")]


def test_what_would_decide_who_works_is_reported() -> None:
    owner = (
        "<bpmn:potentialOwner><bpmn:resourceAssignmentExpression>"
        "<bpmn:formalExpression>me</bpmn:formalExpression>"
        "</bpmn:resourceAssignmentExpression></bpmn:potentialOwner>"
    )
    assert ("performer", "x") in warnings(node("userTask", extra=owner))


def test_a_file_that_demands_to_be_understood_is_refused() -> None:
    demand = '<bpmn:extension mustUnderstand="true" definition="bpmn:magic"/>'
    assert ("must-understand", None) in errors(simple("start"), roots=demand)


@pytest.mark.parametrize("tag", ["globalUserTask", "globalScriptTask"])
def test_a_global_task_is_refused(tag: str) -> None:
    assert ("unsupported-element", "g") in errors(simple("start"), roots=element(f"bpmn:{tag}", id="g"))


def test_breaches_of_the_schema_are_errors_in_our_files_and_warnings_in_others() -> None:
    p = simple("x").task("x", attributes={"colour": "red"})
    finding = found(p)["schema", "x"]
    assert finding.severity == "error"
    assert "colour" in finding.text.en
    assert "Line 2" in finding.text.en
    assert warnings(p, own=False) == [("schema", "x")]
    assert not errors(p, own=False)


def test_a_known_quirk_of_another_designer_is_no_breach() -> None:
    quirk = (
        '<bpmn:correlationProperty id="c">'
        '<bpmn:correlationPropertyRetrievalExpression messageRef="message_m">'
        "<bpmn:formalExpression>a</bpmn:formalExpression></bpmn:correlationPropertyRetrievalExpression>"
        "</bpmn:correlationProperty>"
    )
    p = simple("m").throw("m", message="m")
    assert not errors(p, roots=quirk)
    assert warnings(p, roots=quirk) == [("correlation-not-used", "c")]


def test_a_misspelt_extension_is_not_passed_over() -> None:
    for extension, name in (
        (element("wulian:tusk", role="w"), "tusk"),
        (element("wulian:task", rolle="w"), "task/@rolle"),
        (element("wulian:service", type="x"), "service"),
        (element("wulian:due", amount="3wd") * 2, "due"),
    ):
        finding = found(simple("x").user("x", role="w", extension=extension)).get(("unknown-wulian", "x"))
        if extension.startswith("<wulian:task"):
            finding = found(simple("x").user("x", extension=extension))["unknown-wulian", "x"]
        assert finding is not None
        assert name in finding.text.en


def test_an_extension_in_the_wrong_place_is_reported() -> None:
    due = element("wulian:due", amount="3wd")
    holder = f"<bpmn:extensionElements>{due}</bpmn:extensionElements>"
    assert ("unknown-wulian", "x") in errors(simple("x").exclusive("x", extension=due))
    assert ("unknown-wulian", "process") in errors(simple("x").raw(holder).task("x"))
    assert ("unknown-wulian", "x") in errors(simple("x").task("x", extra=due), own=False)
    assert ("unknown-wulian", "x") in errors(
        simple("x").task("x", attributes={"wulian:role": "w"}), own=False
    )


def test_other_engines_extensions_are_kept_and_named_once() -> None:
    source = diagram(simple("x").task("x")).replace(
        b"<bpmn:definitions", b'<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    )
    reading = read(source, own=False)
    assert reading.graph is not None
    assert [(one.rule, one.severity) for one in reading.findings] == [("foreign-extension", "info")]
    assert "Camunda 7" in reading.findings[0].text.en


@pytest.mark.parametrize(
    ("process", "finding"),
    [
        (simple("x").node("serviceTask", "x"), ("service-without-type", "x")),
        (simple("x").service("x", ""), ("missing-attribute", "x")),
        (
            simple("x").service("x", "a", extension='<wulian:input target="a b" source="=1"/>'),
            ("bad-attribute", "x"),
        ),
        (simple("x").service("x", "a", attributes={}, retries=-1), ("bad-attribute", "x")),
        (simple("x").node("businessRuleTask", "x"), ("rule-without-decision", "x")),
        (simple("x").node("callActivity", "x"), ("call-without-process", "x")),
        (simple("x").node("sendTask", "x"), ("message-missing", "x")),
        (simple("x").node("receiveTask", "x"), ("message-missing", "x")),
        (simple("x").catch("x", message=True), ("message-missing", "x")),
        (simple("x").catch("x", signal=True), ("signal-missing", "x")),
        (simple("x").node("receiveTask", "x", attributes={"messageRef": "gone"}), ("reference-missing", "x")),
        (simple("x").catch("x", extra="<bpmn:timerEventDefinition/>"), ("timer-missing", "x")),
        (simple("x").catch("x", timer="PT1X"), ("timer-unreadable", "x")),
        (simple("x").catch("x", timer="2026-01-01"), ("timer-unreadable", "x")),
        (simple("x").catch("x", date="2026-13-01"), ("timer-unreadable", "x")),
        (simple("x").catch("x", cycle="R3/2026-01-01/2026-02-01"), ("timer-unreadable", "x")),
        (simple("x").catch("x", timer="="), ("expression-missing", "x")),
        (simple("x").catch("x", timer="0 0 9 * * ?"), ("expression", "x")),
        (simple("x").throw("x", link="nowhere"), ("link-unresolved", "x")),
        (simple("x").script("x", "a = 1 +"), ("expression", "x")),
        (simple("x").script("x", "a"), ("script-line", "x")),
        (simple("x").script("x", "a b = 2"), ("script-line", "x")),
        (simple("x").script("x", "a == 2"), ("script-line", "x")),
        (
            simple("x").node(
                "scriptTask",
                "x",
                attributes={"scriptFormat": "python"},
                extra="<bpmn:script>a=1</bpmn:script>",
            ),
            ("script-language", "x"),
        ),
        (simple("x").task("x", loop=loop()), ("loop-without-condition", "x")),
        (simple("x").task("x", loop=loop(maximum=0)), ("loop-number", "x")),
        (simple("x").task("x", loop=times("-1")), ("loop-number", "x")),
        (
            simple("x").task("x", loop="<bpmn:multiInstanceLoopCharacteristics/>"),
            ("multi-instance-of-what", "x"),
        ),
        (simple("x").task("x", loop=each("a", result="b")), ("missing-attribute", "x")),
        (simple("x").task("x", loop=each("a", "b c")), ("bad-attribute", "x")),
        (simple("x").task("x", loop=each("for")), ("expression", "x")),
        (simple("x").user("x", role="w", priority="high"), ("bad-attribute", "x")),
        (simple("x").user("x", role="w", due="3wd", calendar="lunar"), ("bad-attribute", "x")),
        (simple("x").user("x", role="w", due="3wd", roll="up"), ("bad-attribute", "x")),
        (
            simple("x").user("x", role="w", due="3wd", remind=[{"before": "1wd", "at": "9"}]),
            ("bad-attribute", "x"),
        ),
        (simple("x").user("x", role="w", due="3wd", remind=[{"before": "= a"}]), ("bad-attribute", "x")),
        (simple("x").user("x", role="w", due="3wd", escalate=[{"after": "0h"}]), ("missing-attribute", "x")),
        (
            simple("x").user("x", role="w", due="1d", escalate=[{"after": "0h", "to": "a", "level": "pink"}]),
            ("bad-attribute", "x"),
        ),
        (simple("x").user("x", role="w", remind=[{"before": "1wd"}]), ("missing-attribute", "x")),
    ],
)
def test_what_is_left_out_or_wrong_is_named(process: Process, finding: tuple[str, str]) -> None:
    assert finding in errors(process)


def test_an_error_end_needs_a_code_and_a_catch_may_do_without() -> None:
    p = Process("p")
    p.start().end("e", error=True).flow("start", "e")
    assert errors(p) == [("error-missing", "e")]


def test_amounts_of_time_are_checked_by_whoever_knows_them() -> None:
    def check(amount: str) -> None:
        if not re.fullmatch(r"\d+(wd|h)", amount):
            raise Invalid(Text("看不懂", "not an amount"))

    p = simple("x").user(
        "x",
        role="w",
        due="3 moons",
        remind=[{"before": "1wd"}, {"before": "50%"}, {"before": "soon"}],
        escalate=[{"after": "later", "to": "s"}],
    )
    bad = [one for one in read(diagram(p), check_amount=check).findings if one.rule == "amount"]
    assert [one.element for one in bad] == ["x", "x", "x"]
    assert "“3 moons”" in bad[0].text.zh
    assert "not an amount" in bad[0].text.en
    good = simple("x").user("x", role="w", due="= settings.days", remind=[{"before": "1wd"}])
    assert read(diagram(good), check_amount=check).graph is not None


def test_an_expression_in_another_language_is_refused() -> None:
    p = Process("p")
    p.start().exclusive("x", default="x_end").end().end("other").flow("start", "x", "end")
    for language, refused in (
        ("http://www.w3.org/1999/XPath", True),
        ("https://www.omg.org/spec/DMN/20191111/FEEL/", False),
    ):
        condition = element(
            "bpmn:conditionExpression", "a", xsi__type="bpmn:tFormalExpression", language=language
        )
        flow = element("bpmn:sequenceFlow", condition, id="f", sourceRef="x", targetRef="other")
        source = diagram(p).replace(b"</bpmn:process>", flow.encode() + b"</bpmn:process>")
        assert (
            ("expression-language", "f") in [(o.rule, o.element) for o in read(source).findings]
        ) is refused


def test_a_juel_condition_is_refused_on_its_flow() -> None:
    p = Process("p")
    p.start().exclusive("x", default="x_end").end().end("other").flow("start", "x", "end")
    p.flow("x", "other", when="${approved}")
    assert errors(p) == [("expression", "x_other")]


def test_names_left_out_are_replaced_by_ids() -> None:
    roots = '<bpmn:message id="m1"/><bpmn:signal id="s1"/><bpmn:error id="e1"/>'
    p = Process("p")
    p.start().throw("m", extra='<bpmn:messageEventDefinition messageRef="m1"/>')
    p.throw("s", extra='<bpmn:signalEventDefinition signalRef="s1"/>')
    p.end("e", extra='<bpmn:errorEventDefinition errorRef="e1"/>').flow("start", "m", "s", "e")
    reading = read(diagram(p, roots=roots))
    assert reading.graph is not None
    assert [reading.graph.nodes[id].events[0].name for id in "mse"] == ["m1", "s1", "e1"]
    assert warnings(p, roots=roots) == [("without-name", "m1"), ("without-name", "s1"), ("without-code", "e")]


def test_a_deployed_diagram_that_no_longer_compiles_says_why() -> None:
    with pytest.raises(Invalid) as refused:
        compile_deployed(diagram(node("complexGateway")))
    assert (refused.value.code, refused.value.element) == ("unsupported-element", "x")


def test_findings_are_bounded_and_errors_come_first() -> None:
    p = Process("p")
    p.start().end().flow("start", "end")
    for number in range(600):
        p.user(f"u{number}")
        p.flow("start", f"u{number}")
    p.node("complexGateway", "last")
    reading = read(diagram(p))
    assert reading.graph is None
    assert len(reading.findings) == 500


def test_every_rule_speaks_both_languages() -> None:
    for name, rule in RULES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        for zh, en in ((rule.zh, rule.en), (rule.way_zh, rule.way_en)):
            assert re.search(r"[一-鿿]", zh), name
            assert not re.search(r"[一-鿿]", en), name
            places = re.compile(r"\{(\w+?)(?:_zh|_en)?\}")
            assert set(places.findall(zh)) == set(places.findall(en)), name
