"""Workload W: start → A → exclusive on a variable → parallel B and C → join → D with a boundary timer of
two days → end.

One start and four completions a matter, each a transaction with tasks, jobs, history and commit. The
floor, measured in the same run, is one transaction that updates and inserts the same rows through the bare
driver.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from benchmarks.databases import fresh_databases
from benchmarks.report import Figure
from engine.commands import complete, start
from engine.ids import new_id
from engine.store import tables as t
from engine.store.database import reading
from tests.bpmn_builder import Process, diagram
from tests.house import House, build_house

ROUNDS = 150


def diagram_w() -> bytes:
    """The diagram of workload W."""
    p = Process("W")
    p.start("s").user("a", role="social_worker").exclusive("x", default="x_e")
    p.parallel("fork").user("b", role="social_worker").user("c", role="social_worker").parallel("join")
    p.user("d", role="social_worker").boundary("late", on="d", timer="P2D").end("e").end("e2")
    p.flow("s", "a", "x").flow("x", "fork", when="amount > 100").flow("x", "e", id="x_e")
    p.flow("fork", "b", "join").flow("fork", "c", "join").flow("join", "d", "e").flow("late", "e2")
    return diagram(p)


def play_once(house: House, actor: Any, times: list[float]) -> None:
    """One matter from start to end; the time of each command goes to ``times``."""

    def timed(act: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        result = act()
        times.append(time.perf_counter() - begun)
        return result

    (a,) = timed(lambda: start(house.engine, actor, "W")).opened
    b, c = timed(lambda: complete(house.engine, actor, a, {"amount": 200})).opened
    timed(lambda: complete(house.engine, actor, b, {}))
    (d,) = timed(lambda: complete(house.engine, actor, c, {})).opened
    timed(lambda: complete(house.engine, actor, d, {}))


def floor_times(house: House, rounds: int) -> list[float]:
    """The same rows as one matter writes, taken from a finished one and written again through the driver's
    cursor.
    """
    engine = house.engine.database
    with reading(engine) as conn:
        newest = conn.execute(
            sa.select(t.instance.c.id).order_by(t.instance.c.id.desc()).limit(1)
        ).scalar_one()
        rows = {
            table: [dict(row) for row in conn.execute(sa.select(table).where(column == newest)).mappings()]
            for table, column in (
                (t.instance, t.instance.c.id),
                (t.task, t.task.c.instance_id),
                (t.event, t.event.c.instance_id),
            )
        }
    inserts = {table: _insert(engine, table) for table in (t.instance, t.task, t.event, t.job)}
    update_instance = _text(
        engine,
        "UPDATE instance SET version = ?, state = ?, status = ?, last_seq = ?, last_hash = ? "
        "WHERE id = ? AND version = ?",
    )
    update_task = _text(engine, "UPDATE task SET state = ?, closed_at = ? WHERE id = ? AND state = ?")
    read_task = _text(
        engine,
        "SELECT * FROM task JOIN instance ON instance.id = task.instance_id WHERE task.id = ?"
        + _for_update(engine),
    )
    delete_job = _text(engine, "DELETE FROM job WHERE instance_id = ? AND holder = ?")
    times: list[float] = []
    connection = engine.raw_connection()
    cursor = connection.cursor()
    sqlite = engine.dialect.name == "sqlite"
    for _ in range(rounds):
        for transaction in _transactions(engine, rows):
            begun = time.perf_counter()
            if sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            for act, values in transaction:
                match act:
                    case "read":
                        cursor.execute(read_task, values)
                        cursor.fetchone()
                    case "update instance":
                        cursor.execute(update_instance, values)
                    case "update task":
                        cursor.execute(update_task, values)
                    case "delete job":
                        cursor.execute(delete_job, values)
                    case table:
                        cursor.executemany(inserts[table], values) if len(values) > 1 else cursor.execute(
                            inserts[table], values[0]
                        )
            if sqlite:
                cursor.execute("COMMIT")
            else:
                connection.commit()
            times.append(time.perf_counter() - begun)
    connection.close()
    return times


def _for_update(engine: sa.Engine) -> str:
    return "" if engine.dialect.name == "sqlite" else " FOR UPDATE"


def _text(engine: sa.Engine, text: str) -> str:
    return text if engine.dialect.name == "sqlite" else text.replace("?", "%s")


def _insert(engine: sa.Engine, table: sa.Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.c)
    return _text(engine, f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join("?" for _ in table.c)})')


def _bound(engine: sa.Engine, table: sa.Table, row: dict[str, Any]) -> tuple[Any, ...]:
    """Values as the driver takes them."""
    bound = []
    for column in table.c:
        process = column.type.dialect_impl(engine.dialect).bind_processor(engine.dialect)
        value = row.get(column.name)
        bound.append(process(value) if process is not None else value)
    return tuple(bound)


def _transactions(
    engine: sa.Engine, rows: dict[sa.Table, list[dict[str, Any]]]
) -> Iterator[list[tuple[Any, Any]]]:
    """The five transactions of one matter, with fresh ids."""
    (old,) = rows[t.instance]
    instance_id = new_id()
    tasks = [
        {**task, "id": new_id(), "instance_id": instance_id}
        for task in sorted(rows[t.task], key=lambda row: row["id"])
    ]
    events = [
        {**event, "instance_id": instance_id} for event in sorted(rows[t.event], key=lambda row: row["seq"])
    ]
    job = {
        "id": new_id(),
        "kind": "timer",
        "due_at": old["started_at"],
        "priority": 50,
        "instance_id": instance_id,
        "holder": "t9",
        "node": "late",
        "payload": "{}",
        "attempts": 0,
        "retries": 3,
        "dead": False,
        "created_at": old["started_at"],
    }

    def key(value: UUID) -> Any:
        return _bound(engine, t.task, {"id": value})[0]

    def insert(table: sa.Table, *values: dict[str, Any]) -> tuple[Any, Any]:
        return table, [_bound(engine, table, row) for row in values]

    fresh = {**old, "id": instance_id, "version": 1, "status": "active", "ended_at": None}
    opened = [{**task, "state": "open", "closed_at": None, "closed_by": None} for task in tasks]
    yield [insert(t.instance, fresh), insert(t.task, opened[0]), insert(t.event, events[0])]
    closed_at = _bound(engine, t.event, events[0])[2]
    for number in range(4):
        transaction: list[tuple[Any, Any]] = [
            ("read", (key(tasks[number]["id"]),)),
            (
                "update instance",
                (
                    number + 2,
                    old["state"],
                    "active",
                    number + 2,
                    old["last_hash"],
                    key(instance_id),
                    number + 1,
                ),
            ),
            ("update task", ("completed", closed_at, key(tasks[number]["id"]), "open")),
        ]
        if number == 0:
            transaction.append(insert(t.task, opened[1], opened[2]))
        if number == 2:
            transaction += [insert(t.task, opened[3]), insert(t.job, job)]
        if number == 3:
            transaction.append(("delete job", (key(instance_id), "t9")))
        transaction.append(insert(t.event, events[number + 1]))
        yield transaction


def figures() -> Iterator[Figure]:
    """Both databases, one thread."""
    for kind, url in fresh_databases():
        house = build_house(url)
        house.deploy(diagram_w(), starts=[{"process": "W", "roles": ["anyone"]}])
        actor = house.as_("worker")
        warm: list[float] = []
        for _ in range(20):
            play_once(house, actor, warm)
        floor_times(house, 20)
        gc.collect()
        gc.freeze()  # as a server does when it has started
        ours: list[float] = []
        floor: list[float] = []
        for _ in range(5):  # in turns, so that both meet the same machine
            for _ in range(ROUNDS // 5):
                play_once(house, actor, ours)
            floor += floor_times(house, ROUNDS // 5)
        ratio = statistics.mean(floor) / statistics.mean(ours)
        yield Figure(
            f"W in process, {kind}: commands a second",
            round(1 / statistics.mean(ours), 1),
            "1/s",
            round(1 / statistics.mean(floor), 1),
            round(ratio, 3),
        )
        completions = [each for number, each in enumerate(ours) if number % 5]
        yield Figure(
            f"W in process, {kind}: completion p50",
            round(statistics.median(completions) * 1000, 3),
            "ms",
            round(statistics.median(floor) * 1000, 3),
            round(statistics.median(floor) / statistics.median(completions), 3),
        )
        house.engine.close()
