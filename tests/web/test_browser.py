"""The pages in a real Chromium: phone and desktop, without JavaScript, by keyboard, in large text."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import expect
from werkzeug.serving import make_server

from engine.commands import claim, start
from engine.store import tables as t
from tests.house import House
from tests.web.conftest import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: The one primary button below a form.
SEND = ".send-bar .primary"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """How a page looks does not depend on the database."""
    return sqlite_url


@pytest.fixture
def site(app: Flask, house: House) -> Iterator[str]:
    """The application at an address, with work in it: one task overdue, one due in days, one to take on."""
    for name in ("李桂芳", "王建国", "赵美兰"):
        values = {"name": name, "story": "独居老人，近一个月很少出门。"}
        start(house.engine, house.as_("worker"), "VISITS", values)
        if name == "李桂芳":
            house.pass_(days=5)
    tasks = house.tasks("worker")
    for task in tasks[:2]:
        claim(house.engine, house.as_("worker"), task.id)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return SIZES[request.param]


def open_page(browser: "Browser", site: str, size: tuple[int, int], **options: Any) -> "Page":
    """A page of somebody signed in; what goes wrong in its scripts fails the test."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, base_url=site, **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto("/sign-in")
    page.fill("#login", "worker")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url("**/")
    return page


def check_page(page: "Page", width: int) -> None:
    """Nothing serious for people who read otherwise, and nothing to scroll sideways to."""
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert not serious, [(each["id"], each["nodes"][0]["html"]) for each in serious]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_page_is_accessible_and_fits(
    browser: "Browser", site: str, size: tuple[int, int], house: House
) -> None:
    page = open_page(browser, site, size)
    task = house.tasks("worker", "mine")[0]
    paths = [
        "/",
        "/?scope=team",
        "/?scope=waiting",
        "/?q=王",
        "/start",
        "/start/VISITS",
        "/cases",
        "/inbox",
        "/me",
    ]
    paths += [f"/tasks/{task.id}", f"/matters/{task.instance_id}", "/nowhere"]
    for path in paths:
        page.goto(path)
        check_page(page, size[0])
    page.goto("/start/VISITS")
    page.click(SEND)
    expect(page.locator("#field-summary")).to_be_focused()
    check_page(page, size[0])
    page.fill("[name=name]", "周素英")
    page.fill("[name=story]", "独居老人，近一个月很少出门。")
    page.click(SEND)
    check_page(page, size[0])
    page.click(SEND)
    page.wait_for_url("**/started")
    check_page(page, size[0])
    page.context.clear_cookies()
    page.goto("/sign-in")
    check_page(page, size[0])


def test_the_whole_way_works_without_javascript(browser: "Browser", site: str, size: tuple[int, int]) -> None:
    page = open_page(browser, site, size, java_script_enabled=False)
    page.goto("/?scope=team")
    page.click(".item h3 a")
    page.click(".task-actions button")
    page.check("[name=seen][value=no]")
    page.click(SEND)
    page.fill("[name=why_not]", "敲门没有人应")
    page.click(SEND)
    expect(page.locator("#check")).to_be_visible()
    page.click(SEND)
    expect(page.locator(".confirmation")).to_be_visible()
    assert "督导审核" in page.inner_text("main")


def test_on_a_desktop_a_task_opens_beside_its_list_and_back_leads_back(browser: "Browser", site: str) -> None:
    page = open_page(browser, site, SIZES["desktop"])
    page.evaluate("window.stayed = true")
    page.click(".item h3 a >> nth=0")
    page.wait_for_url("**/tasks/**")
    expect(page.locator(".pane h1")).to_be_focused()
    expect(page.locator(".item.chosen")).to_have_count(1)
    expect(page.locator(".list")).to_be_visible()
    assert page.evaluate("window.stayed")
    assert "入户走访" in page.title()
    page.go_back()
    expect(page.locator(".overview")).to_be_visible()


def test_on_a_phone_the_form_comes_after_the_list(browser: "Browser", site: str) -> None:
    page = open_page(browser, site, SIZES["phone"])
    page.click(".item h3 a >> nth=0")
    page.wait_for_url("**/tasks/**")
    expect(page.locator(".list")).to_be_hidden()
    page.click(".back:visible")
    expect(page.locator(".list")).to_be_visible()


def test_a_condition_shows_its_field_at_once_and_typing_is_kept_on_the_server(
    browser: "Browser", site: str, house: House
) -> None:
    page = open_page(browser, site, SIZES["phone"])
    task = house.tasks("worker", "mine")[0]
    page.goto(f"/tasks/{task.id}")
    page.check("[name=seen][value=no]")
    expect(page.locator("[name=why_not]")).to_be_visible()
    page.fill("[name=why_not]", "敲门没有人应")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("[name=why_not]")).to_have_value("敲门没有人应")


def test_a_button_pressed_twice_sends_once(browser: "Browser", site: str, house: House) -> None:
    page = open_page(browser, site, SIZES["phone"])
    task = house.tasks("worker", "mine")[0]
    page.goto(f"/tasks/{task.id}")
    page.check("[name=seen][value=yes]")
    page.click(SEND)
    page.dblclick(SEND)
    expect(page.locator(".confirmation")).to_be_visible()
    done = house.rows(t.event, t.event.c.kind == "completed")
    assert len(done) == 1


def test_a_session_that_ended_leads_to_the_sign_in_and_never_into_half_a_page(
    browser: "Browser", site: str
) -> None:
    page = open_page(browser, site, SIZES["desktop"])
    page.context.clear_cookies()
    page.click(".item h3 a >> nth=0")
    page.wait_for_url(lambda url: "/sign-in?next=" in url)
    expect(page.locator("#login")).to_be_visible()


def test_one_gets_to_work_by_keyboard_alone(browser: "Browser", site: str) -> None:
    page = open_page(browser, site, SIZES["desktop"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.item') !== null"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement, '::after').outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/**")


TARGETS = "a.button, button, .places a, .tabs a, select, summary, .back"
SMALLEST = """minimum => [...document.querySelectorAll('TARGETS')]
  .filter(each => each.checkVisibility() && !each.classList.contains('only-read'))
  .map(each => [each.outerHTML.slice(0, 120), each.getBoundingClientRect().height])
  .filter(([, height]) => height < minimum - 0.5)""".replace("TARGETS", TARGETS)
LETTERS = """() => Math.min(...[...document.querySelectorAll('main *, nav *')]
  .filter(each => each.checkVisibility())
  .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(each => !each.closest('.only-read'))
  .map(each => parseFloat(getComputedStyle(each).fontSize)))"""


def test_a_finger_hits_every_target(browser: "Browser", site: str, house: House) -> None:
    page = open_page(browser, site, SIZES["phone"])
    task = house.tasks("worker", "mine")[0]
    for path in (
        "/",
        "/?scope=team",
        "/start",
        "/start/VISITS",
        f"/tasks/{task.id}",
        "/cases",
        "/inbox",
        "/me",
    ):
        page.goto(path)
        assert page.evaluate(SMALLEST, 44) == [], path


def test_large_text_is_large_everywhere_and_fits(browser: "Browser", site: str, house: House) -> None:
    page = open_page(browser, site, SIZES["phone"])
    page.goto("/me")
    page.click("text=大字 >> nth=-1")
    expect(page.locator("html.large")).to_be_attached()
    task = house.tasks("worker", "mine")[0]
    for path in (
        "/",
        "/start",
        "/start/VISITS",
        f"/tasks/{task.id}",
        f"/matters/{task.instance_id}",
        "/cases",
        "/me",
    ):
        page.goto(path)
        assert page.evaluate(LETTERS) >= 20, path
        assert page.evaluate(SMALLEST, 60) == [], path
        check_page(page, 390)


def test_twice_the_size_needs_no_sideways_scrolling(browser: "Browser", site: str, house: House) -> None:
    page = open_page(browser, site, (320, 640))
    task = house.tasks("worker", "mine")[0]
    for path in (
        "/",
        "/start/VISITS",
        f"/tasks/{task.id}",
        f"/matters/{task.instance_id}",
        "/cases",
        "/inbox",
        "/me",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_nothing_breaks_the_security_policy(browser: "Browser", site: str, house: House) -> None:
    page = open_page(browser, site, SIZES["desktop"])
    broken: list[str] = []
    page.on(
        "console", lambda message: broken.append(message.text) if "Content Security" in message.text else None
    )
    task = house.tasks("worker", "mine")[0]
    for path in ("/", f"/tasks/{task.id}", f"/matters/{task.instance_id}", "/start/VISITS", "/me"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert broken == []
