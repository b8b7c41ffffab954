"""A house on each database, with a case in it."""

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.cases import open_case
from engine.commands import case_services
from engine.people.persons import create_person
from engine.store.database import writing
from tests.house import House, build_house


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    house = build_house(database_url, case_services())
    yield house
    house.engine.close()


@pytest.fixture
def case_id(house: House) -> UUID:
    with writing(house.engine.database) as conn:
        return new_case(house, conn, "段阿婆")


def new_case(house: House, conn: sa.Connection, name: str, at: str = "jinxing", **values: object) -> UUID:
    """A case whose client has this name, telephone and document."""
    now = house.clock.now()
    person = create_person(conn, house.engine.vault, {"name": name, **values}, source={}, now=now)
    opened = open_case(
        conn,
        series="GA",
        kind="case_work",
        title=f"{name[:1]}某",
        organisation_id=house.organisations[at],
        client_id=person,
        now=now,
    )
    return opened.id
