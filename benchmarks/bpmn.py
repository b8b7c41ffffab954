"""Reading diagrams, beside what it takes lxml just to parse the same bytes."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

from lxml import etree

from benchmarks.report import Figure
from engine.bpmn import compile_deployed, read
from tests.bpmn_builder import Process, chain, diagram

_MEMORY = """
import psutil, engine.bpmn
memory = psutil.Process().memory_info
print(memory().rss)
engine.bpmn.read(b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>')
print(memory().rss)
"""


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """The median."""
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return median(spent) * 1000


def hundred() -> bytes:
    """A hundred nodes as people draw them: tasks with deadlines, decisions, ways back, timers."""
    p = Process("hundred")
    p.start().script("told", "told = true").end()
    before = "start"
    for n in range(24):
        task, ask, again, late = f"task{n}", f"ask{n}", f"again{n}", f"late{n}"
        p.user(task, name=f"办理 {n}", role="social_worker", due="3wd", remind=[{"before": "1wd"}])
        p.exclusive(ask, default=f"{ask}_next").user(again, role="supervisor", due="2wd")
        p.boundary(late, on=task, timer="PT72H", interrupting=False).flow(late, "told")
        p.flow(before, task, id=f"{before}_next").flow(task, ask)
        p.flow(ask, again, when=f'result{n} = "rework"').flow(again, task)
        before = ask
    p.flow(before, "end", id=f"{before}_next")
    return diagram(p)


def figures() -> Iterator[Figure]:
    """Publishing and loading."""
    small, long = hundred(), chain(5_000)
    assert read(small).graph is not None, read(small).findings
    for name, source, work, rounds in (
        ("bpmn: read and check a diagram of 100 nodes", small, read, 30),
        ("bpmn: load a published diagram of 100 nodes", small, compile_deployed, 30),
        ("bpmn: read and check a chain of 5,000 tasks", long, read, 7),
        ("bpmn: load a published chain of 5,000 tasks", long, compile_deployed, 7),
    ):
        taken = milliseconds(lambda work=work, source=source: work(source), rounds)  # type: ignore[misc]
        floor = milliseconds(lambda source=source: etree.fromstring(source), rounds)  # type: ignore[misc]
        yield Figure(name, round(taken, 2), "ms", round(floor, 2), round(floor / taken, 3))
    done = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True)
    idle, published = (int(line) / 1e6 for line in done.stdout.split())
    yield Figure("bpmn: memory with the reader imported", round(idle, 1), "MB")
    yield Figure("bpmn: memory after publishing", round(published, 1), "MB")
