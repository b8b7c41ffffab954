"""Tokens with which programs act as a user. Only a hash is kept: 256 random bits need no slow one."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.errors import NotFound
from engine.ids import new_id
from engine.people.actor import Actor, load_actor
from engine.store import tables as t
from engine.text import Text

PREFIX = "wln_"


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in a list; the token itself cannot be shown again."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime | None


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(
    conn: sa.Connection, user_id: UUID, name: str, now: datetime, *, expires_at: datetime | None = None
) -> str:
    """A new token for a user; shown this once."""
    token = PREFIX + secrets.token_urlsafe(32)
    conn.execute(
        t.api_token.insert().values(
            id=new_id(),
            user_id=user_id,
            name=name[:100],
            token_hash=token_hash(token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


def actor_of_token(conn: sa.Connection, token: str, now: datetime) -> Actor | None:
    """Who the token acts as; ``None`` for an unknown or expired one, or a closed account."""
    kept = t.api_token.c
    row = conn.execute(
        sa.select(kept.user_id)
        .join(t.user, t.user.c.id == kept.user_id)
        .where(
            kept.token_hash == token_hash(token),
            sa.or_(kept.expires_at.is_(None), kept.expires_at > now),
            t.user.c.active,
        )
    ).one_or_none()
    return None if row is None else load_actor(conn, row.user_id, now)


def tokens_of(conn: sa.Connection, user_id: UUID) -> list[TokenRow]:
    """A user's tokens, the newest first."""
    kept = t.api_token.c
    rows = conn.execute(
        sa.select(kept.id, kept.name, kept.created_at, kept.expires_at)
        .where(kept.user_id == user_id)
        .order_by(kept.created_at.desc())
    )
    return [TokenRow(*row) for row in rows]


def revoke_token(conn: sa.Connection, user_id: UUID, token_id: UUID) -> None:
    """End a token. Raises NotFound."""
    mine = [t.api_token.c.id == token_id, t.api_token.c.user_id == user_id]
    done = conn.execute(t.api_token.delete().where(*mine))
    if not done.rowcount:
        raise NotFound(Text("没有这个令牌。", "There is no such token."))
