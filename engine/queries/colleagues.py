"""Who else could do something: for handing over a task, and for standing in."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.people.actor import Actor
from engine.store import tables as t
from engine.store.database import reading


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person one may choose, with their organisation."""

    id: UUID
    name: str
    organisation: str


def _people() -> sa.Select[tuple[UUID, str, str | None]]:
    return (
        sa.select(t.user.c.id, t.user.c.name, t.organisation.c.name.label("organisation"))
        .select_from(
            t.user.join(t.membership, t.membership.c.user_id == t.user.c.id).outerjoin(
                t.organisation, t.organisation.c.id == t.user.c.organisation_id
            )
        )
        .where(t.user.c.active)
        .distinct()
        .order_by(t.user.c.name)
        .limit(200)
    )


def candidates(
    engine: ProcessEngine,
    actor: Actor,
    role: str | None,
    organisation_id: UUID | None,
    holder: UUID | None = None,
) -> tuple[Colleague, ...]:
    """Whom a task can be handed to: those with its role at its organisation, but not ``holder``."""
    if role is None or organisation_id is None:
        return ()
    query = _people().where(t.membership.c.role == role, t.membership.c.organisation_id == organisation_id)
    if holder is not None:
        query = query.where(t.user.c.id != holder)
    return _found(engine, query)


def colleagues(engine: ProcessEngine, actor: Actor) -> tuple[Colleague, ...]:
    """Who can stand in for the person: others with one of the person's roles at the same organisation, or a
    neighbouring one.
    """
    own = [member.organisation_id for member in actor.members]
    if not own:
        return ()
    mine = sa.select(t.organisation.c.parent_id).where(
        t.organisation.c.id.in_(own), t.organisation.c.parent_id.is_not(None)
    )
    near = sa.select(t.organisation.c.id).where(
        sa.or_(
            t.organisation.c.id.in_(own), t.organisation.c.parent_id.in_(mine), t.organisation.c.id.in_(mine)
        )
    )
    query = _people().where(
        t.user.c.id != actor.user_id,
        t.membership.c.organisation_id.in_(near),
        t.membership.c.role.in_(sorted(actor.roles)),
    )
    return _found(engine, query)


def _found(engine: ProcessEngine, query: sa.Select[tuple[UUID, str, str | None]]) -> tuple[Colleague, ...]:
    with reading(engine.database) as conn:
        return tuple(Colleague(row.id, row.name, row.organisation or "") for row in conn.execute(query))
