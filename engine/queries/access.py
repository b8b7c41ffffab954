"""Who looked at a case, and which were opened in an emergency: for those in charge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.forms import Form, Prefilled, Sensitivity
from engine.people import access
from engine.people.access import BrokenGlass, record_once
from engine.people.actor import Actor
from engine.people.policy import check_may_manage, check_may_see_case
from engine.store import tables as t
from engine.store.database import reading

#: How far back the list for review reaches by itself.
REVIEWED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of the access log. ``action``: read | unmasked | break_glass | refused | export."""

    at: datetime
    user: str
    action: str
    reason: str


def record_prefilled(
    engine: ProcessEngine,
    actor: Actor,
    case_id: UUID | None,
    form: Form | None,
    known: Mapping[str, Prefilled],
) -> None:
    """A form of a case that opens with personal data filled in shows them in full: that is on record as well.
    Call it after the transaction that read.
    """
    if case_id is None or form is None or not known:
        return
    shown = (each for path, each in form.fields() if path in known and known[path].source is not None)
    if any(each.sensitivity is not Sensitivity.PUBLIC for each in shown):
        record_once(engine.database, actor, "unmasked", "case", case_id, now=engine.clock.now())


def access_of(engine: ProcessEngine, actor: Actor, case_id: UUID, *, limit: int = 200) -> tuple[Look, ...]:
    """Who looked at a case, the newest first, for those in charge of its organisation.

    Raises NotFound for somebody who may not know of the case, NotAllowed for somebody not in charge.
    """
    with reading(engine.database) as conn:
        check_may_see_case(conn, actor, engine.powers, case_id)
        path = conn.execute(
            sa.select(t.organisation.c.path)
            .join(t.case, t.case.c.organisation_id == t.organisation.c.id)
            .where(t.case.c.id == case_id)
        ).scalar_one()
        check_may_manage(actor, engine.powers, path)
        return tuple(
            Look(row["at"], row["user"] or "", row["action"], row["reason"])
            for row in access.access_of(conn, "case", case_id, limit)
        )


def emergency_openings(
    engine: ProcessEngine, actor: Actor, *, since: datetime | None = None, limit: int = 200
) -> tuple[BrokenGlass, ...]:
    """Cases that were opened in an emergency, the newest first, for review by those in charge of their
    organisations; of the last 30 days where ``since`` isn't given. Empty for everybody else.
    """
    after = since or engine.clock.now() - REVIEWED
    with reading(engine.database) as conn:
        return tuple(access.broken_glass(conn, actor, engine.powers, since=after, limit=limit))
