"""A matter that goes round a thousand times: does its age cost anything?"""

import statistics
import time
from collections.abc import Iterator

from benchmarks.databases import fresh_databases
from benchmarks.report import Figure
from engine.commands import complete, start
from tests.bpmn_builder import Process, diagram
from tests.house import build_house

ROUNDS = 1_000
SHARE = 50


def figures() -> Iterator[Figure]:
    """The last rounds beside the first ones, in process, each a transaction with its history."""
    p = Process("Round")
    p.start("s").exclusive("again").user("visit", role="social_worker").exclusive("more", default="back").end(
        "e"
    )
    p.flow("s", "again", "visit", "more").flow("more", "e", when="done").flow("more", "again", id="back")
    for kind, url in fresh_databases():
        house = build_house(url)
        house.deploy(diagram(p), starts=[{"process": "Round", "roles": ["anyone"]}])
        worker = house.as_("worker")
        for _ in range(2):  # the first matter warms up
            (task,) = start(house.engine, worker, "Round").opened
            times = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                (task,) = complete(house.engine, worker, task, {"done": False}).opened
                times.append(time.perf_counter() - begun)
        first, last = statistics.median(times[:SHARE]) * 1e3, statistics.median(times[-SHARE:]) * 1e3
        yield Figure(
            f"loop in process, {kind}: round {ROUNDS} beside round 1",
            round(last, 3),
            "ms",
            round(first, 3),
            round(first / last, 3),
        )
        house.engine.close()
