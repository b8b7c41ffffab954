"""What the pages promise: nothing is lost, nothing is sent twice, everything is said."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.databases import Databases
from tests.stories import case_referral as said
from tests.stories import district as districts
from tests.stories.district import District
from tests.stories.people import DESKTOP, PHONE, PLAIN, TEAM, Device, People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Gather = Callable[[Device], People]
each_device = pytest.mark.parametrize("device", [DESKTOP, PHONE, PLAIN], ids=lambda device: device.name)


@pytest.fixture(scope="module")
def district(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, loaded: str
) -> Iterator[District]:
    """One district for all of these: they leave its clock alone, and each has its own case."""
    url = databases.new("sqlite")
    districts.copy(loaded, url)
    with districts.served(url, tmp_path_factory.mktemp("pages")) as district:
        yield district
    databases.drop(url)


@each_device
def test_every_mistake_is_said_beside_its_field_and_on_top_and_nothing_typed_is_lost(
    people_at: Gather, device: Device
) -> None:
    worker = people_at(device)["worker"]
    page = worker.page
    worker.opens_the_lead_form()
    worker.fills_in(
        {
            "线索来源": {"提供线索的人": {"手机": "12345", "关系": "邻居"}},
            "需要帮助的人": {"联系电话": {"手机号码": "一三七"}},
            "情况": {"情况说明": "太短"},
        }
    )
    worker.presses("核对并提交")
    summary = page.get_by_role("alert").filter(has=page.get_by_role("heading", name="请改正以下问题"))
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    worker.looks("lead with mistakes")
    links = summary.get_by_role("link").all()
    sentences = [link.inner_text() for link in links]
    assert len(sentences) == 7, sentences  # what is required, and what was typed wrong
    for link, sentence in zip(links, sentences, strict=True):
        field = page.locator(link.get_attribute("href") or "")
        beside = field.locator("xpath=ancestor::*[contains(@class, 'field-wrong')][1]")
        expect(beside.get_by_text(sentence).first).to_be_visible()
    links[0].click()
    expect(page.locator(links[0].get_attribute("href") or "")).to_be_focused()
    expect(page.get_by_label("情况说明")).to_have_value("太短")
    expect(page.get_by_role("textbox", name="手机号码")).to_have_value("一三七")

    worker.fills_in(
        {
            **said.lead("欧阳改之"),
            "线索来源": {"来源": "邻居", "提供线索的人": {"姓名": "段明", "手机": "13800138000"}},
        }
    )
    worker.checks("登记线索")
    expect(page.get_by_role("main")).to_contain_text("欧阳改之")
    worker.presses("返回修改")
    expect(page.get_by_label("情况说明")).to_have_value(said.lead()["情况"]["情况说明"])
    worker.checks("登记线索")
    assert worker.sends("登记线索", button="提交线索").startswith("GA-")


@each_device
def test_a_draft_waits_until_one_comes_back(people_at: Gather, device: Device) -> None:
    worker = people_at(device)["worker"]
    page = worker.page
    number = worker.reports_a_lead(said.lead("司徒留白"))
    worker.takes_on("受理线索", number)
    worker.fills_in({"处理意见": "不属于服务范围", "原因": "住在外区，已电话说明。"})
    if device.javascript:
        expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    else:
        worker.presses("保存草稿")
        expect(page.get_by_text("已保存").first).to_be_visible()
    worker.goes_to("消息")
    worker.opens_task("受理线索", number)
    expect(page.get_by_label("原因")).to_have_value("住在外区，已电话说明。")
    expect(page.get_by_label("不属于服务范围")).to_be_checked()


@each_device
def test_two_do_the_same_task_and_the_second_is_told_who_and_when(people_at: Gather, device: Device) -> None:
    people = people_at(device)
    worker, colleague = people["worker"], people["colleague"]
    number = worker.reports_a_lead(said.lead("尉迟双全"))
    worker.opens_task("受理线索", number, TEAM)
    worker.fills_in({"处理意见": "不属于服务范围", "原因": "我来说明，已请对方找所在社区。"})
    colleague.opens_task("受理线索", number, TEAM)
    colleague.fills_in(said.OPEN_LEAD)
    colleague.checks("受理线索")
    colleague.sends("受理线索")
    worker.presses("核对并提交")
    told = worker.page.get_by_role("region", name="任务")
    expect(told).to_contain_text("王志强")
    expect(told).to_contain_text("今天 10:0")
    expect(told).to_contain_text("我来说明，已请对方找所在社区。")
    worker.looks("too late")


@each_device
def test_a_button_pressed_twice_sends_once(people_at: Gather, device: Device) -> None:
    worker = people_at(device)["worker"]
    name = {"desktop": "呼延双击", "phone": "呼延连按", "plain": "呼延再点"}[device.name]
    worker.opens_the_lead_form()
    worker.fills_in(said.lead(name))
    worker.checks("登记线索")
    worker.page.get_by_role("button", name="提交线索").dblclick()
    number = worker.confirmed("登记线索")
    worker.page.reload()
    assert worker.confirmed("登记线索") == number
    worker.opens(f"/cases?q={name}", "cases")
    expect(worker.page.get_by_role("main").get_by_role("listitem").filter(has_text="GA-")).to_have_count(1)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=lambda device: device.name)
def test_the_diagram_and_the_steps_say_the_same(people_at: Gather, device: Device) -> None:
    worker = people_at(device)["worker"]
    page = worker.page
    number = worker.reports_a_lead(said.lead("令狐图"))
    worker.does("受理线索", number, said.OPEN_LEAD, TEAM)
    page.get_by_role("link", name="看看办到哪了").click()
    expect(page.get_by_role("img", name=re.compile("^流程图"))).to_be_visible()
    worker.looks("matter")
    steps = page.get_by_role("region", name="步骤").get_by_role("listitem")
    expect(steps.filter(has_text="受理线索")).to_contain_text("已完成")
    expect(steps.filter(has_text="接案面谈")).to_contain_text("进行中")
    expect(page.locator("[data-element-id=open_lead].is-done")).to_be_visible()
    expect(page.locator("[data-element-id=intake].is-current")).to_be_visible()
    expect(page.get_by_role("region", name="现在")).to_contain_text("接案面谈")


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=lambda device: device.name)
def test_all_of_it_is_there_in_english(people_at: Gather, device: Device) -> None:
    worker = people_at(device)["colleague"]
    page = worker.page
    worker.goes_to("我的")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Reading")).to_be_visible()
    for path, heading in (
        ("/", "Today"),
        ("/start", "Start"),
        ("/start/CASE_REFERRAL", "Report a lead"),
        ("/cases", "Cases"),
        ("/inbox", "Messages"),
        ("/me", "Reading"),
    ):
        worker.opens(path, f"english {path}")
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        assert page.locator("html").get_attribute("lang") == "en"
        assert _untranslated(page) == []
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="阅读")).to_be_visible()


def _untranslated(page: "Page") -> list[str]:
    """Words of the interface in Chinese: buttons, headings, labels and the places. Names stay Chinese."""
    texts = page.locator("h1, h2, label, legend, nav li, button:not([lang]), th").all_inner_texts()
    return [text for text in texts if re.search("[\u4e00-\u9fff]", text.replace("王志强", ""))]
