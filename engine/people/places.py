"""Which organisation a word on a diagram means, as seen from where a matter belongs."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.store import tables as t


def resolve_place(conn: sa.Connection, at: str, origin_id: UUID | None) -> UUID | None:
    """An organisation by level, kind or id.

    A level (``street``) means the origin itself or its nearest ancestor there. A kind means the nearest
    organisation of that kind: the origin, then anything below it, then anything below each ancestor in turn;
    by path where several are equally near. A UUID means itself.
    """
    try:
        wanted = UUID(at)
    except ValueError:
        pass
    else:
        return conn.execute(sa.select(t.organisation.c.id).where(t.organisation.c.id == wanted)).scalar()
    if origin_id is None:
        return None
    path = conn.execute(sa.select(t.organisation.c.path).where(t.organisation.c.id == origin_id)).scalar()
    if path is None:
        return None
    org = t.organisation.c
    above = ancestors(path)
    level = conn.execute(
        sa.select(org.id)
        .where(org.path.in_(above), org.level == at, org.active)
        .order_by(sa.func.length(org.path).desc())
        .limit(1)
    ).scalar()
    if level is not None:
        return UUID(str(level))
    for prefix in above:
        kind = conn.execute(
            sa.select(org.id)
            .where(org.path.startswith(prefix, autoescape=True), org.kind == at, org.active)
            .order_by(sa.func.length(org.path), org.path)
            .limit(1)
        ).scalar()
        if kind is not None:
            return UUID(str(kind))
    return None


def ancestors(path: str) -> list[str]:
    """A path and those above it, nearest first: ``/a/b/`` gives ``/a/b/``, ``/a/``."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:size]) + "/" for size in range(len(parts), 0, -1)]


def members_of(conn: sa.Connection, organisation_id: UUID, role: str, now: datetime) -> list[UUID]:
    """Active users holding a role at an organisation, and the substitutes of those who are absent."""
    holders = set(
        conn.execute(
            sa.select(t.membership.c.user_id)
            .join(t.user, t.user.c.id == t.membership.c.user_id)
            .where(
                t.membership.c.organisation_id == organisation_id,
                t.membership.c.role == role,
                t.user.c.active,
            )
        ).scalars()
    )
    substitutes = conn.execute(
        sa.select(t.absence.c.substitute_id)
        .join(t.user, t.user.c.id == t.absence.c.substitute_id)
        .where(
            t.user.c.active,
            t.absence.c.user_id.in_(holders),
            t.absence.c.starts_at <= now,
            sa.or_(t.absence.c.ends_at.is_(None), t.absence.c.ends_at > now),
        )
    ).scalars()
    return sorted(holders | set(substitutes), key=str)
