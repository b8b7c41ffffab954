"""First pass: finds every process, sub-process and event sub-process, and which nodes and flows belong to
each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.findings import Findings
from engine.bpmn.graph import Kind
from engine.bpmn.source import children, content, flag, local, reference

MAX_ID = 200  # characters
MAX_NODES = 30_000  # nodes and flows of one file

NODE_KINDS: dict[str, Kind] = {kind.value: kind for kind in Kind}

#: Elements that would have to be executed and aren't, as people call them.
UNSUPPORTED: dict[str, tuple[str, str]] = {
    "complexGateway": ("复杂网关", "complex gateway"),
    "transaction": ("事务子流程", "transaction"),
    "adHocSubProcess": ("随意子流程", "ad-hoc sub-process"),
    "implicitThrowEvent": ("隐式抛出事件", "implicit throw event"),
    "event": ("抽象事件", "abstract event"),
    "choreographyTask": ("编排任务", "choreography task"),
    "callChoreography": ("编排调用", "call choreography"),
    "subChoreography": ("子编排", "sub-choreography"),
}
#: Drawing, documentation and declarations without an effect of their own.
_QUIET = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "auditing",
        "monitoring",
        "property",
        "ioSpecification",
        "ioBinding",
        "supportedInterfaceRef",
        "supports",
        "association",
        "textAnnotation",
        "group",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "categoryValueRef",
        "dataInputAssociation",
        "dataOutputAssociation",
        "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics",
    }
)
_PERFORMERS = frozenset(
    {
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
    }
)


@dataclass(slots=True)
class RawFlow:
    id: str
    source: str
    target: str
    element: etree._Element | None  # None for the jump between two link events


@dataclass(slots=True)
class RawBody:
    """A body before its nodes are compiled. ``complete`` is false where a node was refused: then what is
    missing is not reported."""

    id: str
    kind: str
    name: str
    element: etree._Element
    nodes: dict[str, etree._Element] = field(default_factory=dict)
    flows: list[RawFlow] = field(default_factory=list)
    incoming: dict[str, list[RawFlow]] = field(default_factory=dict)
    outgoing: dict[str, list[RawFlow]] = field(default_factory=dict)
    boundary: dict[str, list[str]] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    event_subprocesses: dict[str, None] = field(default_factory=dict)
    complete: bool = True

    def connect(self, flow: RawFlow) -> None:
        self.outgoing.setdefault(flow.source, []).append(flow)
        self.incoming.setdefault(flow.target, []).append(flow)


class Bodies:
    """All bodies of the executable processes of one file, in document order."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._size = 0
        self.bodies: dict[str, RawBody] = {}
        self.processes: list[str] = []
        self.owner: dict[str, str] = {}  # node id → body id; also of refused nodes and event sub-processes

    def find(self, root: etree._Element) -> None:
        """Finds the bodies and connects their flows."""
        skipped = []
        for process in children(root, "process"):
            id = process.get("id")
            if not id:
                self._findings.add("missing-id", None, tag="process")
            elif len(id) > MAX_ID:
                self._findings.add("id-too-long", id[:40], tag="process", limit=MAX_ID)
            elif not flag(process, "isExecutable", True):
                skipped.append(id)
                self._findings.add("process-not-executable", id, name=process.get("name") or id)
            elif self._add(RawBody(id, "process", process.get("name") or id, process)):
                self.processes.append(id)
        if not self.processes:
            self._findings.add("no-executable-process", skipped[0] if skipped else None)
        for body in self.bodies.values():
            self._connect(body)

    def _add(self, body: RawBody) -> bool:
        """Adds a body and all those within it; the depth of nesting is bounded by the source's."""
        if body.id in self.bodies:
            self._findings.add("duplicate-id", body.id)
            return False
        self.bodies[body.id] = body
        for element in body.element.iterchildren(etree.Element):
            tag = local(element)
            if tag is None:
                name = etree.QName(element).localname
                self._findings.add("foreign-element", element.get("id") or body.id, tag=name)
            elif tag == "sequenceFlow":
                self._add_flow(body, element)
            elif tag in NODE_KINDS or tag in UNSUPPORTED:
                self._add_node(body, tag, element)
            elif tag == "laneSet":
                body.lanes.update(_lanes(element))
            elif tag in _PERFORMERS:
                self._findings.add("performer", element.get("id") or body.id, tag=tag)
            elif tag == "correlationSubscription":
                self._findings.add("correlation-not-used", element.get("id") or body.id, tag=tag)
            elif tag not in _QUIET:
                self._findings.add("unknown-element", element.get("id") or body.id, tag=tag)
                body.complete = False
        return True

    def _counted(self, element: etree._Element, tag: str) -> str | None:
        self._size += 1
        id = element.get("id")
        if self._size > MAX_NODES:
            if self._size == MAX_NODES + 1:
                self._findings.add("too-many-nodes", id, limit=MAX_NODES)
            return None
        if not id:
            self._findings.add("missing-id", None, tag=tag)
            return None
        if len(id) > MAX_ID:
            self._findings.add("id-too-long", id[:40], tag=tag, limit=MAX_ID)
            return None
        return id

    def _add_flow(self, body: RawBody, element: etree._Element) -> None:
        id = self._counted(element, "sequenceFlow")
        if id is None:
            return
        source = reference(element.get("sourceRef")) or ""
        target = reference(element.get("targetRef")) or ""
        if id in self.owner:
            self._findings.add("duplicate-id", id)
            return
        self.owner[id] = ""
        body.flows.append(RawFlow(id, source, target, element))

    def _add_node(self, body: RawBody, tag: str, element: etree._Element) -> None:
        id = self._counted(element, tag)
        if id is None:
            body.complete = False
            return
        if id in self.owner or id in self.bodies:
            self._findings.add("duplicate-id", id)
            return
        self.owner[id] = body.id
        if tag in UNSUPPORTED:
            zh, en = UNSUPPORTED[tag]
            self._findings.add("unsupported-element", id, tag=tag, what_zh=zh, what_en=en)
            body.complete = False
            return
        if tag == "subProcess":
            triggered = flag(element, "triggeredByEvent", False)
            kind = "eventSubProcess" if triggered else "subProcess"
            self._add(RawBody(id, kind, element.get("name") or id, element))
            if triggered:
                body.event_subprocesses[id] = None
                return
        elif tag == "boundaryEvent":
            body.boundary.setdefault(reference(element.get("attachedToRef")) or "", []).append(id)
        body.nodes[id] = element

    def _connect(self, body: RawBody) -> None:
        for flow in body.flows:
            ends = []
            for end, node in (("sourceRef", flow.source), ("targetRef", flow.target)):
                where = self.owner.get(node)
                if not where:
                    self._findings.add("flow-dangling", flow.id, end=end, value=node)
                elif where != body.id:
                    self._findings.add("flow-crosses-scope", flow.id)
                elif node in body.event_subprocesses:
                    self._findings.add(
                        "flow-not-allowed",
                        flow.id,
                        what_zh="事件子流程",
                        what_en="event sub-process",
                        direction_zh="进出",
                        direction_en="incoming or outgoing",
                    )
                elif node in body.nodes:
                    ends.append(node)
            if len(ends) == 2:
                body.connect(flow)
            else:
                body.complete = False


def _lanes(lane_set: etree._Element) -> Iterator[tuple[str, str]]:
    """Node id → name of its lane, the innermost where lanes are nested."""
    for lane in children(lane_set, "lane"):
        name = lane.get("name") or lane.get("id") or ""
        for node in children(lane, "flowNodeRef"):
            yield reference(content(node)) or "", name
        for inner in children(lane, "childLaneSet"):
            yield from _lanes(inner)
