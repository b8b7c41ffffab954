"""Tokens with which programs act for a person. Only their hash is kept: a token is shown once."""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from engine.errors import NotAllowed, NotFound
from engine.ids import new_id
from engine.people.actor import Actor, load_actor
from engine.store import tables as t
from engine.text import Text


def issue_token(
    conn: sa.Connection, user_id: UUID, name: str, *, now: datetime, expires_at: datetime | None = None
) -> str:
    """A new token; ``name`` tells its owner what it is for."""
    token = "wl_" + secrets.token_urlsafe(32)
    row = {"id": new_id(), "user_id": user_id, "name": name[:100], "token_hash": _hash(token)}
    conn.execute(t.api_token.insert(), {**row, "created_at": now, "expires_at": expires_at})
    return token


def actor_of_token(conn: sa.Connection, token: str, now: datetime) -> Actor:
    """Whom a token acts for. Raises NotAllowed (``bad_token``), the same for unknown and expired ones."""
    row = conn.execute(
        sa.select(t.api_token.c.user_id, t.api_token.c.expires_at).where(
            t.api_token.c.token_hash == _hash(token)
        )
    ).one_or_none()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        raise NotAllowed(
            Text("令牌无效或已过期。", "The token is not valid, or has expired."), code="bad_token"
        )
    return load_actor(conn, row.user_id, now)


def tokens_of(conn: sa.Connection, user_id: UUID) -> list[sa.RowMapping]:
    """A person's tokens: ``id``, ``name``, ``created_at``, ``expires_at``."""
    columns = (t.api_token.c[name] for name in ("id", "name", "created_at", "expires_at"))
    query = sa.select(*columns).where(t.api_token.c.user_id == user_id).order_by(t.api_token.c.created_at)
    return list(conn.execute(query).mappings())


def revoke_token(conn: sa.Connection, user_id: UUID, token_id: UUID) -> None:
    """End one of a person's own tokens. Raises NotFound."""
    mine = [t.api_token.c.id == token_id, t.api_token.c.user_id == user_id]
    if conn.execute(t.api_token.delete().where(*mine)).rowcount == 0:
        raise NotFound(Text("没有这个令牌。", "There is no such token."))


def _hash(token: str) -> str:
    # 256 random bits need no slow hash.
    return sha256(token.encode()).hexdigest()
