"""Runs a folder of BPMN conformance cases: ``cases.json`` beside diagrams whose scripts are directives.

A case starts a process, lets the clock run, and compares what the scripts logged, as multisets. An error
that is expected counts as reported when the instance failed, an incident was raised, or the diagram was
refused.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from engine.bpmn.graph import Graph, Kind, Trigger
from engine.bpmn.reading import Reading, read
from engine.errors import NotFound, WulianError
from engine.execution import (
    CompleteService,
    Deliver,
    FireTimer,
    StartProcess,
    State,
    Status,
    Step,
    ThrowError,
    check_invariant,
    decode,
    encode,
    run,
)
from engine.execution.effects import (
    IncidentRaised,
    MessageThrown,
    Released,
    ServiceRequested,
    SignalThrown,
    Subscribed,
    TimerSet,
)
from engine.text import Text

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
WULIAN = "urn:wulian:bpmn:1"
ERRORS = frozenset({"ErrorThrownErrorEvent", "RuntimeException", "GenericError"})
BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
MOST_STEPS = 1_000


@dataclass(frozen=True)
class Result:
    """One case, called ``<file> <number>``."""

    case: str
    passed: bool
    detail: str = ""


@dataclass
class Instance:
    """A running instance and what the world holds for it."""

    state: State = field(default_factory=State)
    timers: list[TimerSet] = field(default_factory=list)
    subscriptions: list[Subscribed] = field(default_factory=list)


class Stage:
    """All instances of one case, with one log and one clock."""

    def __init__(self, graph: Graph) -> None:
        self.home = graph
        self.now = BEGIN
        self.log: list[str] = []
        self.marks: list[tuple[str, datetime, int]] = []
        self.waits: list[tuple[datetime, Instance, int]] = []  # scripts that take their time
        self.data: object = None
        self.reported = False
        self.instances: list[Instance] = []
        self.steps = 0
        self.functions: Mapping[str, Callable[..., object]] = {"directive": self.directive}

    # ---- the executor's environment ----

    def graph(self, definition: str | None) -> Graph:
        return self.home

    def constants(self, definition: str | None) -> dict[str, object]:
        return {}

    def resolve(self, process: str) -> str:
        raise NotFound(Text(f"没有流程“{process}”。", f"There is no process “{process}”."))

    def decide(
        self, definition: str | None, ref: str, context: Mapping[str, object]
    ) -> tuple[object, object]:
        raise NotFound(Text(f"没有决策“{ref}”。", f"There is no decision “{ref}”."))

    # ---- directives ----

    def directive(self, text: object, value: object = None) -> object:
        """What a script of the suite asks for."""
        name = str(text)
        if name.startswith("SCRIPT_task"):
            self.log.append("Task" + name.removeprefix("SCRIPT_task"))
        elif name == "INCREMENT_INTEGER_VARIABLE_AND_LOG":
            self.log.append("Increment")
        elif name == "CREATE_MARKER_FILE":
            self.log.append("MarkerExists")
        elif name.startswith("CREATE_TIMESTAMP_LOG_"):
            self.marks.append((name.removeprefix("CREATE_TIMESTAMP_LOG_"), self.now, len(self.marks)))
        elif name == "SET_STRING_DATA":
            return "String"
        elif name == "LOG_DATA":
            self.log.extend(["DataCorrect"] if value == "String" else [])
        return None

    # ---- running ----

    def begin(self, process: str, variables: Mapping[str, object], node: str | None = None) -> None:
        instance = Instance()
        self.instances.append(instance)
        self.step(instance, StartProcess(process, node, variables))

    def step(self, instance: Instance, step: Step) -> None:
        """One step, then everything it asks of the world, until all is quiet."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise RuntimeError("the case doesn't come to rest")
        instance.state = decode(encode(instance.state))
        effects = run(self, instance.state, step, self.now)
        check_invariant(instance.state)
        self.reported |= instance.state.status is Status.FAILED
        for effect in effects:
            match effect:
                case TimerSet():
                    instance.timers.append(effect)
                case Subscribed():
                    instance.subscriptions.append(effect)
                case Released(holder=holder):
                    instance.timers = [one for one in instance.timers if one.holder != holder]
                    instance.subscriptions = [one for one in instance.subscriptions if one.holder != holder]
                case IncidentRaised():
                    self.reported = True
                case _:
                    pass
        for effect in effects:
            match effect:
                case ServiceRequested():
                    self._serve(instance, effect)
                case MessageThrown():
                    self._message(effect)
                case SignalThrown():
                    self._signal(instance, effect)
                case _:
                    pass

    def _serve(self, instance: Instance, service: ServiceRequested) -> None:
        if service.type == "THROW_ERROR":
            code = service.inputs.get("code")
            self.step(instance, ThrowError(service.token, None if code is None else str(code)))
        else:
            self.waits.append((self.now + timedelta(seconds=10), instance, service.token))

    def _message(self, message: MessageThrown) -> None:
        for instance in self.instances:
            for one in instance.subscriptions:
                if (one.kind, one.name, one.key) == ("message", message.name, message.key):
                    self.step(instance, Deliver(one.holder, one.node, message.payload))
                    return
        for process, node in self._starts(Trigger.MESSAGE, message.name):
            self.begin(process, message.payload, node)
            return

    def _signal(self, thrower: Instance, signal: SignalThrown) -> None:
        heard = [
            (instance, one)
            for instance in self.instances
            if instance is not thrower
            for one in instance.subscriptions
            if (one.kind, one.name) == ("signal", signal.name)
        ]
        for instance, one in heard:
            if one in instance.subscriptions:
                self.step(instance, Deliver(one.holder, one.node, signal.payload))
        for process, node in self._starts(Trigger.SIGNAL, signal.name):
            self.begin(process, signal.payload, node)

    def _starts(self, trigger: Trigger, name: str) -> list[tuple[str, str]]:
        return [
            (process, start)
            for process in self.home.processes
            for start in self.home.bodies[process].starts
            for event in self.home.nodes[start].events
            if event.trigger is trigger and event.name == name
        ]

    def settle(self, seconds: float) -> None:
        """Let the clock run, at least until no script waits any more; timers fire when they are due."""
        until = self.now + timedelta(seconds=seconds)
        while True:
            if self.waits and self.waits[0][0] > until:
                until = self.waits[0][0]
            due = [
                (timer.due, place, timer) for place, one in enumerate(self.instances) for timer in one.timers
            ]
            due.sort(key=lambda each: each[:2])
            if self.waits and (not due or self.waits[0][0] <= due[0][0]):
                self.now, instance, token = self.waits.pop(0)
                if token in instance.state.tokens:
                    self.step(instance, CompleteService(token))
                continue
            if not due or due[0][0] > until:
                break
            moment, place, timer = due[0]
            self.now = max(self.now, moment)
            instance = self.instances[place]
            instance.timers.remove(timer)
            self.step(instance, FireTimer(timer.holder, timer.node, timer.cycle))
        self.now = until

    def run(self, process: str, variables: Mapping[str, object], seconds: float) -> None:
        """Start the process, and the other participants that start by themselves."""
        self.begin(process, variables)
        called = {str(node.called) for node in self.home.nodes.values() if node.kind is Kind.CALL_ACTIVITY}
        for other in self.home.processes:
            starts = [self.home.nodes[start] for start in self.home.bodies[other].starts]
            alone = any(start.kind is Kind.START and not start.events for start in starts)
            if other != process and other not in called and alone:
                self.begin(other, variables)
        self.settle(seconds)

    @property
    def overlapped(self) -> bool:
        """Whether the branches that note the time ran side by side: each began before another one ended."""
        spans = [
            [mark[1:] for mark in self.marks if mark[0] == name] for name in {mark[0] for mark in self.marks}
        ]
        if len(spans) < 2:
            return False
        if any(len(span) < 2 for span in spans):
            return len({moment for span in spans for moment, _ in span}) == 1
        return max(span[0] for span in spans) < min(span[-1] for span in spans)


def prepare(source: bytes) -> bytes:
    """The diagram with its directives as FEEL: ``directive`` is a function of the harness."""
    root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    errors = {one.get("id"): one.get("errorCode") for one in root.iter(f"{{{BPMN}}}error")}
    for task in list(root.iter(f"{{{BPMN}}}scriptTask")):
        script = task.find(f"{{{BPMN}}}script")
        if script is None:
            continue
        name = (script.text or "").strip()
        if name in ("THROW_ERROR", "WAIT_TEN_SECONDS"):
            _serving(task, script, name, errors)
            continue
        task.set("scriptFormat", "feel")
        data = task.xpath("string(.//b:dataInputAssociation/b:sourceRef)", namespaces={"b": BPMN})
        lines = [f'harness = directive("{name}", {data or "null"})']
        if name.startswith("INCREMENT_INTEGER_VARIABLE"):
            lines.insert(0, "integerVariable = integerVariable + 1")
        script.text = "\n".join(lines)
    return bytes(etree.tostring(root))


def _serving(task: Any, script: Any, name: str, errors: Mapping[str | None, str | None]) -> None:
    """A script that throws or waits becomes a service that does. The error is the first one caught on it, or
    has no code."""
    task.remove(script)
    task.tag = f"{{{BPMN}}}serviceTask"
    extension = etree.Element(f"{{{BPMN}}}extensionElements")
    etree.SubElement(extension, f"{{{WULIAN}}}service", type=name)
    for boundary in task.getparent().findall(f"{{{BPMN}}}boundaryEvent"):
        for event in boundary.findall(f"{{{BPMN}}}errorEventDefinition"):
            code = errors.get(event.get("errorRef"))
            if boundary.get("attachedToRef") == task.get("id") and code:
                etree.SubElement(extension, f"{{{WULIAN}}}input", target="code", source=f'= "{code}"')
    task.insert(0, extension)


def run_case(reading: Reading, process: str, case: Mapping[str, Any]) -> str:
    """Why the case failed, or an empty text."""
    expected = Counter(name for name in case["expect"] if name not in ERRORS)
    error = any(name in ERRORS for name in case["expect"])
    if reading.graph is None:
        refusals = [one for one in reading.findings if one.severity == "error"]
        if error and not expected:
            return ""
        return "refused: " + "; ".join(dict.fromkeys(f"{one.rule} ({one.element})" for one in refusals))
    stage = Stage(reading.graph)
    variables = {"test": case["test"] or "", "integerVariable": case["integerVariable"]}
    try:
        stage.run(process, variables, case["settle_seconds"])
    except WulianError as refused:
        stage.reported = True
        if not error:
            return f"error: {refused.text.en}"
    logged = Counter(stage.log)
    if logged != expected:
        return f"logged {sorted(logged.elements())}, expected {sorted(expected.elements())}"
    if error and not stage.reported:
        return "no error was reported"
    if case.get("parallel") and not stage.overlapped:
        return "the branches did not overlap"
    return ""


def run_folder(folder: Path) -> Iterator[Result]:
    """Every case of ``cases.json``."""
    for diagram in json.loads((folder / "cases.json").read_text(encoding="utf-8")):
        name = diagram["file"]
        reading, refused = None, ""
        try:
            reading = read(prepare((folder / name).read_bytes()), own=False)
        except WulianError as error:
            refused = f"unreadable: {error.text.en}"
        for number, case in enumerate(diagram["cases"], 1):
            detail = refused if reading is None else run_case(reading, diagram["process"], case)
            yield Result(f"{name} {number}", not detail, detail)
