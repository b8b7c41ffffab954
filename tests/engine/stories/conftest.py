"""A tiny bundle with a form, a due time and two ways on, and a stage for it."""

import json
from collections.abc import Iterator

import pytest
import yaml

from engine.people.policy import load_powers
from engine.stories import Shared, Stage, read_shared
from tests.bpmn_builder import Process, diagram

SHARED = """
cast:
  organisations:
    - {code: town, name: 镇, kind: office, level: district}
    - {code: village, name: 村, kind: community, level: community, in: town}
  people:
    - {login: clerk, name: 文员, at: village, roles: [clerk]}
    - {login: chief, name: 主任, at: town, roles: [chief]}
answers:
  visit: {seen: "yes", note: 一切都好}
parts:
  visited:
    - do: 走访
"""


@pytest.fixture
def shared() -> Shared:
    return read_shared(SHARED)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    p = Process("VISIT")
    p.start("s").user(
        "visit",
        name="走访",
        role="clerk",
        at="community",
        due="3wd",
        form="visit",
        extension='<wulian:remind before="1wd" at="09:00"/>'
        '<wulian:escalate after="0h" to="chief" at="district" level="yellow"/>',
    )
    p.exclusive("met", default="met_again")
    p.end("done", name="已走访")
    p.flow("s", "visit", "met").flow("met", "done", when="seen").flow("met", "visit", id="met_again")
    form = {
        "form": "visit",
        "title": "走访",
        "components": [
            {"key": "seen", "type": "yes_no", "label": "见到了", "required": True},
            {"key": "note", "type": "text", "label": "情况", "required": True},
        ],
    }
    manifest = {
        "key": "visits",
        "name": "走访",
        "diagrams": ["visit.bpmn"],
        "starts": [{"process": "VISIT", "roles": ["anyone"]}],
    }
    bundle = {
        "bundle.yaml": yaml.safe_dump(manifest, allow_unicode=True).encode(),
        "visit.bpmn": diagram(p),
        "forms/visit.json": json.dumps(form).encode(),
    }
    powers = load_powers({"clerk": {"sees": "organisation"}, "chief": {"sees": "subtree"}})
    with Stage([bundle], read_shared(SHARED).cast, powers) as stage:
        yield stage
