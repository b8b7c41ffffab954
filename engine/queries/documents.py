"""A kept file, for those who may see what it belongs to."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.errors import NotFound
from engine.people.actor import Actor
from engine.people.policy import may_see_case
from engine.queries.matters import _MATTER, _may_see, may_work_in
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A file with its name and type as checked when it was kept."""

    name: str
    media_type: str
    content: bytes


def document_content(engine: ProcessEngine, actor: Actor, document_id: UUID) -> DocumentContent:
    """The file, for whoever put it there, may see its case, or works on its matter; of a matter without a
    case, for whoever may see that. Raises NotFound.
    """
    missing = NotFound(Text("没有这个文件，或您无权查看。", "There is no such file, or you may not see it."))
    with reading(engine.database) as conn:
        row = conn.execute(sa.select(t.document).where(t.document.c.id == document_id)).mappings().first()
        if row is None or not _may_read(engine, conn, actor, row):
            raise missing
    try:
        content = engine.documents.get(row["sha256"])
    except LookupError as error:
        raise missing from error
    return DocumentContent(row["name"], row["media_type"], content)


def _may_read(engine: ProcessEngine, conn: sa.Connection, actor: Actor, row: sa.RowMapping) -> bool:
    if row["by"] == actor.user_id:
        return True
    if row["case_id"] is not None and may_see_case(conn, actor, engine.powers, row["case_id"]):
        return True
    if row["instance_id"] is None:
        return False
    matter = conn.execute(_MATTER, {"instance_id": row["instance_id"]}).mappings().first()
    if matter is None:
        return False
    if matter["case_id"] is None:
        return _may_see(engine, conn, actor, matter)
    if may_see_case(conn, actor, engine.powers, matter["case_id"]):
        return True
    return may_work_in(conn, actor, row["instance_id"])  # having started the matter opens no file of the case
