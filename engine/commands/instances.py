"""Starting a matter, and ending one before its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.bindings import write_bound
from engine.assembly.deployed import Bundle
from engine.assembly.occasion import occasion
from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance, lock_instance
from engine.assembly.submissions import check_form, keep_submission
from engine.commands.advance import Act, Advanced, advance
from engine.commands.answers import answer_meanwhile, earlier_answer, keep_answer
from engine.commands.environment import latest_definition
from engine.errors import Conflict, Invalid, NotFound
from engine.execution import State, encode
from engine.execution.steps import CancelInstance, StartProcess
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.policy import (
    check_may_act_for,
    check_may_manage,
    check_may_see_case,
    check_may_start,
)
from engine.store import tables as t
from engine.store.database import again, writing
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Started:
    """A started instance and the tasks it opened."""

    instance_id: UUID
    opened: tuple[UUID, ...]
    status: str
    case_id: UUID | None = None


def start_entry(bundle: Bundle | None, key: str) -> dict[str, Any] | None:
    """How the bundle's manifest lets people start the process: form, roles, place. ``None``: it does not."""
    if bundle is None:
        return None
    for entry in bundle.manifest.get("starts", ()):
        if entry.get("process") == key:
            return dict(entry)
    return None


@again
def start(
    engine: ProcessEngine,
    actor: Actor,
    key: str,
    values: Mapping[str, object] | None = None,
    *,
    organisation_id: UUID | None = None,
    case_id: UUID | None = None,
    business_key: str | None = None,
    idempotency_key: str | None = None,
    node: str | None = None,
    shown: int = 0,
    prefilled: int = 0,
) -> Started:
    """Start the newest version of a process.

    ``values`` are what was entered in the start form where the bundle names one, otherwise the first
    variables. The matter belongs to ``organisation_id``, by default the actor's own. Raises NotFound,
    NotAllowed, Invalid.
    """
    of = f"{key}:{case_id or ''}"
    try:
        with writing(engine.database) as conn:
            now = engine.clock.now()
            earlier = earlier_answer(conn, actor.user_id, idempotency_key, "start", of)
            if earlier is not None:
                return _started(earlier, case_id)
            started = _start(
                engine,
                conn,
                actor,
                key,
                values or {},
                now,
                organisation_id=organisation_id,
                case_id=case_id,
                business_key=business_key,
                node=node,
                shown=shown,
                prefilled=prefilled,
            )
            answer = {
                "instance_id": str(started.instance_id),
                "opened": [str(each) for each in started.opened],
                "status": started.status,
            }
            keep_answer(conn, actor.user_id, idempotency_key, "start", of, answer, now)
            return started
    except sa.exc.IntegrityError:
        earlier = answer_meanwhile(engine.database, actor.user_id, idempotency_key, "start", of)
        if earlier is None:
            raise
        return _started(earlier, case_id)


def _started(answer: Mapping[str, Any], case_id: UUID | None) -> Started:
    opened = tuple(UUID(each) for each in answer["opened"])
    return Started(UUID(answer["instance_id"]), opened, answer["status"], case_id)


def _start(
    engine: ProcessEngine,
    conn: sa.Connection,
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    now: datetime,
    *,
    organisation_id: UUID | None,
    case_id: UUID | None,
    business_key: str | None,
    node: str | None,
    shown: int,
    prefilled: int,
) -> Started:
    definition_id = latest_definition(conn, key, to_start=True)
    bundle = engine.deployed.bundle_of(conn, definition_id)
    entry = start_entry(bundle, key)
    if bundle is not None and not actor.is_system:
        if entry is None:
            raise NotFound(Text("这个流程不能由人直接发起。", "People cannot start this process directly."))
        check_may_start(actor, entry.get("roles", ()))
        on = entry.get("on") or entry.get("true")  # YAML 1.1 takes a bare "on" for the truth value
        if on == "case" and case_id is None:
            raise Invalid(
                Text("请从个案里发起这个流程。", "Start this process from a case."), code="case_needed"
            )
        if not on and case_id is not None:
            raise Invalid(
                Text("这个流程不能在个案里发起。", "This process is not started in a case."),
                code="not_in_a_case",
            )
    case = None if case_id is None else _case(engine, conn, actor, case_id)
    usual = case.organisation_id if case else actor.organisation_id
    origin = organisation_id or usual
    if origin is not None and origin != usual:
        check_may_act_for(actor, path_of(conn, origin))
    instance = new_instance(definition_id, key, now, origin, case_id, business_key, actor.user_id)
    instance.bundle_id = None if bundle is None else bundle.id
    variables: dict[str, object] = dict(values)
    filled = None
    if bundle is not None and entry is not None and entry.get("form") and not actor.is_system:
        form_key = str(entry["form"])
        at = occasion(
            engine,
            conn,
            actor,
            variables={},
            bundle_lists=bundle.manifest.get("lists"),
            settings=bundle.settings,
            case_id=case_id,
            now=now,
        )
        filled = check_form(bundle.form(form_key), form_key, bundle.id, values, at, actor.locale)
        variables = dict(filled.validated.variables)
        write_bound(engine, conn, case_id, filled.validated.bound, form=filled.key, by=actor.user_id, now=now)
    if case is not None:
        instance.title = f"{case.number} {case.title}".strip()[:300]
        variables.setdefault("case_number", case.number)
    advanced = begin(engine, conn, instance, actor, variables, now, node=node)
    if filled is not None:
        keep_submission(
            engine, conn, instance, filled, task_id=None, by=actor.user_id, shown=shown, prefilled=prefilled
        )
    return Started(instance.id, advanced.opened, advanced.status, case_id)


def path_of(conn: sa.Connection, organisation_id: UUID | None) -> str | None:
    """Where an organisation is in the tree; ``None`` where there is none."""
    org = t.organisation.c
    return conn.execute(sa.select(org.path).where(org.id == organisation_id)).scalar()


def _case(engine: ProcessEngine, conn: sa.Connection, actor: Actor, case_id: UUID) -> Any:
    """The case a matter is started in: only for those who may see it, and for the case's organisation."""
    check_may_see_case(conn, actor, engine.powers, case_id)
    columns = (t.case.c.number, t.case.c.title, t.case.c.organisation_id)
    return conn.execute(sa.select(*columns).where(t.case.c.id == case_id)).one()


def new_instance(
    definition_id: UUID,
    key: str,
    now: datetime,
    organisation_id: UUID | None,
    case_id: UUID | None,
    business_key: str | None,
    started_by: UUID | None,
) -> Instance:
    """An instance that has no row yet."""
    return Instance(
        id=new_id(),
        definition_id=definition_id,
        key=key,
        business_key=business_key,
        title="",
        status="active",
        version=1,
        state=encode(State()),
        case_id=case_id,
        organisation_id=organisation_id,
        started_at=now,
        started_by=started_by,
        last_seq=0,
        last_hash="",
        bundle_id=None,
    )


def begin(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    actor: Actor,
    variables: Mapping[str, object],
    now: datetime,
    *,
    node: str | None = None,
    kind: str = "started",
) -> Advanced:
    """Insert the instance and run it to its first waits. Every instance knows its organisation and who
    started it.
    """
    organisation = None
    if instance.organisation_id is not None:
        organisation = engine.organisation(conn, instance.organisation_id)
        if organisation is None:
            raise Invalid(Text("没有这个机构。", "There is no such organisation."))
    first: dict[str, object] = {
        "starter": str(actor.user_id) if actor.user_id else None,
        "organisation": organisation,
    }
    first.update(variables)
    return advance(
        engine,
        conn,
        instance,
        StartProcess(instance.key, node, first),
        Act(kind, actor_id=actor.user_id, node=node),
        now,
        state=State(),
        new=True,
    )


@again
def cancel(engine: ProcessEngine, actor: Actor, instance_id: UUID, reason: str) -> None:
    """End an instance before its time; a reason is needed. Only for those who manage its organisation."""
    reason = reason.strip()
    if not reason:
        text = Text("请填写终止的原因。", "Please give the reason for ending it.")
        raise Invalid(text, fields={"reason": [text]})
    with writing(engine.database) as conn:
        now = engine.clock.now()
        instance = lock_instance(conn, instance_id)
        path = conn.execute(
            sa.select(t.organisation.c.path).where(t.organisation.c.id == instance.organisation_id)
        ).scalar()
        check_may_manage(actor, engine.powers, path or "/")
        if instance.status != "active":
            raise Conflict(
                Text("这件事项已经结束。", "This matter has already ended."), code="instance_ended"
            )
        act = Act("cancelled", actor_id=actor.user_id, data={"reason": reason[:1000]})
        advance(engine, conn, instance, CancelInstance(reason), act, now)
