"""What a diagram means, resolved once and frozen: the graph that the executor walks.

Ids are those of the diagram. A *text* is literal, or FEEL where it begins with ``=``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.feel import Expression


class Kind(StrEnum):
    """Flow node kinds (BPMN 2.0, chapters 10.3, 10.5 and 10.6)."""

    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"
    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    CALL_ACTIVITY = "callActivity"
    SUB_PROCESS = "subProcess"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    EVENT_BASED = "eventBasedGateway"


class Trigger(StrEnum):
    """Event definitions (BPMN 2.0, 10.5.5)."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    LINK = "link"
    TERMINATE = "terminate"


class TimerKind(StrEnum):
    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """``name`` is the message's or signal's name, the error's code or the link's name; ``None`` for a
    catch-all error.

    ``timer`` is an ISO 8601 text taken literally, or FEEL (design §7). ``key`` is the correlation key of a
    message.
    """

    trigger: Trigger
    name: str | None = None
    timer_kind: TimerKind | None = None
    timer: Expression | str | None = None
    key: Expression | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. ``condition`` is ``None`` where it is unconditional."""

    id: str
    source: str
    target: str
    condition: Expression | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """Standard loop, or multi-instance in parallel or in sequence (BPMN 2.0, 13.3.6 and 13.3.7).

    Multi-instance takes ``collection`` (with ``item`` naming each element) or ``cardinality``; ``result``
    is evaluated after each inner instance and gathered, in input order, in the list ``results``.
    """

    kind: str  # "standard" | "parallel" | "sequential"
    condition: Expression | None = None  # loop condition, or completion condition of a multi-instance
    test_before: bool = False
    maximum: Expression | None = None
    cardinality: Expression | None = None
    collection: Expression | None = None
    item: str | None = None
    result: Expression | None = None
    results: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment: ``target = source``."""

    target: str
    source: Expression


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind ``to`` (``assignee`` or a role) before the due time: an amount (``1wd``), or a share of the
    span (``50%``).

    ``at`` is a local time of day such as ``09:00``.
    """

    before: str
    to: str = "assignee"
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Tell role ``to`` at organisation level ``at``, an amount ``after`` the due time; the task's level
    becomes ``level``.

    ``signal`` names a signal that is thrown into the instance at that moment, so that the diagram can
    react.
    """

    after: str
    to: str
    at: str | None = None
    level: str = "yellow"
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a user task asks of people (``wulian:task``, ``wulian:due``, ``wulian:remind``,
    ``wulian:escalate``).

    ``role``, ``at``, ``assignee``, ``due`` and ``priority`` are texts: literal, or FEEL. ``at`` is an
    organisation level or kind as seen from the instance's organisation (``community``, ``street``,
    ``district``) or, as FEEL, an organisation id. ``assignee`` gives a user id.
    """

    form: str | None = None
    role: Expression | str | None = None
    at: Expression | str | None = None
    assignee: Expression | str | None = None
    due: Expression | str | None = None
    calendar: str = "office"
    roll: str = "next"
    priority: Expression | str | None = None
    title: Expression | str | None = None
    remind: tuple[Remind, ...] = ()
    escalate: tuple[Escalate, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service task's handler (``wulian:service``). Retries back off; when they are used up an incident is
    raised."""

    type: str
    retries: int = 3


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node.

    ``events`` holds its event definitions; ``boundary`` the ids of boundary events attached to it;
    ``child`` the body of a sub-process; ``upstream`` (inclusive joins only) maps each incoming flow to the
    nodes and flows from which a token can still reach that flow on a path that avoids this gateway (BPMN
    2.0, 13.4.3). The outgoing flow of a link throw leads to its catch; no such flow is drawn.
    """

    id: str
    kind: Kind
    name: str = ""
    body: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    default: str | None = None
    events: tuple[EventDefinition, ...] = ()
    interrupting: bool = True
    attached_to: str | None = None
    boundary: tuple[str, ...] = ()
    loop: Loop | None = None
    child: str | None = None
    called: Expression | str | None = None
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    script: tuple[Assignment, ...] = ()
    work: Work | None = None
    service: Service | None = None
    decision: str | None = None
    result: str | None = None  # variable that receives a decision's result
    message: EventDefinition | None = None  # of a send or receive task
    lane: str | None = None
    upstream: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """The content of a process, a sub-process or an event sub-process. ``starts`` are its start events, or,
    where it has none, the activities and gateways without incoming flow (BPMN 2.0, 13.3.1)."""

    id: str
    kind: str  # "process" | "subProcess" | "eventSubProcess"
    name: str
    nodes: Mapping[str, Node]
    starts: tuple[str, ...]
    event_subprocesses: tuple[str, ...] = ()  # body ids


@dataclass(frozen=True, slots=True)
class Graph:
    """All executable processes of one diagram. ``bodies`` and ``nodes`` by id; ``processes`` are the body
    ids that can be started."""

    bodies: Mapping[str, Body]
    processes: tuple[str, ...]
    nodes: Mapping[str, Node]
    has_inclusive_join: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
