"""What a web worker costs while it idles, after it has served a page and a command."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.databases import sqlite_database
from benchmarks.report import Figure
from benchmarks.workload import diagram_w
from engine.clock import SystemClock
from engine.people.tokens import issue_token
from engine.store.database import writing
from tests.house import build_house
from tests.server import Client, Server


def figures() -> Iterator[Figure]:
    """Resident memory of one gunicorn worker."""
    with sqlite_database() as url, tempfile.TemporaryDirectory() as folder:
        house = build_house(url)
        house.deploy(diagram_w(), starts=[{"process": "W", "roles": ["anyone"]}])
        with writing(house.engine.database) as conn:
            token = issue_token(conn, house.users["worker"], "benchmark", SystemClock().now())
        house.engine.close()
        with Server(url, Path(folder), workers=1, threads=8, clock=False) as server:
            client = Client(server.port, token)
            client.get("/sign-in")
            status, begun = client.post("/api/v1/instances", {"process": "W"})
            if status not in (200, 201):
                raise RuntimeError(f"{begun} {server.log()}")
            client.post(f"/api/v1/tasks/{begun['opened'][0]}/complete", {"values": {"amount": 200}})
            client.close()
            (master,) = server.pids()
            resident = max(child.memory_info().rss for child in psutil.Process(master).children())
        yield Figure(
            "web worker, idle after its first requests: resident memory", round(resident / 2**20, 1), "MB"
        )
