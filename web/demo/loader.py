"""Fills an empty database with the demonstration: a district, its people, the processes, and matters under
way.
"""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from engine.commands import ProcessEngine, deploy_bundle
from engine.people.actor import SYSTEM
from engine.store import tables as t
from engine.store.database import reading, writing
from web.demo.matters import begin_matters
from web.demo.people import CAST, Login, people, plant
from web.settings import WORKFLOWS

BUNDLES = ("case_referral",)
Progress = Callable[[str], None]


def load_demo(engine: ProcessEngine, progress: Progress = lambda step: None) -> list[Login]:
    """Load what is missing and tell whom one can sign in as. Loading twice changes nothing."""
    with reading(engine.database) as conn:
        empty = conn.execute(sa.select(t.user.c.id).limit(1)).first() is None
    if empty:
        progress("organisations")
        with writing(engine.database) as conn:
            ids = plant(conn)
            progress("people")
            people(conn, ids, engine.clock.now())
        engine.forget()
    for key in BUNDLES:
        progress(key)
        deploy_bundle(engine, SYSTEM, bundle_folder(key))
    progress("matters under way")
    begin_matters(engine)
    return logins(engine)


def bundle_folder(key: str) -> Path:
    """Where a shipped bundle lies."""
    return WORKFLOWS / key


def logins(engine: ProcessEngine) -> list[Login]:
    """The people of the tour, as they are in this database."""
    with reading(engine.database) as conn:
        rows = conn.execute(
            sa.select(t.user.c.login, t.user.c.name, t.organisation.c.name.label("organisation"))
            .outerjoin(t.organisation, t.organisation.c.id == t.user.c.organisation_id)
            .where(t.user.c.login.in_([person.login for person in CAST]), t.user.c.active)
        )
        found = {row.login: (row.name, row.organisation or "") for row in rows}
    return [
        Login(person.login, found[person.login][0], person.role, found[person.login][1])
        for person in CAST
        if person.login in found
    ]
