"""What a diagram means, element by element."""

from datetime import UTC, datetime

import pytest

from engine.bpmn.graph import EventDefinition, Kind, TimerKind, Trigger
from engine.bpmn.reading import compile_deployed, read
from engine.feel import Expression
from tests.bpmn_builder import Process, diagram, each, element, loop, times
from tests.engine.bpmn.findings import compiled, simple

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def value(expression: Expression | str | None, **variables: object) -> object:
    assert isinstance(expression, Expression)
    return expression.evaluate(variables, now=NOW)


def test_a_process_becomes_a_body_of_nodes_and_flows() -> None:
    p = Process("intake", name="接案")
    p.start("s").exclusive("ok", default="ok_again").user("visit", name="入户", role="worker").end("done")
    p.flow("s", "visit", "ok").flow("ok", "done", when="agreed", name="同意").flow(
        "ok", "visit", id="ok_again"
    )
    graph = compiled(p)
    body = graph.bodies["intake"]
    assert graph.processes == ("intake",)
    assert (body.kind, body.name, body.starts) == ("process", "接案", ("s",))
    assert graph.nodes["visit"].incoming == ("s_visit", "ok_again")
    gateway = graph.nodes["ok"]
    assert gateway.default == "ok_again"
    agreed, again = gateway.outgoing
    assert (agreed.target, agreed.name, value(agreed.condition, agreed=True)) == ("done", "同意", True)
    assert again.condition is None


def test_reading_and_loading_give_the_same_graph() -> None:
    p = Process("p")
    p.start(message="lead", key="case_number").end()
    p.user("visit", role="worker", due="3wd", loop=each("people", "one", result="one.ok", results="all"))
    p.boundary("late", on="visit", timer="PT48H").inclusive("split").inclusive("join").script(
        "s", "a = 1 + 2"
    )
    p.flow("start", "visit", "split", "join", "end").flow("split", "s", "join", when="b > 2").flow(
        "late", "end"
    )
    source = diagram(p, keys={"lead": "number"})
    assert repr(read(source).graph) == repr(compile_deployed(source))


def test_the_content_of_a_sub_process_is_its_own_body() -> None:
    p = Process("p")
    with p.sub("group", name="小组") as group:
        group.start("gs").task("meet").end("ge").flow("gs", "meet", "ge")
    with p.event_sub("withdrawn") as withdrawn:
        withdrawn.start("ws", message="withdraw", interrupting=False).end("we").flow("ws", "we")
    p.start().end().flow("start", "group", "end")
    graph = compiled(p)
    assert graph.nodes["group"].child == "group"
    assert graph.bodies["group"].kind == "subProcess"
    assert set(graph.bodies["group"].nodes) == {"gs", "meet", "ge"}
    assert graph.bodies["p"].event_subprocesses == ("withdrawn",)
    assert "withdrawn" not in graph.nodes
    assert graph.bodies["withdrawn"].kind == "eventSubProcess"
    assert not graph.nodes["ws"].interrupting
    assert graph.nodes["meet"].body == "group"


def test_activities_without_incoming_flow_start_where_there_is_no_start_event() -> None:
    p = Process("p")
    p.task("a").task("b").task("c").parallel("g").flow("a", "c").flow("b", "g")
    p.boundary("late", on="a", timer="PT1H").flow("late", "c")
    assert compiled(p).bodies["p"].starts == ("a", "b")


@pytest.mark.parametrize(
    ("given", "kind", "timer"),
    [
        ({"timer": "PT48H"}, TimerKind.DURATION, "PT48H"),
        ({"timer": "P1Y2M3DT4H5M6.5S"}, TimerKind.DURATION, "P1Y2M3DT4H5M6.5S"),
        ({"date": "2026-03-28"}, TimerKind.DATE, "2026-03-28"),
        ({"date": "2026-03-28T09:00:00+08:00"}, TimerKind.DATE, "2026-03-28T09:00:00+08:00"),
        ({"cycle": "R3/PT10H"}, TimerKind.CYCLE, "R3/PT10H"),
        ({"cycle": "R/2026-01-01T00:00:00Z/P1M"}, TimerKind.CYCLE, "R/2026-01-01T00:00:00Z/P1M"),
        ({"cycle": "R2/P1D/2026-02-01"}, TimerKind.CYCLE, "R2/P1D/2026-02-01"),
    ],
)
def test_an_iso_time_is_taken_literally(given: dict[str, str], kind: TimerKind, timer: str) -> None:
    graph = compiled(simple("wait").catch("wait", **given))
    assert graph.nodes["wait"].events == (EventDefinition(Trigger.TIMER, timer_kind=kind, timer=timer),)


@pytest.mark.parametrize(
    "text", ["= settings.days", "settings.days", '= "PT1H"', '@"PT1H"', "P", "PT", "Rest"]
)
def test_any_other_time_is_feel(text: str) -> None:
    (event,) = compiled(simple("wait").catch("wait", timer=text)).nodes["wait"].events
    assert isinstance(event.timer, Expression)
    assert event.timer.text == text.removeprefix("=").strip()


def test_messages_signals_and_errors_are_known_by_name_and_code() -> None:
    p = simple("work")
    with p.sub("work") as work:
        work.start("ws").catch("m", message="回复").throw("t", signal="stop").end("we", error="E7")
        work.flow("ws", "m", "t", "we")
    p.boundary("failed", on="work", error="E7").boundary("any", on="work", error=True).flow("failed", "end")
    p.flow("any", "end")
    graph = read(diagram(p, keys={"回复": "case.number"})).graph
    assert graph is not None
    (message,) = graph.nodes["m"].events
    assert (message.trigger, message.name) == (Trigger.MESSAGE, "回复")
    assert value(message.key, case={"number": "GA-1"}) == "GA-1"
    assert graph.nodes["t"].events == (EventDefinition(Trigger.SIGNAL, "stop"),)
    assert graph.nodes["we"].events == graph.nodes["failed"].events == (EventDefinition(Trigger.ERROR, "E7"),)
    assert graph.nodes["any"].events == (EventDefinition(Trigger.ERROR),)
    assert graph.nodes["work"].boundary == ("failed", "any")
    assert graph.nodes["any"].attached_to == "work"
    assert graph.errors == {"E7": "E7"}


def test_the_catching_nodes_own_key_goes_before_the_messages() -> None:
    p = simple("wait").receive("wait", "回复", key='"own"')
    graph = read(diagram(p, keys={"回复": '"shared"'})).graph
    assert graph is not None
    message = graph.nodes["wait"].message
    assert message is not None
    assert value(message.key) == "own"


def test_a_literal_key_is_a_text() -> None:
    p = simple("wait").receive("wait", "回复", extension=element("wulian:correlation", key='他说"好"'))
    message = compiled(p).nodes["wait"].message
    assert message is not None
    assert value(message.key) == '他说"好"'


def test_an_event_may_refer_to_a_shared_definition() -> None:
    timer = "<bpmn:timeDuration>PT1S</bpmn:timeDuration>"
    shared = f'<bpmn:timerEventDefinition id="soon">{timer}</bpmn:timerEventDefinition>'
    p = simple("wait").catch("wait", extra="<bpmn:eventDefinitionRef>soon</bpmn:eventDefinitionRef>")
    assert compiled(p, roots=shared).nodes["wait"].events[0].timer == "PT1S"


def test_references_may_be_qualified_names() -> None:
    p = simple("wait").node("receiveTask", "wait", attributes={"messageRef": "bpmn:message_reply"})
    p.declare("message", "reply")
    message = compiled(p).nodes["wait"].message
    assert message is not None
    assert message.name == "reply"


def test_a_link_leads_from_each_throw_to_its_catch() -> None:
    p = Process("p")
    p.start().exclusive("x").throw("a", link="第二页").throw("b", link="第二页").catch(
        "c", link="第二页"
    ).end()
    p.flow("start", "x").flow("x", "a", when="big").flow("x", "b").flow("c", "end")
    graph = compiled(p)
    assert [flow.target for flow in graph.nodes["a"].outgoing] == ["c"]
    assert len(graph.nodes["c"].incoming) == 2


def test_loops_and_several_instances() -> None:
    p = Process("p")
    p.start().end().task("again", loop=loop("round < 3", before=True, maximum=5))
    p.task("thrice", loop=times(3, sequential=True, until="stop"))
    p.task("all", loop=each("people", "one", result="one.age", results="ages"))
    p.flow("start", "again", "thrice", "all", "end")
    nodes = compiled(p).nodes
    again, thrice, everyone = (nodes[id].loop for id in ("again", "thrice", "all"))
    assert again is not None
    assert (again.kind, again.test_before, value(again.maximum)) == ("standard", True, 5)
    assert value(again.condition, round=2) is True
    assert thrice is not None
    assert (thrice.kind, value(thrice.cardinality), value(thrice.condition, stop=True)) == (
        "sequential",
        3,
        True,
    )
    assert everyone is not None
    assert (everyone.kind, everyone.item, everyone.results) == ("parallel", "one", "ages")
    assert value(everyone.collection, people=[1, 2]) == [1, 2]
    assert value(everyone.result, one={"age": 70}) == 70


def test_a_user_task_says_who_does_what_by_when() -> None:
    p = simple().user(
        "visit",
        form="intake",
        role="social_worker",
        at="community",
        assignee="= caseworker",
        priority="70",
        title="= client_name",
        due="3wd",
        calendar="office",
        roll="previous",
        remind=[{"before": "1wd", "at": "09:00"}, {"before": "50%", "to": "supervisor"}],
        escalate=[{"after": "0h", "to": "supervisor", "at": "street", "level": "red", "signal": "late"}],
    )
    work = compiled(p).nodes["visit"].work
    assert work is not None
    assert (work.form, work.role, work.at, work.priority) == ("intake", "social_worker", "community", "70")
    assert value(work.assignee, caseworker="u1") == "u1"
    assert value(work.title, client_name="王") == "王"
    assert (work.due, work.calendar, work.roll) == ("3wd", "office", "previous")
    assert [(one.before, one.to, one.at) for one in work.remind] == [
        ("1wd", "assignee", "09:00"),
        ("50%", "supervisor", None),
    ]
    (escalation,) = work.escalate
    assert (escalation.after, escalation.to, escalation.at) == ("0h", "supervisor", "street")
    assert (escalation.level, escalation.signal) == ("red", "late")


def test_services_rules_and_calls() -> None:
    p = Process("p")
    p.start().end().service(
        "open", "case.open", retries=5, inputs={"who": "client"}, outputs={"nr": "number"}
    )
    p.rule("risk", "risk_level", "risk").call("sub", "other", inputs={"a": "b + 1"})
    p.node("callActivity", "any", extension=element("wulian:call", process="= chosen"))
    p.node("sendTask", "sms", extension=element("wulian:service", type="sms.send"))
    p.send("tell", "done").manual("carry", role="worker", assignee="= me")
    p.flow("start", "open", "risk", "sub", "any", "sms", "tell", "carry", "end")
    nodes = compiled(p).nodes
    service = nodes["open"].service
    assert service is not None
    assert (service.type, service.retries) == ("case.open", 5)
    assert [(one.target, one.source.text) for one in nodes["open"].inputs] == [("who", "client")]
    assert [(one.target, one.source.text) for one in nodes["open"].outputs] == [("nr", "number")]
    assert (nodes["risk"].decision, nodes["risk"].result) == ("risk_level", "risk")
    assert nodes["sub"].called == "other"
    assert value(nodes["any"].called, chosen="x") == "x"
    assert nodes["sms"].service is not None
    assert nodes["tell"].message == EventDefinition(Trigger.MESSAGE, "done")
    assert nodes["carry"].work is not None


@pytest.mark.parametrize("inside", ["extension", "script"])
def test_a_script_is_a_list_of_assignments(inside: str) -> None:
    lines = '// 注释\n\n金额 = 2 * 3\nnext = {\n  "a": "=(",\n  b: [1,\n 2]\n}\nok = 金额 = 6'
    if inside == "extension":
        p = simple("s").script("s", lines)
    else:
        p = simple("s").node(
            "scriptTask",
            "s",
            attributes={"scriptFormat": "FEEL"},
            extra=f"<bpmn:script>{lines}</bpmn:script>",
        )
    script = compiled(p).nodes["s"].script
    assert [one.target for one in script] == ["金额", "next", "ok"]
    assert value(script[1].source) == {"a": "=(", "b": [1, 2]}
    assert value(script[2].source, 金额=6) is True


def test_nodes_know_their_innermost_lane() -> None:
    p = Process("p")
    p.start().task("a").end().flow("start", "a", "end").lane("l", "start", "a", name="社工").lane("m", "end")
    nodes = compiled(p).nodes
    assert (nodes["a"].lane, nodes["end"].lane) == ("社工", "m")


def test_several_processes_in_one_file_and_those_that_are_only_pictures() -> None:
    one, two, picture = Process("one"), Process("two"), Process("picture", executable=False)
    one.start("s1").end("e1").flow("s1", "e1")
    two.start("s2").end("e2").flow("s2", "e2")
    picture.node("complexGateway", "never_read")
    pools = (
        '<bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="one"/>'
        '<bpmn:participant id="p2" name="外部"/><bpmn:messageFlow id="mf" sourceRef="p2" targetRef="s1"/>'
        "</bpmn:collaboration>"
    )
    reading = read(diagram(one, two, picture, roots=pools))
    assert reading.graph is not None
    assert reading.processes == (("one", "one"), ("two", "two"))
    assert [finding.rule for finding in reading.findings] == ["process-not-executable"]


def test_a_reading_tells_what_a_diagram_refers_to() -> None:
    p = Process("p", name="转介")
    p.start().throw("m", message="回复").call("c", "other").end("e", error="E1").throw("s", signal="停")
    p.flow("start", "m", "c", "s", "e")
    reading = read(diagram(p))
    assert reading.processes == (("p", "转介"),)
    assert (reading.messages, reading.signals, reading.errors) == (("回复",), ("停",), ("E1",))
    assert reading.called == ("other",)


def test_drawing_and_documentation_change_nothing() -> None:
    p = Process("p")
    drawn = (
        '<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="dr" name="表" dataObjectRef="d"/>',
        '<bpmn:textAnnotation id="ta"><bpmn:text>注意</bpmn:text></bpmn:textAnnotation>',
        '<bpmn:association id="as" sourceRef="a" targetRef="ta"/><bpmn:group id="gr"/>',
    )
    pointing = (
        '<bpmn:property id="slot" name="__targetRef_placeholder"/><bpmn:dataInputAssociation id="dia">'
        "<bpmn:sourceRef>dr</bpmn:sourceRef><bpmn:targetRef>slot</bpmn:targetRef>"
        "</bpmn:dataInputAssociation>"
        '<bpmn:dataOutputAssociation id="doa"><bpmn:targetRef>dr</bpmn:targetRef>'
        "</bpmn:dataOutputAssociation>"
    )
    p.raw("<bpmn:documentation>为什么</bpmn:documentation>").raw(drawn[0]).start().end()
    p.task("a", extra=pointing).flow("start", "a", "end").raw("".join(drawn[1:]), last=True)
    foreign = simple().user(
        "visit",
        role="w",
        extension='<c:formData xmlns:c="http://camunda.org/schema/1.0/bpmn"><c:x/></c:formData>',
    )
    assert compiled(p).nodes["a"].kind is Kind.TASK
    reading = read(diagram(foreign))
    assert reading.graph is not None
    assert not reading.findings
