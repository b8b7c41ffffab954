"""Workload W over HTTP: JSON, gunicorn with 2 workers of 8 threads, PostgreSQL, 8 clients in a process of
their own; all on this machine.
"""

import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.databases import postgresql_database
from benchmarks.report import Figure
from benchmarks.workload import diagram_w
from engine.clock import SystemClock
from engine.people.tokens import issue_token
from engine.store.database import writing
from tests.house import build_house
from tests.server import Client, Server

CLIENTS = 8
SECONDS = 15.0


def _client(port: int, token: str, until: float, times: list[float], failures: list[object]) -> None:
    client = Client(port, token)

    def ask(path: str, body: object) -> dict[str, object]:
        begun = time.perf_counter()
        status, answer = client.post(path, body)
        if path.endswith("complete"):
            times.append(time.perf_counter() - begun)
        if status not in (200, 201):
            failures.append((status, answer))
        return dict(answer)

    def complete(task: object, values: dict[str, object]) -> list[object]:
        opened = ask(f"/api/v1/tasks/{task}/complete", {"values": values})["opened"]
        return list(opened) if isinstance(opened, list) else []

    while time.monotonic() < until:
        begun = ask("/api/v1/instances", {"process": "W"})["opened"]
        if not isinstance(begun, list):
            return
        b, c = complete(begun[0], {"amount": 200})
        complete(b, {})
        (d,) = complete(c, {})
        complete(d, {})
    client.close()


def _clients(port: int, token: str, seconds: float, out: "multiprocessing.Queue[object]") -> None:
    times: list[float] = []
    failures: list[object] = []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_client, args=(port, token, until, times, failures)) for _ in range(CLIENTS)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put((times, time.perf_counter() - begun, failures[:3]))


def figures() -> Iterator[Figure]:
    """Completions a second and their time."""
    with postgresql_database() as url, tempfile.TemporaryDirectory() as folder:
        house = build_house(url)
        house.deploy(diagram_w(), starts=[{"process": "W", "roles": ["anyone"]}])
        with writing(house.engine.database) as conn:
            token = issue_token(conn, house.users["worker"], "benchmark", SystemClock().now())
        house.engine.close()
        context = multiprocessing.get_context("spawn")
        with Server(url, Path(folder), workers=2, threads=8, clock=False) as server:
            for seconds in (3.0, SECONDS):
                queue: multiprocessing.Queue[object] = context.Queue()
                process = context.Process(target=_clients, args=(server.port, token, seconds, queue))
                process.start()
                times, spent, failures = queue.get()  # type: ignore[misc]
                process.join()
                if failures:
                    raise RuntimeError(f"{failures} {server.log()}")
        yield Figure(
            "W over HTTP, PostgreSQL, 8 clients: completions a second", round(len(times) / spent, 1), "1/s"
        )
        yield Figure("W over HTTP: completion p50", round(statistics.median(times) * 1000, 2), "ms")
        yield Figure(
            "W over HTTP: completion p95", round(statistics.quantiles(times, n=20)[18] * 1000, 2), "ms"
        )
