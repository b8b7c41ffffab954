"""The live part of an instance: scopes and tokens, and nothing else (what happened is history)."""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """Life of an instance (BPMN 2.0, figure 13.2, reduced to what people can tell apart)."""

    ACTIVE = "active"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    FAILED = "failed"  # an error reached the top with nothing to catch it
    CANCELLED = "cancelled"  # a person ended it


@dataclass(slots=True)
class Token:
    """One visit of one node: a token gets a new id at every node it reaches, so an id never means another
    visit.

    ``waits`` tells what it waits for: ``task``, ``service``, ``timer``, ``message``, ``signal``, ``event``
    (an event-based gateway), ``scope`` (the scope ``child`` it owns), or, after an incident, ``enter``,
    ``leave`` or ``onward``: the move that is to be retried. Empty while it moves.

    ``armed`` names the nodes (boundary events, catch events) for which timers and subscriptions are
    registered outside the state, with the correlation key each message waits for. ``local`` holds variables
    that only this visit and what it contains can see: loop variables and input mappings. ``results`` is
    what came back and has not been applied yet. ``loop`` keeps the books of a loop or multi-instance, on
    its outer token.
    """

    id: int
    node: str
    scope: int
    waits: str = ""
    local: dict[str, object] | None = None
    armed: dict[str, str | None] | None = None
    child: int | None = None
    results: dict[str, object] | None = None
    loop: dict[str, object] | None = None


@dataclass(slots=True)
class Scope:
    """A running body. ``live`` counts its tokens, those held at joins included. When it falls to zero the
    owner continues.

    ``kind``: ``process`` (the instance, or a called process: its variables are isolated), ``subProcess``,
    ``eventSubProcess``, or ``loop`` (the inner instances of a loop or multi-instance). ``definition`` names
    another definition for a called process and what is inside it, ``None`` where it is the instance's own.
    ``armed`` names the start events of event sub-processes that are registered, with their message keys.
    """

    id: int
    body: str
    parent: int | None = None
    owner: int | None = None
    kind: str = "process"
    definition: str | None = None
    live: int = 0
    variables: dict[str, object] = field(default_factory=dict)
    joins: dict[str, dict[str, int]] = field(default_factory=dict)
    armed: dict[str, str | None] | None = None


@dataclass(slots=True)
class State:
    """``scopes`` and ``tokens`` by id, in the order in which they came to be. The root scope is 1."""

    sequence: int = 0  # last id given to a token or a scope
    status: Status = Status.ACTIVE
    scopes: dict[int, Scope] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)

    @property
    def root(self) -> Scope:
        """The instance's own scope. It stays, with its variables, when the instance has ended."""
        return self.scopes[1]
