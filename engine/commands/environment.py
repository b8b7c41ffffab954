"""What a running graph may ask of the house: other definitions, decision tables, the working calendar."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import cast
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance
from engine.bpmn.graph import Graph
from engine.calendar import (
    SHANGHAI,
    Deadline,
    DeadlineAmount,
    WorkingCalendar,
    due_at,
    working_days_between,
)
from engine.errors import Conflict, NotFound
from engine.store import tables as t
from engine.store.prepared import Prepared
from engine.text import Text

_LATEST = Prepared(
    sa.select(t.definition.c.id, t.definition.c.suspended)
    .where(t.definition.c.key == sa.bindparam("key"))
    .order_by(t.definition.c.version.desc())
    .limit(1)
)


def latest_definition(conn: sa.Connection, key: str, *, to_start: bool = False) -> UUID:
    """The newest version of a process. Raises NotFound; ``to_start`` one that is suspended, Conflict."""
    found = _LATEST.first(conn, {"key": key})
    if found is None:
        raise NotFound(Text(f"没有部署流程「{key}」。", f"No process “{key}” is deployed."))
    definition_id, suspended = found
    if suspended and to_start:
        text = Text("这个流程已暂停受理新事项。", "This process takes no new matters at present.")
        raise Conflict(text, code="suspended")
    return cast(UUID, definition_id)


class RunEnvironment:
    """The executor's environment for one run of one instance."""

    def __init__(self, engine: ProcessEngine, conn: sa.Connection, instance: Instance, now: datetime) -> None:
        self._engine = engine
        self._conn = conn
        self._instance = instance
        self._now = now
        self.functions: Mapping[str, Callable[..., object]] = {
            "deadline": self.deadline,
            "working_days": self.working_days,
            "responsible": self.responsible,
        }

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
        matched = [[found.table, [rule.id for rule in found.rules]] for found in decided.matched]
        return decided.value, matched

    def deadline(
        self,
        amount: object,
        calendar: str = "office",
        roll: str = "next",
        start: datetime | date | None = None,
    ) -> datetime:
        """FEEL ``deadline("3wd")``: when an amount of time from now is over, by the working calendar. With a
        ``start`` it is counted from there.
        """
        return due_at(
            Deadline(DeadlineAmount.of(amount), calendar, roll),  # type: ignore[arg-type]
            self._now if start is None else _moment(start),
            self._calendar(),
        ).at

    def working_days(self, first: datetime | date, last: datetime | date) -> int:
        """FEEL ``working_days(first, last)``: how many working days after the first up to the last."""
        return working_days_between(_moment(first), _moment(last), self._calendar())

    def responsible(self) -> str | None:
        """FEEL ``responsible()``: the id of the user who answers for the case, null where nobody does."""
        if self._instance.case_id is None:
            return None
        query = sa.select(t.case.c.responsible_id).where(t.case.c.id == self._instance.case_id)
        found = self._conn.execute(query).scalar()
        return None if found is None else str(found)

    def _calendar(self) -> WorkingCalendar:
        return self._engine.calendar(self._conn, self._instance.organisation_id)


def _moment(value: datetime | date) -> datetime:
    """A moment; a day begins at midnight in China, and a time without a zone is China's."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    return datetime(value.year, value.month, value.day, tzinfo=SHANGHAI)
