"""A form as a page: labels, hints, errors, prefilled values, and everything without JavaScript."""

from typing import Any

import pytest

from engine.forms import Known, field_types, prefill, read_form
from engine.text import Text
from tests.engine.forms.given import LISTS, NOW, documented_example, field, form_of
from tests.web.forms.house import House, Page, words

WORDS = {"zh_Hans_CN": "字", "en": "words"}
NEEDS: dict[str, dict[str, Any]] = {
    "choice": {"options": ["a", "b"]},
    "several_choices": {"options": ["a", "b"]},
    "consent": {
        "text": WORDS,
        "version": "1",
        "purposes": [WORDS],
        "items": [WORDS],
        "sensitive_items": [WORDS],
        "retention": WORDS,
    },
    "group": {"components": [field("y", "text", "内", "Inner")]},
    "repeated_group": {"components": [field("y", "text", "内", "Inner")], "min_rows": 1},
    "table": {"columns": [{"key": "a", "label": WORDS}], "rows": "[{a: 1}]"},
    "text_block": {"text": WORDS},
    "computed": {"formula": "1"},
    "person": {"ask": ["name", "gender", "birth_date", "mobile", "relation"]},
}


def everything() -> dict[str, Any]:
    """A form with a field of every type, all required, with hints."""
    components = [
        field(
            f"x_{name}", name, f"字段{at}", f"Field {at}", hint="提示", required=True, **NEEDS.get(name, {})
        )
        for at, name in enumerate(field_types())
    ]
    return {"form": "everything", "title": "全部", "components": components}


ALL = read_form(everything())


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_every_input_has_a_name_for_screen_readers_and_every_id_is_unique(locale: str) -> None:
    for page in (House(ALL, locale).get(), House(ALL, locale).post({})):
        ids = page.all("//@id")
        assert len(ids) == len(set(ids))
        for each in page.all("//input[not(@type='hidden')]|//select|//textarea"):
            labels = page.all(f'//label[@for="{each.get("id")}"]')
            assert len(labels) == 1, each.get("name")
            assert words(labels[0]).strip("* ")
        for each in page.all("//fieldset"):
            assert words(each.xpath("./legend")[0])


def test_every_reference_leads_somewhere() -> None:
    for page in (House(ALL).get(), House(ALL).post({})):
        ids = set(page.all("//@id"))
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            for value in page.all(f"//@{attribute}"):
                assert set(value.split()) <= ids, (attribute, value)
        for link in page.all("//*[@class='field-summary']//a/@href"):
            assert link.removeprefix("#") in ids, link


def test_every_type_can_be_left_empty_and_is_asked_for_beside_its_label() -> None:
    page = House(ALL).post({})
    assert page.one("//*[@class='field-summary']").get("autofocus") is not None
    summary = [words(each) for each in page.all("//*[@class='field-summary']//li")]
    shown = [words(each).removeprefix("有误：").strip() for each in page.all("//*[@class='field-error']/p")]
    silent = {"table", "text_block", "computed", "group"}
    assert len(summary) == len(field_types()) - len(silent)
    assert sorted(summary) == sorted(shown)
    assert not any("x_" in sentence for sentence in summary)


def test_the_error_stands_between_hint_and_input_and_is_read_with_it() -> None:
    house = House(form_of(field("name", "text", "姓名", "Name", hint="与证件一致", required=True)))
    page = house.post({"name": ""})
    box = page.labelled("姓名")
    assert box.get("aria-invalid") == "true"
    assert box.get("aria-required") == "true"
    assert box.get("aria-describedby") == "f-name-hint f-name-error"
    order = [each.get("class") or each.tag for each in page.one("//*[@id='f-name-field']")]
    assert order == ["field-label", "field-hint", "field-error", "field-input field-width-long"]
    assert page.one("//*[@class='field-summary']//a").get("href") == "#f-name"


def test_what_was_typed_is_there_again() -> None:
    form = form_of(
        field("name", "text", "姓名", "Name", max_length=2),
        field("story", "long_text", "经过", "Story"),
        field("day", "date", "日期", "Day"),
        field("mode", "choice", "方式", "Mode", options=["phone", "visit"]),
        field("agency", "organisation", "机构", "Agency"),
        field("problems", "several_choices", "问题", "Problems", options=["a", "b"]),
        field("willing", "yes_no", "愿意", "Willing"),
    )
    typed = {
        "name": '<b>"欧阳"&',
        "story": "\n第一行\n第二行",
        "day": "2026年2月30日",
        "mode": "visit",
        "agency": "o-2",
        "problems": ["b"],
        "willing": "no",
    }
    page = House(form).post(typed)
    data = page.data()
    assert data["name"] == ['<b>"欧阳"&']
    assert data["story"] == ["\n第一行\n第二行"]
    assert data["day"] == ["2026年2月30日"]
    assert page.labelled("日期").get("type") == "text", "a browser's date picker would drop what is no date"
    assert (data["mode"], data["agency"], data["problems"], data["willing"]) == (
        ["visit"],
        ["o-2"],
        ["b"],
        ["no"],
    )


def test_what_is_known_says_where_it_is_from_until_it_is_changed() -> None:
    form = form_of(
        field("phone", "mobile", "手机", "Mobile", binds="client.mobile"),
        field("name", "person", "姓名", "Name", binds="client.person"),
    )
    sources = {
        "client": Known({"mobile": "13800138000", "person": "张桂兰"}, Text("接案面谈", "Intake interview"))
    }
    house = House(form, prefilled=prefill(form, sources, NOW, options=LISTS))
    page = house.get()
    assert [words(each) for each in page.all("//*[@class='field-source']")] == [
        "来自接案面谈",
        "来自接案面谈",
    ]
    assert page.labelled("姓名").get("value") == "张桂兰"
    changed = page.send(**{"name-name": "", "phone-number": "1"})
    assert changed.all("//*[@class='field-source']") == []
    english = House(form, "en", prefilled=house.prefilled).get()
    assert words(english.all("//*[@class='field-source']")[0]) == "From Intake interview"


def test_inputs_bring_up_the_right_keyboard_and_offer_nobody_elses_data() -> None:
    form = form_of(
        field("amount", "money", "金额", "Amount"),
        field("people", "number", "人数", "People", decimals=0, min=1),
        field("phone", "mobile", "手机", "Mobile"),
        field("own", "person", "姓名", "Name", autocomplete="name"),
        field("photos", "photo", "照片", "Photos", max_files=3),
    )
    page = House(form).get()
    assert page.labelled("金额").get("inputmode") == "decimal"
    assert page.labelled("人数").get("inputmode") == "numeric"
    assert (page.labelled("手机号码").get("type"), page.labelled("手机号码").get("autocomplete")) == (
        "tel",
        "off",
    )
    assert page.labelled("姓名").get("autocomplete") == "name"
    assert page.labelled("照片").get("accept") == "image/*"
    assert page.labelled("照片").get("multiple") is not None


def test_a_condition_is_met_after_the_update_button_without_javascript() -> None:
    form = form_of(
        field("willing", "yes_no", "愿意", "Willing", required=True),
        field("reason", "text", "原因", "Reason", visible_when="willing = false", required=True),
        field("note", "text", "备注", "Note"),
    )
    page = House(form).get()
    assert page.all("//*[@name='reason']") == []
    shown = page.press("更新表单", willing="no", note="已写")
    assert shown.labelled("原因").get("value") == ""
    assert shown.data()["note"] == ["已写"]
    assert shown.all("//*[@class='field-summary']") == []


def test_what_an_answer_brings_in_is_filled_in_with_what_is_known() -> None:
    form = form_of(
        field("willing", "yes_no", "愿意", "Willing", required=True),
        field("name", "person", "姓名", "Name", binds="client.person", visible_when="willing = true"),
        field(
            "goals",
            "repeated_group",
            "目标",
            "Goals",
            min_rows=1,
            visible_when="willing = true",
            components=[field("what", "text", "内容", "What", required=True)],
        ),
    )
    sources = {"client": Known({"person": "张桂兰"}, Text("接案面谈", "Intake interview"))}
    house = House(form, prefilled=prefill(form, sources, NOW, options=LISTS))
    shown = house.get().press("更新表单", willing="yes")
    assert shown.labelled("姓名").get("value") == "张桂兰"
    assert shown.labelled("内容").get("value") == ""
    emptied = shown.press("更新表单", **{"name-name": ""})
    assert emptied.labelled("姓名").get("value") == ""


def test_only_fields_others_depend_on_renew_the_page_with_htmx() -> None:
    form = form_of(
        field("willing", "yes_no", "愿意", "Willing"),
        field("reason", "text", "原因", "Reason", visible_when="willing = false"),
    )
    page = House(form).post({"willing": "no"} | {"_row": "update"})
    radio = page.labelled("否")
    assert radio.get("hx-post") == "/"
    assert radio.get("hx-vals") == '{"_row":"update"}'
    assert radio.get("hx-target") == f"#{page.one('//form/div').get('id')}"
    assert page.labelled("原因").get("hx-post") is None


def test_a_form_without_conditions_has_no_update_button() -> None:
    assert House(form_of(field("a", "text", "字", "Word"))).get().all("//noscript") == []


PLAN = form_of(
    field(
        "goals",
        "repeated_group",
        "目标",
        "Goals",
        min_rows=1,
        max_rows=3,
        row_label={"zh_Hans_CN": "目标", "en": "Goal"},
        add_label={"zh_Hans_CN": "再加一个目标", "en": "Add another goal"},
        components=[field("what", "text", "内容", "What", required=True)],
    ),
    field("note", "text", "备注", "Note"),
)


def test_rows_are_added_and_removed_without_javascript_and_nothing_is_lost() -> None:
    house = House(PLAN)
    one = house.get()
    assert one.all("//button[contains(., '删除')]") == [], "the last row that must be there can't be removed"
    two = one.press("再加一个目标", **{"goals-0-what": "外出", "note": "慢慢来"})
    assert two.one("//*[@autofocus]").get("name") == "goals-1-what"
    three = two.press("再加一个目标", **{"goals-1-what": "吃饭"})
    assert three.all("//button[contains(., '再加')]") == [], "there is room for three"
    left = three.press("删除目标 1")
    assert left.data()["goals-0-what"] == ["吃饭"]
    done = left.send(**{"goals-1-what": "睡好"})
    assert done.house.taken == {"goals": [{"what": "吃饭"}, {"what": "睡好"}], "note": "慢慢来"}


def test_an_error_in_a_row_leads_to_that_row() -> None:
    page = House(PLAN).post({"goals-_rows": "2", "goals-0-what": "外出", "goals-1-what": ""})
    link = page.one("//*[@class='field-summary']//a")
    assert (words(link), link.get("href")) == ("目标 2：请填写内容", "#f-goals-1-what")


def test_enter_never_presses_the_button_that_removes_a_row() -> None:
    first = House(PLAN).post({"_row": "update", "goals-_rows": "2"}).all("//button")[0]
    assert (first.get("name"), first.get("value")) == ("_do", "check")


def test_communities_are_offered_by_street_and_then_only_those_of_the_street() -> None:
    house = House(form_of(field("home", "address", "住址", "Home", required=True)))
    page = house.get()
    streets = page.labelled("社区").xpath("./optgroup/@label")
    assert streets == ["金辰街道", "联盟街道"]
    chosen = page.press("更新表单", **{"home-street": "lianmeng"})
    assert [words(each) for each in chosen.labelled("社区").xpath(".//option")] == ["请选择", "水晶社区"]
    done = chosen.send(**{"home-community": "shuijing", "home-detail": "1 栋"})
    assert done.house.taken == {
        "home": {"street": "lianmeng", "community": "shuijing", "grid": None, "detail": "1 栋"}
    }


def test_who_has_no_phone_is_asked_for_a_contact_person() -> None:
    page = House(form_of(field("phone", "mobile", "手机", "Mobile", required=True))).get()
    assert page.all("//*[@name='phone-contact_name']") == []
    asked = page.press("更新表单", **{"phone-none": "yes"})
    assert asked.labelled("联系人姓名").get("type") == "text"
    wrong = asked.send(**{"phone-contact_name": "王芳"})
    assert [each.get("href") for each in wrong.all("//*[@class='field-summary']//a")] == [
        "#f-phone-contact_number"
    ]


def test_a_table_and_a_text_are_there_to_read() -> None:
    form = form_of(
        {"type": "text_block", "text": {"zh_Hans_CN": "第一段\n\n第二段", "en": "One"}, "tone": "warning"},
        field(
            "past",
            "table",
            "历次记录",
            "Records",
            rows="case.notes",
            columns=[{"key": "at", "label": "日期"}],
        ),
    )
    page = House(form, known={"case": {"notes": [{"at": "二月"}, {"at": None}]}}).get()
    assert [words(each) for each in page.all("//*[contains(@class, 'field-text-warning')]/p")] == [
        "第一段",
        "第二段",
    ]
    assert [words(each) for each in page.all("//table//td")] == ["二月", ""]


def test_sections_are_topics_with_headings() -> None:
    page = House(read_form(documented_example())).get()
    assert [words(each) for each in page.all("//section/h2")] == ["服务对象", "服务意愿"]


def test_a_computed_value_is_renewed_and_read_out() -> None:
    form = form_of(
        field("a", "score", "甲", "A"),
        field("b", "score", "乙", "B"),
        field("sum", "computed", "合计", "Sum", formula="a + b", unit="分"),
    )
    page = House(form).post({"a": "2", "b": "3", "_row": "update"})
    assert words(page.one("//output")) == "5 分"


def test_a_plugins_field_type_is_asked_with_a_line_of_text() -> None:
    from engine.forms import register, unregister
    from tests.engine.forms.test_schema import Plate

    register(Plate())
    try:
        page = House(form_of(field("car", "number_plate", "车牌", "Plate"))).get()
        assert page.labelled("车牌").get("type") == "text"
    finally:
        unregister("number_plate")


@pytest.mark.parametrize("hostile", ['"><script>alert(1)</script>', "{{ 7*7 }}", "' onfocus='alert(1)"])
def test_nothing_typed_or_written_in_a_form_becomes_markup(hostile: str) -> None:
    form = form_of(
        field("a", "text", hostile, hostile, hint=hostile, required=True, max_length=1),
        field("b", "choice", "乙", "B", options=[{"value": hostile, "label": hostile}]),
    )
    page: Page = House(form).post({"a": hostile, "b": hostile})
    assert page.all("//script|//@onfocus") == []
    assert "49" not in page.text
