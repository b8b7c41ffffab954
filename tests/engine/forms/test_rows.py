"""Groups and repeated groups."""

from decimal import Decimal
from typing import Any

from tests.engine.forms.given import field, form_of, said, submit

PLAN = form_of(
    field(
        "goals",
        "repeated_group",
        "目标",
        "Goals",
        required=True,
        max_rows=3,
        row_label={"zh_Hans_CN": "目标", "en": "Goal"},
        components=[
            field("indicator", "text", "指标", "Indicator", required=True),
            field("measured", "yes_no", "可量化", "Measurable"),
            field("target", "number", "目标值", "Target", visible_when="measured = true", required=True),
        ],
    ),
    field("total", "computed", "合计", "Total", formula="sum(for g in goals return g.target)"),
)


def test_rows_become_a_list_of_contexts() -> None:
    rows = [
        {"indicator": "每周外出", "measured": "yes", "target": "3"},
        {"indicator": "情绪平稳", "measured": "no", "target": "9"},
    ]
    result = submit(PLAN, {"goals": rows})
    assert result.errors == {}
    assert result.values["goals"] == [
        {"indicator": "每周外出", "measured": True, "target": Decimal(3)},
        {"indicator": "情绪平稳", "measured": False},
    ]
    assert result.variables["goals"] == [
        {"indicator": "每周外出", "measured": True, "target": Decimal(3)},
        {"indicator": "情绪平稳", "measured": False, "target": None},
    ]


def test_a_message_says_which_row_it_means() -> None:
    rows = [{"indicator": "每周外出"}, {"indicator": "", "measured": "yes"}]
    assert said(PLAN, {"goals": rows}) == {
        "goals.1.indicator": ["目标 2：请填写指标"],
        "goals.1.target": ["目标 2：请填写目标值"],
    }
    assert said(PLAN, {"goals": rows}, "en")["goals.1.indicator"] == ["Goal 2: enter indicator"]


def test_required_rows_want_at_least_one() -> None:
    assert said(PLAN, {"goals": []}) == {"goals": ["目标至少填 1 行"]}
    assert said(PLAN, {}) == {"goals": ["目标至少填 1 行"]}


def test_no_more_rows_than_the_form_allows_are_read() -> None:
    assert said(PLAN, {"goals": [{"indicator": "x"}] * 4}) == {"goals": ["目标最多 3 行"]}


def test_a_computed_field_sums_over_rows() -> None:
    rows = [{"indicator": str(n), "measured": "yes", "target": str(n)} for n in (1, 2)]
    assert submit(PLAN, {"goals": rows}).values["total"] == Decimal(3)


def test_rows_of_the_wrong_shape_are_refused() -> None:
    wrong: list[Any] = ["x", {"goals": "x"}, [["x"]]]
    for raw in wrong:
        assert said(PLAN, {"goals": raw})


def test_a_group_is_a_context_and_sees_what_is_around_it() -> None:
    form = form_of(
        field("alone", "yes_no", "独居", "Lives alone"),
        field(
            "contact",
            "group",
            "紧急联系人",
            "Emergency contact",
            components=[
                field("name", "text", "姓名", "Name", required="alone = true"),
                field("near", "yes_no", "住在附近", "Lives near", visible_when="name != null"),
            ],
        ),
        field("tell", "text", "备注", "Note", visible_when="contact.near = true", required=True),
    )
    assert said(form, {"alone": "yes"}) == {"contact.name": ["请填写姓名"]}
    raw = {"alone": "yes", "contact": {"name": "王芳", "near": "yes"}}
    assert said(form, raw) == {"tell": ["请填写备注"]}
    assert submit(form, {"alone": "no"}).values["contact"] == {"name": None}


def test_a_rule_in_a_row_says_which_row() -> None:
    line = [
        field("quantity", "number", "数量", "Quantity", decimals=0),
        field(
            "issued",
            "number",
            "发放",
            "Issued",
            decimals=0,
            checks=[{"rule": "issued <= quantity", "message": "发放多于数量"}],
        ),
    ]
    form = form_of(field("lines", "repeated_group", "物资", "Goods", components=line))
    rows = [{"quantity": "2", "issued": "2"}, {"quantity": "2", "issued": "3"}]
    assert said(form, {"lines": rows}) == {"lines.1.issued": ["第 2 行：发放多于数量"]}


def test_rows_in_rows_are_bounded_over_the_whole_form() -> None:
    steps = field(
        "steps", "repeated_group", "步骤", "Steps", max_rows=100, components=[field("a", "text", "事", "A")]
    )
    days = field("days", "repeated_group", "天", "Days", max_rows=100, components=[steps])
    weeks = field("weeks", "repeated_group", "周", "Weeks", max_rows=100, components=[days])
    raw = {"weeks": [{"days": [{"steps": [{"a": "x"}] * 100}] * 100}] * 100}
    assert said(form_of(weeks), raw) == {"weeks": ["表单的内容太多"]}
