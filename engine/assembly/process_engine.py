"""The engine as one object: everything a command needs, and nothing a command decides."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.deployed import Deployments
from engine.assembly.services import Service, Services
from engine.assembly.working_days import read_calendar
from engine.calendar import WorkingCalendar
from engine.clock import Clock, SystemClock
from engine.people.places import resolve_place
from engine.people.policy import RolePowers
from engine.people.vault import Vault
from engine.store import tables as t
from engine.store.database import open_database, prepare
from engine.store.documents import DocumentStore, NoDocuments

Value = TypeVar("Value")
KEPT_SECONDS = 20.0  # how long a change to calendars or organisations made by another process may go unseen


@dataclass(slots=True)
class ProcessEngine:
    """Commands and queries take this first. It may be shared by threads."""

    database: sa.Engine
    clock: Clock
    vault: Vault
    powers: Mapping[str, RolePowers]
    services: Services
    documents: DocumentStore = field(default_factory=NoDocuments)
    deployed: Deployments = field(default_factory=Deployments)
    wake: list[Callable[[], None]] = field(default_factory=list)  # callables told that new work may be due
    _kept: dict[tuple[str, object], tuple[float, object]] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        url: str | sa.URL | sa.Engine,
        *,
        vault: Vault,
        powers: Mapping[str, RolePowers],
        clock: Clock | None = None,
        services: Iterable[Service] = (),
        documents: DocumentStore | None = None,
    ) -> "ProcessEngine":
        """Open the engine on a database that has been migrated."""
        database = prepare(url) if isinstance(url, sa.Engine) else open_database(url)
        return cls(
            database=database,
            clock=clock or SystemClock(),
            vault=vault,
            powers=powers,
            services=Services(services),
            documents=documents or NoDocuments(),
        )

    def calendar(self, conn: sa.Connection, organisation_id: UUID | None) -> WorkingCalendar:
        """The working calendar at an organisation: the national one with the overlays of its ancestors."""
        return self._remember(("calendar", organisation_id), lambda: read_calendar(conn, organisation_id))

    def organisation(self, conn: sa.Connection, organisation_id: UUID) -> dict[str, str] | None:
        """An organisation as expressions see it: id, code, level and kind; ``None`` where there is none."""
        return self._remember(("organisation", organisation_id), lambda: _organisation(conn, organisation_id))

    def place(self, conn: sa.Connection, at: str, origin: UUID | None) -> UUID | None:
        """The organisation that ``at`` (a level, a kind or an id) means as seen from ``origin``."""
        return self._remember(("place", (at, origin)), lambda: resolve_place(conn, at, origin))

    def close(self) -> None:
        """Give the database connections back."""
        self.database.dispose()

    def woken(self) -> None:
        """Tell whoever looks after the clock that new work may be due."""
        for tell in self.wake:
            tell()

    def forget(self) -> None:
        """Drop what is kept of calendars and organisations, after this process has changed them."""
        self._kept.clear()

    def _remember(self, key: tuple[str, object], load: Callable[[], Value]) -> Value:
        known = self._kept.get(key)
        moment = time.monotonic()
        if known is not None and moment - known[0] < KEPT_SECONDS:
            return cast(Value, known[1])
        value = load()
        self._kept[key] = (moment, value)
        return value


def _organisation(conn: sa.Connection, organisation_id: UUID) -> dict[str, str] | None:
    org = t.organisation.c
    row = conn.execute(
        sa.select(org.code, org.level, org.kind).where(org.id == organisation_id)
    ).one_or_none()
    if row is None:
        return None
    return {"id": str(organisation_id), "code": row.code, "level": row.level, "kind": row.kind}
