"""Deploying a bundle: read, checked, numbered, its starts armed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import yaml

from engine.assembly.process_engine import ProcessEngine
from engine.bpmn import Finding, read
from engine.bpmn.graph import Graph, Kind, Trigger
from engine.calendar import DeadlineAmount
from engine.errors import Invalid, WulianError
from engine.execution.timers import first_firing
from engine.forms import read_form
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.policy import check_may_administer
from engine.store import tables as t
from engine.store.database import writing
from engine.text import Text

KEPT = {".bpmn", ".dmn", ".json", ".yaml", ".md"}
MOST_FILES, MOST_BYTES = 500, 20_000_000


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployed bundle. ``definitions`` maps process ids to definition ids; ``new`` is false when nothing
    had changed.
    """

    bundle_id: UUID
    version: int
    definitions: Mapping[str, UUID]
    findings: tuple[Finding, ...]
    new: bool


def bundle_files(folder: Path) -> dict[str, bytes]:
    """The files of a bundle's folder by relative path."""
    if not (folder / "bundle.yaml").is_file():
        raise Invalid(
            Text(
                f"文件夹「{folder.name}」里没有 bundle.yaml。",
                f"The folder “{folder.name}” has no bundle.yaml.",
            )
        )
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in KEPT
    }


def deploy_bundle(engine: ProcessEngine, actor: Actor, source: Path | Mapping[str, bytes]) -> Deployed:
    """Deploy a bundle from a folder or from files by path.

    Everything is read and checked before anything is written. Unchanged content keeps its version. Raises
    Invalid, with a finding for each element that is refused.
    """
    check_may_administer(actor, engine.powers)
    files = dict(bundle_files(source) if isinstance(source, Path) else source)
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise Invalid(Text("流程包太大。", "The bundle is too large."))
    manifest = _manifest(files)
    graphs, findings = _read_diagrams(engine, manifest, files)
    _check_forms(graphs, files, manifest)
    _check_decisions(graphs, files)
    now = engine.clock.now()
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    with writing(engine.database) as conn:
        return _write(engine, conn, actor, manifest, files, graphs, tuple(findings), digest.hexdigest(), now)


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        manifest = yaml.safe_load(files.get("bundle.yaml", b""))
    except yaml.YAMLError as error:
        raise Invalid(
            Text(f"bundle.yaml 无法读取：{error}", f"bundle.yaml cannot be read: {error}")
        ) from error
    if (
        not isinstance(manifest, dict)
        or not isinstance(manifest.get("key"), str)
        or not manifest.get("diagrams")
    ):
        raise Invalid(
            Text("bundle.yaml 需要有 key、name 和 diagrams。", "bundle.yaml needs key, name and diagrams.")
        )
    manifest.setdefault("name", manifest["key"])
    return manifest


def _read_diagrams(
    engine: ProcessEngine, manifest: Mapping[str, Any], files: Mapping[str, bytes]
) -> tuple[dict[str, tuple[str, Graph, str]], list[Finding]]:
    """Process id → (path, graph, name)."""
    graphs: dict[str, tuple[str, Graph, str]] = {}
    findings: list[Finding] = []
    for path in manifest["diagrams"]:
        if path not in files:
            raise Invalid(Text(f"流程包里没有文件「{path}」。", f"The bundle has no file “{path}”."))
        reading = read(files[path], check_amount=DeadlineAmount.parse)
        findings.extend(reading.findings)
        if reading.graph is None:
            worst = [finding for finding in reading.findings if finding.severity == "error"]
            raise Invalid(
                Text(
                    f"流程图「{path}」有 {len(worst)} 处不能执行：" + "；".join(f.text.zh for f in worst[:5]),
                    f"{len(worst)} elements of “{path}” cannot be executed: "
                    + "; ".join(f.text.en for f in worst[:5]),
                ),
                code="diagram_refused",
                fields={f.element or "": [f.text] for f in worst},
                element=worst[0].element if worst else None,
            )
        for process in reading.graph.processes:
            if process in graphs:
                raise Invalid(
                    Text(f"流程「{process}」出现了两次。", f"The process “{process}” appears twice.")
                )
            graphs[process] = (path, reading.graph, reading.graph.bodies[process].name or process)
    return graphs, findings


def _check_forms(
    graphs: Mapping[str, tuple[str, Graph, str]], files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> None:
    for path, content in files.items():
        if path.startswith("forms/") and path.endswith(".json"):
            try:
                read_form(json.loads(content))
            except (ValueError, WulianError) as error:
                words = error.text if isinstance(error, WulianError) else Text(str(error), str(error))
                raise Invalid(
                    Text(f"表单「{path}」有误：{words.zh}", f"The form “{path}” is wrong: {words.en}"),
                    fields=getattr(error, "fields", {}),
                ) from error
    wanted = {
        (node.work.form, node.id)
        for _, graph, _ in graphs.values()
        for node in graph.nodes.values()
        if node.work and node.work.form
    }
    wanted |= {(entry["form"], entry["process"]) for entry in manifest.get("starts", ()) if entry.get("form")}
    for form, element in sorted(wanted):
        if f"forms/{form}.json" not in files:
            raise Invalid(
                Text(f"流程包里没有表单「{form}」。", f"The bundle has no form “{form}”."),
                element=element,
                code="form_missing",
            )


def _check_decisions(graphs: Mapping[str, tuple[str, Graph, str]], files: Mapping[str, bytes]) -> None:
    from engine.decisions import read_dmn

    known: set[str] = set()
    for path, content in files.items():
        if path.endswith(".dmn"):
            known.update(read_dmn(content).decisions)
    for _, graph, _ in graphs.values():
        for node in graph.nodes.values():
            if node.decision is not None and node.decision not in known:
                raise Invalid(
                    Text(
                        f"流程包里没有决策「{node.decision}」。",
                        f"The bundle has no decision “{node.decision}”.",
                    ),
                    element=node.id,
                    code="decision_missing",
                )


def _write(
    engine: ProcessEngine,
    conn: sa.Connection,
    actor: Actor,
    manifest: dict[str, Any],
    files: Mapping[str, bytes],
    graphs: Mapping[str, tuple[str, Graph, str]],
    findings: tuple[Finding, ...],
    sha256: str,
    now: datetime,
) -> Deployed:
    newest = conn.execute(
        sa.select(t.bundle)
        .where(t.bundle.c.key == manifest["key"])
        .order_by(t.bundle.c.version.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None and newest.sha256 == sha256:
        rows = conn.execute(
            sa.select(t.definition.c.key, t.definition.c.id).where(t.definition.c.bundle_id == newest.id)
        )
        return Deployed(newest.id, newest.version, {row.key: row.id for row in rows}, findings, new=False)
    bundle_id, version = new_id(), 1 if newest is None else newest.version + 1
    conn.execute(
        t.bundle.insert(),
        {
            "id": bundle_id,
            "key": manifest["key"],
            "version": version,
            "name": manifest["name"],
            "manifest": manifest,
            "sha256": sha256,
            "deployed_at": now,
            "deployed_by": actor.user_id,
        },
    )
    conn.execute(
        t.bundle_file.insert(),
        [{"bundle_id": bundle_id, "path": path, "content": content} for path, content in files.items()],
    )
    definitions: dict[str, UUID] = {}
    for process, (path, graph, name) in graphs.items():
        definitions[process] = _define(conn, actor, process, name, files[path], bundle_id, findings, now)
        _arm_starts(conn, process, definitions[process], graph, now)
    return Deployed(bundle_id, version, definitions, findings, new=True)


def _define(
    conn: sa.Connection,
    actor: Actor,
    process: str,
    name: str,
    source: bytes,
    bundle_id: UUID | None,
    findings: tuple[Finding, ...],
    now: datetime,
) -> UUID:
    newest = conn.execute(
        sa.select(sa.func.max(t.definition.c.version)).where(t.definition.c.key == process)
    ).scalar()
    definition_id = new_id()
    conn.execute(
        t.definition.insert(),
        {
            "id": definition_id,
            "key": process,
            "version": (newest or 0) + 1,
            "bundle_id": bundle_id,
            "name": name[:300],
            "source": source,
            "sha256": hashlib.sha256(source).hexdigest(),
            "findings": [
                {
                    "rule": f.rule,
                    "severity": f.severity,
                    "element": f.element,
                    "zh": f.text.zh,
                    "en": f.text.en,
                }
                for f in findings
            ],
            "suspended": False,
            "deployed_at": now,
            "deployed_by": actor.user_id,
        },
    )
    return definition_id


def _arm_starts(conn: sa.Connection, process: str, definition_id: UUID, graph: Graph, now: datetime) -> None:
    """Only the newest version starts from messages, signals and timers: earlier versions' starts are
    disarmed.
    """
    older = sa.select(t.definition.c.id).where(
        t.definition.c.key == process, t.definition.c.id != definition_id
    )
    for table in (t.subscription, t.job):
        conn.execute(table.delete().where(table.c.definition_id.in_(older), table.c.instance_id.is_(None)))
    for node_id in graph.bodies[process].starts:
        node = graph.nodes[node_id]
        if node.kind is not Kind.START:
            continue
        for event in node.events:
            if event.trigger in (Trigger.MESSAGE, Trigger.SIGNAL):
                conn.execute(
                    t.subscription.insert(),
                    {
                        "id": new_id(),
                        "kind": event.trigger.value,
                        "name": event.name or "",
                        "key_hash": "",
                        "definition_id": definition_id,
                        "node": node_id,
                        "created_at": now,
                    },
                )
            elif event.trigger is Trigger.TIMER:
                due, cycle = first_firing(event, {}, now)
                conn.execute(
                    t.job.insert(),
                    {
                        "id": new_id(),
                        "kind": "start",
                        "due_at": due,
                        "priority": 50,
                        "definition_id": definition_id,
                        "node": node_id,
                        "payload": json.dumps({"cycle": cycle}),
                        "attempts": 0,
                        "retries": 3,
                        "dead": False,
                        "created_at": now,
                    },
                )
