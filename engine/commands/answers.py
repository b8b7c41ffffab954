"""A command sent twice with the same key is done once: the second call gets the first answer."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from engine.errors import Invalid
from engine.store import tables as t
from engine.store.database import reading
from engine.store.prepared import Prepared
from engine.text import Text

_FIND = Prepared(
    sa.select(t.answer.c.command, t.answer.c.result).where(
        t.answer.c.user_id == sa.bindparam("user_id"), t.answer.c.key == sa.bindparam("key")
    )
)
NOBODY = UUID(int=0)


def earlier_answer(
    conn: sa.Connection, user_id: UUID | None, key: str | None, command: str, of: str
) -> dict[str, Any] | None:
    """What the same person's command with this key returned, if it was done before. ``of`` is what it was
    done to.
    """
    if key is None:
        return None
    if not (8 <= len(key) <= 100 and key.isascii() and key.isprintable()):
        words = (
            "重复提交保护码应为 8–100 个字母、数字或符号。",
            "An idempotency key has 8 to 100 ASCII characters.",
        )
        raise Invalid(Text(*words))
    row = _FIND.first(conn, {"user_id": user_id or NOBODY, "key": key})
    if row is None:
        return None
    found = cast(dict[str, Any], json.loads(row[1]))
    if row[0] != command or found.get("of", of) != of:
        raise Invalid(
            Text("重复提交保护码已用于别的操作。", "This idempotency key was used for something else.")
        )
    return found


def answer_meanwhile(
    database: sa.Engine, user_id: UUID | None, key: str | None, command: str, of: str
) -> dict[str, Any] | None:
    """For a command that came to nothing: the answer of its twin of the same moment, which was first."""
    if key is None:
        return None
    with reading(database) as conn:
        return earlier_answer(conn, user_id, key, command, of)


def keep_answer(
    conn: sa.Connection,
    user_id: UUID | None,
    key: str | None,
    command: str,
    of: str,
    result: Mapping[str, object],
    now: datetime,
) -> None:
    """Keep what the command returns, in its own transaction."""
    if key is not None:
        conn.execute(
            t.answer.insert(),
            {
                "key": key,
                "user_id": user_id or NOBODY,
                "command": command,
                "result": json.dumps({**result, "of": of}, ensure_ascii=False),
                "at": now,
            },
        )
