"""Numbers run on without gaps, whoever asks at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.cases import next_number
from engine.store.database import writing
from tests.house import House, local


def test_numbers_count_by_series_and_by_the_year_in_china(house: House) -> None:
    with writing(house.engine.database) as conn:
        assert next_number(conn, "GA", local("2026-12-31 23:59")) == "GA-2026-00001"
        assert next_number(conn, "GA", local("2026-12-31 23:59")) == "GA-2026-00002"
        assert next_number(conn, "ZJ", local("2026-12-31 23:59")) == "ZJ-2026-00001"
        # still the old year in Greenwich
        assert next_number(conn, "GA", local("2027-01-01 00:01")) == "GA-2027-00001"


def test_a_number_that_was_not_used_is_given_again(house: House) -> None:
    now = house.clock.now()

    def take_and_change_ones_mind() -> None:
        with writing(house.engine.database) as conn:
            next_number(conn, "GA", now)
            raise RuntimeError("the form was refused")

    with pytest.raises(RuntimeError):
        take_and_change_ones_mind()
    with writing(house.engine.database) as conn:
        assert next_number(conn, "GA", now).endswith("-00001")


def test_eight_clerks_at_once_leave_no_gap_and_no_double(house: House) -> None:
    now = house.clock.now()

    def clerk(number: int) -> list[str]:
        found = []
        for turn in range(6):
            try:
                with writing(house.engine.database) as conn:
                    found.append(next_number(conn, "GA", now))
                    if (number + turn) % 3 == 0:
                        raise RuntimeError("changed their mind")
            except RuntimeError:
                found.pop()
        return found

    with ThreadPoolExecutor(8) as clerks:
        given = sorted(number for found in clerks.map(clerk, range(8)) for number in found)
    assert given == [f"GA-{now.year}-{count:05d}" for count in range(1, len(given) + 1)]
    assert len(given) == 32
