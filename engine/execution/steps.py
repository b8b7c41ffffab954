"""What can be asked of an instance, one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StartProcess:
    """Begin ``process``, at the start event ``node`` or, without one, at its none start event."""

    process: str
    node: str | None = None
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """A person has done the task."""

    token: int
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompleteService:
    """A handler has done the service."""

    token: int
    outputs: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrowError:
    """A handler or a person reports the BPMN error ``code`` at an open task or service. ``variables`` go to
    whoever catches it."""

    token: int
    code: str | None
    text: str = ""
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FireTimer:
    """The timer that ``TimerSet`` registered is due; ``cycle`` as given there."""

    holder: str
    node: str
    cycle: str | None = None


@dataclass(frozen=True, slots=True)
class Deliver:
    """A message or signal for one subscription."""

    holder: str
    node: str
    payload: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal for everything in this instance that waits for it; nothing happens where nothing does."""

    name: str
    payload: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CancelInstance:
    """A person ends the instance."""

    reason: str


@dataclass(frozen=True, slots=True)
class RetryToken:
    """Try the move again that raised an incident, or request a service again that failed for good."""

    token: int


Step = (
    StartProcess
    | CompleteTask
    | CompleteService
    | ThrowError
    | FireTimer
    | Deliver
    | Signal
    | CancelInstance
    | RetryToken
)
