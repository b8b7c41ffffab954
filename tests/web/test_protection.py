"""Headers, forms from elsewhere, forms of an ended session, errors in plain words."""

import re

import pytest
from flask import Flask

from engine.store import tables as t
from tests.house import House
from tests.web.conftest import PASSWORD, Visitor, open_visit, report_lead


def test_every_page_forbids_foreign_scripts_frames_and_caches(worker: Visitor) -> None:
    page = worker.go("/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_inline_scripts_or_styles(worker: Visitor, house: House) -> None:
    report_lead(worker)
    for path in ("/", "/start", "/start/VISITS", "/cases", "/inbox", "/me", f"/tasks/{open_visit(house)}"):
        worker.go(path)
        assert not re.search(r"\sstyle=|\son[a-z]+=|<script>|<style", worker.text), path


def test_a_nonce_is_never_used_twice(worker: Visitor) -> None:
    found = {
        re.search(r"nonce-([^']+)", worker.go("/").headers["Content-Security-Policy"])[1] for _ in range(3)
    }  # type: ignore[index]
    assert len(found) == 3


def test_a_form_from_another_site_is_refused(worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = house.task("worker", "visit")
    page = worker.client.post(f"/tasks/{task.id}/claim")
    assert page.status_code == 400
    assert house.task("worker", "visit").assignee_id is None


def test_a_form_with_somebody_elses_token_is_refused(worker: Visitor, app: Flask, house: House) -> None:
    report_lead(worker)
    task = house.task("worker", "visit")
    other = Visitor(app.test_client())
    other.sign_in("colleague")
    other.go("/me")
    token = other.hidden("/sign-out")["csrf_token"]
    assert worker.client.post(f"/tasks/{task.id}/claim", data={"csrf_token": token}).status_code == 400


def test_nothing_typed_is_lost_when_the_session_ended_meanwhile(worker: Visitor, house: House) -> None:
    worker.go("/start/VISITS")
    fields = {
        **worker.hidden("/start/VISITS"),
        "name": "王建国",
        "story": "独居老人，很少出门。",
        "_do": "check",
    }
    worker.client.delete_cookie("wulian_session")
    worker.page = worker.client.post("/start/VISITS", data=fields)
    assert worker.page.status_code == 401
    assert "您填写的内容没有丢失" in worker.text
    worker.send("/sign-in", login="worker", password=PASSWORD)
    worker.send("/start/VISITS")
    assert 'value="王建国"' in worker.text
    assert "很少出门" in worker.text
    assert house.rows(t.instance) == []


def test_nothing_typed_is_lost_when_one_signed_in_again_in_another_window(
    worker: Visitor, house: House
) -> None:
    worker.go("/start/VISITS")
    fields = {**worker.hidden("/start/VISITS"), "name": "王建国", "story": "独居老人。", "_do": "send"}
    worker.client.delete_cookie("wulian_session")
    worker.sign_in("worker")
    worker.page = worker.client.post("/start/VISITS", data=fields)
    assert worker.page.status_code == 400
    assert house.rows(t.instance) == []
    worker.send("/start/VISITS")
    assert 'value="王建国"' in worker.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "没有这个页面"),
        ("/tasks/00000000-0000-7000-8000-000000000000", 404, "没有这个任务"),
        ("/cases/00000000-0000-7000-8000-000000000000", 404, "个案"),
        ("/matters/00000000-0000-7000-8000-000000000000", 404, "没有这件事项"),
        ("/tasks/not-a-number", 404, "没有这个页面"),
        ("/start/NOTHING", 404, "没有这个流程"),
    ],
)
def test_what_is_not_there_is_said_in_plain_words(
    worker: Visitor, path: str, status: int, words: str
) -> None:
    page = worker.go(path)
    assert page.status_code == status
    assert words in worker.text
    assert "去待办" in worker.text


def test_errors_are_in_english_for_those_who_read_english(worker: Visitor) -> None:
    worker.go("/me")
    worker.send("/language", language="en")
    worker.go("/tasks/00000000-0000-7000-8000-000000000000")
    assert "There is no such task" in worker.text


def test_a_fault_shows_a_number_and_no_trace(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def explode() -> str:
        raise ZeroDivisionError("a secret detail")

    app.view_functions["wulian_pages.sign_in"] = explode
    page = app.test_client().get("/sign-in")
    text = page.get_data(as_text=True)
    assert page.status_code == 500
    assert "系统出了问题" in text
    assert "secret" not in text
    assert "Traceback" not in text
    number = re.search(r"<strong class=\"num\">([0-9a-f]{8})</strong>", text)
    assert number
    assert number[1] in caplog.text


def test_pages_leave_compressed(worker: Visitor) -> None:
    plain = worker.go("/")
    pressed = worker.client.get("/", headers={"Accept-Encoding": "gzip"})
    assert pressed.headers["Content-Encoding"] == "gzip"
    assert len(pressed.data) < len(plain.data) / 2


def test_built_files_are_kept_by_browsers_for_ever(visitor: Visitor) -> None:
    visitor.go("/sign-in")
    script = re.search(r'src="(/assets/[^"]+\.js)"', visitor.text)
    if script is None:
        pytest.fail("the front end is not built: python3 dev.py build")
    answer = visitor.client.get(script[1], headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert visitor.client.get("/assets/../../../app.py").status_code == 404


def test_an_ordinary_page_weighs_less_than_100_kilobytes(worker: Visitor) -> None:
    """First load, compressed: the page and everything it names."""
    page = worker.client.get("/", headers={"Accept-Encoding": "gzip"})
    worker.go("/")
    named = set(re.findall(r'(?:src|href)="(/(?:assets|icons)[^"#]+)', worker.text))
    weight = len(page.data)
    for path in named:
        weight += len(worker.client.get(path, headers={"Accept-Encoding": "gzip"}).data)
    assert weight < 100_000
