"""Writes small valid BPMN diagrams from a few lines, for tests.

    p = Process("intake")
    p.start("s")
    p.user("visit", name="入户", role="social_worker", due="3wd")
    p.exclusive("ok", default="ok_again")
    p.end("done")
    p.flow("s", "visit", "ok")                 # a chain of flows; each is called <source>_<target>
    p.flow("ok", "done", when="agreed")
    p.flow("ok", "visit", id="ok_again")
    p.boundary("late", on="visit", timer="PT48H", interrupting=False)
    source = diagram(p)                        # bytes

Every node method takes ``name=``, ``extra=`` (XML put inside the node, after its loop), ``extension=`` (XML
put into its ``extensionElements``), ``inputs=`` and ``outputs=`` (target → FEEL) and ``attributes=`` (raw
attributes). Activities also take ``loop=`` (see :func:`loop`, :func:`each`, :func:`times`) and ``default=``.
Names of messages, signals and errors are declared as they are used. A sub-process is filled like a process:
``with p.sub("group") as g: g.start(…)``.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Self
from xml.sax.saxutils import escape, quoteattr

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
WULIAN = "urn:wulian:bpmn:1"
_EXPRESSION = 'xsi:type="bpmn:tFormalExpression"'


def _attributes(values: Mapping[str, object]) -> str:
    texts = {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in values.items()
        if value is not None
    }
    return "".join(f" {key}={quoteattr(text)}" for key, text in texts.items())


def element(tag: str, content: str = "", /, **values: object) -> str:
    """One XML element; a trailing underscore in an attribute's name is dropped, a double one is a colon."""
    attributes = _attributes({key.rstrip("_").replace("__", ":"): value for key, value in values.items()})
    return f"<{tag}{attributes}>{content}</{tag}>" if content else f"<{tag}{attributes}/>"


def _formal(tag: str, text: str) -> str:
    return f"<bpmn:{tag} {_EXPRESSION}>{escape(text)}</bpmn:{tag}>"


def loop(condition: str | None = None, *, before: bool = False, maximum: int | None = None) -> str:
    """A standard loop: again while ``condition`` holds."""
    inner = _formal("loopCondition", condition) if condition is not None else ""
    return element("bpmn:standardLoopCharacteristics", inner, testBefore=before, loopMaximum=maximum)


def _extension(content: str) -> str:
    return f"<bpmn:extensionElements>{content}</bpmn:extensionElements>"


def _many(inner: str, sequential: bool, until: str | None) -> str:
    if until is not None:
        inner += _formal("completionCondition", until)
    return element("bpmn:multiInstanceLoopCharacteristics", inner, isSequential=sequential)


def each(
    items: str,
    item: str | None = None,
    *,
    result: str | None = None,
    results: str | None = None,
    sequential: bool = False,
    until: str | None = None,
) -> str:
    """Multi-instance over a FEEL list."""
    collection = element(
        "wulian:collection", items=f"= {items}", item=item, result=result and f"= {result}", results=results
    )
    return _many(_extension(collection), sequential, until)


def times(cardinality: str | int, *, sequential: bool = False, until: str | None = None) -> str:
    """Multi-instance of a fixed number, a FEEL expression."""
    return _many(_formal("loopCardinality", str(cardinality)), sequential, until)


class Body:
    """What a process and a sub-process have in common: nodes and flows."""

    def __init__(self, process: "Process") -> None:
        self.process = process
        self.nodes: list[tuple[str, str, str, str]] = []  # tag, id, opening attributes, content with {flows}
        self.artifacts: list[str] = []
        self.flows: list[tuple[str, str, str, str]] = []  # id, source, target, element

    def flow(
        self, *nodes: str, when: str | None = None, id: str | None = None, name: str | None = None
    ) -> Self:
        """Flows along ``nodes``. ``when`` is the FEEL condition (of each), ``id`` names a single flow."""
        for source, target in pairwise(nodes):
            taken = {flow[0] for flow in self.flows}
            flow_id = id or f"{source}_{target}"
            while flow_id in taken:
                flow_id += "_"
            condition = _formal("conditionExpression", when) if when is not None else ""
            text = element(
                "bpmn:sequenceFlow", condition, id=flow_id, name=name, sourceRef=source, targetRef=target
            )
            self.flows.append((flow_id, source, target, text))
        return self

    def node(
        self,
        tag: str,
        id: str,
        *,
        name: str | None = None,
        extra: str = "",
        extension: str = "",
        inputs: Mapping[str, str] | None = None,
        outputs: Mapping[str, str] | None = None,
        loop: str = "",
        default: str | None = None,
        attributes: Mapping[str, object] | None = None,
    ) -> Self:
        """Any element by its BPMN name."""
        for mapping, kind in ((inputs, "input"), (outputs, "output")):
            for target, source in (mapping or {}).items():
                extension += element(f"wulian:{kind}", target=target, source=f"= {source}")
        if extension:
            extension = _extension(extension)
        opening = _attributes({"id": id, "name": name, "default": default, **(attributes or {})})
        self.nodes.append((f"bpmn:{tag}", id, opening, f"{extension}\0{loop}{extra}"))
        return self

    def start(self, id: str = "start", *, interrupting: bool | None = None, **rest: object) -> Self:
        """A start event; ``message= timer= date= cycle= signal= error=`` gives its trigger."""
        return self._event("startEvent", id, {"isInterrupting": interrupting}, rest)

    def end(self, id: str = "end", **rest: object) -> Self:
        """An end event: plain, ``message=``, ``signal=``, ``error=`` or ``terminate=True``."""
        return self._event("endEvent", id, {}, rest)

    def catch(self, id: str, **rest: object) -> Self:
        """An intermediate catch event: ``timer= date= cycle= message= (with key=) signal= link=``."""
        return self._event("intermediateCatchEvent", id, {}, rest)

    def throw(self, id: str, **rest: object) -> Self:
        """An intermediate throw event: plain, ``message=`` (with ``key=``), ``signal=``, ``link=``."""
        return self._event("intermediateThrowEvent", id, {}, rest)

    def boundary(self, id: str, *, on: str, interrupting: bool = True, **rest: object) -> Self:
        """A boundary event on activity ``on``."""
        return self._event("boundaryEvent", id, {"attachedToRef": on, "cancelActivity": interrupting}, rest)

    def task(self, id: str, **rest: object) -> Self:
        """An abstract task: passes at once."""
        return self._node("task", id, rest)

    def user(self, id: str, **rest: object) -> Self:
        """A user task: ``form role at assignee priority title``, ``due`` with ``calendar roll``.

        ``remind`` and ``escalate`` take lists of attributes."""
        return self._work("userTask", id, rest)

    def manual(self, id: str, **rest: object) -> Self:
        """A manual task, with the same attributes as a user task."""
        return self._work("manualTask", id, rest)

    def service(self, id: str, type: str, *, retries: int | None = None, **rest: object) -> Self:
        """A service task done by the handler ``type``."""
        return self._node("serviceTask", id, rest, element("wulian:service", type=type, retries=retries))

    def script(self, id: str, *lines: str, **rest: object) -> Self:
        """A script task: lines ``name = FEEL``."""
        text = element("wulian:script", escape("\n".join(lines)))
        return self._node("scriptTask", id, rest, text)

    def rule(self, id: str, ref: str, result: str, **rest: object) -> Self:
        """A business-rule task."""
        return self._node("businessRuleTask", id, rest, element("wulian:decision", ref=ref, result=result))

    def send(self, id: str, message: str, *, key: str | None = None, **rest: object) -> Self:
        """A send task."""
        return self._message_task("sendTask", id, message, key, rest)

    def receive(self, id: str, message: str, *, key: str | None = None, **rest: object) -> Self:
        """A receive task."""
        return self._message_task("receiveTask", id, message, key, rest)

    def call(self, id: str, process: str, **rest: object) -> Self:
        """A call activity."""
        return self._node("callActivity", id, rest, attributes={"calledElement": process})

    def exclusive(self, id: str, **rest: object) -> Self:
        return self._node("exclusiveGateway", id, rest)

    def parallel(self, id: str, **rest: object) -> Self:
        return self._node("parallelGateway", id, rest)

    def inclusive(self, id: str, **rest: object) -> Self:
        return self._node("inclusiveGateway", id, rest)

    def event_based(self, id: str, **rest: object) -> Self:
        return self._node("eventBasedGateway", id, rest)

    @contextmanager
    def sub(self, id: str, **rest: object) -> "Iterator[Body]":
        """An embedded sub-process: ``with p.sub("group") as g: g.start(…)``."""
        body = Body(self.process)
        yield body
        self._node("subProcess", id, {**rest, "extra": str(rest.get("extra", "")) + body.xml()})

    @contextmanager
    def event_sub(self, id: str, **rest: object) -> "Iterator[Body]":
        """An event sub-process."""
        body = Body(self.process)
        yield body
        self._node("subProcess", id, {**rest, "extra": body.xml()}, attributes={"triggeredByEvent": True})

    def raw(self, xml: str, *, last: bool = False) -> Self:
        """XML put among the flow elements as it is, or after them (where drawn artifacts stand)."""
        if last:
            self.artifacts.append(xml)
        else:
            self.nodes.append(("", "", "", xml))
        return self

    def _node(
        self,
        tag: str,
        id: str,
        rest: Mapping[str, object],
        extension: str = "",
        attributes: Mapping[str, object] | None = None,
    ) -> Self:
        merged = dict(rest)
        given = merged.get("attributes") or {}
        assert isinstance(given, Mapping)
        merged["attributes"] = {**(attributes or {}), **given}
        merged["extension"] = extension + str(merged.get("extension", ""))
        return self.node(tag, id, **merged)  # type: ignore[arg-type]

    def _message_task(
        self, tag: str, id: str, message: str, key: str | None, rest: Mapping[str, object]
    ) -> Self:
        extension = element("wulian:correlation", key=f"= {key}") if key else ""
        return self._node(tag, id, rest, extension, {"messageRef": self.process.declare("message", message)})

    def _work(self, tag: str, id: str, rest: dict[str, object]) -> Self:
        keys = ("form", "role", "at", "assignee", "priority", "title")
        task = {key: rest.pop(key) for key in keys if key in rest}
        due: dict[str, object] = {key: rest.pop(key) for key in ("due", "calendar", "roll") if key in rest}
        extension = element("wulian:task", **task) if task else ""
        if due:
            due["amount"] = due.pop("due")
            extension += element("wulian:due", **due)
        for kind in ("remind", "escalate"):
            given = rest.pop(kind, ())
            assert isinstance(given, Sequence)
            extension += "".join(element(f"wulian:{kind}", **values) for values in given)
        return self._node(tag, id, rest, extension)

    def _event(self, tag: str, id: str, attributes: Mapping[str, object], rest: dict[str, object]) -> Self:
        definition, extension = "", ""
        for key, timer in (("timer", "timeDuration"), ("date", "timeDate"), ("cycle", "timeCycle")):
            if key in rest:
                definition = element("bpmn:timerEventDefinition", _formal(timer, str(rest.pop(key))))
        for kind in ("message", "signal", "error", "escalation"):
            if kind in rest:
                name = rest.pop(kind)
                ref = None if name is True else self.process.declare(kind, str(name))
                definition = element(f"bpmn:{kind}EventDefinition", **{f"{kind}Ref": ref})
        if "key" in rest:
            extension = element("wulian:correlation", key=f"= {rest.pop('key')}")
        if "link" in rest:
            definition = element("bpmn:linkEventDefinition", name=rest.pop("link"))
        if rest.pop("terminate", False):
            definition = element("bpmn:terminateEventDefinition")
        merged = {**rest, "extra": definition + str(rest.get("extra", ""))}
        return self._node(tag, id, merged, extension, attributes)

    def xml(self) -> str:
        parts = []
        for tag, id, opening, content in self.nodes:
            if not tag:
                parts.append(content)
                continue
            incoming = "".join(f"<bpmn:incoming>{f[0]}</bpmn:incoming>" for f in self.flows if f[2] == id)
            outgoing = "".join(f"<bpmn:outgoing>{f[0]}</bpmn:outgoing>" for f in self.flows if f[1] == id)
            inner = content.replace("\0", incoming + outgoing, 1)
            parts.append(f"<{tag}{opening}>{inner}</{tag}>" if inner else f"<{tag}{opening}/>")
        return "".join([*parts, *(flow[3] for flow in self.flows), *self.artifacts])


class Process(Body):
    """A process; fill it with nodes and flows and give it to :func:`diagram`."""

    def __init__(self, id: str = "process", *, name: str | None = None, executable: bool = True) -> None:
        super().__init__(self)
        self.id = id
        self.name = name
        self.executable = executable
        self.declared: dict[tuple[str, str], str] = {}
        self.lanes: list[tuple[str, str, tuple[str, ...]]] = []

    def declare(self, kind: str, name: str) -> str:
        """The id of the message, signal or error with this name (an error's name is its code)."""
        safe = "".join(c if c.isalnum() else "_" for c in name)
        return self.declared.setdefault((kind, name), f"{kind}_{safe}")

    def lane(self, id: str, *nodes: str, name: str | None = None) -> "Process":
        self.lanes.append((id, name or id, nodes))
        return self

    def process_xml(self) -> str:
        lanes = "".join(
            element(
                "bpmn:lane",
                "".join(f"<bpmn:flowNodeRef>{n}</bpmn:flowNodeRef>" for n in nodes),
                id=id,
                name=name,
            )
            for id, name, nodes in self.lanes
        )
        lane_set = f"<bpmn:laneSet>{lanes}</bpmn:laneSet>" if lanes else ""
        return element(
            "bpmn:process", lane_set + self.xml(), id=self.id, name=self.name, isExecutable=self.executable
        )


def diagram(*processes: Process, roots: str = "", keys: Mapping[str, str] | None = None) -> bytes:
    """The file as bytes. ``roots`` is XML put among the root elements.

    ``keys`` maps message names to their correlation key (FEEL).
    """
    declared: dict[tuple[str, str], str] = {}
    for process in processes:
        declared.update(process.declared)
    parts = []
    for (kind, name), id in declared.items():
        inner = ""
        if kind == "message" and name in (keys or {}):
            inner = _extension(element("wulian:correlation", key=f"= {(keys or {})[name]}"))
        code = {f"{kind}Code": name} if kind in ("error", "escalation") else {}
        parts.append(element(f"bpmn:{kind}", inner, id=id, name=name, **code))
    content = "".join(parts) + roots + "".join(process.process_xml() for process in processes)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:wulian="{WULIAN}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' id="definitions" targetNamespace="urn:wulian:test">{content}</bpmn:definitions>'
    ).encode()


def chain(length: int, process: str = "chain") -> bytes:
    """start → ``length`` abstract tasks → end."""
    names = ["start", *(f"t{i}" for i in range(length)), "end"]
    parts = ["<bpmn:startEvent id='start'><bpmn:outgoing>f0</bpmn:outgoing></bpmn:startEvent>"]
    for i, name in enumerate(names[1:-1]):
        ends = f"<bpmn:incoming>f{i}</bpmn:incoming><bpmn:outgoing>f{i + 1}</bpmn:outgoing>"
        parts.append(f"<bpmn:task id='{name}' name='{name}'>{ends}</bpmn:task>")
    parts.append(f"<bpmn:endEvent id='end'><bpmn:incoming>f{length}</bpmn:incoming></bpmn:endEvent>")
    for i, (source, target) in enumerate(pairwise(names)):
        parts.append(f"<bpmn:sequenceFlow id='f{i}' sourceRef='{source}' targetRef='{target}'/>")
    p = Process(process)
    p.raw("".join(parts))
    return diagram(p)
