"""Cases: found, opened, read along one timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.errors import NotFound
from engine.people.access import record_once
from engine.people.actor import Actor
from engine.people.masks import mask_name
from engine.people.persons import document_tail_hash, person_view
from engine.people.policy import (
    case_condition,
    check_may_see_case,
    may_unmask,
    opened_in_an_emergency,
    unmask_condition,
)
from engine.queries.matters import matter_timeline
from engine.queries.rows import Moment, TaskRow
from engine.queries.worklist import listing, task_row
from engine.store import tables as t
from engine.store.database import reading

_responsible = t.user.alias("responsible")
_CASE = sa.select(
    t.case,
    t.person.c.name.label("client"),
    t.organisation.c.name.label("organisation"),
    _responsible.c.name.label("responsible"),
).select_from(
    t.case.outerjoin(t.person, t.person.c.id == t.case.c.client_id)
    .outerjoin(t.organisation, t.organisation.c.id == t.case.c.organisation_id)
    .outerjoin(_responsible, _responsible.c.id == t.case.c.responsible_id)
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    id: UUID
    number: str
    kind: str
    title: str
    client: str
    organisation: str
    responsible: str
    status: str
    sensitivity: str
    risk: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkedMatter:
    """A matter that belongs to a case."""

    id: UUID
    process: str
    title: str
    status: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with everything its page shows. ``client`` is masked unless the person's role lifts the mask;
    ``emergency``: the person opened the case outside their reach, and sees it for some hours.
    """

    row: CaseRow
    attributes: Mapping[str, Any]
    client: Mapping[str, object]
    client_id: UUID | None
    unmasked: bool
    parties: tuple[Mapping[str, Any], ...]
    consents: tuple[Mapping[str, Any], ...]
    transfers: tuple[Mapping[str, Any], ...]
    matters: tuple[LinkedMatter, ...]
    open_tasks: tuple[TaskRow, ...]
    timeline: tuple[Moment, ...]
    emergency: bool = False


def cases(
    engine: ProcessEngine,
    actor: Actor,
    *,
    search: str = "",
    status: str = "",
    limit: int = 50,
    offset: int = 0,
) -> tuple[CaseRow, ...]:
    """Cases the person may see, the newest first. ``search``: number, title, client's name, or the last
    characters of the identity number.
    """
    unmasked = unmask_condition(actor, engine.powers).label("unmasked")
    query = _CASE.add_columns(unmasked).where(case_condition(actor, engine.powers))
    if status:
        query = query.where(t.case.c.status == status)
    if search.strip():
        query = query.where(_matches(engine, search.strip()[:100]))
    query = query.order_by(t.case.c.opened_at.desc(), t.case.c.id).limit(limit).offset(offset)
    with reading(engine.database) as conn:
        return tuple(case_row(row, bool(row["unmasked"])) for row in conn.execute(query).mappings())


def case_view(engine: ProcessEngine, actor: Actor, case_id: UUID) -> CaseView:
    """One case. Raises NotFound, also for somebody who may not know of it.

    Identifiers seen in full, a look at what not everybody in reach may see, and a refusal go on record.
    """
    now = engine.clock.now()
    try:
        view = _case_view(engine, actor, case_id, now)
    except NotFound:
        with reading(engine.database) as conn:
            exists = conn.execute(sa.select(t.case.c.id).where(t.case.c.id == case_id)).first()
        if exists is not None:
            record_once(engine.database, actor, "refused", "case", case_id, now=now)
        raise
    if view.unmasked and view.client_id is not None:
        record_once(engine.database, actor, "unmasked", "case", case_id, now=now)
    elif view.emergency or view.row.sensitivity != "normal" or view.row.status == "restricted":
        record_once(engine.database, actor, "read", "case", case_id, now=now)
    return view


def _case_view(engine: ProcessEngine, actor: Actor, case_id: UUID, now: datetime) -> CaseView:
    with reading(engine.database) as conn:
        check_may_see_case(conn, actor, engine.powers, case_id)
        row = conn.execute(_CASE.where(t.case.c.id == case_id)).mappings().one()
        unmask = may_unmask(conn, actor, engine.powers, case_id)
        client: Mapping[str, object] = {}
        if row["client_id"] is not None:
            client = person_view(conn, engine.vault, row["client_id"], unmask=unmask) or {}
        days = engine.calendar(conn, row["organisation_id"])
        tasks = conn.execute(
            listing().where(t.task.c.case_id == case_id).order_by(t.task.c.due_at)
        ).mappings()
        matters = _matters(conn, case_id)
        return CaseView(
            row=case_row(row, unmask),
            attributes=row["attributes"] or {},
            client=client,
            client_id=row["client_id"],
            unmasked=unmask,
            parties=_parties(conn, case_id),
            consents=_all(conn, t.consent, case_id, t.consent.c.given_at),
            transfers=_transfers(conn, case_id),
            matters=matters,
            open_tasks=tuple(task_row(task, now, days) for task in tasks),
            timeline=tuple(case_timeline(engine, conn, case_id, [matter.id for matter in matters])),
            emergency=opened_in_an_emergency(conn, actor, case_id),
        )


def case_timeline(
    engine: ProcessEngine, conn: sa.Connection, case_id: UUID, instances: list[UUID]
) -> list[Moment]:
    """One timeline: what happened to the case itself and in all its matters."""
    graphs = {
        row.id: engine.deployed.graph(conn, row.definition_id)
        for row in conn.execute(
            sa.select(t.instance.c.id, t.instance.c.definition_id).where(t.instance.c.id.in_(instances))
        )
    }
    moments = matter_timeline(conn, instances, graphs)
    own = conn.execute(
        sa.select(t.case_event, t.user.c.name.label("name"))
        .select_from(t.case_event.outerjoin(t.user, t.user.c.id == t.case_event.c.by))
        .where(t.case_event.c.case_id == case_id)
    ).mappings()
    moments.extend(
        Moment(row["at"], f"case.{row['kind']}", row["name"] or "", data=row["data"]) for row in own
    )
    moments.sort(key=lambda moment: moment.at)
    return moments


def case_row(row: sa.RowMapping, unmask: bool) -> CaseRow:
    """A case in a list; the client's name is covered unless the reader's role lifts the mask."""
    client = row["client"] or ""
    return CaseRow(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        title=row["title"],
        client=client if unmask else mask_name(client),
        organisation=row["organisation"] or "",
        responsible=row["responsible"] or "",
        status=row["status"],
        sensitivity=row["sensitivity"],
        risk=row["risk"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
    )


def _matches(engine: ProcessEngine, search: str) -> sa.ColumnElement[bool]:
    like = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found: list[sa.ColumnElement[bool]] = [
        column.ilike(like, escape="\\") for column in (t.case.c.number, t.case.c.title, t.person.c.name)
    ]
    if len(search) == 4:
        found.append(t.person.c.document_tail_hash == document_tail_hash(engine.vault, search))
    return sa.or_(*found)


def _matters(conn: sa.Connection, case_id: UUID) -> tuple[LinkedMatter, ...]:
    query = (
        sa.select(t.instance, t.definition.c.name.label("process"))
        .join(t.definition, t.definition.c.id == t.instance.c.definition_id)
        .where(t.instance.c.case_id == case_id)
        .order_by(t.instance.c.started_at)
    )
    return tuple(
        LinkedMatter(
            row["id"], row["process"], row["title"], row["status"], row["started_at"], row["ended_at"]
        )
        for row in conn.execute(query).mappings()
    )


def _parties(conn: sa.Connection, case_id: UUID) -> tuple[Mapping[str, Any], ...]:
    query = (
        sa.select(
            t.case_party.c.role,
            t.case_party.c.since,
            t.case_party.c.until,
            sa.func.coalesce(t.person.c.name, t.user.c.name).label("name"),
            t.organisation.c.name.label("organisation"),
        )
        .select_from(
            t.case_party.outerjoin(t.person, t.person.c.id == t.case_party.c.person_id)
            .outerjoin(t.user, t.user.c.id == t.case_party.c.user_id)
            .outerjoin(t.organisation, t.organisation.c.id == t.case_party.c.organisation_id)
        )
        .where(t.case_party.c.case_id == case_id)
        .order_by(t.case_party.c.since)
    )
    return tuple(dict(row) for row in conn.execute(query).mappings())


def _transfers(conn: sa.Connection, case_id: UUID) -> tuple[Mapping[str, Any], ...]:
    to = t.organisation.alias("receiving")
    query = (
        sa.select(
            t.transfer, t.organisation.c.name.label("from_organisation"), to.c.name.label("to_organisation")
        )
        .select_from(
            t.transfer.join(t.organisation, t.organisation.c.id == t.transfer.c.from_organisation_id).join(
                to, to.c.id == t.transfer.c.to_organisation_id
            )
        )
        .where(t.transfer.c.case_id == case_id)
        .order_by(t.transfer.c.proposed_at)
    )
    return tuple(dict(row) for row in conn.execute(query).mappings())


def _all(
    conn: sa.Connection, table: sa.Table, case_id: UUID, order: sa.ColumnElement[Any]
) -> tuple[Mapping[str, Any], ...]:
    rows = conn.execute(sa.select(table).where(table.c.case_id == case_id).order_by(order)).mappings()
    return tuple(dict(row) for row in rows)
