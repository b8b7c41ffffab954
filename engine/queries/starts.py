"""What a person may start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.occasion import occasion, prefill_sources
from engine.assembly.process_engine import ProcessEngine
from engine.errors import NotFound
from engine.forms import Form, Prefilled, blank_values, prefill
from engine.people.actor import Actor
from engine.people.policy import check_may_see_case, may_start
from engine.queries.access import record_prefilled
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Startable:
    """A process the person may start. ``title`` and ``bundle`` are words per language."""

    process: str
    title: Mapping[str, str]
    hint: Mapping[str, str]
    bundle: Mapping[str, str]
    definition_id: UUID
    form: str | None
    on: str = ""  # "case": only from a case


@dataclass(frozen=True, slots=True)
class StartView:
    """The start form with what is known already."""

    startable: Startable
    form: Form | None
    raw: dict[str, Any]
    prefilled: Mapping[str, Prefilled]
    context: Mapping[str, object]


def _words(value: object, otherwise: str) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(key): str(text) for key, text in value.items()}
    text = str(value) if value else otherwise
    return {"zh_Hans_CN": text, "en": text}


def startable(engine: ProcessEngine, actor: Actor) -> tuple[Startable, ...]:
    """What the newest version of each bundle offers to the person's roles."""
    with reading(engine.database) as conn:
        return tuple(_startable(conn, actor))


def _startable(conn: sa.Connection, actor: Actor) -> list[Startable]:
    newest = (
        sa.select(t.bundle.c.key, sa.func.max(t.bundle.c.version).label("version"))
        .group_by(t.bundle.c.key)
        .subquery()
    )
    query = (
        sa.select(
            t.bundle.c.key.label("bundle_key"),
            t.bundle.c.name.label("bundle_name"),
            t.bundle.c.manifest,
            t.definition.c.id,
            t.definition.c.key,
            t.definition.c.name,
        )
        .join(newest, sa.and_(newest.c.key == t.bundle.c.key, newest.c.version == t.bundle.c.version))
        .join(t.definition, t.definition.c.bundle_id == t.bundle.c.id)
        .where(t.definition.c.suspended.is_(False))
    )
    found: list[tuple[str, int, Startable]] = []
    for row in conn.execute(query).mappings():
        for place, entry in enumerate(row["manifest"].get("starts", ())):
            if entry.get("process") == row["key"] and may_start(actor, entry.get("roles", ())):
                each = Startable(
                    process=row["key"],
                    title=_words(entry.get("title"), row["name"]),
                    hint=_words(entry.get("hint"), ""),
                    bundle=_words(row["bundle_name"], row["name"]),
                    definition_id=row["id"],
                    form=entry.get("form"),
                    # YAML 1.1 takes a bare "on" for the truth value.
                    on=str(entry.get("on") or entry.get("true") or ""),
                )
                found.append((row["bundle_key"], place, each))
    return [each for _, _, each in sorted(found, key=lambda item: item[:2])]


def start_view(engine: ProcessEngine, actor: Actor, process: str, case_id: UUID | None = None) -> StartView:
    """The form with which the person starts a process, prefilled from a case where it is started from one.
    Raises NotFound.
    """
    view = _start_view(engine, actor, process, case_id)
    record_prefilled(engine, actor, case_id, view.form, view.prefilled)
    return view


def _start_view(engine: ProcessEngine, actor: Actor, process: str, case_id: UUID | None) -> StartView:
    now = engine.clock.now()
    with reading(engine.database) as conn:
        for each in _startable(conn, actor):
            if each.process == process:
                break
        else:
            raise NotFound(
                Text("没有这个流程，或您不能发起它。", "There is no such process, or you may not start it.")
            )
        if case_id is not None:
            check_may_see_case(conn, actor, engine.powers, case_id)
        bundle = engine.deployed.bundle_of(conn, each.definition_id)
        if bundle is None or each.form is None:
            return StartView(each, None, {}, {}, {})
        form = bundle.form(each.form)
        at = occasion(
            engine,
            conn,
            actor,
            variables={},
            bundle_lists=bundle.manifest.get("lists"),
            settings=bundle.settings,
            case_id=case_id,
            now=now,
        )
        known = prefill(form, prefill_sources(at), now, options=at.source, files=at.files)
        return StartView(each, form, blank_values(form, known, at), known, at.known)
