"""The tree of organisations, and what a place on a diagram means in it."""

import pytest
import sqlalchemy as sa

from engine.errors import Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.people.organisations import (
    add_organisation,
    by_code,
    close_organisation,
    move_organisation,
    organisation,
    subtree,
)
from engine.people.places import resolve_place
from engine.people.policy import may_manage
from tests.engine.people.conftest import POWERS, District


def codes(conn: sa.Connection, district: District, root: str, kind: str | None = None) -> list[str]:
    return [each.code for each in subtree(conn, district.organisations[root], kind=kind)]


def test_a_subtree_is_an_organisation_and_all_below(conn: sa.Connection, district: District) -> None:
    assert codes(conn, district, "lianmeng") == ["lianmeng", "jinxing", "lianmeng-station", "yinxing"]
    assert codes(conn, district, "panlong", "community") == ["chuanxin", "jinxing", "yinxing"]


def test_a_code_with_a_wildcard_does_not_reach_its_neighbour(conn: sa.Connection, district: District) -> None:
    odd = add_organisation(conn, code="jin_ing", kind="street_office", level="street", name="x")
    like = add_organisation(conn, code="jinXing", kind="street_office", level="street", name="x")
    below = add_organisation(conn, code="sub", kind="community", level="community", name="x", parent_id=like)
    assert [each.id for each in subtree(conn, odd)] == [odd]
    assert below in [each.id for each in subtree(conn, like)]


@pytest.mark.parametrize("code", ["", "a/b", "a b", "x" * 61])
def test_a_code_fits_into_a_path(conn: sa.Connection, district: District, code: str) -> None:
    with pytest.raises(Invalid):
        add_organisation(conn, code=code, kind="k", level="l", name="x")


def test_a_code_is_taken_once(conn: sa.Connection, district: District) -> None:
    with pytest.raises(Conflict):
        add_organisation(conn, code="jinxing", kind="k", level="l", name="x")
    assert by_code(conn, "jinxing") == organisation(conn, district.organisations["jinxing"])
    assert by_code(conn, "nowhere") is None
    with pytest.raises(NotFound):
        organisation(conn, new_id())


def test_a_tree_is_not_endlessly_deep(conn: sa.Connection, district: District) -> None:
    parent = None
    with pytest.raises(Invalid):  # noqa: PT012 - one of these is too deep
        for n in range(40):
            parent = add_organisation(conn, code=f"{n:050}", kind="k", level="l", name="x", parent_id=parent)


def test_a_community_that_changes_its_street_changes_who_is_in_charge(
    conn: sa.Connection, district: District
) -> None:
    jinxing = district.organisations["jinxing"]
    add_organisation(conn, code="grid-1", kind="grid", level="grid", name="1", parent_id=jinxing)
    zhao = district.as_("zhao")
    assert may_manage(zhao, POWERS, organisation(conn, jinxing).path)
    move_organisation(conn, jinxing, district.organisations["jinchen"])
    assert not may_manage(zhao, POWERS, organisation(conn, jinxing).path)
    assert codes(conn, district, "jinchen") == ["jinchen", "chuanxin", "jinxing", "grid-1"]
    with pytest.raises(Invalid):
        move_organisation(conn, district.organisations["jinchen"], jinxing)


def test_an_organisation_closes_after_those_below_it(conn: sa.Connection, district: District) -> None:
    with pytest.raises(Conflict):
        close_organisation(conn, district.organisations["lianmeng"])
    close_organisation(conn, district.organisations["yinxing"])
    assert "yinxing" not in codes(conn, district, "lianmeng")


@pytest.mark.parametrize(
    ("at", "origin", "found"),
    [
        ("community", "jinxing", "jinxing"),
        ("street", "jinxing", "lianmeng"),
        ("district", "jinxing", "panlong"),
        ("station", "jinxing", "lianmeng-station"),
        ("agency", "jinxing", "agency"),
        ("street_office", "jinxing", "lianmeng"),
        ("station", "chuanxin", "lianmeng-station"),  # its own street has none: the district's nearest
        ("community", "lianmeng", "jinxing"),
        ("moon", "jinxing", None),
    ],
)
def test_a_place_is_found_from_where_the_matter_is(
    conn: sa.Connection, district: District, at: str, origin: str, found: str | None
) -> None:
    place = resolve_place(conn, at, district.organisations[origin])
    assert place == (district.organisations[found] if found else None)


def test_a_place_may_be_named_by_its_id(conn: sa.Connection, district: District) -> None:
    agency = district.organisations["agency"]
    assert resolve_place(conn, str(agency), None) == agency
    assert resolve_place(conn, str(new_id()), agency) is None
    assert resolve_place(conn, "street", None) is None
