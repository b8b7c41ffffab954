"""Every field type: what people type, what it means, and what they are told when it means nothing."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from engine.forms import field_types
from tests.engine.forms.given import field, form_of, said, submit

CITIZEN = "530103195203080030"


def value(component: dict[str, Any], raw: object, **more: Any) -> object:
    result = submit(form_of(component), {component["key"]: raw}, **more)
    assert result.errors == {}
    return result.values[component["key"]]


def wrong(component: dict[str, Any], raw: object, locale: str = "zh_Hans_CN") -> dict[str, list[str]]:
    return said(form_of(component), {component["key"]: raw}, locale)


TYPED = [
    (field("x", "text", "姓名", "Name"), "  李  梅\t", "李 梅"),
    (field("x", "text", "房号", "Room"), 302, "302"),
    (field("x", "long_text", "经过", "Story"), "第一天\r\n第二天\x00\n", "第一天\n第二天"),
    (field("x", "number", "人数", "People", decimals=0), "1,200", Decimal(1200)),
    (field("x", "number", "面积", "Area"), "12.50", Decimal("12.5")),
    (field("x", "number", "面积", "Area"), 12.5, Decimal("12.5")),
    (field("x", "money", "金额", "Amount"), "３００.００", Decimal(300)),
    (field("x", "hours", "时长", "Hours"), "1.5", Decimal("1.5")),
    (field("x", "score", "身体", "Body"), "0", Decimal(0)),
    (field("x", "date", "日期", "Date"), "2026-03-01", date(2026, 3, 1)),
    (field("x", "date", "日期", "Date"), "2026年3月1日", date(2026, 3, 1)),
    (field("x", "date", "日期", "Date"), "20260301", date(2026, 3, 1)),
    (field("x", "time", "时间", "Time"), "9:05", time(9, 5)),
    (field("x", "datetime", "时间", "Moment"), "2026-02-12T09:30", datetime(2026, 2, 12, 1, 30, tzinfo=UTC)),
    (
        field("x", "datetime", "时间", "Moment"),
        "2026-02-12T01:30:00Z",
        datetime(2026, 2, 12, 1, 30, tzinfo=UTC),
    ),
    (field("x", "yes_no", "同意", "Agreed"), "no", False),
    (field("x", "yes_no", "同意", "Agreed"), True, True),
    (field("x", "choice", "方式", "Mode", options=["phone", "visit"]), "visit", "visit"),
    (field("x", "choice", "社区", "Community", options="communities"), "yueya", "yueya"),
    (field("x", "several_choices", "问题", "Problems", options=["a", "b", "c"]), ["a", "c", "a"], ["a", "c"]),
    (field("x", "organisation", "机构", "Agency"), "o-2", "o-2"),
    (field("x", "user", "督导", "Supervisor"), "u-1", "u-1"),
    (field("x", "uscc", "信用代码", "Code"), "91350100m000100y43", "91350100M000100Y43"),
    (field("x", "bank_card", "银行卡", "Bank card"), "4111 1111 1111 1111", "4111111111111111"),
    (
        field("x", "mobile", "手机", "Mobile"),
        {"number": "138 0013 8000"},
        {"number": "13800138000", "contact_name": None, "contact_number": None},
    ),
    (
        field("x", "mobile", "手机", "Mobile"),
        {"none": "yes", "number": "", "contact_name": "王芳", "contact_number": "0871-63135000"},
        {"number": None, "contact_name": "王芳", "contact_number": "0871-63135000"},
    ),
    (
        field("x", "identity_document", "证件", "Document"),
        {"kind": "id_card", "number": "53010320130512002x"},
        {
            "kind": "id_card",
            "number": "53010320130512002X",
            "birth_date": date(2013, 5, 12),
            "gender": "female",
        },
    ),
    (
        field("x", "identity_document", "证件", "Document"),
        {"kind": "hm_travel_permit", "number": "h12345678"},
        {"kind": "hm_travel_permit", "number": "H12345678", "birth_date": None, "gender": None},
    ),
    (
        field("x", "person", "监护人", "Guardian", ask=["name", "gender", "birth_date"]),
        {"name": "王芳", "gender": "female", "birth_date": "1980-05-01"},
        {
            "name": "王芳",
            "gender": "female",
            "birth_date": date(1980, 5, 1),
            "mobile": None,
            "relation": None,
        },
    ),
    (
        field("x", "address", "住址", "Home"),
        {"community": "yueya", "detail": "5 栋 302"},
        {"street": "jinchen", "community": "yueya", "grid": None, "detail": "5 栋 302"},
    ),
]


@pytest.mark.parametrize(("component", "raw", "meant"), TYPED)
def test_what_is_typed_gets_its_meaning(component: dict[str, Any], raw: object, meant: object) -> None:
    assert value(component, raw) == meant


REFUSED: list[tuple[dict[str, Any], object, dict[str, list[str]]]] = [
    (field("x", "text", "姓名", "Name", min_length=2), "李", {"x": ["姓名至少 2 个字"]}),
    (field("x", "text", "姓名", "Name", max_length=3), "欧阳娜娜", {"x": ["姓名最多 3 个字，现在有 4 个"]}),
    (field("x", "text", "编号", "Number", pattern="[A-Z]{2}\\d{4}"), "ab1", {"x": ["编号的格式不对"]}),
    (field("x", "text", "姓名", "Name"), {"a": 1}, {"x": ["姓名应为文字"]}),
    (field("x", "long_text", "经过", "Story", min_length=20), "吵架", {"x": ["经过至少 20 个字"]}),
    (field("x", "number", "人数", "People"), "三", {"x": ["人数应为数字，例如 12 或 3.5"]}),
    (field("x", "number", "人数", "People"), "NaN", {"x": ["人数应为数字，例如 12 或 3.5"]}),
    (field("x", "number", "人数", "People"), True, {"x": ["人数应为文字"]}),
    (field("x", "number", "人数", "People", decimals=0), "1.5", {"x": ["人数应为整数"]}),
    (field("x", "number", "人数", "People", min=1, max=15), "16", {"x": ["人数不能大于 15"]}),
    (field("x", "money", "金额", "Amount"), "0", {"x": ["金额应大于 0"]}),
    (field("x", "money", "金额", "Amount"), "1.005", {"x": ["金额最多 2 位小数"]}),
    (field("x", "money", "金额", "Amount"), "10000000000", {"x": ["金额整数部分最多 10 位"]}),
    (field("x", "hours", "时长", "Hours"), "1.2", {"x": ["时长应为 0.5 的倍数，例如 1.5"]}),
    (field("x", "score", "身体", "Body"), "6", {"x": ["身体不能大于 5"]}),
    (field("x", "date", "日期", "Date"), "2026-02-30", {"x": ["日期应为真实的日期，例如 2026-03-01"]}),
    (field("x", "date", "日期", "Date", max="today()"), "2026-02-13", {"x": ["日期不能晚于 2026年2月12日"]}),
    (field("x", "time", "时间", "Time"), "25:00", {"x": ["时间应为时间，例如 14:30"]}),
    (field("x", "yes_no", "愿意", "Willing"), "maybe", {"x": ["愿意应为“是”或“否”"]}),
    (field("x", "choice", "方式", "Mode", options=["phone"]), "post", {"x": ["请从列表中选择方式"]}),
    (field("x", "organisation", "机构", "Agency"), "o-9", {"x": ["请从列表中选择机构"]}),
    (
        field("x", "several_choices", "问题", "Problems", options=["a", "b", "c"], max=2),
        ["a", "b", "c"],
        {"x": ["问题最多选 2 项"]},
    ),
    (field("x", "uscc", "信用代码", "Code"), "9135", {"x": ["信用代码应为 18 位"]}),
    (field("x", "bank_card", "银行卡", "Card"), "4111111111111112", {"x": ["银行卡不对，请核对是否输错"]}),
    (
        field("x", "mobile", "手机", "Mobile"),
        {"number": "12800138000"},
        {"x.number": ["手机应为 11 位手机号，以 13 至 19 开头"]},
    ),
    (
        field("x", "mobile", "手机", "Mobile"),
        {"none": "yes", "contact_name": "", "contact_number": "63135000"},
        {
            "x.contact_name": ["手机：请填写联系人姓名"],
            "x.contact_number": ["手机：联系人电话应为手机号，或带区号的座机号"],
        },
    ),
    (
        field("x", "mobile", "手机", "Mobile", allow_none=False),
        {"none": "yes", "contact_name": "王芳", "contact_number": "13800138000"},
        {"x.number": ["请填写手机"]},
    ),
    (
        field("x", "identity_document", "证件", "Document"),
        {"kind": "id_card", "number": "53010319900101"},
        {"x.number": ["证件：居民身份证号码应为 18 位"]},
    ),
    (
        field("x", "identity_document", "证件", "Document"),
        {"kind": "id_card", "number": "530103199002300010"},
        {"x.number": ["证件：居民身份证号码中的出生日期不对"]},
    ),
    (
        field("x", "identity_document", "证件", "Document", kinds=["passport"]),
        {"kind": "id_card", "number": CITIZEN},
        {"x.kind": ["证件：请选择证件类型"]},
    ),
    (
        field("x", "person", "监护人", "Guardian", ask=["name", "mobile"], need=["name", "mobile"]),
        {"name": "王芳"},
        {"x.mobile": ["监护人：请填写手机"]},
    ),
    (
        field("x", "address", "住址", "Home"),
        {"street": "jinchen", "community": "shuijing"},
        {"x.detail": ["住址：请填写楼栋、单元、门牌"], "x.community": ["住址：“水晶社区”不属于所选街道"]},
    ),
]


@pytest.mark.parametrize(("component", "raw", "sentences"), REFUSED)
def test_what_means_nothing_is_answered_with_the_label(
    component: dict[str, Any], raw: object, sentences: dict[str, list[str]]
) -> None:
    assert wrong(component, raw) == sentences


@pytest.mark.parametrize(
    ("component", "chinese", "english"),
    [
        (field("x", "text", "姓名", "Name"), "请填写姓名", "Enter name"),
        (field("x", "text", "编号", "ID number"), "请填写编号", "Enter ID number"),
        (field("x", "date", "日期", "Date"), "请填写日期", "Enter date"),
        (field("x", "yes_no", "愿意接受服务", "Wants help"), "请回答“愿意接受服务”", "Answer “Wants help”"),
        (field("x", "choice", "方式", "Mode", options=["a"]), "请选择方式", "Choose mode"),
        (field("x", "photo", "照片", "Photo"), "请上传照片", "Upload photo"),
        (field("x", "signature", "服务对象签名", "Signature"), "请签署：服务对象签名", "Sign: signature"),
        (field("x", "identity_document", "证件", "Document"), "请填写证件", "Enter document"),
        (field("x", "address", "住址", "Home"), "请填写住址", "Enter home"),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", "  ", {}, []])
def test_a_missing_answer_is_asked_for_in_both_languages(
    component: dict[str, Any], chinese: str, english: str, nothing: object
) -> None:
    asked = {**component, "required": True}
    assert wrong(asked, nothing) == {"x": [chinese]}
    assert wrong(asked, nothing, "en") == {"x": [english]}


def test_what_the_page_chooses_beforehand_is_no_answer() -> None:
    document = field("x", "identity_document", "证件", "Document", required=True)
    assert wrong(document, {"kind": "id_card", "number": ""}) == {"x": ["请填写证件"]}
    signature = field("x", "signature", "签名", "Signature", required=True)
    assert wrong(signature, {"method": "drawn", "drawing": "", "name": " "}) == {"x": ["请签署：签名"]}


def test_an_empty_field_that_is_not_required_is_null() -> None:
    assert value(field("x", "date", "日期", "Date"), "") is None


def test_a_field_can_be_limited_by_another_one() -> None:
    form = form_of(field("start", "date", "开始", "Start"), field("end", "date", "结束", "End", min="start"))
    assert said(form, {"start": "2026-03-02", "end": "2026-03-01"}) == {"end": ["结束不能早于 2026年3月2日"]}
    assert submit(form, {"start": "2026-03-02", "end": "2026-03-02"}).ok


@pytest.mark.parametrize("name", field_types())
@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 100_000,
        "\ud800\x00",
        -1,
        10**40,
        1e300,
        float("nan"),
        True,
        [[[[[[]]]]]],
        {"a": {"b": {"c": {"d": {}}}}},
        {"number": {"number": []}, "kind": [], "name": {}, "agreed": [], "method": {}, "street": 5},
        ["x"] * 5000,
        {"none": "yes", "contact_name": [1], "contact_number": {}},
        {"method": "photo", "file": [{}]},
        [{"id": "../../etc"}],
        [None, 1, "a"],
    ],
)
def test_no_hostile_value_breaks_a_field(name: str, hostile: object) -> None:
    words = {"zh_Hans_CN": "字", "en": "words"}
    needs: dict[str, dict[str, Any]] = {
        "choice": {"options": ["a"]},
        "several_choices": {"options": ["a"]},
        "consent": {"text": words, "version": "1", "purposes": [words], "items": [words], "retention": words},
        "group": {"components": [field("y", "text", "字", "Word")]},
        "repeated_group": {"components": [field("y", "text", "字", "Word")]},
        "table": {"columns": [{"key": "a", "label": words}], "rows": "[]"},
        "text_block": {"text": words},
        "computed": {"formula": "1"},
    }
    result = submit(form_of(field("x", name, "字", "Word", **needs.get(name, {}))), {"x": hostile})
    for texts in result.errors.values():
        assert all(len(text.zh) < 300 and "x" * 100 not in text.zh for text in texts)
