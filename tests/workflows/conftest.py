"""The shipped bundles, and a stage their stories are played on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.people.policy import RolePowers
from engine.stories import Stage, stories_in
from web.roles import read_powers

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
CASE_REFERRAL = WORKFLOWS / "case_referral"


@pytest.fixture(scope="session")
def powers() -> dict[str, RolePowers]:
    return read_powers(WORKFLOWS / "roles.yaml")


@pytest.fixture(scope="session")
def case_referral(powers: dict[str, RolePowers]) -> Iterator[Stage]:
    shared, _ = stories_in(CASE_REFERRAL / "stories")
    with Stage([CASE_REFERRAL], shared.cast, powers) as stage:
        yield stage
