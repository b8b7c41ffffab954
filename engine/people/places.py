"""Which organisation a word on a diagram means, as seen from where a matter belongs."""

from collections.abc import Collection
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


def who_is_there(
    conn: sa.Connection, organisation_id: UUID, role: str, in_charge: Collection[str], now: datetime
) -> tuple[UUID, str] | None:
    """Where to turn with what is for a role at an organisation: there, if anybody holds it; else to the same
    role at the nearest organisation above; else to the nearest who is in charge (one of ``in_charge``).
    ``None`` where there is nobody at all.
    """
    org = t.organisation.c
    path = conn.execute(sa.select(org.path).where(org.id == organisation_id)).scalar()
    if path is None:
        return None
    above = [
        row.id
        for row in conn.execute(
            sa.select(org.id).where(org.path.in_(ancestors(path))).order_by(sa.func.length(org.path).desc())
        )
    ]
    places = [(place, role) for place in above]
    places += [(place, other) for place in above for other in sorted(in_charge)]
    return next((each for each in places if members_of(conn, *each, now)), None)
