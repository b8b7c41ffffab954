"""Does what a job row asks for. The row is deleted in the transaction that does its work, so doing it twice
is harmless.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance, lock_instance
from engine.assembly.services import BpmnError, ServiceCall
from engine.commands.advance import Act, advance, record
from engine.commands.deadline_steps import take_steps
from engine.commands.deadlines import back_off
from engine.commands.instances import begin, new_instance
from engine.commands.messages import deliver, spread
from engine.commands.moved_deadlines import plan_recounts, recount_instance
from engine.errors import Conflict, NotFound, WulianError
from engine.execution.steps import CompleteService, Deliver, FireTimer, Signal, ThrowError
from engine.execution.timers import next_firing
from engine.feel.values import from_json
from engine.ids import new_id
from engine.jobs.claims import claim_due
from engine.people.actor import SYSTEM
from engine.store import tables as t
from engine.store.database import again, reading, writing
from engine.text import Text

log = logging.getLogger("wulian.jobs")

_FIND = sa.select(t.job).where(t.job.c.id == sa.bindparam("job_id"))
_LOCK = _FIND.with_for_update()
_DELETE = t.job.delete().where(t.job.c.id == sa.bindparam("job_id"))


def settle(engine: ProcessEngine, instance_id: UUID | None = None, limit: int = 50) -> int:
    """Do here and now what is due (of one instance), so that a person sees what their act led to. Returns how
    many jobs were done.
    """
    done = 0
    while done < limit:
        ids = claim_due(engine.database, engine.clock.now(), "settle", limit=10, instance_id=instance_id)
        if not ids:
            break
        for job_id in ids:
            run_job(engine, job_id)
            done += 1
    return done


def run_job(engine: ProcessEngine, job_id: UUID) -> bool:
    """Do one job. False when it was gone already. A failure is counted and tried again later; the last one
    becomes an incident.
    """
    try:
        return _run(engine, job_id)
    except Exception as error:
        log.warning("job failed", extra={"job_id": str(job_id)}, exc_info=error)
        _failed(engine, job_id, error)
        return True


@again
def _run(engine: ProcessEngine, job_id: UUID) -> bool:
    with reading(engine.database) as conn:
        found = conn.execute(_FIND, {"job_id": job_id}).mappings().first()
    if found is None or found["dead"]:
        return False
    job = dict(found)
    payload: dict[str, Any] = json.loads(job["payload"])
    if job["kind"] == "service":
        service = engine.services.get(str(payload["type"]))
        if service is None:
            raise NotFound(
                Text(
                    f"没有处理程序「{payload['type']}」。", f"No handler “{payload['type']}” is registered."
                ),
                code="no_handler",
            )
        if not service.transactional:
            return _call_outside(engine, job, payload)
    with writing(engine.database) as conn:
        now = engine.clock.now()
        # The instance before the job: commands lock in this order too, so nobody waits in a circle.
        # What a matter has sent is not its own any more: its receiver is locked, and nobody but it.
        own = job["instance_id"] is not None and job["kind"] not in ("message", "signal")
        instance = lock_instance(conn, job["instance_id"]) if own else None
        if conn.execute(_LOCK, {"job_id": job_id}).first() is None:
            return False
        conn.execute(_DELETE, {"job_id": job_id})
        _do(engine, conn, instance, job, payload, now)
    engine.woken()
    return True


def _do(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance | None,
    job: Mapping[str, Any],
    payload: dict[str, Any],
    now: datetime,
) -> None:
    kind, node, holder = job["kind"], job["node"], job["holder"]
    match kind, instance:
        case "timer", Instance():
            advance(
                engine,
                conn,
                instance,
                FireTimer(holder, node, payload.get("cycle")),
                Act("timer", node=node),
                now,
            )
        case "deadline", Instance():
            take_steps(engine, conn, instance, job, payload, now)
        case "recount", Instance():
            recount_instance(engine, conn, instance, payload, now)
        case "recount", None:
            plan_recounts(conn, payload["by"], payload["reason"], now)
        case "service", Instance():
            _call_inside(engine, conn, instance, job, payload, now)
        case "deliver", Instance():
            act = Act("signal", node=node, data={"name": payload["signal"]})
            advance(engine, conn, instance, Deliver(holder, node, _variables(payload)), act, now)
        case "signal_inside", Instance():
            act = Act("signal", node=node, data={"name": payload["name"]})
            advance(engine, conn, instance, Signal(payload["name"], {}), act, now)
        case "message", _:
            deliver(engine, conn, SYSTEM, payload["name"], payload["key"], _variables(payload))
        case "signal", _:
            spread(engine, conn, payload["name"], _variables(payload), instance_id=job["instance_id"])
        case "deliver", None:
            _start(engine, conn, job, _variables(payload), "signal", now)
        case "start", None:
            _start(engine, conn, job, {}, "timer", now)
            again = next_firing(payload.get("cycle"), job["due_at"], now)
            if again is not None:
                due, cycle = again
                row = {
                    **job,
                    "id": new_id(),
                    "due_at": due,
                    "attempts": 0,
                    "payload": json.dumps({"cycle": cycle}),
                }
                conn.execute(
                    t.job.insert(), {**row, "claimed_until": None, "claimed_by": None, "created_at": now}
                )
        case _:
            raise ValueError(f"job of unknown kind {kind}")


def _variables(payload: Mapping[str, Any]) -> dict[str, object]:
    values = from_json(payload.get("payload") or {})
    return values if isinstance(values, dict) else {}


def _start(
    engine: ProcessEngine,
    conn: sa.Connection,
    job: Mapping[str, Any],
    variables: Mapping[str, object],
    kind: str,
    now: datetime,
) -> None:
    key = conn.execute(
        sa.select(t.definition.c.key).where(t.definition.c.id == job["definition_id"])
    ).scalar_one()
    instance = new_instance(job["definition_id"], key, now, None, None, None, None)
    begin(engine, conn, instance, SYSTEM, variables, now, node=job["node"], kind=kind)


def _token_of(job: Mapping[str, Any]) -> int:
    return int(str(job["holder"]).removeprefix("t"))


def _service_call(
    engine: ProcessEngine,
    instance: Instance,
    job: Mapping[str, Any],
    payload: Mapping[str, Any],
    conn: sa.Connection | None,
    now: datetime,
) -> ServiceCall:
    inputs = from_json(payload["inputs"])
    return ServiceCall(
        engine, instance, inputs if isinstance(inputs, dict) else {}, str(job["id"]), now, conn
    )


def _call_inside(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    job: Mapping[str, Any],
    payload: Mapping[str, Any],
    now: datetime,
) -> None:
    service = engine.services.get(str(payload["type"]))
    assert service is not None  # noqa: S101 - looked up before the transaction began
    call = _service_call(engine, instance, job, payload, conn, now)
    savepoint = conn.begin_nested()
    try:
        outputs = service.handler(call)
    except BpmnError as error:
        savepoint.rollback()
        _throw(engine, conn, instance, job, error, now)
    else:
        savepoint.commit()
        _finish(engine, conn, instance, job, call, outputs or {}, now)


def _call_outside(engine: ProcessEngine, job: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    service = engine.services.get(str(payload["type"]))
    assert service is not None  # noqa: S101 - looked up by the caller
    with writing(engine.database) as conn:
        instance = lock_instance(conn, job["instance_id"])
    call = _service_call(engine, replace(instance), job, payload, None, engine.clock.now())
    failed: BpmnError | None = None
    outputs: Mapping[str, object] = {}
    try:
        outputs = service.handler(call) or {}
    except BpmnError as error:
        failed = error
    with writing(engine.database) as conn:
        now = engine.clock.now()
        instance = lock_instance(conn, job["instance_id"])
        if conn.execute(_LOCK, {"job_id": job["id"]}).first() is None:
            return False  # withdrawn while the handler worked
        conn.execute(_DELETE, {"job_id": job["id"]})
        if failed is not None:
            _throw(engine, conn, instance, job, failed, now)
        else:
            _finish(engine, conn, instance, job, call, outputs, now)
    engine.woken()
    return True


def _throw(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    job: Mapping[str, Any],
    error: BpmnError,
    now: datetime,
) -> None:
    step = ThrowError(_token_of(job), error.code, error.text.zh, dict(error.variables))
    advance(
        engine, conn, instance, step, Act("service_error", node=job["node"], data={"code": error.code}), now
    )


def _finish(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    job: Mapping[str, Any],
    call: ServiceCall,
    outputs: Mapping[str, object],
    now: datetime,
) -> None:
    for name, value in call.changes.items():
        setattr(instance, name, value)
    if "case_id" in call.changes:
        for table in (t.task, t.submission):
            conn.execute(
                table.update().where(table.c.instance_id == instance.id).values(case_id=instance.case_id)
            )
    act = Act("service", node=job["node"])
    advance(engine, conn, instance, CompleteService(_token_of(job), dict(outputs)), act, now)
    for each in sorted(call.handed_on, key=lambda moved: str(moved.instance_id)):
        matter = instance if each.instance_id == instance.id else lock_instance(conn, each.instance_id)
        data = {"from": str(each.former_id or ""), "to": str(each.user_id), "reason": ""}
        told = Act("assigned", task_id=each.task_id, node=each.node, data=data)
        record(conn, matter, told, now)


@again
def _failed(engine: ProcessEngine, job_id: UUID, error: Exception) -> None:
    words = (
        error.text
        if isinstance(error, WulianError)
        else Text(f"内部错误：{type(error).__name__}", f"Internal error: {type(error).__name__}")
    )
    code = error.code if isinstance(error, WulianError) else "internal"
    with writing(engine.database) as conn:
        now = engine.clock.now()
        found = conn.execute(_FIND, {"job_id": job_id}).mappings().first()
        if found is None or found["dead"]:
            return
        job = dict(found)
        instance = None if job["instance_id"] is None else lock_instance(conn, job["instance_id"])
        if conn.execute(_LOCK, {"job_id": job_id}).first() is None:
            return
        if (
            isinstance(error, Conflict)
            and job["kind"] in ("timer", "deliver")
            and error.code == "not_waiting"
        ):
            conn.execute(_DELETE, {"job_id": job_id})  # what it was for is over
            return
        attempts = job["attempts"] + 1
        hopeless = (
            attempts >= job["retries"]
            or code == "no_handler"
            or (job["kind"] == "message" and isinstance(error, NotFound))
        )
        conn.execute(
            t.job.update()
            .where(t.job.c.id == job_id)
            .values(
                attempts=attempts,
                dead=hopeless,
                due_at=job["due_at"] if hopeless else now + back_off(attempts),
                claimed_until=None,
                claimed_by=None,
            )
        )
        if hopeless and instance is not None:
            conn.execute(
                t.incident.insert(),
                {
                    "id": new_id(),
                    "instance_id": instance.id,
                    "token": _token_of(job) if str(job["holder"] or "").startswith("t") else None,
                    "node": job["node"],
                    "job_id": job_id,
                    "code": code,
                    "text_zh": words.zh,
                    "text_en": words.en,
                    "created_at": now,
                },
            )
            record(
                conn,
                instance,
                Act("incident", node=job["node"], data={"code": code, "attempts": attempts}),
                now,
            )
