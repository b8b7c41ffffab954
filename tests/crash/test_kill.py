"""The server is killed, as by a power cut, while eight people complete tasks.

After each restart every completion that was acknowledged is there, none is there twice, and every timer
fires once.
"""

import random
import threading
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.clock import SystemClock
from engine.commands import start
from engine.commands.history import verify_chain
from engine.people.tokens import issue_token
from engine.store import tables as t
from engine.store.database import reading, writing
from tests.bpmn_builder import Process, diagram
from tests.house import House, build_house
from tests.server import Client, Server

pytestmark = pytest.mark.timeout(300)

KILLS = 4
MATTERS = 60
CLIENTS = 8


def work() -> bytes:
    p = Process("W")
    p.start("s").user("a", role="social_worker").parallel("fork")
    p.user("b", role="social_worker").user("c", role="social_worker").parallel("join")
    p.catch("wait", timer="PT1S").user("d", role="social_worker").end("e")
    p.flow("s", "a", "fork").flow("fork", "b", "join").flow("fork", "c", "join").flow(
        "join", "wait", "d", "e"
    )
    return diagram(p)


class Clerk(threading.Thread):
    """Completes whatever is open, with a key for each task, and notes what the server acknowledged."""

    def __init__(self, port: int, token: str, seed: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._port, self._token, self._stop_ = port, token, stop
        self._random = random.Random(seed)
        self.acknowledged: set[str] = set()
        self.unexpected: list[object] = []

    def run(self) -> None:
        client = Client(self._port, self._token)
        while not self._stop_.is_set():
            try:
                status, page = client.get("/api/v1/tasks?scope=team&limit=40")
                if status != 200:
                    self.unexpected.append((status, page))
                    continue
                for task in self._random.sample(page["items"], len(page["items"])):
                    path = f"/api/v1/tasks/{task['id']}/complete"
                    status, answer = client.post(
                        path, {"values": {}}, {"Idempotency-Key": f"task-{task['id']}"}
                    )
                    if status == 200:
                        self.acknowledged.add(task["id"])
                    elif status != 409:
                        self.unexpected.append((status, answer))
                    if self._stop_.is_set():
                        break
                if not page["items"]:
                    time.sleep(0.05)
            except OSError:
                time.sleep(0.05)  # the server is down; it comes back
        client.close()


def open_work(house: House) -> bool:
    with reading(house.engine.database) as conn:
        return (
            conn.execute(sa.select(t.instance.c.id).where(t.instance.c.status == "active").limit(1)).first()
            is not None
        )


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(database_url: str, tmp_path: Path) -> None:
    house = build_house(database_url)
    house.deploy(work(), starts=[{"process": "W", "roles": ["anyone"]}])
    house.clock.move_to(SystemClock().now())
    worker = house.as_("worker")
    for _ in range(MATTERS):
        start(house.engine, worker, "W")
    with writing(house.engine.database) as conn:
        token = issue_token(conn, house.users["worker"], "crash test", house.clock.now())

    stop = threading.Event()
    server = Server(database_url, tmp_path)
    server.start()
    clerks = [Clerk(server.port, token, seed, stop) for seed in range(CLIENTS)]
    chance = random.Random(20260212)
    try:
        for clerk in clerks:
            clerk.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.15, 0.8))
            server.kill()
            server.start()
        limit = time.monotonic() + 90
        while open_work(house):
            assert time.monotonic() < limit, server.log()
            time.sleep(0.2)
    finally:
        stop.set()
        for clerk in clerks:
            clerk.join(30)
        server.kill()

    assert [clerk.unexpected for clerk in clerks] == [[]] * CLIENTS
    acknowledged = set().union(*(clerk.acknowledged for clerk in clerks))
    tasks = {str(row["id"]): row for row in house.rows(t.task)}
    events = house.rows(t.event)
    completions = Counter(str(row["task_id"]) for row in events if row["kind"] == "completed")
    timers = Counter(row["instance_id"] for row in events if row["kind"] == "timer")
    assert acknowledged <= completions.keys()
    assert set(completions.values()) == {1}
    assert len(tasks) == len(completions) == 4 * MATTERS
    assert Counter(row["state"] for row in tasks.values()) == {"completed": 4 * MATTERS}
    assert list(timers.values()) == [1] * MATTERS
    assert [row["status"] for row in house.rows(t.instance)] == ["completed"] * MATTERS
    assert house.rows(t.job) == []
    assert house.rows(t.incident) == []
    with reading(house.engine.database) as conn:
        broken = {row["id"]: verify_chain(conn, UUID(str(row["id"]))) for row in house.rows(t.instance)}
    assert set(broken.values()) == {None}
    house.engine.close()
