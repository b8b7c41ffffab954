"""What a service call gives a handler, read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from engine.errors import Invalid
from engine.people.persons import upsert_person
from engine.people.vault import Vault
from engine.store import tables as t
from engine.text import Text


class House(Protocol):
    """What a handler needs of the engine."""

    @property
    def vault(self) -> Vault: ...


class Matter(Protocol):
    """The instance whose service task is done."""

    id: UUID
    organisation_id: UUID | None
    started_by: UUID | None


class Call(Protocol):
    """One call, as the command layer makes it."""

    inputs: dict[str, object]
    now: datetime

    @property
    def engine(self) -> House: ...
    @property
    def instance(self) -> Matter: ...
    @property
    def transaction(self) -> sa.Connection: ...
    @property
    def case_id(self) -> UUID | None: ...
    def update_instance(self, **changes: object) -> None: ...
    def hand_on(
        self, instance_id: UUID, task_id: UUID, node: str, former_id: UUID, user_id: UUID
    ) -> None: ...
    def bound(self) -> dict[str, object]: ...
    def bound_public(self) -> frozenset[str]: ...


def case_of(call: Call) -> UUID:
    if call.case_id is None:
        raise Invalid(
            Text("这件事项不属于任何个案。", "This matter does not belong to a case."), code="no_case"
        )
    return call.case_id


def missing(name: str) -> Invalid:
    return Invalid(
        Text(f"服务缺少输入“{name}”。", f"The service needs the input “{name}”."), code="input_missing"
    )


def text(call: Call, name: str, *, needed: bool = False) -> str:
    value = call.inputs.get(name)
    given = "" if value is None else str(value).strip()
    if needed and not given:
        raise missing(name)
    return given


def mapping(call: Call, name: str) -> dict[str, object]:
    value = call.inputs.get(name)
    return dict(value) if isinstance(value, Mapping) else {}


def words(call: Call, name: str) -> list[str]:
    value = call.inputs.get(name)
    return [str(each) for each in value] if isinstance(value, list) else []


def id_of(call: Call, name: str) -> UUID | None:
    given = text(call, name)
    return UUID(given) if given else None


def wanted_organisation(call: Call) -> UUID:
    found = organisation(call.transaction, call.inputs.get("organisation"))
    if found is None:
        raise missing("organisation")
    return found


def organisation(conn: sa.Connection, value: object) -> UUID | None:
    """An organisation by id or code; None where none was given. Raises Invalid for one that isn't there."""
    if value in (None, ""):
        return None
    org = t.organisation.c
    try:
        wanted = org.id == UUID(str(value))
    except ValueError:
        wanted = org.code == str(value)
    found = conn.execute(sa.select(org.id).where(wanted)).scalar()
    if found is None:
        raise Invalid(
            Text(f"没有机构“{value}”。", f"There is no organisation “{value}”."), code="no_organisation"
        )
    return UUID(str(found))


def client(call: Call, organisation_id: UUID) -> UUID | None:
    """The client's record, from what the matter's forms have bound."""
    prefix = text(call, "client")
    if not prefix:
        return None
    bound = call.bound()
    values = {
        path.removeprefix(f"{prefix}."): value
        for path, value in bound.items()
        if path.startswith(f"{prefix}.") and value is not None
    }
    source = {"by": str(call.instance.started_by or ""), "at": call.now.isoformat()}
    return upsert_person(
        call.transaction,
        call.engine.vault,
        values,
        source=source,
        now=call.now,
        organisation_id=organisation_id,
        public={path.removeprefix(f"{prefix}.") for path in call.bound_public()},
    )
