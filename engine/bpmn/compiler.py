"""Second pass: from the elements of each body to the frozen graph."""

from types import MappingProxyType

from lxml import etree

from engine.bpmn.activities import ACTIVITIES, Activities, Particulars
from engine.bpmn.bodies import NODE_KINDS, Bodies, RawBody, RawFlow
from engine.bpmn.declarations import declarations_of
from engine.bpmn.events import EVENT_DEFINITIONS, Events, interrupts, moves_data
from engine.bpmn.expressions import CheckAmount, Expressions
from engine.bpmn.extensions import Found, assignments_of, extensions_of
from engine.bpmn.findings import Findings
from engine.bpmn.graph import Body, Flow, Graph, Kind, Loop, Node, Trigger
from engine.bpmn.source import BPMN, child, flag, local, reference
from engine.bpmn.upstream import Upstream
from engine.feel import Expression, compile_expression

EVENTS = frozenset({Kind.START, Kind.END, Kind.CATCH, Kind.THROW, Kind.BOUNDARY})
GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENT_BASED})
#: How a kind is called in a sentence.
WORDS: dict[Kind, tuple[str, str]] = {
    Kind.START: ("开始事件", "start event"),
    Kind.END: ("结束事件", "end event"),
    Kind.BOUNDARY: ("边界事件", "boundary event"),
    Kind.PARALLEL: ("并行网关", "parallel gateway"),
    Kind.EVENT_BASED: ("事件网关", "event-based gateway"),
    Kind.THROW: ("抛出事件", "throw event"),
    Kind.CATCH: ("捕获事件", "catch event"),
}
_COMMON = "documentation extensionElements incoming outgoing auditing monitoring categoryValueRef"
_DATA = " property dataInputAssociation dataOutputAssociation"
_KNOWN_IN_EVENT = (
    frozenset((_COMMON + _DATA + " dataInput dataOutput inputSet outputSet").split()) | EVENT_DEFINITIONS
)
#: Nodes with nothing else inside, most of them, need no second look.
_PLAIN = frozenset(f"{{{BPMN}}}{name}" for name in ("incoming", "outgoing", "documentation"))
_KNOWN_IN_GATEWAY = frozenset(_COMMON.split())
_KNOWN_IN_ACTIVITY = frozenset(
    (
        _COMMON
        + _DATA
        + " ioSpecification standardLoopCharacteristics multiInstanceLoopCharacteristics script rendering"
    ).split()
)
_PERFORMERS = frozenset(["resourceRole", "performer", "humanPerformer", "potentialOwner"])
_NEVER = compile_expression("false")
_NO_UPSTREAM: MappingProxyType[str, frozenset[str]] = MappingProxyType({})


class Compiler:
    """Compiles one file."""

    def __init__(
        self, root: etree._Element, findings: Findings, check_amount: CheckAmount | None = None
    ) -> None:
        self._findings = findings
        self._expressions = Expressions(findings, check_amount)
        self._declarations = declarations_of(root, findings, self._expressions)
        self._events = Events(findings, self._expressions, self._declarations)
        self._activities = Activities(findings, self._expressions, self._declarations, self._events)
        self._bodies = Bodies(findings)
        self._bodies.find(root)
        self._upstream = Upstream()

    @property
    def incomplete(self) -> frozenset[str]:
        """Bodies in which something was refused: what else is missing there says nothing."""
        return frozenset(body.id for body in self._bodies.bodies.values() if not body.complete)

    @property
    def declarations(self) -> "tuple[list[str], list[str], list[str]]":
        """Names of the messages and signals and codes of the errors declared."""
        found = self._declarations
        return (
            sorted({message.name for message in found.messages.values()}),
            sorted(set(found.signals.values())),
            sorted(found.error_names),
        )

    def graph(self) -> Graph:
        """All that could be compiled; it may be run only if no finding is an error."""
        bodies = {raw.id: self._body(raw) for raw in self._bodies.bodies.values()}
        nodes = {id: node for body in bodies.values() for id, node in body.nodes.items()}
        return Graph(
            bodies=bodies,
            processes=tuple(self._bodies.processes),
            nodes=nodes,
            has_inclusive_join=any(node.upstream for node in nodes.values()),
            errors=dict(self._declarations.error_names),
        )

    def _body(self, raw: RawBody) -> Body:
        if raw.kind != "subProcess":  # that one is read as an activity
            extensions_of(raw.element, frozenset(), self._findings)
        self._join_links(raw)
        hosts = {
            event: host
            for host, events in raw.boundary.items()
            if host in raw.nodes and NODE_KINDS[local(raw.nodes[host]) or ""] in ACTIVITIES
            for event in events
        }
        nodes = {}
        for id, element in raw.nodes.items():
            node = self._node(raw, id, element, hosts)
            if node is not None:
                nodes[id] = node
            else:
                raw.complete = False
        starts = [id for id, node in nodes.items() if node.kind is Kind.START]
        if not starts:
            starts = [id for id, node in nodes.items() if not node.incoming and _may_start(node)]
        return Body(raw.id, raw.kind, raw.name, nodes, tuple(starts), tuple(raw.event_subprocesses))

    def _node(self, raw: RawBody, id: str, element: etree._Element, hosts: dict[str, str]) -> Node | None:
        kind = NODE_KINDS[local(element) or ""]
        default = reference(element.get("default"))
        outgoing = tuple(self._flow(flow, kind, default) for flow in raw.outgoing.get(id, ()))
        if default is not None and all(flow.id != default for flow in outgoing):
            self._findings.add("default-not-outgoing", id, value=default)
        plain = _PLAIN.issuperset([inner.tag for inner in element])
        if not plain:
            self._know(element, kind, id)
        if kind in GATEWAYS:
            return self._gateway(raw, id, element, kind, outgoing, default, hosts)
        if kind in EVENTS:
            return self._event(raw, id, element, kind, outgoing, hosts)
        return self._activity(raw, id, element, kind, outgoing, default, plain)

    def _flow(self, raw: RawFlow, kind: Kind, default: str | None) -> Flow:
        condition: Expression | None = None
        element = raw.element
        if element is not None and len(element):
            extensions_of(element, frozenset(), self._findings)
            written = child(element, "conditionExpression")
            if written is None:
                pass
            elif raw.id == default:
                self._findings.add("default-with-condition", raw.id)
            elif kind in WORDS:
                zh, en = WORDS[kind]
                self._findings.add("condition-not-allowed", raw.id, what_zh=zh, what_en=en)
            else:
                # One that doesn't compile has been reported; it must not pass for an unconditional flow too.
                condition = self._expressions.formal(written, raw.id, "conditionExpression") or _NEVER
        name = element.get("name", "") if element is not None else ""
        return Flow(raw.id, raw.source, raw.target, condition, name)

    def _know(self, element: etree._Element, kind: Kind, id: str) -> None:
        """Every child must be known: what isn't could change how the node runs."""
        if kind is Kind.SUB_PROCESS:
            return  # its children were looked at as a body
        known = (
            _KNOWN_IN_GATEWAY
            if kind in GATEWAYS
            else _KNOWN_IN_EVENT
            if kind in EVENTS
            else _KNOWN_IN_ACTIVITY
        )
        for inner in element.iterchildren(etree.Element):
            tag = local(inner)
            if tag in known:
                continue
            if tag is None:
                self._findings.add("foreign-element", id, tag=etree.QName(inner).localname)
            elif tag in _PERFORMERS:
                self._findings.add("performer", id, tag=tag)
            else:
                self._findings.add("unknown-element", id, tag=tag)

    def _gateway(
        self,
        raw: RawBody,
        id: str,
        element: etree._Element,
        kind: Kind,
        outgoing: tuple[Flow, ...],
        default: str | None,
        hosts: dict[str, str],
    ) -> Node:
        extensions_of(element, frozenset(), self._findings)
        if flag(element, "instantiate", False):
            self._findings.add("instantiate", id, tag="eventBasedGateway")
        elif element.get("eventGatewayType", "Exclusive") != "Exclusive":
            self._findings.add(
                "bad-attribute", id, attribute="eventGatewayType", value="Parallel", allowed="Exclusive"
            )
        incoming = tuple(flow.id for flow in raw.incoming.get(id, ()))
        upstream: dict[str, frozenset[str]] | None = {}
        if kind is Kind.INCLUSIVE and len(incoming) > 1:
            upstream = self._upstream.of(raw, id, hosts)
            if upstream is None:
                self._findings.add("too-many-joins", raw.id)
        return Node(
            id,
            kind,
            name=element.get("name") or "",
            body=raw.id,
            incoming=incoming,
            outgoing=outgoing,
            default=default,
            upstream=upstream or _NO_UPSTREAM,
        )

    def _event(
        self,
        raw: RawBody,
        id: str,
        element: etree._Element,
        kind: Kind,
        outgoing: tuple[Flow, ...],
        hosts: dict[str, str],
    ) -> Node | None:
        found = extensions_of(element, {"input", "output", "correlation"}, self._findings)
        if moves_data(element):
            self._findings.add("data-association", id)
        events = self._events.of(element, kind, raw.kind, found)
        if events is None:
            return None
        interrupting = interrupts(element, kind, raw.kind)
        if not interrupting and any(event.trigger is Trigger.ERROR for event in events):
            self._findings.add("error-not-interrupting", id)
        return Node(
            id,
            kind,
            name=element.get("name") or "",
            body=raw.id,
            incoming=tuple(flow.id for flow in raw.incoming.get(id, ())),
            outgoing=outgoing,
            events=events,
            interrupting=interrupting,
            attached_to=hosts.get(id, "") if kind is Kind.BOUNDARY else None,
            inputs=assignments_of(found, "input", id, self._findings, self._expressions),
            outputs=assignments_of(found, "output", id, self._findings, self._expressions),
            lane=raw.lanes.get(id),
            upstream=_NO_UPSTREAM,
        )

    def _activity(
        self,
        raw: RawBody,
        id: str,
        element: etree._Element,
        kind: Kind,
        outgoing: tuple[Flow, ...],
        default: str | None,
        plain: bool,
    ) -> Node:
        self._activities.check(element, id, plain)
        found: Found = {}
        loop: Loop | None = None
        if not plain:
            found = extensions_of(element, self._activities.allowed(kind), self._findings)
            loop = self._activities.loop(element, id)
        own: Particulars = self._activities.particulars(element, kind, id, found)
        return Node(
            id,
            kind,
            name=element.get("name") or "",
            body=raw.id,
            incoming=tuple(flow.id for flow in raw.incoming.get(id, ())),
            outgoing=outgoing,
            default=default,
            boundary=tuple(raw.boundary.get(id, ())),
            loop=loop,
            child=id if kind is Kind.SUB_PROCESS else None,
            called=own.called,
            inputs=assignments_of(found, "input", id, self._findings, self._expressions),
            outputs=assignments_of(found, "output", id, self._findings, self._expressions),
            script=own.script,
            work=own.work,
            service=own.service,
            decision=own.decision,
            result=own.result,
            message=own.message,
            lane=raw.lanes.get(id),
            upstream=_NO_UPSTREAM,
        )

    def _join_links(self, raw: RawBody) -> None:
        """A link is a jump within one body (BPMN 2.0, 10.5.5): each throw gets a flow to the catch of the
        same name."""
        throws: list[tuple[str, str]] = []
        catches: dict[str, list[str]] = {}
        for id, element in raw.nodes.items():
            tag = local(element)
            if tag not in (Kind.THROW, Kind.CATCH):
                continue
            link = child(element, "linkEventDefinition")
            if link is None:
                continue
            name = (link.get("name") or "").strip()
            if tag == Kind.THROW:
                throws.append((id, name))
            else:
                catches.setdefault(name, []).append(id)
        for id, name in throws:
            if len(catches.get(name, ())) != 1:
                self._findings.add("link-unresolved", id, value=name)
                raw.complete = False
                continue
            target = catches[name][0]
            raw.connect(RawFlow(f"{id}→{target}", id, target, None))


def _may_start(node: Node) -> bool:
    """Whether a node without incoming flow starts with its body: not what is attached, nor a link that
    nobody throws."""
    if node.kind is Kind.BOUNDARY:
        return False
    return not any(event.trigger is Trigger.LINK for event in node.events)
