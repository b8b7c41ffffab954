"""The circumstances in which a form is shown and checked: lists to choose from, files at hand, what its
conditions see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.occasion import occasion
from engine.assembly.process_engine import ProcessEngine
from engine.forms import Form, Occasion
from engine.people.actor import Actor
from engine.people.policy import check_may_see_case, check_may_work_on
from engine.queries.starts import Startable
from engine.queries.tasks import TASK_VIEW, TaskView, task_occasion
from engine.store.database import reading, writing


@dataclass(frozen=True, slots=True)
class Filling:
    """A form and its occasion, usable while the connection behind it is open."""

    form: Form
    occasion: Occasion


@contextmanager
def task_filling(
    engine: ProcessEngine, actor: Actor, task_id: UUID, *, keeps: bool = False
) -> Iterator[Filling | None]:
    """The form of a task, for somebody who may work on it; ``None`` where it has none. With ``keeps`` uploads
    are stored at once.
    """
    with _connected(engine, keeps) as conn:
        found = conn.execute(TASK_VIEW, {"task_id": task_id}).mappings().first()
        row = {} if found is None else dict(found)
        if not row.get("form"):
            yield None
            return
        check_may_work_on(actor, row)
        bundle = engine.deployed.bundle_of(conn, row["definition_id"])
        if bundle is None:
            yield None
            return
        at = task_occasion(engine, conn, actor, row, engine.clock.now())
        yield Filling(bundle.form(row["form"]), at)


def task_form(engine: ProcessEngine, view: TaskView) -> Form | None:
    """The form of a task that the person was shown: what its fields are called, nothing about anybody."""
    with reading(engine.database) as conn:
        row = conn.execute(TASK_VIEW, {"task_id": view.id}).mappings().one()
        bundle = engine.deployed.bundle_of(conn, row["definition_id"]) if row["form"] else None
    return None if bundle is None else bundle.form(row["form"])


@contextmanager
def start_filling(
    engine: ProcessEngine,
    actor: Actor,
    startable: Startable,
    case_id: UUID | None = None,
    *,
    keeps: bool = False,
) -> Iterator[Filling | None]:
    """The form that starts a process, for somebody who may start it; ``None`` where it has none."""
    with _connected(engine, keeps) as conn:
        bundle = engine.deployed.bundle_of(conn, startable.definition_id)
        if bundle is None or startable.form is None:
            yield None
            return
        if case_id is not None:
            check_may_see_case(conn, actor, engine.powers, case_id)
        at = occasion(
            engine,
            conn,
            actor,
            variables={},
            bundle_lists=bundle.manifest.get("lists"),
            settings=bundle.settings,
            case_id=case_id,
        )
        yield Filling(bundle.form(startable.form), at)


@contextmanager
def _connected(engine: ProcessEngine, keeps: bool) -> Iterator[sa.Connection]:
    with (writing if keeps else reading)(engine.database) as conn:
        yield conn
