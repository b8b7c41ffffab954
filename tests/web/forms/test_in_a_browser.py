"""Forms in a real browser: what shows with an answer, rows, signatures, and that nothing typed is lost."""

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, request, send_from_directory
from playwright.sync_api import expect
from werkzeug.serving import make_server

from engine.forms import Known, prefill, read_form
from engine.text import Text
from tests.engine.forms.given import LISTS, NOW, field, form_of
from tests.web.forms.house import House
from tests.web.forms.test_pages import everything
from web.assets import DIST, entry

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

Open = Callable[..., "Page"]


def served(house: House, answers: threading.Event) -> Flask:
    """The tiny application with the built front end around its form. It answers what is sent when it may."""
    app = house.app()

    @app.before_request
    def wait() -> None:
        if request.method == "POST":
            answers.wait(30)

    @app.get("/assets/<path:name>")
    def asset(name: str) -> Response:
        return send_from_directory(DIST / "assets", name)

    @app.after_request
    def dress(response: Response) -> Response:
        if request.path == "/":
            built = entry("main")
            assert built is not None, "the front end is not built"
            styles = "".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in built.styles)
            body = response.get_data(as_text=True).replace(
                "</form>",
                '<p><button class="button primary" name="_do" value="check">提交</button></p></form>',
            )
            response.set_data(
                '<!doctype html><html lang="zh-Hans-CN"><head><meta charset="utf-8"><title>表单</title>'
                f'<meta name="viewport" content="width=device-width, initial-scale=1">{styles}'
                f'<script type="module" src="/assets/{built.script}"></script></head>'
                f"<body><main><h1>表单</h1>{body}</main></body></html>"
            )
            response.headers["Content-Security-Policy"] = (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                "connect-src 'self'"
            )
        return response

    return app


@pytest.fixture
def opened(browser: "Browser") -> Iterator[Open]:
    """Opens the page of a house; phone size unless told otherwise."""
    closing: list[Callable[[], Any]] = []

    def open_page(
        house: House,
        *,
        javascript: bool = True,
        width: int = 390,
        height: int = 844,
        answers: threading.Event | None = None,
    ) -> "Page":
        if answers is None:
            answers = threading.Event()
            answers.set()
        server = make_server("127.0.0.1", 0, served(house, answers), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript, locale="zh-CN"
        )
        closing.extend((context.close, server.shutdown, thread.join, server.server_close))
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        return page

    yield open_page
    for close in closing:
        close()


WISH = form_of(
    field("note", "long_text", "备注", "Note"),
    field("willing", "yes_no", "愿意接受服务", "Willing", required=True),
    field("reason", "text", "原因", "Reason", visible_when="willing = false", required=True),
)


def test_the_reason_shows_with_the_answer_and_what_is_typed_meanwhile_stays(opened: Open) -> None:
    answers = threading.Event()
    page = opened(House(WISH), answers=answers)
    expect(page.get_by_label("原因")).to_have_count(0)
    expect(page.get_by_role("radiogroup", name="愿意接受服务")).to_be_visible()
    page.get_by_label("备注").fill("第一句")
    page.get_by_label("否").check()
    page.get_by_label("备注").fill("第一句，第二句")
    page.get_by_label("备注").blur()
    answers.set()
    expect(page.get_by_label("原因")).to_be_visible()
    expect(page.get_by_label("备注")).to_have_value("第一句，第二句")
    expect(page.get_by_label("否")).to_be_checked()
    page.get_by_label("是", exact=True).check()
    expect(page.get_by_label("原因")).to_have_count(0)


def test_errors_are_read_first_and_lead_to_their_inputs(opened: Open) -> None:
    page = opened(House(WISH))
    page.get_by_role("button", name="提交").click()
    summary = page.locator(".field-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="请回答“愿意接受服务”").click()
    expect(page.get_by_label("是", exact=True)).to_be_focused()


GOALS = form_of(
    field(
        "goals",
        "repeated_group",
        "目标",
        "Goals",
        min_rows=1,
        max_rows=3,
        row_label={"zh_Hans_CN": "目标", "en": "Goal"},
        components=[field("what", "text", "内容", "What", required=True)],
    )
)


def test_rows_come_and_go_and_the_keyboard_goes_on_in_the_new_one(opened: Open) -> None:
    house = House(GOALS)
    page = opened(house)
    page.get_by_label("内容").fill("外出")
    page.get_by_role("button", name="添加目标").click()
    expect(page.locator("#f-goals-1-what")).to_be_focused()
    page.keyboard.type("吃饭")
    page.get_by_role("button", name="删除目标 1").click()
    expect(page.get_by_label("内容")).to_have_count(1)
    expect(page.get_by_label("内容")).to_have_value("吃饭")
    page.get_by_label("内容").press("Enter")
    expect(page.locator(".field-answers")).to_contain_text("吃饭")
    assert house.taken == {"goals": [{"what": "吃饭"}]}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_whole_form_is_filled_in_with_and_without_javascript(opened: Open, javascript: bool) -> None:
    house = House(WISH)
    page = opened(house, javascript=javascript)
    page.get_by_label("否").check()
    if not javascript:
        page.get_by_role("button", name="更新表单").click()
    page.get_by_label("原因").fill("想先和女儿商量")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".field-answers")).to_contain_text("想先和女儿商量")
    assert house.taken == {"note": None, "willing": False, "reason": "想先和女儿商量"}


def draw(page: "Page") -> None:
    """A line in the box to sign in."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()


def test_one_signs_with_a_finger(opened: Open) -> None:
    house = House(form_of(field("sign", "signature", "签名", "Signature", required=True)))
    page = opened(house)
    draw(page)
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".field-answers")).to_contain_text("屏幕手写")
    stored, content = house.documents.kept["file-1"]
    assert stored.media_type == "image/png"
    assert len(content) > 500


ASKING = (
    field("a", "yes_no", "甲", "A"),
    field("b", "text", "乙", "B", visible_when="a = true"),
)


def test_a_signature_drawn_while_the_page_renews_itself_stays(opened: Open) -> None:
    answers = threading.Event()
    house = House(form_of(*ASKING, field("sign", "signature", "签名", "Signature", required=True)))
    page = opened(house, answers=answers)
    page.get_by_label("是", exact=True).check()
    draw(page)
    answers.set()
    expect(page.get_by_label("乙")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".field-answers")).to_contain_text("屏幕手写")


def test_a_file_is_sent_once_although_the_page_renews_itself(opened: Open) -> None:
    house = House(form_of(field("photos", "photo", "照片", "Photos", max_files=2), *ASKING))
    page = opened(house)
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 100
    picture: FilePayload = {"name": "厨房.png", "mimeType": "image/png", "buffer": png}
    page.get_by_label("照片").set_input_files([picture])
    page.get_by_label("是", exact=True).check()
    expect(page.locator(".field-file")).to_have_count(1)
    page.get_by_label("否", exact=True).check()
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".field-answers")).to_contain_text("厨房.png")
    assert len(house.documents.kept) == 1


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_nothing_keeps_people_out_and_every_target_can_be_hit(opened: Open, width: int, height: int) -> None:
    sources = {"client": Known({"m": "13800138000"}, Text("接案面谈", "Intake"))}
    data = everything()
    data["components"].append(field("known", "mobile", "手机", "Mobile", binds="client.m"))
    form = read_form(data)
    page = opened(
        House(form, prefilled=prefill(form, sources, NOW, options=LISTS)), width=width, height=height
    )
    for _ in ("as it opens", "with every error"):
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        serious = [each for each in found.response["violations"] if each["impact"] in ("serious", "critical")]
        assert serious == [], [(each["id"], [node["html"] for node in each["nodes"]]) for each in serious]
        small = page.evaluate(
            """() => [...document.querySelectorAll('button, input, select, textarea')]
                .filter((it) => it.type !== 'hidden' && it.tabIndex >= 0)
                .map((it) => [it.id, it.type === 'radio' || it.type === 'checkbox' ? it.parentElement : it])
                .filter(([, it]) => it.getBoundingClientRect().height < 43.9)
                .map(([id]) => id)"""
        )
        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scrolling"
        page.get_by_role("button", name="提交").click()
        expect(page.locator(".field-summary")).to_be_visible()
