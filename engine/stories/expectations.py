"""What a story expects, compared with what there is. An ``expect`` holds where everything it says holds."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.graph import Kind
from engine.calendar import SHANGHAI
from engine.commands import ProcessEngine
from engine.execution import decode
from engine.feel.values import to_json
from engine.store import tables as t
from engine.store.database import reading
from engine.stories.coverage import traces
from engine.text import Text

_OF_TASK = ("assignee", "role", "organisation", "due", "overdue", "level", "escalated_to", "reminded")


class Unmet(Exception):
    """Something else was seen than expected."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def expect(engine: ProcessEngine, main: UUID, wanted: Mapping[str, Any]) -> None:
    """Raises :class:`Unmet` with the first thing that differs. ``main`` is the story's first matter."""
    with reading(engine.database) as conn:
        case_id = conn.execute(sa.select(t.instance.c.case_id).where(t.instance.c.id == main)).scalar()
        if "task" in wanted:
            _task(engine, conn, wanted)
        elif any(name in wanted for name in _OF_TASK):
            raise Unmet(Text("expect 里缺少 task", "this expect needs a task"))
        for name in _list(wanted.get("no_task")):
            if any(name in (task["name"], task["node"]) for task in _open_tasks(conn)):
                raise Unmet(Text(f"不应有任务“{name}”", f"there should be no task “{name}”"))
        if "notification" in wanted:
            for each in _list(wanted["notification"]):
                _notification(conn, each)
        if "variable" in wanted:
            _same("variable", wanted["variable"], _variables(conn, main, wanted["variable"]))
        if "case" in wanted:
            _same("case", wanted["case"], _case(conn, case_id, wanted["case"]))
        if "transfer" in wanted:
            _same("transfer", wanted["transfer"], _transfer(conn, case_id, wanted["transfer"]))
        if "timeline" in wanted:
            _contains("timeline", _list(wanted["timeline"]), _timeline(conn, case_id))
        if "consents" in wanted:
            _same("consents", wanted["consents"], _consents(conn, case_id))
        if "outbox" in wanted:
            sent = [row.kind for row in conn.execute(sa.select(t.outbox.c.kind))]
            _contains("outbox", _list(wanted["outbox"]), sent)
        if "status" in wanted:
            status = conn.execute(sa.select(t.instance.c.status).where(t.instance.c.id == main)).scalar()
            _same("status", wanted["status"], status)
    _paths(engine, main, wanted)
    if "ended" in wanted:
        _contains("ended", _list(wanted["ended"]), ended_at(engine, main)[1])


def ended_at(engine: ProcessEngine, main: UUID) -> tuple[str, list[str]]:
    """The status of a matter, and the names of the end events it has passed."""
    with reading(engine.database) as conn:
        row = conn.execute(
            sa.select(t.instance.c.status, t.instance.c.definition_id).where(t.instance.c.id == main)
        ).one()
        graph = engine.deployed.graph(conn, row.definition_id)
    passed = [element for kind, element in traces(engine, main) if kind in ("completed", "ended")]
    ends = [
        graph.nodes[each] for each in passed if each in graph.nodes and graph.nodes[each].kind is Kind.END
    ]
    return row.status, [node.name or node.id for node in ends]


# --- tasks ---


def _open_tasks(conn: sa.Connection) -> Sequence[sa.RowMapping]:
    query = (
        sa.select(t.task, t.organisation.c.code.label("at"), t.user.c.login.label("login"))
        .outerjoin(t.organisation, t.organisation.c.id == t.task.c.organisation_id)
        .outerjoin(t.user, t.user.c.id == t.task.c.assignee_id)
        .where(t.task.c.state == "open")
        .order_by(t.task.c.created_at, t.task.c.id)
    )
    return conn.execute(query).mappings().all()


def _task(engine: ProcessEngine, conn: sa.Connection, wanted: Mapping[str, Any]) -> None:
    name, tasks = wanted["task"], _open_tasks(conn)
    named = [task for task in tasks if name in (task["name"], task["node"])]
    if not named:
        seen = "、".join(task["name"] for task in tasks) or "—"
        raise Unmet(Text(f"应有任务“{name}”，现有：{seen}", f"a task “{name}”; open are: {seen}"))
    asked = {key: wanted[key] for key in _OF_TASK if key in wanted}
    seen_all = [_about(engine, conn, task) for task in named]
    for seen_one in seen_all:
        if all(_fits(key, value, seen_one[key]) for key, value in asked.items()):
            return
    _same(f"task “{name}”", asked, {key: seen_all[0][key] for key in asked})


def _about(engine: ProcessEngine, conn: sa.Connection, task: sa.RowMapping) -> dict[str, Any]:
    note = t.notification.c
    told = conn.execute(sa.select(note.kind, note.role, note.level).where(note.task_id == task["id"])).all()
    due = task["due_at"]
    return {
        "assignee": task["login"],
        "role": task["role"],
        "organisation": task["at"],
        "due": None if due is None else due.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "overdue": due is not None and due < engine.clock.now(),
        "level": task["level"],
        "escalated_to": [each.role for each in told if each.kind == "escalation"],
        "reminded": sum(each.kind == "reminder" for each in told),
    }


def _fits(key: str, wanted: Any, seen: Any) -> bool:
    if key == "escalated_to":
        return seen == [] if wanted == [] else all(each in seen for each in _list(wanted))
    if key == "reminded" and isinstance(wanted, bool):
        return bool(wanted == (seen > 0))
    if key == "due":
        return str(seen or "").startswith(_day(wanted))
    return bool(wanted == seen)


def _day(value: Any) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value or "")


# --- the rest ---


def _notification(conn: sa.Connection, wanted: Mapping[str, Any]) -> None:
    note = t.notification
    query = sa.select(
        note.c.kind,
        note.c.role,
        note.c.level,
        note.c.text_zh,
        t.user.c.login,
        t.organisation.c.code.label("organisation"),
    ).select_from(
        note.outerjoin(t.user, t.user.c.id == note.c.user_id).outerjoin(
            t.organisation, t.organisation.c.id == note.c.organisation_id
        )
    )
    rows = conn.execute(query).all()
    for row in rows:
        if (
            wanted.get("to") in (None, row.role, row.login)
            and wanted.get("kind") in (None, row.kind)
            and wanted.get("level") in (None, row.level)
            and wanted.get("organisation") in (None, row.organisation)
            and str(wanted.get("says") or "") in row.text_zh
        ):
            return
    seen = "；".join(f"{row.kind} → {row.role or row.login}: {row.text_zh}" for row in rows) or "—"
    raise Unmet(
        Text(f"应有消息 {dict(wanted)}，现有：{seen}", f"a message {dict(wanted)}; there are: {seen}")
    )


def _variables(conn: sa.Connection, main: UUID, wanted: Mapping[str, Any]) -> dict[str, Any]:
    state = decode(conn.execute(sa.select(t.instance.c.state).where(t.instance.c.id == main)).scalar_one())
    found: dict[str, Any] = {}
    for scope in state.scopes.values():  # the innermost wins: called processes come after their callers
        found.update({name: value for name, value in scope.variables.items() if name in wanted})
    return {name: _plain(to_json(found.get(name))) for name in wanted}


def _plain(value: Any) -> Any:
    """A value as stories write it: days and moments as text, whole numbers as numbers."""
    if isinstance(value, dict):
        tagged = [text for key, text in value.items() if key.startswith("$")]
        return tagged[0] if tagged else {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _case(conn: sa.Connection, case_id: UUID | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
    home, user = t.organisation, t.user
    row = (
        conn.execute(
            sa.select(t.case, home.c.code.label("organisation"), user.c.login.label("responsible"))
            .join(home, home.c.id == t.case.c.organisation_id)
            .outerjoin(user, user.c.id == t.case.c.responsible_id)
            .where(t.case.c.id == case_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise Unmet(Text("没有个案", "there is no case"))
    party = t.case_party.c
    taking_part = conn.execute(
        sa.select(party.role, home.c.code)
        .outerjoin(home, home.c.id == party.organisation_id)
        .where(party.case_id == case_id, party.until.is_(None))
    ).all()
    seen = {**row, **(row["attributes"] or {})}
    seen["parties"] = [each.role if each.code is None else f"{each.role} {each.code}" for each in taking_part]
    if "parties" in wanted:
        _contains("case.parties", _list(wanted["parties"]), seen["parties"])
    return {name: wanted[name] if name == "parties" else seen.get(name) for name in wanted}


def _transfer(conn: sa.Connection, case_id: UUID | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
    to = t.organisation
    row = (
        conn.execute(
            sa.select(t.transfer, to.c.code.label("to"))
            .join(to, to.c.id == t.transfer.c.to_organisation_id)
            .where(t.transfer.c.case_id == case_id)
            .order_by(t.transfer.c.number.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise Unmet(Text("没有移交单", "there is no transfer"))
    return {name: row[name] for name in wanted}


def _timeline(conn: sa.Connection, case_id: UUID | None) -> list[str]:
    event = t.case_event.c
    query = sa.select(event.kind, event.data).where(event.case_id == case_id).order_by(event.at, event.id)
    return [str(row.kind) for row in conn.execute(query)]


def _consents(conn: sa.Connection, case_id: UUID | None) -> dict[str, int]:
    consent = t.consent.c
    rows = conn.execute(sa.select(consent.withdrawn_at).where(consent.case_id == case_id)).scalars().all()
    return {
        "in_force": sum(each is None for each in rows),
        "withdrawn": sum(each is not None for each in rows),
    }


def _paths(engine: ProcessEngine, main: UUID, wanted: Mapping[str, Any]) -> None:
    """``path``: these elements (names or ids) were passed, in this order, others between them."""
    if "path" not in wanted and "not_path" not in wanted:
        return
    with reading(engine.database) as conn:
        definition = conn.execute(
            sa.select(t.instance.c.definition_id).where(t.instance.c.id == main)
        ).scalar_one()
        graph = engine.deployed.graph(conn, definition)
    passed: list[set[str]] = []
    for kind, element in traces(engine, main):
        node = graph.nodes.get(element)
        if kind != "flow" and node is not None:
            passed.append({node.id, node.name})
    rest = iter(passed)
    for name in _list(wanted.get("path")):
        if not any(name in each for each in rest):
            seen = " → ".join(dict.fromkeys(min(each, key=len) for each in passed))
            raise Unmet(Text(f"路径里应有“{name}”，实际：{seen}", f"the path lacks “{name}”; seen: {seen}"))
    for name in _list(wanted.get("not_path")):
        if any(name in each for each in passed):
            raise Unmet(Text(f"不应经过“{name}”", f"“{name}” should not be passed"))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _same(what: str, wanted: Any, seen: Any) -> None:
    if isinstance(wanted, Mapping) and isinstance(seen, Mapping):
        wanted = {key: value for key, value in wanted.items() if seen.get(key) != value}
        seen = {key: seen.get(key) for key in wanted}
        if not wanted:
            return
    elif wanted == seen:
        return
    shown = [json.dumps(each, ensure_ascii=False, default=str) for each in (wanted, seen)]
    raise Unmet(
        Text(f"{what}：应为 {shown[0]}，实际 {shown[1]}", f"{what}: expected {shown[0]}, seen {shown[1]}")
    )


def _contains(what: str, wanted: list[Any], seen: Sequence[Any]) -> None:
    missing = [each for each in wanted if each not in seen]
    if missing:
        shown = "、".join(map(str, seen)) or "—"
        raise Unmet(
            Text(
                f"{what} 应有 {'、'.join(map(str, missing))}，实际：{shown}",
                f"{what} should have {', '.join(map(str, missing))}; seen: {shown}",
            )
        )
