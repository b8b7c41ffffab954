"""A story plays with the real commands; where it fails it says what was expected and what was seen."""

import pytest

from engine.errors import Invalid
from engine.stories import Shared, Stage, StoryResult, play, read_shared, read_story

START = "story: 走访\nstart: {process: VISIT, as: clerk, at: 2026-02-12 10:00}\n"


def played(stage: Stage, shared: Shared, steps: str, ends: str = "") -> StoryResult:
    engine = stage.fresh()
    (story,) = read_story(f"{START}steps:\n{steps}\n{ends}", shared)
    result = play(engine, story, shared)
    engine.close()
    return result


def test_a_story_that_goes_well(stage: Stage, shared: Shared) -> None:
    result = played(stage, shared, "  - play: visited", "ends: 已走访")
    assert result.passed
    assert {"visit", "met", "done"} <= result.coverage.nodes
    assert "met_again" not in result.coverage.flows


def test_the_clock_jumps_over_the_spring_festival_and_everybody_is_told_on_the_way(
    stage: Stage, shared: Shared
) -> None:
    result = played(
        stage,
        shared,
        """
  - expect: {task: 走访, due: 2026-02-24 17:00, organisation: village, role: clerk}
  - expect: {task: 走访, assignee: null, reminded: 0}
  - wait: 2 working days
  - wait: until 2026-02-24 16:59
  - expect: {task: 走访, reminded: 1, overdue: false, level: "", escalated_to: []}
  - wait: 2 min
  - expect: {task: 走访, overdue: true, level: yellow, escalated_to: chief}
  - expect: {notification: {to: chief, organisation: town, kind: escalation}, variable: {seen: null}}
""",
    )
    assert result.passed, result.failure


@pytest.mark.parametrize(
    ("steps", "expected", "seen"),
    [
        ("  - do: 回访", "应有任务“回访”", "现有：走访"),
        ("  - expect: {task: 走访, assignee: clerk}", '{"assignee": "clerk"}', '{"assignee": null}'),
        ("  - expect: {no_task: 走访}", "不应有任务", "走访"),
        ("  - expect: {path: [走访, 已走访]}", "路径里应有“已走访”", "走访"),
        ("  - do: 走访\n    with: {note: null}", "情况", "请填写情况"),
        ("  - do: 走访\n    refused: seen", "应被拒绝", "却被接受了"),
        ("  - do: 走访\n    with: {seen: null}\n    refused: note", "应因 note 被拒绝", "见到了"),
        ("  - expect: {notification: {to: chief}}", "应有消息", "—"),
        ("  - do: 走访\n    as: nobody", "没有用户", "nobody"),
    ],
)
def test_a_failed_step_tells_what_was_expected_and_what_was_seen(
    stage: Stage, shared: Shared, steps: str, expected: str, seen: str
) -> None:
    result = played(stage, shared, steps)
    assert not result.passed
    assert result.step.startswith("1. ")
    assert result.failure is not None
    assert expected in result.failure.zh
    assert seen in result.failure.zh


def test_the_wrong_end_is_a_failure(stage: Stage, shared: Shared) -> None:
    result = played(stage, shared, "  - do: 走访", "ends: 已结案")
    assert (result.passed, result.step) == (False, "ends")
    assert result.failure is not None
    assert "已走访" in result.failure.zh


def test_one_story_leaves_nothing_behind_for_the_next(stage: Stage, shared: Shared) -> None:
    assert played(stage, shared, "  - wait: 1 h").passed
    assert played(stage, shared, "  - do: 走访\n  - expect: {no_task: 走访, status: completed}").passed


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("story: x\nsteps: []", "start"),
        (START + "steps:\n  - dance: true", "dance|之一"),
        (START + "steps:\n  - do: 走访\n    wiht: {}", "wiht"),
        (START + "steps:\n  - expect: {tusk: 走访}", "tusk"),
        (START + "steps:\n  - play: 没有的片段", "没有的片段"),
        ("story: x\nstart: {process: VISIT, as: clerk}", "at"),
        ("story: [", "读取"),
        (START + "end: done", "end"),
    ],
)
def test_a_misspelt_story_is_refused_with_its_place(shared: Shared, source: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_story(source, shared, "x.yaml")
    assert any(each in refused.value.text.zh for each in reason.split("|"))
    assert refused.value.text.zh.startswith("x.yaml")


def test_a_cast_without_a_code_is_refused() -> None:
    with pytest.raises(Invalid, match="code"):
        read_shared("cast: {organisations: [{name: 镇}]}")
