"""A house on each database, with cases in it."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from engine.cases.files import open_case
from engine.people.persons import create_person
from engine.store import tables as t
from engine.store.database import writing
from tests.house import House, build_house

CLIENT = {
    "person": {"name": "王秀英"},
    "identity_document": {"kind": "id_card", "number": "530103195203080030"},
    "mobile": {"number": "13800138000"},
}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    house = build_house(database_url)
    yield house
    house.engine.close()


@pytest.fixture
def ordinary(house: House) -> UUID:
    """A case of the community, in the hands of its worker."""
    return case_of(house, "jinxing", "worker")


@pytest.fixture
def protected(house: House) -> UUID:
    """A protected case of another street."""
    return case_of(house, "bailongsi", "stranger", sensitivity="protected")


def case_of(house: House, code: str, responsible: str, sensitivity: str = "normal") -> UUID:
    """A case with a client at an organisation."""
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        client = create_person(conn, house.engine.vault, CLIENT_OF[code], source={}, now=now)
        opened = open_case(
            conn,
            series="GA",
            kind="case_work",
            title=code,
            organisation_id=house.organisations[code],
            client_id=client,
            sensitivity=sensitivity,
            now=now,
        )
        answers = t.case.update().where(t.case.c.id == opened.id)
        conn.execute(answers.values(responsible_id=house.users[responsible]))
    return opened.id


CLIENT_OF = {
    "jinxing": CLIENT,
    "bailongsi": {"person": {"name": "张敏"}, "mobile": {"number": "13900139000"}},
}
