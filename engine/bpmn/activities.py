"""Activities: loops, and what each kind of task carries (BPMN 2.0, 10.3)."""

import re
from dataclasses import dataclass, replace

from lxml import etree

from engine.bpmn.declarations import Declarations
from engine.bpmn.events import Events, moves_data
from engine.bpmn.expressions import Expressions
from engine.bpmn.extensions import (
    Found,
    collection_of,
    extensions_of,
    key_of,
    script_of,
    service_of,
    variable,
    work_of,
)
from engine.bpmn.findings import Findings
from engine.bpmn.graph import Assignment, EventDefinition, Kind, Loop, Service, Work
from engine.bpmn.source import child, content, flag, reference
from engine.feel import Expression

ACTIVITIES = frozenset(
    {
        Kind.TASK,
        Kind.USER_TASK,
        Kind.MANUAL_TASK,
        Kind.SERVICE_TASK,
        Kind.SCRIPT_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.SEND_TASK,
        Kind.RECEIVE_TASK,
        Kind.CALL_ACTIVITY,
        Kind.SUB_PROCESS,
    }
)
_LOOP_DATA = ("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem")
_SERVICE_KINDS = frozenset({Kind.SERVICE_TASK, Kind.SEND_TASK})


@dataclass(frozen=True, slots=True)
class Particulars:
    """What only some kinds of activity have."""

    called: Expression | str | None = None
    script: tuple[Assignment, ...] = ()
    work: Work | None = None
    service: Service | None = None
    decision: str | None = None
    result: str | None = None
    message: EventDefinition | None = None


_NOTHING = Particulars()


class Activities:
    """Reads the activities of one diagram."""

    def __init__(
        self, findings: Findings, expressions: Expressions, declarations: Declarations, events: Events
    ) -> None:
        self._findings = findings
        self._expressions = expressions
        self._declarations = declarations
        self._events = events

    def check(self, element: etree._Element, id: str, plain: bool) -> None:
        """Refuses marks that aren't executed and would change the run; a ``plain`` one holds no data."""
        if flag(element, "isForCompensation", False):
            self._findings.add("compensation", id)
        for attribute in ("startQuantity", "completionQuantity"):
            if (element.get(attribute) or "1").strip() != "1":
                self._findings.add("quantity", id, attribute=attribute)
        if not plain and moves_data(element):
            self._findings.add("data-association", id)

    def loop(self, element: etree._Element, id: str) -> Loop | None:
        """The loop characteristics."""
        standard = child(element, "standardLoopCharacteristics")
        if standard is not None:
            return self._standard(standard, id)
        several = child(element, "multiInstanceLoopCharacteristics")
        return self._several(several, id) if several is not None else None

    def _standard(self, loop: etree._Element, id: str) -> Loop:
        extensions_of(loop, frozenset(), self._findings)
        condition = self._expressions.formal(child(loop, "loopCondition"), id, "loopCondition")
        maximum = loop.get("loopMaximum")
        if child(loop, "loopCondition") is None and maximum is None:
            self._findings.add("loop-without-condition", id)
        return Loop(
            "standard",
            condition=condition,
            test_before=flag(loop, "testBefore", False),
            maximum=self._number(maximum, id, "loopMaximum", least=1) if maximum is not None else None,
        )

    def _several(self, loop: etree._Element, id: str) -> Loop:
        behaviour = loop.get("behavior", "All")
        if (
            behaviour != "All"
            or loop.get("oneBehaviorEventRef")
            or loop.get("noneBehaviorEventRef")
            or child(loop, "complexBehaviorDefinition") is not None
        ):
            self._findings.add("multi-instance-behaviour", id)
        if any(child(loop, name) is not None for name in _LOOP_DATA):
            self._findings.add("data-association", id)
        found = extensions_of(loop, {"collection"}, self._findings)
        collection = collection_of(found, id, self._findings, self._expressions)
        cardinality = child(loop, "loopCardinality")
        if cardinality is None and collection is None:
            self._findings.add("multi-instance-of-what", id)
        many: Expression | None = None
        if cardinality is not None and collection is None:
            text = content(cardinality)
            many = (
                self._number(text, id, "loopCardinality", least=0)
                if re.fullmatch(r"[+-]?\d+", text)
                else self._expressions.formal(cardinality, id, "loopCardinality")
            )
        completion = child(loop, "completionCondition")
        return replace(
            collection or Loop("parallel"),
            kind="sequential" if flag(loop, "isSequential", False) else "parallel",
            condition=self._expressions.formal(completion, id, "completionCondition"),
            cardinality=many,
        )

    def _number(self, text: str, id: str, attribute: str, *, least: int) -> Expression | None:
        if not re.fullmatch(r"[+-]?\d{1,9}", text.strip()) or int(text) < least:
            self._findings.add("loop-number", id, attribute=attribute, value=text, least=least)
            return None
        return self._expressions.feel(str(int(text)), id, attribute)

    def allowed(self, kind: Kind) -> frozenset[str]:
        """The ``wulian:`` elements that may stand in this kind of activity."""
        common = frozenset({"input", "output"})
        if kind in (Kind.USER_TASK, Kind.MANUAL_TASK):
            return common | {"task", "due", "remind", "escalate"}
        if kind in _SERVICE_KINDS:
            return common | {"service", "correlation"}
        if kind is Kind.RECEIVE_TASK:
            return common | {"correlation"}
        if kind is Kind.SCRIPT_TASK:
            return common | {"script"}
        if kind is Kind.BUSINESS_RULE_TASK:
            return common | {"decision"}
        if kind is Kind.CALL_ACTIVITY:
            return common | {"call"}
        return common

    def particulars(self, element: etree._Element, kind: Kind, id: str, found: Found) -> Particulars:
        """What this kind of task carries."""
        if kind in (Kind.USER_TASK, Kind.MANUAL_TASK):
            return Particulars(work=work_of(found, id, self._findings, self._expressions))
        if kind is Kind.SERVICE_TASK:
            service = service_of(found, id, self._findings)
            if service is None:
                self._findings.add("service-without-type", id)
            return Particulars(service=service)
        if kind is Kind.SCRIPT_TASK:
            return Particulars(script=self._script(element, id, found))
        if kind is Kind.BUSINESS_RULE_TASK:
            return self._decision(id, found)
        if kind is Kind.SEND_TASK:
            return self._send(element, id, found)
        if kind is Kind.RECEIVE_TASK:
            if flag(element, "instantiate", False):
                self._findings.add("instantiate", id, tag="receiveTask")
            return Particulars(
                message=self._events.message(element, id, key_of(found, id, self._expressions))
            )
        if kind is Kind.CALL_ACTIVITY:
            return Particulars(called=self._called(element, id, found))
        return _NOTHING

    def _send(self, element: etree._Element, id: str, found: Found) -> Particulars:
        """A send task throws a message, or has a service send something (an SMS, a letter)."""
        service = service_of(found, id, self._findings)
        if service is not None and element.get("messageRef") is None:
            return Particulars(service=service)
        if service is not None:
            self._findings.add("unknown-wulian", id, name="service", known="correlation, input, output")
        return Particulars(message=self._events.message(element, id, key_of(found, id, self._expressions)))

    def _script(self, element: etree._Element, id: str, found: Found) -> tuple[Assignment, ...]:
        for extension in found.get("script", ()):
            return script_of(content(extension), id, self._findings, self._expressions)
        script = child(element, "script")
        text = content(script)
        if not text:
            self._findings.add("script-missing", id)
            return ()
        language = (element.get("scriptFormat") or "").strip()
        if language.lower() not in ("feel", "application/feel", "text/feel"):
            self._findings.add("script-language", id, value=language or "?")
            return ()
        return script_of(text, id, self._findings, self._expressions)

    def _decision(self, id: str, found: Found) -> Particulars:
        for extension in found.get("decision", ()):
            result = variable(extension.get("result"), id, "wulian:decision result", self._findings)
            return Particulars(decision=(extension.get("ref") or "").strip(), result=result)
        self._findings.add("rule-without-decision", id)
        return _NOTHING

    def _called(self, element: etree._Element, id: str, found: Found) -> Expression | str | None:
        for extension in found.get("call", ()):
            return self._expressions.text(extension.get("process"), id, "wulian:call process")
        written = (element.get("calledElement") or "").strip()
        if not written:
            self._findings.add("call-without-process", id)
            return None
        if written.startswith("="):
            return self._expressions.feel(written, id, "calledElement")
        return reference(written)
