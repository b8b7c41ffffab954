"""One datum once: what a form binds goes to the record it belongs to, with its source."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance
from engine.assembly.submissions import read_submission
from engine.feel.values import to_json
from engine.forms import Form, Sensitivity
from engine.forms.model import walk
from engine.people.persons import update_person
from engine.store import tables as t


def bound_values(engine: ProcessEngine, conn: sa.Connection, instance: Instance) -> dict[str, object]:
    """What all forms of the instance have bound so far, the later ones winning. Sensitive values are
    included.
    """
    found: dict[str, object] = {}
    rows = conn.execute(
        sa.select(t.submission)
        .where(t.submission.c.instance_id == instance.id)
        .order_by(t.submission.c.at, t.submission.c.id)
    ).mappings()
    for row in rows:
        if row["bundle_id"] is None:
            continue
        form = engine.deployed.bundle(conn, row["bundle_id"]).form(row["form"])
        values = read_submission(engine, row, sensitive=True)
        for path, component in form.fields():
            if component.binds and path in values:
                found[component.binds] = values[path]
    return found


def public_bindings(form: Form) -> frozenset[str]:
    """What the form binds without anything personal in it, so that it may be read and counted unsealed."""
    public: set[str] = set()
    personal: set[str] = set()
    for _, component in form.fields():
        if component.binds:
            within = (component, *(each for _, each in walk(component.components)))
            open_ = all(each.sensitivity is Sensitivity.PUBLIC for each in within)
            (public if open_ else personal).add(component.binds)
    return frozenset(public - personal)


def public_of(engine: ProcessEngine, conn: sa.Connection, instance: Instance) -> frozenset[str]:
    """What the forms submitted in the instance bind without anything personal in it; what one of them holds
    to be personal is.
    """
    kept = t.submission.c
    query = (
        sa.select(kept.bundle_id, kept.form)
        .where(kept.instance_id == instance.id, kept.bundle_id.is_not(None))
        .distinct()
    )
    public: set[str] = set()
    personal: set[str] = set()
    for row in conn.execute(query):
        form = engine.deployed.bundle(conn, row.bundle_id).form(row.form)
        found = public_bindings(form)
        public |= found
        personal |= {each.binds for _, each in form.fields() if each.binds} - found
    return frozenset(public - personal)


def write_bound(
    engine: ProcessEngine,
    conn: sa.Connection,
    case_id: UUID | None,
    bound: Mapping[str, object],
    *,
    form: str,
    by: UUID | None,
    now: datetime,
    public: Collection[str] = (),
) -> None:
    """Write bound values to the client of the case and to the case itself; without a case they wait in the
    submission until one is opened. Of the client's, those in ``public`` are kept unsealed.
    """
    if case_id is None or not bound:
        return
    row = conn.execute(sa.select(t.case.c.client_id, t.case.c.attributes).where(t.case.c.id == case_id)).one()
    client = {
        path.removeprefix("client."): value for path, value in bound.items() if path.startswith("client.")
    }
    if client and row.client_id is not None:
        source = {"form": form, "by": str(by or ""), "at": now.isoformat()}
        update_person(
            conn,
            engine.vault,
            row.client_id,
            client,
            source=source,
            now=now,
            public={path.removeprefix("client.") for path in public if path.startswith("client.")},
        )
    attributes = {
        path.removeprefix("case."): value for path, value in bound.items() if path.startswith("case.")
    }
    if attributes:
        merged = {**(row.attributes or {}), **{key: to_json(value) for key, value in attributes.items()}}
        conn.execute(t.case.update().where(t.case.c.id == case_id).values(attributes=merged))
