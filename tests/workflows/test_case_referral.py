"""Every branch, exception and escalation of the case referral is played by a story."""

import pytest

from engine.bpmn import compile_deployed, read
from engine.people.policy import RolePowers
from engine.stories import Coverage, Stage, Story, play, stories_in
from tests.databases import Databases
from tests.workflows.conftest import CASE_REFERRAL, WORKFLOWS
from web.roles import read_roles

SHARED, STORIES = stories_in(CASE_REFERRAL / "stories")
DIAGRAM = (CASE_REFERRAL / "process.bpmn").read_bytes()
#: A few that touch most tables are played on PostgreSQL as well.
ON_BOTH = ("01_referral.yaml", "08_changes.yaml")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.path}: {story.name}")
def test_story(case_referral: Stage, story: Story) -> None:
    engine = case_referral.fresh()
    result = play(engine, story, SHARED)
    engine.close()
    assert result.passed, f"{result.step}: {result.failure}"


def test_the_stories_pass_every_element_and_every_flow_and_everybody_is_told(case_referral: Stage) -> None:
    covered = Coverage()
    for story in STORIES:
        engine = case_referral.fresh()
        covered |= play(engine, story, SHARED).coverage
        engine.close()
    graph = compile_deployed(DIAGRAM)
    assert covered.missing(graph) == ([], [])
    assert covered.silent(graph) == []


@pytest.mark.parametrize(
    "story", [story for story in STORIES if story.path in ON_BOTH], ids=lambda story: story.name
)
def test_story_on_postgresql(databases: Databases, powers: dict[str, RolePowers], story: Story) -> None:
    url = databases.new("postgresql")
    try:
        with Stage([CASE_REFERRAL], SHARED.cast, powers) as stage:
            engine = stage.on(url)
            result = play(engine, story, SHARED)
            engine.close()
    finally:
        databases.drop(url)
    assert result.passed, f"{result.step}: {result.failure}"


def test_the_diagram_is_clean() -> None:
    reading = read(DIAGRAM)
    assert [finding for finding in reading.findings if finding.severity != "info"] == []


def test_every_role_of_the_diagram_has_powers() -> None:
    graph = compile_deployed(DIAGRAM)
    works = [node.work for node in graph.nodes.values() if node.work is not None]
    roles = {work.role for work in works if isinstance(work.role, str)}
    roles |= {step.to for work in works for step in work.escalate}
    assert roles <= read_roles(WORKFLOWS / "roles.yaml").keys()
