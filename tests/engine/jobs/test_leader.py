"""One process of a deployment leads; another takes over when it is gone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.jobs.leader import TERM, give_up, hold_lease
from engine.store.database import open_database

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[sa.Engine]:
    database = open_database(database_url)
    yield database
    database.dispose()


def test_of_many_that_want_to_lead_one_does(database: sa.Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        leads = list(pool.map(lambda n: hold_lease(database, "scheduler", f"p{n}", NOW), range(6)))
    assert leads.count(True) == 1


def test_the_leader_renews_and_is_followed_when_its_term_has_run_out(database: sa.Engine) -> None:
    assert hold_lease(database, "scheduler", "a", NOW)
    later = NOW + TERM / 2
    assert hold_lease(database, "scheduler", "a", later)
    assert not hold_lease(database, "scheduler", "b", NOW + TERM)  # it was renewed
    assert hold_lease(database, "reports", "b", NOW)  # another lease
    after = later + TERM + timedelta(seconds=1)
    assert hold_lease(database, "scheduler", "b", after)
    assert not hold_lease(database, "scheduler", "a", after)


def test_a_leader_that_stops_lets_go_at_once_and_only_of_its_own(database: sa.Engine) -> None:
    assert hold_lease(database, "scheduler", "a", NOW)
    give_up(database, "scheduler", "b")
    assert not hold_lease(database, "scheduler", "b", NOW)
    give_up(database, "scheduler", "a")
    assert hold_lease(database, "scheduler", "b", NOW)
