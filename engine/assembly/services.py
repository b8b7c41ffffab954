"""What a service task calls. A diagram names a type; a handler is registered for it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from engine.errors import WulianError
from engine.text import Text

if TYPE_CHECKING:
    from engine.assembly.process_engine import ProcessEngine
    from engine.assembly.records import Instance


class BpmnError(WulianError):
    """Raised by a handler: the business error ``code``, to be caught by a boundary event (BPMN 2.0,
    10.5.6).
    """

    def __init__(self, code: str, text: Text, variables: Mapping[str, object] | None = None) -> None:
        super().__init__(text, code=code)
        self.variables = dict(variables or {})


@dataclass(frozen=True, slots=True)
class HandedOn:
    """A task that a service gave to somebody else; it is entered in the history of the task's own matter."""

    instance_id: UUID
    task_id: UUID
    node: str
    former_id: UUID | None
    user_id: UUID


@dataclass(slots=True)
class ServiceCall:
    """One call of a handler.

    ``key`` is the same for every attempt: a handler that reaches outside uses it to be idempotent.
    ``connection`` is the transaction in which the service completes, for transactional handlers only.
    ``changes`` to the instance (``case_id``, ``organisation_id``, ``title``, ``business_key``) are written
    with it.
    """

    engine: "ProcessEngine"
    instance: "Instance"
    inputs: dict[str, object]
    key: str
    now: datetime
    connection: sa.Connection | None
    changes: dict[str, object] = field(default_factory=dict)
    handed_on: list["HandedOn"] = field(default_factory=list)

    @property
    def transaction(self) -> sa.Connection:
        """The connection of a transactional call."""
        if self.connection is None:
            raise RuntimeError("this handler is not registered as transactional")
        return self.connection

    @property
    def case_id(self) -> UUID | None:
        value = self.changes.get("case_id", self.instance.case_id)
        return value if isinstance(value, UUID) else None

    def update_instance(self, **changes: object) -> None:
        """Change what the instance belongs to, together with the service's completion."""
        unknown = changes.keys() - {"case_id", "organisation_id", "title", "business_key"}
        if unknown:
            raise ValueError(f"not to be changed by a service: {', '.join(sorted(unknown))}")
        self.changes.update(changes)

    def hand_on(self, instance_id: UUID, task_id: UUID, node: str, former_id: UUID, user_id: UUID) -> None:
        """Say that a task was given to somebody else, so that its matter's history tells it."""
        self.handed_on.append(HandedOn(instance_id, task_id, node, former_id, user_id))

    def bound(self) -> dict[str, object]:
        """What the instance's forms have bound so far (``client.name`` → value), sensitive fields
        included.
        """
        from engine.assembly.bindings import bound_values

        return bound_values(self.engine, self.transaction, self.instance)

    def bound_public(self) -> frozenset[str]:
        """Which of them no form holds to be personal."""
        from engine.assembly.bindings import public_of

        return public_of(self.engine, self.transaction, self.instance)


Handler = Callable[[ServiceCall], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class Service:
    """A handler for a service task's type. A transactional one works in our database only and completes
    with its work, exactly once; any other is called outside a transaction, at least once, with the same
    key.
    """

    type: str
    handler: Handler
    transactional: bool = False


class Services:
    """The registered services by type."""

    def __init__(self, services: Iterable[Service] = ()) -> None:
        self._by_type: dict[str, Service] = {}
        for service in services:
            self.add(service)

    def add(self, service: Service) -> None:
        if service.type in self._by_type:
            raise ValueError(f"service type {service.type} is registered twice")
        self._by_type[service.type] = service

    def get(self, type_: str) -> Service | None:
        return self._by_type.get(type_)

    def types(self) -> frozenset[str]:
        return frozenset(self._by_type)
