"""The leader claims what is due and has it done by several threads."""

from collections.abc import Iterator
from threading import Barrier, get_ident
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.jobs.scheduler import Scheduler
from engine.store import tables as t
from engine.store.database import open_database, writing
from tests.engine.jobs.test_claims import NOW, add_jobs


@pytest.fixture
def database(database_url: str) -> Iterator[sa.Engine]:
    database = open_database(database_url)
    yield database
    database.dispose()


def test_jobs_are_done_side_by_side(database: sa.Engine) -> None:
    together = Barrier(3)  # nobody goes on before three are there
    threads: set[int] = set()
    done: list[UUID] = []

    def run(job_id: UUID) -> None:
        together.wait(timeout=60)
        threads.add(get_ident())
        done.append(job_id)

    jobs = add_jobs(database, 6)
    scheduler = Scheduler(database, SetClock(NOW), run, threads=3)
    scheduler.start()
    scheduler.tick()
    scheduler.stop()
    assert sorted(done) == sorted(jobs)
    assert len(threads) == 3


def test_one_of_two_processes_works_and_the_other_takes_over_when_it_stops(database: sa.Engine) -> None:
    done: list[str] = []

    def doing(name: str) -> Scheduler:
        def run(job_id: UUID) -> None:
            done.append(name)
            with writing(database) as conn:
                conn.execute(t.job.delete().where(t.job.c.id == job_id))

        return Scheduler(database, SetClock(NOW), run)

    first, second = doing("first"), doing("second")
    add_jobs(database, 2)
    assert (first.tick(), second.tick()) == (2, 0)
    assert (first.leads, second.leads) == (True, False)
    add_jobs(database, 1)
    assert (second.tick(), first.tick()) == (0, 1)
    first.stop()
    add_jobs(database, 1)
    assert second.tick() == 1
    assert second.leads
    assert done == ["first", "first", "first", "second"]
    second.stop()


def test_more_than_a_batch_is_done_in_one_go(database: sa.Engine) -> None:
    done: list[UUID] = []
    jobs = add_jobs(database, 230)
    scheduler = Scheduler(database, SetClock(NOW), done.append)
    assert scheduler.tick() == 230
    assert sorted(done) == sorted(jobs)
    scheduler.stop()
