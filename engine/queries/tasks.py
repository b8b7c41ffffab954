"""One task as the person sees it who opens it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.drafts import read_draft
from engine.assembly.occasion import occasion, prefill_sources
from engine.assembly.process_engine import ProcessEngine
from engine.calendar import due_words
from engine.errors import NotAllowed, NotFound
from engine.execution import decode, variables_of
from engine.feel.values import from_json
from engine.forms import Form, Occasion, Prefilled, blank_values, prefill
from engine.people.actor import Actor
from engine.people.policy import check_may_work_on, is_kept_from, may_manage, may_see_case
from engine.queries.access import record_prefilled
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task to work on, or, once closed, to look at.

    ``raw`` is what the form shows: the draft, or what is known already; ``prefilled`` tells where that is
    from. ``can`` holds what the person may do: ``claim``, ``release``, ``complete``, ``assign``. ``context``
    is what the form's conditions see.
    """

    id: UUID
    name: str
    title: str
    state: str
    node: str
    role: str | None
    instance_id: UUID
    process: str
    case_id: UUID | None
    organisation_id: UUID | None
    organisation: str
    assignee_id: UUID | None
    assignee: str
    created_at: datetime
    due_at: datetime | None
    due_words: Text | None
    urgency: str
    provisional: bool
    level: str
    closed_at: datetime | None
    closed_by: str
    form: Form | None
    raw: dict[str, Any]
    prefilled: Mapping[str, Prefilled]
    context: Mapping[str, object]
    can: frozenset[str]
    has_draft: bool = False
    notes: tuple[Text, ...] = field(default=())


_assignee = t.user.alias("assignee")
_closer = t.user.alias("closer")
TASK_VIEW = (
    sa.select(
        t.task,
        t.instance.c.state.label("instance_state"),
        t.instance.c.title.label("instance_title"),
        t.instance.c.started_by,
        t.instance.c.organisation_id.label("origin_id"),
        t.definition.c.name.label("process"),
        t.organisation.c.name.label("organisation"),
        t.organisation.c.path,
        _assignee.c.name.label("assignee"),
        _closer.c.name.label("closer"),
    )
    .select_from(
        t.task.join(t.instance, t.instance.c.id == t.task.c.instance_id)
        .join(t.definition, t.definition.c.id == t.instance.c.definition_id)
        .outerjoin(t.organisation, t.organisation.c.id == t.task.c.organisation_id)
        .outerjoin(_assignee, _assignee.c.id == t.task.c.assignee_id)
        .outerjoin(_closer, _closer.c.id == t.task.c.closed_by)
    )
    .where(t.task.c.id == sa.bindparam("task_id"))
)


def task_view(engine: ProcessEngine, actor: Actor, task_id: UUID, *, with_form: bool = True) -> TaskView:
    """A task for somebody who may work on it, manages its organisation, or may see its case.

    Raises NotFound, also where the person may not know of it.
    """
    view = _task_view(engine, actor, task_id, with_form)
    record_prefilled(engine, actor, view.case_id, view.form, view.prefilled)
    return view


def _task_view(engine: ProcessEngine, actor: Actor, task_id: UUID, with_form: bool) -> TaskView:
    now = engine.clock.now()
    with reading(engine.database) as conn:
        found = conn.execute(TASK_VIEW, {"task_id": task_id}).mappings().first()
        if found is None:
            raise NotFound(Text("没有这个任务。", "There is no such task."))
        row: dict[str, Any] = dict(found)
        can = _possible(engine, conn, actor, row)
        form: Form | None = None
        raw: dict[str, Any] = {}
        known: dict[str, Prefilled] = {}
        context: Mapping[str, object] = {}
        has_draft = False
        if with_form and row["form"] and "complete" in can:
            bundle = engine.deployed.bundle_of(conn, row["definition_id"])
            if bundle is not None:
                form = bundle.form(row["form"])
                at = task_occasion(engine, conn, actor, row, now)
                context = at.known
                known = prefill(form, prefill_sources(at), now, options=at.source, files=at.files)
                draft = read_draft(engine, task_id, row["draft"])
                has_draft = draft is not None
                raw = draft if draft is not None else blank_values(form, known, at)
        words, urgency = None, ""
        if row["due_at"] is not None and row["state"] == "open":
            days = engine.calendar(conn, row["origin_id"])
            words, urgency = due_words(
                row["due_at"], now, days, (row["due_spec"] or {}).get("calendar", "office")
            )
        return TaskView(
            id=task_id,
            name=row["name"],
            title=row["title"] or row["instance_title"] or "",
            state=row["state"],
            node=row["node"],
            role=row["role"],
            instance_id=row["instance_id"],
            process=row["process"],
            case_id=row["case_id"],
            organisation_id=row["organisation_id"],
            organisation=row["organisation"] or "",
            assignee_id=row["assignee_id"],
            assignee=row["assignee"] or "",
            created_at=row["created_at"],
            due_at=row["due_at"],
            due_words=words,
            urgency=urgency,
            provisional=row["due_provisional"],
            level=row["level"],
            closed_at=row["closed_at"],
            closed_by=row["closer"] or "",
            form=form,
            raw=raw,
            prefilled=known,
            context=context,
            can=can,
            has_draft=has_draft,
        )


def task_occasion(
    engine: ProcessEngine, conn: sa.Connection, actor: Actor, row: Mapping[str, Any], now: datetime
) -> Occasion:
    """The circumstances in which the task's form is filled in."""
    state = decode(row["instance_state"])
    token = state.tokens.get(row["token"])
    variables = {} if token is None else variables_of(state, token)
    local = from_json(json.loads(row["local"])) if row["local"] else {}
    if isinstance(local, dict):
        variables.update(local)
    bundle = engine.deployed.bundle_of(conn, row["definition_id"])
    return occasion(
        engine,
        conn,
        actor,
        variables=variables,
        bundle_lists=None if bundle is None else bundle.manifest.get("lists"),
        settings=None if bundle is None else bundle.settings,
        instance_id=row["instance_id"],
        case_id=row["case_id"],
        now=now,
    )


def _possible(
    engine: ProcessEngine, conn: sa.Connection, actor: Actor, row: Mapping[str, Any]
) -> frozenset[str]:
    """What the person may do with the task. Raises NotFound for somebody who may not even see it."""
    can: set[str] = set()
    manages = may_manage(actor, engine.powers, row["path"] or "/")
    if row["state"] == "open":
        if _allowed(actor, row):
            can.add("complete")
            if row["assignee_id"] is None:
                can.add("claim")
            elif row["assignee_id"] == actor.user_id:
                can.update(("release", "assign") if row["role"] else ("assign",))
        if manages:
            can.add("assign")
    if _allowed(actor, row, taken=True) or row["closed_by"] == actor.user_id:
        return frozenset(can)
    about = manages or row["started_by"] == actor.user_id
    if about and not is_kept_from(conn, actor, engine.powers, row["case_id"]):
        return frozenset(can)
    if row["case_id"] is not None and may_see_case(conn, actor, engine.powers, row["case_id"]):
        return frozenset(can)
    raise NotFound(Text("没有这个任务。", "There is no such task."))


def _allowed(actor: Actor, row: Mapping[str, Any], *, taken: bool = False) -> bool:
    try:
        check_may_work_on(actor, row, taken=taken)
    except NotAllowed:
        return False
    return True
