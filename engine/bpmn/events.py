"""Event definitions: what an event waits for or throws (BPMN 2.0, 10.5)."""

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.declarations import Declarations
from engine.bpmn.expressions import Expressions
from engine.bpmn.extensions import Found, key_of
from engine.bpmn.findings import Findings
from engine.bpmn.graph import EventDefinition, Kind, TimerKind, Trigger
from engine.bpmn.source import child, children, content, flag, local, reference
from engine.feel import Expression

_TRIGGERS = {f"{trigger.value}EventDefinition": trigger for trigger in Trigger if trigger is not Trigger.NONE}
_UNSUPPORTED = frozenset(
    f"{name}EventDefinition" for name in ("cancel", "compensate", "conditional", "escalation")
)
EVENT_DEFINITIONS = frozenset(_TRIGGERS) | _UNSUPPORTED | {"eventDefinitionRef"}

_CATCHING = frozenset({Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL})
#: Triggers by place (BPMN 2.0, 10.5.2 to 10.5.4).
ALLOWED: dict[str, frozenset[Trigger]] = {
    "start": _CATCHING | {Trigger.NONE},
    "sub-process start": frozenset({Trigger.NONE}),
    "event sub-process start": _CATCHING | {Trigger.ERROR},
    Kind.CATCH: _CATCHING | {Trigger.LINK},
    Kind.THROW: frozenset({Trigger.NONE, Trigger.MESSAGE, Trigger.SIGNAL, Trigger.LINK}),
    Kind.END: frozenset({Trigger.NONE, Trigger.MESSAGE, Trigger.SIGNAL, Trigger.ERROR, Trigger.TERMINATE}),
    Kind.BOUNDARY: _CATCHING | {Trigger.ERROR},
}
_PLACES: dict[str, tuple[str, str]] = {
    "start": ("流程开始事件", "process start event"),
    "sub-process start": ("子流程开始事件", "sub-process start event"),
    "event sub-process start": ("事件子流程开始事件", "event sub-process start event"),
    Kind.CATCH: ("中间捕获事件", "catch event"),
    Kind.THROW: ("中间抛出事件", "throw event"),
    Kind.END: ("结束事件", "end event"),
    Kind.BOUNDARY: ("边界事件", "boundary event"),
}
_STARTS = {
    "process": "start",
    "subProcess": "sub-process start",
    "eventSubProcess": "event sub-process start",
}


class Events:
    """Reads the events of one diagram."""

    def __init__(self, findings: Findings, expressions: Expressions, declarations: Declarations) -> None:
        self._findings = findings
        self._expressions = expressions
        self._declarations = declarations

    def of(
        self, element: etree._Element, kind: Kind, body_kind: str, found: Found
    ) -> tuple[EventDefinition, ...] | None:
        """The event's definition: none, or one. ``None`` where it was refused."""
        id = element.get("id", "")
        definitions = list(self._definitions(element, id))
        if len(definitions) > 1:
            self._findings.add("multiple-events", id, count=len(definitions))
            return None
        trigger = Trigger.NONE
        for definition in definitions:
            tag = local(definition) or ""
            if tag in _UNSUPPORTED:
                self._findings.add("unsupported-event", id, trigger=tag.removesuffix("EventDefinition"))
                return None
            trigger = _TRIGGERS[tag]
        place = _STARTS[body_kind] if kind is Kind.START else kind
        if trigger not in ALLOWED[place]:
            zh, en = _PLACES[place]
            self._findings.add("trigger-not-allowed", id, place_zh=zh, place_en=en, trigger=trigger.value)
            return None
        return tuple(self._event(definition, trigger, id, kind, found) for definition in definitions)

    def _definitions(self, element: etree._Element, id: str) -> Iterator[etree._Element]:
        for definition in element.iterchildren(etree.Element):
            tag = local(definition)
            if tag == "eventDefinitionRef":
                name = reference(content(definition)) or ""
                if name in self._declarations.event_definitions:
                    yield self._declarations.event_definitions[name]
                else:
                    self._findings.add("reference-missing", id, value=name)
            elif tag in EVENT_DEFINITIONS:
                yield definition

    def _event(
        self, definition: etree._Element, trigger: Trigger, id: str, kind: Kind, found: Found
    ) -> EventDefinition:
        if trigger is Trigger.TIMER:
            return self._timer(definition, id)
        if trigger is Trigger.MESSAGE:
            return self.message(definition, id, key_of(found, id, self._expressions))
        if trigger is Trigger.SIGNAL:
            return EventDefinition(trigger, self._named(definition, "signal", self._declarations.signals, id))
        if trigger is Trigger.ERROR:
            return self._error(definition, id, throwing=kind is Kind.END)
        if trigger is Trigger.LINK:
            return EventDefinition(trigger, (definition.get("name") or "").strip())
        return EventDefinition(trigger)

    def message(self, holder: etree._Element, id: str, key: Expression | None) -> EventDefinition:
        """The message of an event definition, or of a send or receive task; its own ``key`` goes before the
        message's."""
        named = self._reference(holder, "message", id)
        declared = self._declarations.messages.get(named) if named else None
        if named and declared is None:
            self._findings.add("reference-missing", id, value=named)
        if declared is None:
            return EventDefinition(Trigger.MESSAGE)
        return EventDefinition(Trigger.MESSAGE, declared.name, key=key if key is not None else declared.key)

    def _reference(self, holder: etree._Element, what: str, id: str) -> str | None:
        named = reference(holder.get(f"{what}Ref"))
        if not named:
            self._findings.add(f"{what}-missing", id)
        return named

    def _named(self, holder: etree._Element, what: str, names: dict[str, str], id: str) -> str | None:
        named = self._reference(holder, what, id)
        if named and named not in names:
            self._findings.add("reference-missing", id, value=named)
        return names.get(named) if named else None

    def _error(self, definition: etree._Element, id: str, *, throwing: bool) -> EventDefinition:
        """A thrown error needs to be named; a catch that names none takes every error (BPMN 2.0, 10.5.5)."""
        named = reference(definition.get("errorRef"))
        if named is None:
            if throwing:
                self._findings.add("error-missing", id)
            return EventDefinition(Trigger.ERROR)
        if named not in self._declarations.errors:
            self._findings.add("reference-missing", id, value=named)
            return EventDefinition(Trigger.ERROR)
        code = self._declarations.errors[named]
        if code is None:
            self._findings.add("without-code", id, value=named)
        return EventDefinition(Trigger.ERROR, code or named)

    def _timer(self, definition: etree._Element, id: str) -> EventDefinition:
        for kind in TimerKind:
            written = child(definition, kind.value)
            if written is not None:
                timer = self._expressions.timer(content(written), kind, id)
                return EventDefinition(Trigger.TIMER, timer_kind=kind, timer=timer)
        self._findings.add("timer-missing", id)
        return EventDefinition(Trigger.TIMER)


def interrupts(element: etree._Element, kind: Kind, body_kind: str) -> bool:
    """``cancelActivity`` of a boundary event, ``isInterrupting`` of an event sub-process's start."""
    if kind is Kind.BOUNDARY:
        return flag(element, "cancelActivity", True)
    if kind is Kind.START and body_kind == "eventSubProcess":
        return flag(element, "isInterrupting", True)
    return True


def moves_data(element: etree._Element) -> bool:
    """Whether a data association copies data. One that only points at a drawn data object is
    documentation."""
    inputs, outputs = set(), set()
    for specification in children(element, "ioSpecification"):
        inputs |= {one.get("id") for one in children(specification, "dataInput")}
        outputs |= {one.get("id") for one in children(specification, "dataOutput")}
    inputs |= {one.get("id") for one in children(element, "dataInput")}
    outputs |= {one.get("id") for one in children(element, "dataOutput")}
    for name, ends, side in (
        ("dataInputAssociation", inputs, "targetRef"),
        ("dataOutputAssociation", outputs, "sourceRef"),
    ):
        for association in children(element, name):
            if (
                child(association, "transformation") is not None
                or child(association, "assignment") is not None
            ):
                return True
            if any(reference(content(end)) in ends for end in children(association, side)):
                return True
    return False
