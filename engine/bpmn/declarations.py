"""What a file declares beside its processes: messages, signals, errors and reusable event definitions, by
id."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.expressions import Expressions
from engine.bpmn.extensions import correlation_key
from engine.bpmn.findings import Findings
from engine.bpmn.source import local
from engine.feel import Expression

#: Root elements without an effect on execution: interfaces and item types say how others see it.
_QUIET = frozenset(
    {
        "BPMNDiagram",
        "category",
        "collaboration",
        "dataStore",
        "documentation",
        "endPoint",
        "extensionElements",
        "import",
        "interface",
        "itemDefinition",
        "partnerEntity",
        "partnerRole",
        "process",
        "relationship",
        "resource",
        "conversation",
        "globalConversation",
        "choreography",
        "extension",
    }
)
_GLOBAL_TASKS = frozenset(
    {
        "globalTask",
        "globalUserTask",
        "globalManualTask",
        "globalScriptTask",
        "globalBusinessRuleTask",
        "globalChoreographyTask",
    }
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message's name and the expression of its correlation key."""

    name: str
    key: Expression | None = None


@dataclass(slots=True)
class Declarations:
    """By id: ``messages``, ``signals`` (names), ``errors`` (codes, ``None`` without one), root
    ``event_definitions``."""

    messages: dict[str, Message] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str | None] = field(default_factory=dict)
    error_names: dict[str, str] = field(default_factory=dict)
    event_definitions: dict[str, etree._Element] = field(default_factory=dict)


def declarations_of(root: etree._Element, findings: Findings, expressions: Expressions) -> Declarations:
    """Reads the root elements; refuses those that would have to be executed and aren't."""
    found = Declarations()
    for tag, element in _roots(root):
        id = element.get("id", "")
        name = (element.get("name") or "").strip()
        if tag == "message":
            if not name:
                findings.add("without-name", id, tag=tag, value=id)
            found.messages[id] = Message(name or id, correlation_key(element, findings, expressions))
        elif tag == "signal":
            if not name:
                findings.add("without-name", id, tag=tag, value=id)
            found.signals[id] = name or id
        elif tag == "error":
            code = (element.get("errorCode") or "").strip() or None
            found.errors[id] = code
            found.error_names[code or id] = name or code or id
        elif tag.endswith("EventDefinition"):
            found.event_definitions[id] = element
        elif tag in _GLOBAL_TASKS:
            findings.add("unsupported-element", id, tag=tag, what_zh="全局任务", what_en="global task")
        elif tag == "correlationProperty":
            findings.add("correlation-not-used", id, tag=tag)
        elif tag == "extension" and element.get("mustUnderstand") in ("true", "1"):
            findings.add("must-understand", None, name=element.get("definition", ""))
        elif tag not in _QUIET and tag not in ("escalation", "extension"):
            findings.add("unknown-element", id or None, tag=tag)
    return found


def _roots(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for element in root.iterchildren():
        tag = local(element)
        if tag is not None:
            yield tag, element
