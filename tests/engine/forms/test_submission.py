"""HTML form data becomes raw values; rows come and go without losing anything."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from engine.forms import Occasion, apply_action, form_pairs, parse_submission
from tests.engine.forms.given import LISTS, NOW, Documents, field, form_of, submit

FORM = form_of(
    field("name", "person", "姓名", "Name"),
    field("problems", "several_choices", "问题", "Problems", options=["a", "b"]),
    field("papers", "file", "材料", "Papers", max_files=3),
    field(
        "plan",
        "group",
        "计划",
        "Plan",
        components=[
            field(
                "goals",
                "repeated_group",
                "目标",
                "Goals",
                min_rows=1,
                max_rows=3,
                components=[
                    field("target", "text", "目标", "Target"),
                    field(
                        "steps",
                        "repeated_group",
                        "步骤",
                        "Steps",
                        components=[field("what", "text", "事", "What")],
                    ),
                ],
            )
        ],
    ),
    field("total", "computed", "合计", "Total", formula="1"),
)


def parse(data: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return parse_submission(FORM, lambda name: data.get(name, []))


def test_names_with_dashes_become_nested_values() -> None:
    raw = parse(
        {
            "name-name": ["张桂兰"],
            "problems": ["a", "b"],
            "plan-goals-_rows": ["2"],
            "plan-goals-0-target": ["外出"],
            "plan-goals-1-target": ["吃饭"],
            "plan-goals-1-steps-_rows": ["1"],
            "plan-goals-1-steps-0-what": ["送餐"],
            "total": ["99"],
            "csrf_token": ["x"],
        }
    )
    assert raw == {
        "name": {"name": "张桂兰"},
        "problems": ["a", "b"],
        "papers": [],
        "plan": {
            "goals": [
                {"target": "外出", "steps": []},
                {"target": "吃饭", "steps": [{"what": "送餐"}]},
            ]
        },
    }
    assert submit(FORM, raw).ok


@pytest.mark.parametrize("count", ["", "-1", "x", "9" * 5000, "1e3", "³"])
def test_a_forged_row_count_makes_no_rows(count: str) -> None:
    assert parse({"plan-goals-_rows": [count]})["plan"]["goals"] == []


def test_no_more_rows_are_read_than_the_form_allows() -> None:
    assert len(parse({"plan-goals-_rows": ["99999"]})["plan"]["goals"]) == 3


def test_a_kept_file_can_be_taken_away_again() -> None:
    raw = parse({"papers": ["file-1", "file-2"], "papers-_remove": ["file-1"]})
    assert raw["papers"] == ["file-2"]


def act(raw: Mapping[str, Any], action: str) -> dict[str, Any] | None:
    return apply_action(FORM, raw, action, Occasion(NOW, source=LISTS))


def test_a_row_is_added_and_what_was_typed_stays() -> None:
    raw = {"name": {"name": "张"}, "plan": {"goals": [{"target": "外出"}]}}
    changed = act(raw, "add:plan-goals")
    assert changed == {"name": {"name": "张"}, "plan": {"goals": [{"target": "外出"}, {"steps": []}]}}
    assert raw["plan"] == {"goals": [{"target": "外出"}]}


def test_a_row_is_taken_away_and_the_least_number_stays() -> None:
    raw = {"plan": {"goals": [{"target": "一"}, {"target": "二"}]}}
    changed = act(raw, "remove:plan-goals:0")
    assert changed == {"plan": {"goals": [{"target": "二"}]}}
    assert act({"plan": {"goals": [{"target": "一"}]}}, "remove:plan-goals:0") == {
        "plan": {"goals": [{"steps": []}]}
    }


def test_rows_inside_rows_can_be_added() -> None:
    changed = act({"plan": {"goals": [{}, {"steps": []}]}}, "add:plan-goals-1-steps")
    assert changed == {"plan": {"goals": [{}, {"steps": [{}]}]}}


def test_rows_stop_at_their_limit() -> None:
    full: dict[str, Any] = {"plan": {"goals": [{}, {}, {}]}}
    assert act(full, "add:plan-goals") == full


@pytest.mark.parametrize(
    "action",
    [
        *("", "add", "add:", "add:name", "add:nothing", "add:plan", "add:plan-goals-x-steps"),
        *("remove:plan-goals", "remove:plan-goals:9", "remove:plan-goals:-1", "drop:plan-goals"),
        *("add:plan-goals-9-steps", "remove:plan-goals:" + "9" * 5000),
    ],
)
def test_other_actions_are_none(action: str) -> None:
    assert act({"plan": {"goals": [{}]}}, action) is None


def test_a_form_can_be_carried_along_as_hidden_fields() -> None:
    raw = {
        "name": {"name": "张桂兰"},
        "problems": ["a", "b"],
        "papers": ["file-1"],
        "plan": {"goals": [{"target": "外出", "steps": [{"what": "送餐"}]}, {"steps": []}]},
    }
    data: dict[str, list[str]] = {}
    for name, value in form_pairs(FORM, raw):
        data.setdefault(name, []).append(value)
    assert parse(data) == raw


def test_updating_changes_nothing(documents: Documents) -> None:
    raw = {"name": {"name": "张"}}
    assert act(raw, "update") == raw
