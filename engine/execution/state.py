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
    """A token at a node. ``waits`` tells what it waits for: any of ``task``, ``service``, ``timer``, ``message``, ``signal``, ``scope``."""

    id: int
    node: str
    scope: int
    waits: str = ""
    loop: dict[str, object] | None = None
    armed: int = 0  # waits registered outside the state (timers, subscriptions) that must be dropped with the token


@dataclass(slots=True)
class Scope:
    """A running body. ``live`` counts its tokens, those held at joins included. When it falls to zero the owner token continues.

    ``definition`` names another definition for a called process, ``None`` where it is the instance's own.
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
    armed: int = 0  # event sub-process starts registered for this scope


@dataclass(slots=True)
class State:
    sequence: int = 0  # last id given to a token or a scope
    status: Status = Status.ACTIVE
    scopes: dict[int, Scope] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)
