"""Two workers never take the same job, and what a dead one held is taken again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.ids import new_id
from engine.jobs.claims import LEASE, claim_due, next_due
from engine.store import tables as t
from engine.store.database import open_database, writing

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[sa.Engine]:
    database = open_database(database_url)
    yield database
    database.dispose()


def add_jobs(database: sa.Engine, count: int, due: datetime = NOW, **more: object) -> list[UUID]:
    rows = [
        {"id": new_id(), "kind": "message", "due_at": due, "payload": "{}", "created_at": NOW, **more}
        for _ in range(count)
    ]
    with writing(database) as conn:
        conn.execute(t.job.insert(), rows)
    return [UUID(str(row["id"])) for row in rows]


def test_workers_that_claim_at_once_share_no_job_and_leave_none(database: sa.Engine) -> None:
    jobs = add_jobs(database, 90)

    def work(name: str) -> list[UUID]:
        mine: list[UUID] = []
        while found := claim_due(database, NOW, name, limit=7):
            mine.extend(found)
        return mine

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(work, ["a", "b", "c", "d"]))
    # With SKIP LOCKED a worker may find nothing while others hold what is left.
    taken = [job for share in shares for job in share]
    assert len(taken) == len(set(taken))
    taken += work("e")
    assert sorted(taken) == sorted(jobs)


def test_what_a_dead_worker_held_is_taken_again_when_its_time_is_up(database: sa.Engine) -> None:
    jobs = add_jobs(database, 2)
    assert set(claim_due(database, NOW, "a")) == set(jobs)
    assert claim_due(database, NOW + LEASE, "b") == []
    assert set(claim_due(database, NOW + LEASE + timedelta(seconds=1), "b")) == set(jobs)


def test_the_urgent_comes_first_and_the_future_and_the_dead_not_at_all(database: sa.Engine) -> None:
    (early,) = add_jobs(database, 1, NOW - timedelta(hours=1), priority=50)
    (late,) = add_jobs(database, 1, NOW, priority=50)
    (urgent,) = add_jobs(database, 1, NOW, priority=90)
    add_jobs(database, 1, NOW + timedelta(seconds=1))
    add_jobs(database, 1, NOW, dead=True)
    assert claim_due(database, NOW, "a", limit=1) == [urgent]
    assert set(claim_due(database, NOW, "a")) == {early, late}
    assert claim_due(database, NOW, "a") == []


def test_the_next_moment_to_look_is_that_of_a_free_job_or_of_a_lapsing_claim(database: sa.Engine) -> None:
    assert next_due(database, NOW) is None
    add_jobs(database, 1)
    add_jobs(database, 1, NOW + timedelta(hours=1))
    assert next_due(database, NOW) == NOW
    claim_due(database, NOW, "a")
    assert next_due(database, NOW) == NOW + LEASE
    assert next_due(database, NOW + LEASE + timedelta(seconds=1)) == NOW
