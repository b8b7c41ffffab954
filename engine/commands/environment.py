"""What a running graph may ask of the house: other definitions, decision tables, the working calendar."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance
from engine.bpmn.graph import Graph
from engine.calendar import Deadline, DeadlineAmount, due_at
from engine.errors import NotFound
from engine.store import tables as t
from engine.text import Text

_LATEST = (
    sa.select(t.definition.c.id)
    .where(t.definition.c.key == sa.bindparam("key"))
    .order_by(t.definition.c.version.desc())
    .limit(1)
)


def latest_definition(conn: sa.Connection, key: str) -> UUID:
    """The newest version of a process. Raises NotFound."""
    found = conn.execute(_LATEST, {"key": key}).scalar()
    if found is None:
        raise NotFound(Text(f"没有部署流程「{key}」。", f"No process “{key}” is deployed."))
    return UUID(str(found))


class RunEnvironment:
    """The executor's environment for one run of one instance."""

    def __init__(self, engine: ProcessEngine, conn: sa.Connection, instance: Instance, now: datetime) -> None:
        self._engine = engine
        self._conn = conn
        self._instance = instance
        self._now = now
        self.functions: Mapping[str, Callable[..., object]] = {"deadline": self.deadline}

    def definition_id(self, definition: str | None) -> UUID:
        return self._instance.definition_id if definition is None else UUID(definition)

    def graph(self, definition: str | None) -> Graph:
        return self._engine.deployed.graph(self._conn, self.definition_id(definition))

    def constants(self, definition: str | None) -> dict[str, object]:
        """``settings`` of the bundle that the definition came with."""
        bundle = self._engine.deployed.bundle_of(self._conn, self.definition_id(definition))
        return {} if bundle is None else bundle.constants

    def resolve(self, process: str) -> str:
        return str(latest_definition(self._conn, process))

    def decide(
        self, definition: str | None, ref: str, context: Mapping[str, object]
    ) -> tuple[object, object]:
        from engine.decisions import decide

        bundle = self._engine.deployed.bundle_of(self._conn, self.definition_id(definition))
        model = None if bundle is None else bundle.decisions().get(ref)
        if model is None:
            raise NotFound(Text(f"流程包里没有决策「{ref}」。", f"The bundle has no decision “{ref}”."))
        decided = decide(model, ref, context, now=self._now)
        return decided.value, decided.matched

    def deadline(self, amount: object, calendar: str = "office", roll: str = "next") -> datetime:
        """FEEL ``deadline("3wd")``: when an amount of time from now is over, by the working calendar."""
        return due_at(
            Deadline(DeadlineAmount.of(amount), calendar, roll),  # type: ignore[arg-type]
            self._now,
            self._engine.calendar(self._conn, self._instance.organisation_id),
        ).at
