"""What a form may know and offer when it is filled in: process variables, the case and its client, lists,
files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.lists import HouseLists
from engine.assembly.process_engine import ProcessEngine
from engine.forms import Known, Occasion, StoredFile, Upload
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.persons import person_view
from engine.people.policy import may_unmask
from engine.store import tables as t
from engine.text import Text

#: Fields of a person's record that are masked, or hold something that is.
MASKED = frozenset({"name", "person", "birth_date", "identity_document", "mobile", "address"})


@dataclass(slots=True)
class HouseFiles:
    """Uploads of one person: kept at once, found again only by that person or in the same instance."""

    engine: ProcessEngine
    conn: sa.Connection
    actor: Actor
    instance_id: UUID | None
    case_id: UUID | None

    def keep(self, upload: Upload, media_type: str) -> StoredFile:
        file_id = new_id()
        self.conn.execute(
            t.document.insert(),
            {
                "id": file_id,
                "case_id": self.case_id,
                "instance_id": self.instance_id,
                "name": upload.name[:300],
                "media_type": media_type,
                "size": len(upload.content),
                "sha256": self.engine.documents.put(upload.content),
                "sensitivity": "personal",
                "at": self.engine.clock.now(),
                "by": self.actor.user_id,
            },
        )
        return StoredFile(str(file_id), upload.name, media_type, len(upload.content))

    def find(self, file_id: str) -> StoredFile | None:
        try:
            wanted = UUID(file_id)
        except ValueError:
            return None
        mine = t.document.c.by == self.actor.user_id
        if self.instance_id is not None:
            mine = mine | (t.document.c.instance_id == self.instance_id)
        row = self.conn.execute(sa.select(t.document).where(t.document.c.id == wanted, mine)).first()
        return None if row is None else StoredFile(str(row.id), row.name, row.media_type, row.size)


def occasion(
    engine: ProcessEngine,
    conn: sa.Connection,
    actor: Actor,
    *,
    variables: Mapping[str, object],
    bundle_lists: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    settings: Mapping[str, object] | None = None,
    instance_id: UUID | None = None,
    case_id: UUID | None = None,
    now: datetime | None = None,
) -> Occasion:
    """The circumstances of filling in a form at a task or at a start."""
    known: dict[str, object] = {"variables": dict(variables), "settings": dict(settings or {})}
    known["user"] = {"id": str(actor.user_id or ""), "name": actor.name}
    if case_id is not None:
        # Whoever has a task of the case needs its data; whoever starts something there may see it masked.
        unmask = instance_id is not None or may_unmask(conn, actor, engine.powers, case_id)
        known["case"], known["client"] = case_known(engine, conn, case_id, unmask=unmask)
    return Occasion(
        now=now or engine.clock.now(),
        known=known,
        source=HouseLists(conn, bundle_lists or {}, _origin(conn, actor, instance_id, case_id)),
        files=HouseFiles(engine, conn, actor, instance_id, case_id),
    )


def _origin(conn: sa.Connection, actor: Actor, instance_id: UUID | None, case_id: UUID | None) -> UUID | None:
    """The organisation the matter belongs to; before there is one, that of its case or of the person."""
    for table, id_ in ((t.instance, instance_id), (t.case, case_id)):
        if id_ is not None:
            found = conn.execute(sa.select(table.c.organisation_id).where(table.c.id == id_)).scalar()
            if found is not None:
                return UUID(str(found))
    return actor.organisation_id


def prefill_sources(at: Occasion) -> dict[str, object]:
    """What a form may be prefilled from, each with its source in words."""
    sources: dict[str, object] = dict(at.known)
    names = {
        "case": Text("个案档案", "the case record"),
        "client": Text("服务对象档案", "the client's record"),
        "variables": Text("前面的步骤", "an earlier step"),
    }
    for key, source in names.items():
        if sources.get(key):
            sources[key] = Known(sources[key], source)
    return sources


def case_known(
    engine: ProcessEngine, conn: sa.Connection, case_id: UUID, *, unmask: bool
) -> tuple[dict[str, object], dict[str, object]]:
    """The case and its client as forms see them. Without ``unmask`` whatever would be masked is left out:
    a form must not hand a masked number back to the record.
    """
    row = conn.execute(sa.select(t.case).where(t.case.c.id == case_id)).mappings().one()
    case: dict[str, object] = {
        "number": row["number"],
        "title": row["title"],
        "status": row["status"],
        "risk": row["risk"],
        "kind": row["kind"],
        **(row["attributes"] or {}),
    }
    client: dict[str, object] = {}
    if row["client_id"] is not None:
        client = dict(person_view(conn, engine.vault, row["client_id"], unmask=unmask) or {})
        if not unmask:
            client = {key: value for key, value in client.items() if key not in MASKED}
    return case, client
