"""What a run asks of the world outside the state. The command layer turns each into rows of the same
transaction.

``holder`` is ``"t<token>"`` for waits that belong to a token and ``"s<scope>"`` for event sub-processes
armed in a scope: whoever lets go of the holder drops all its jobs and subscriptions.
"""

from dataclasses import dataclass, field
from datetime import datetime

from engine.bpmn.graph import Escalate, Remind
from engine.text import Text


@dataclass(slots=True)
class TaskOpened:
    """A user or manual task waits for a person. All texts are evaluated."""

    token: int
    node: str
    name: str
    form: str | None = None
    role: str | None = None
    at: str | None = None
    assignee: str | None = None
    due: str | None = None
    calendar: str = "office"
    roll: str = "next"
    priority: int = 50
    title: str | None = None
    remind: tuple[Remind, ...] = ()
    escalate: tuple[Escalate, ...] = ()
    local: dict[str, object] = field(
        default_factory=dict
    )  # input mappings and loop variables: what the form may prefill from


@dataclass(slots=True)
class TaskClosed:
    """The token's task is no longer open: completed by the command, or withdrawn by the process."""

    token: int
    withdrawn: bool


@dataclass(slots=True)
class TimerSet:
    """Fire at ``due``. ``cycle`` carries what is left of a repeating timer, as ISO 8601 (``R3/PT10H``)."""

    holder: str
    node: str
    due: datetime
    cycle: str | None = None


@dataclass(slots=True)
class ServiceRequested:
    """Work for a handler, done as a job after the commit."""

    token: int
    node: str
    type: str
    inputs: dict[str, object]
    retries: int


@dataclass(slots=True)
class Subscribed:
    """Waits for a message (``key`` correlates) or a signal."""

    holder: str
    node: str
    kind: str  # "message" | "signal"
    name: str
    key: str | None = None


@dataclass(slots=True)
class Released:
    """Everything registered for the holder is dropped, its open incident included; with ``node`` only what
    was registered for that node. A subscription lasts until then: a boundary event that doesn't interrupt
    may hear twice."""

    holder: str
    node: str | None = None


@dataclass(slots=True)
class MessageThrown:
    """For another instance: nothing in this one was waiting for it."""

    node: str
    name: str
    key: str | None
    payload: dict[str, object]


@dataclass(slots=True)
class SignalThrown:
    """For all other instances; catchers in this one have already had it."""

    node: str
    name: str
    payload: dict[str, object]


@dataclass(slots=True)
class Entry:
    """A history entry, enough to highlight what was done and to list the steps.

    ``kind``:

    - ``started`` (``node`` is the process) and ``ended`` (``data`` holds ``status``, and ``reason`` or
      ``error``);
    - ``entered``: an activity or event begins to wait; what passes at once has only ``completed``;
    - ``completed``: left the normal way; ``interrupted``: withdrawn;
    - ``caught``: an event happened at ``node``; ``thrown``: ``data`` names the ``message`` or ``signal``;
    - ``flow``: ``node`` is the sequence flow taken, ``token`` the one that took it;
    - ``decided``: ``data`` holds ``decision``, ``result`` and ``rules``;
    - ``error``: nothing caught the error thrown at ``node``; ``data`` holds ``code`` and ``text``.

    ``token`` numbers the visit of the node, ``scope`` the scope it was in. ``data`` is JSON-safe.
    """

    kind: str
    node: str | None = None
    token: int | None = None
    scope: int | None = None
    data: dict[str, object] | None = None


@dataclass(slots=True)
class IncidentRaised:
    """The token stays where it is until a person deals with it. Never silence."""

    token: int | None
    node: str | None
    code: str
    text: Text


Effect = (
    TaskOpened
    | TaskClosed
    | TimerSet
    | ServiceRequested
    | Subscribed
    | Released
    | MessageThrown
    | SignalThrown
    | Entry
    | IncidentRaised
)
