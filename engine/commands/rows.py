"""Turns the effects of a run into rows, and writes them with few statements."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance
from engine.calendar import due_at
from engine.commands.deadlines import payload_of, plan_steps, read_deadline
from engine.commands.environment import RunEnvironment
from engine.errors import WulianError
from engine.execution import effects as e
from engine.feel.values import to_json
from engine.ids import new_id
from engine.store import tables as t
from engine.store.prepared import Batch, Prepared
from engine.text import Text

Row = dict[str, object]

_CLOSE_TASK = Prepared(
    t.task.update()
    .where(
        t.task.c.instance_id == sa.bindparam("of_instance"),
        t.task.c.token == sa.bindparam("of_token"),
        t.task.c.state == "open",
    )
    .values(
        state=sa.bindparam("new_state"),
        closed_at=sa.bindparam("now"),
        closed_by=sa.bindparam("by"),
        draft=None,
    )
)


def _held(table: sa.Table, *more: sa.ColumnElement[bool]) -> Prepared:
    return Prepared(
        table.delete().where(
            table.c.instance_id == sa.bindparam("of_instance"),
            table.c.holder == sa.bindparam("of_holder"),
            *more,
        )
    )


_CLOSE_INCIDENTS = (
    t.incident.update()
    .where(t.incident.c.instance_id == sa.bindparam("of_instance"), t.incident.c.resolved_at.is_(None))
    .values(resolved_at=sa.bindparam("now"), resolved_by=sa.bindparam("by"))
)
_CLOSE_ALL_INCIDENTS = Prepared(_CLOSE_INCIDENTS)
_CLOSE_INCIDENTS_OF_TOKEN = Prepared(_CLOSE_INCIDENTS.where(t.incident.c.token == sa.bindparam("of_token")))
_DROP = (_held(t.job), _held(t.subscription))
_DROP_OF_NODE = (
    _held(t.job, t.job.c.node == sa.bindparam("of_node")),
    _held(t.subscription, t.subscription.c.node == sa.bindparam("of_node")),
)
_INSERTS = {
    "tasks": Prepared(t.task.insert()),
    "jobs": Prepared(t.job.insert()),
    "subscriptions": Prepared(t.subscription.insert()),
    "incidents": Prepared(t.incident.insert()),
}


def key_hash(key: str | None) -> str:
    """What a correlation key is found by; keys may be personal, so only the hash is kept."""
    return sha256(key.encode()).hexdigest() if key else ""


@dataclass(slots=True)
class Rows:
    """Rows to write for one run of one instance."""

    engine: ProcessEngine
    conn: sa.Connection
    instance: Instance
    environment: RunEnvironment
    now: datetime
    actor_id: UUID | None
    timeless: int | None = None  # a token whose task has no deadline, so that there is no job to look for
    tasks: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    subscriptions: list[Row] = field(default_factory=list)
    incidents: list[Row] = field(default_factory=list)
    closed: list[tuple[int, bool]] = field(default_factory=list)
    released: list[tuple[str, str | None]] = field(default_factory=list)
    entries: list[e.Entry] = field(default_factory=list)

    def take(self, effects: Sequence[e.Effect], definitions: dict[int, str | None]) -> None:
        """Collect rows for ``effects``. ``definitions`` tells which definition a token's node belongs to."""
        for effect in effects:
            match effect:
                case e.Entry():
                    self.entries.append(effect)
                case e.TaskOpened():
                    self._open_task(effect, definitions.get(effect.token))
                case e.TaskClosed(token=token, withdrawn=withdrawn):
                    self._close_task(token, withdrawn)
                case e.TimerSet(holder=holder, node=node, due=due, cycle=cycle):
                    self._job(
                        "timer", due, holder=holder, node=node, payload={"cycle": cycle} if cycle else {}
                    )
                case e.ServiceRequested():
                    self._job(
                        "service",
                        self.now,
                        holder=f"t{effect.token}",
                        node=effect.node,
                        retries=effect.retries,
                        payload={"type": effect.type, "inputs": to_json(effect.inputs)},
                    )
                case e.Subscribed():
                    self.subscriptions.append(
                        {
                            "id": new_id(),
                            "kind": effect.kind,
                            "name": effect.name,
                            "key_hash": key_hash(effect.key),
                            "instance_id": self.instance.id,
                            "definition_id": None,
                            "holder": effect.holder,
                            "node": effect.node,
                            "created_at": self.now,
                        }
                    )
                case e.Released(holder=holder, node=node):
                    self._release(holder, node)
                case e.MessageThrown():
                    payload = {"name": effect.name, "key": effect.key, "payload": to_json(effect.payload)}
                    self._job("message", self.now, node=effect.node, payload=payload)
                case e.SignalThrown():
                    payload = {"name": effect.name, "payload": to_json(effect.payload)}
                    self._job("signal", self.now, node=effect.node, payload=payload)
                case e.IncidentRaised(token=token, node=node, code=code, text=text):
                    self.incident(code, text, token=token, node=node)

    def incident(self, code: str, text: Text, *, token: int | None = None, node: str | None = None) -> None:
        """Something a person has to look at."""
        self.incidents.append(
            {
                "id": new_id(),
                "instance_id": self.instance.id,
                "token": token,
                "node": node,
                "job_id": None,
                "code": code,
                "text_zh": text.zh,
                "text_en": text.en,
                "created_at": self.now,
            }
        )

    def write(self, batch: Batch) -> None:
        """Add everything collected to a batch, closing and deleting before inserting."""
        instance_id = self.instance.id
        for token, withdrawn in self.closed:
            batch.add(
                _CLOSE_TASK,
                {
                    "of_instance": instance_id,
                    "of_token": token,
                    "new_state": "withdrawn" if withdrawn else "completed",
                    "now": self.now,
                    "by": self.actor_id,
                },
            )
        for holder, node in self.released:
            held = {"of_instance": instance_id, "of_holder": holder, "of_node": node}
            for statement in _DROP if node is None else _DROP_OF_NODE:
                batch.add(statement, held)
            if self.instance.troubled and node is None and holder.startswith("t"):
                # Whoever lets go of a token is done with what was wrong at it.
                ended = {
                    "of_instance": instance_id,
                    "of_token": int(holder[1:]),
                    "now": self.now,
                    "by": self.actor_id,
                }
                batch.add(_CLOSE_INCIDENTS_OF_TOKEN, ended)
        if self.instance.troubled and self.instance.status != "active":
            batch.add(
                _CLOSE_ALL_INCIDENTS, {"of_instance": instance_id, "now": self.now, "by": self.actor_id}
            )
        for name, statement in _INSERTS.items():
            rows: list[Row] = getattr(self, name)
            if rows:
                batch.add(statement, *rows)

    def _open_task(self, opened: e.TaskOpened, definition: str | None) -> None:
        instance, conn = self.instance, self.conn
        organisation_id = instance.organisation_id
        if opened.at:
            place = self.engine.place(conn, opened.at, instance.organisation_id)
            if place is None:
                self.incident(
                    "place_unknown",
                    Text(
                        f"找不到办理机构「{opened.at}」，任务暂由本机构办理。",
                        f"No organisation “{opened.at}” was found; it stays with the matter's own.",
                    ),
                    token=opened.token,
                    node=opened.node,
                )
            organisation_id = place or organisation_id
        task_id = new_id()
        row: Row = {
            "id": task_id,
            "instance_id": instance.id,
            "token": opened.token,
            "definition_id": self.environment.definition_id(definition),
            "case_id": instance.case_id,
            "node": opened.node,
            "name": opened.name[:300],
            "title": opened.title[:300] if opened.title else None,
            "form": opened.form,
            "role": opened.role,
            "organisation_id": organisation_id,
            "assignee_id": self._assignee(opened),
            "owner_id": None,
            "state": "open",
            "level": "",
            "priority": opened.priority,
            "created_at": self.now,
            "due_at": None,
            "due_provisional": False,
            "due_spec": None,
            "local": json.dumps(to_json(opened.local), ensure_ascii=False) if opened.local else None,
            "version": 1,
        }
        if opened.due:
            self._plan(row, opened)
        self.tasks.append(row)

    def _plan(self, row: Row, opened: e.TaskOpened) -> None:
        assert opened.due is not None  # noqa: S101 - for the type checker; the caller asked
        days = self.engine.calendar(self.conn, self.instance.organisation_id)
        try:
            deadline = read_deadline(opened.due, opened.calendar, opened.roll)
            due = due_at(deadline, self.now, days)
            steps = plan_steps(deadline, opened.remind, opened.escalate, self.now, due.at, days)
        except WulianError as error:
            self.incident("due_unknown", error.text, token=opened.token, node=opened.node)
            return
        row["due_at"], row["due_provisional"] = due.at, due.provisional
        row["due_spec"] = {"amount": opened.due, "calendar": opened.calendar, "roll": opened.roll}
        if steps:
            self._job(
                "deadline",
                datetime.fromisoformat(str(steps[0]["at"])),
                holder=f"t{opened.token}",
                node=opened.node,
                task_id=row["id"],
                text=payload_of(steps),
            )

    def _assignee(self, opened: e.TaskOpened) -> UUID | None:
        if not opened.assignee:
            return None
        try:
            return UUID(opened.assignee)
        except ValueError:
            self.incident(
                "assignee_unknown",
                Text(
                    f"「{opened.assignee}」不是经办人的编号。",
                    f"“{opened.assignee}” is not the id of a user.",
                ),
                token=opened.token,
                node=opened.node,
            )
            return None

    def _close_task(self, token: int, withdrawn: bool) -> None:
        kept = [row for row in self.tasks if row["token"] != token]
        if len(kept) == len(self.tasks):
            self.closed.append((token, withdrawn))
        self.tasks = kept
        if token != self.timeless or self.instance.troubled:
            self._release(f"t{token}", None)

    def _release(self, holder: str, node: str | None) -> None:
        def held(row: Row) -> bool:
            return row["holder"] == holder and node in (None, row["node"])

        self.jobs = [row for row in self.jobs if not held(row)]
        self.subscriptions = [row for row in self.subscriptions if not held(row)]
        if (holder, node) not in self.released:
            self.released.append((holder, node))

    def _job(
        self,
        kind: str,
        due: datetime,
        *,
        holder: str | None = None,
        node: str | None = None,
        task_id: object = None,
        retries: int = 3,
        payload: dict[str, object] | None = None,
        text: str | None = None,
    ) -> None:
        self.jobs.append(
            {
                "id": new_id(),
                "kind": kind,
                "due_at": due,
                "priority": 50,
                "instance_id": self.instance.id,
                "definition_id": None,
                "task_id": task_id,
                "holder": holder,
                "node": node,
                "payload": text if text is not None else json.dumps(payload or {}, ensure_ascii=False),
                "attempts": 0,
                "retries": retries,
                "claimed_until": None,
                "claimed_by": None,
                "dead": False,
                "created_at": self.now,
            }
        )
