"""The append-only history of an instance: one entry a command, each sealed with the hash of the one
before.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.records import Instance
from engine.execution.effects import Entry
from engine.store import tables as t
from engine.store.prepared import Prepared

INSERT = Prepared(t.event.insert())


def trace_of(entries: Iterable[Entry]) -> list[list[object]]:
    """Entries as short rows: ``[kind, node]``, with data where there is any."""
    return [
        [entry.kind, entry.node, entry.data] if entry.data else [entry.kind, entry.node] for entry in entries
    ]


def entry_row(
    instance: Instance,
    kind: str,
    at: datetime,
    *,
    actor_id: UUID | None = None,
    for_id: UUID | None = None,
    task_id: UUID | None = None,
    node: str | None = None,
    data: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The next entry of the instance's chain; moves ``last_seq`` and ``last_hash`` on."""
    instance.last_seq += 1
    row: dict[str, object] = {
        "instance_id": instance.id,
        "seq": instance.last_seq,
        "at": at,
        "kind": kind,
        "actor_id": actor_id,
        "for_id": for_id,
        "task_id": task_id,
        "node": node,
        "data": json.dumps(data or {}, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
    }
    instance.last_hash = row["hash"] = link(instance.last_hash, row)
    return row


def link(previous: str, row: Mapping[str, object]) -> str:
    """SHA-256 over the hash before and all that the entry says."""
    at = cast(datetime, row["at"])
    said = "\x1f".join(
        (
            previous,
            str(row["instance_id"]),
            str(row["seq"]),
            at.isoformat(),
            str(row["kind"]),
            str(row["actor_id"] or ""),
            str(row["for_id"] or ""),
            str(row["task_id"] or ""),
            str(row["node"] or ""),
            str(row["data"]),
        )
    )
    return hashlib.sha256(said.encode()).hexdigest()


def verify_chain(conn: sa.Connection, instance_id: UUID) -> int | None:
    """``None`` when the chain is whole and ends where the instance says; otherwise the first entry that
    does not fit.
    """
    previous, seq = "", 0
    for row in conn.execute(
        sa.select(t.event).where(t.event.c.instance_id == instance_id).order_by(t.event.c.seq)
    ).mappings():
        seq += 1
        if row["seq"] != seq or row["hash"] != link(previous, dict(row)):
            return seq
        previous = row["hash"]
    last = conn.execute(
        sa.select(t.instance.c.last_seq, t.instance.c.last_hash).where(t.instance.c.id == instance_id)
    ).one_or_none()
    return None if last is not None and (last.last_seq, last.last_hash) == (seq, previous) else seq + 1
