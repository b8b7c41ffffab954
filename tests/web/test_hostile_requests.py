"""Requests that no page of ours sends: answered in words, never by a fault, and leading nowhere else."""

import json
import re

from flask import Flask

from engine.store import tables as t
from tests.house import House
from tests.web.conftest import PASSWORD, Visitor, open_visit, report_lead
from tests.web.test_access import token_of

ANSWERS = {"name": "王建国", "story": "独居老人，很少出门。"}


def test_unreadable_addresses_are_answered_in_words(worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = house.task("worker", "visit").id
    paths = [
        *(
            f"/{page}?{query}"
            for page in ("", "cases", "inbox")
            for query in ("q=%00", "after=²", "after=-1")
        ),
        "/?after=" + "9" * 30,
        "/cases?q=" + "长" * 3000,
        "/cases?q=%5C%25_",
        "/cases?q=%ED%A0%80",
        "/start/%00",
        "/start/" + "V" * 3000,
        "/start/VISITS?case=nonsense",
        "/assets/%00",
        "/assets/" + "a" * 5000,
        "/assets/..%2f..%2fapp.py",
        "/icons/%00",
        "/sign-in?next=%00",
        "/sign-in?next=http://[",
        f"/tasks/{task}?saved=%00",
        "/documents/00000000-0000-7000-8000-000000000000",
    ]
    statuses = {path: worker.client.get(path).status_code for path in paths}
    assert {path: status for path, status in statuses.items() if status >= 500} == {}


def test_unreadable_forms_are_answered_in_words(worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = open_visit(house)
    worker.go("/me")
    token = worker.hidden("/sign-out")["csrf_token"]
    colleague = str(house.users["colleague"])
    forms: list[tuple[str, dict[str, str]]] = [
        ("/sign-in", {"login": "a\0b", "password": "x"}),
        ("/language", {"language": "en", "next": "/\r\nX-Added: yes"}),
        ("/me/absence", {"substitute": colleague, "starts": "2026-03-10", "reason": "a\0b"}),
        ("/me/absence", {"substitute": colleague, "starts": "0001-01-01", "ends": "9999-12-31"}),
        ("/start/VISITS", {**ANSWERS, "name": "王\0建国", "_do": "check"}),
        ("/start/VISITS", {**ANSWERS, "_do": "send", "_key": "\0" * 20}),
        ("/start/VISITS", {**ANSWERS, "_do": "send", "_key": "k" * 200}),
        ("/start/VISITS", {"_row": "add:nothing\0", "_asked": "\0 name"}),
        (f"/tasks/{task}", {"_do": "save", "seen": "\0", "notes-0-text": "\0"}),
        (f"/tasks/{task}", {"_do": "send", "_key": "short"}),
        (f"/tasks/{task}/assign", {"user": "\0"}),
        (f"/tasks/{task}/assign", {"user": "00000000-0000-7000-8000-000000000000"}),
    ]
    for path, fields in forms:
        answer = worker.client.post(path, data={"csrf_token": token, **fields})
        assert answer.status_code < 500, (path, fields)
        assert "X-Added" not in answer.headers
    assert len(house.rows(t.instance)) == 1


def test_unreadable_bodies_are_problems_not_faults(app: Flask, house: House) -> None:
    client, token = app.test_client(), token_of(house, "worker")
    start, task = "/api/v1/instances", "/api/v1/tasks/00000000-0000-7000-8000-000000000000"
    deep = b'{"process":"VISITS","values":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    bodies = [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"process":"\\u0000"}',
        b'{"process":"\\ud800"}',
        b'{"process":"\xed\xa0\x80"}',
        b'{"process":"VISITS","values":{"name":NaN}}',
        b'{"process":"VISITS","values":{"name":' + b"1" * 6000 + b"}}",
        b'{"process":"VISITS","values":{"name":{"a":1},"story":[2]}}',
        b'{"process":"VISITS","case_id":"x"}',
        json.dumps({"process": "VISITS", "values": ANSWERS, "business_key": "a\0b"}).encode(),
        deep,
        b'{"process":"' + b"x" * 3_000_000 + b'"}',
    ]
    tries = [("POST", start, body) for body in bodies]
    tries += [("PUT", f"{task}/draft", b'{"values":{"a":"\\ud800"}}'), ("POST", f"{task}/complete", deep)]
    tries += [("GET", f"/api/v1/tasks?{query}", b"") for query in ("search=%00", "after=²", "limit=x")]
    tries += [("GET", f"/api/v1/cases?{query}", b"") for query in ("search=%00", "after=²", "status=x")]
    for method, path, body in tries:
        answer = client.open(path, method=method, data=body, content_type="application/json", headers=token)
        assert answer.status_code < 500, (method, path, body[:60], answer.get_data(as_text=True))
    emoji = {"process": "VISITS", "values": {**ANSWERS, "name": "王建国😀 \\u0000"}}
    assert client.post(start, json=emoji, headers=token).status_code == 201
    assert len(house.rows(t.instance)) == 1


def test_a_link_through_our_pages_leads_nowhere_else(worker: Visitor) -> None:
    worker.go("/me")
    token = worker.hidden("/sign-out")["csrf_token"]
    elsewhere = [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "https://evil.example/",
        "/\n/evil.example",
    ]
    for goal in elsewhere:
        answers = [
            worker.client.get("/sign-in", query_string={"next": goal}),
            worker.client.post("/me/text-size", data={"csrf_token": token, "large": "1", "next": goal}),
            worker.client.post("/language", data={"csrf_token": token, "language": "en", "next": goal}),
        ]
        for answer in answers:
            assert answer.status_code == 302
            assert answer.headers["Location"] == "/", goal


def test_every_form_of_every_page_is_guarded_and_every_address_asks_who_one_is(app: Flask) -> None:
    """Whatever is added: without a token nothing is changed, without a name nothing shown."""
    client = app.test_client()
    some = "00000000-0000-7000-8000-000000000000"
    open_to_all = {
        "/sign-in",
        "/healthz",
        "/favicon.ico",
        "/api/v1/version",
        "/api/v1/health",
        "/api/v1/openapi.json",
    }
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<uuid:[^>]+>", some, rule.rule)
        path = re.sub(r"<[^>]+>", "VISITS", path)
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE", "PATCH"}:
            answer = client.open(path, method=method)
            if path.startswith("/api/"):
                assert answer.status_code == 401 or path in open_to_all, (method, path)
            elif method != "GET":
                assert answer.status_code in (400, 401, 302), (method, path, answer.status_code)
                assert answer.headers.get("Location", "/sign-in") == "/sign-in", path
            elif path not in open_to_all and not path.startswith(("/assets/", "/icons")):
                assert answer.status_code == 302, (method, path, answer.status_code)
                assert answer.headers["Location"].startswith("/sign-in")
            assert answer.status_code < 500


def test_what_people_type_is_shown_as_typed_and_never_run(worker: Visitor, house: House) -> None:
    nasty = "\"'><img src=x onerror=alert(1)></textarea></script><script>alert(2)</script>{{ 7*7 }}"
    report_lead(worker, name=nasty)
    task = open_visit(house)
    (matter,) = house.rows(t.instance)
    worker.go(f"/tasks/{task}")
    worker.send(f"/tasks/{task}", seen="no", why_not=nasty, _do="check")
    pages = [worker.text]
    for path in (
        "/",
        "/?q=" + nasty,
        "/cases?q=" + nasty,
        f"/matters/{matter['id']}",
        f"/tasks/{task}",
        "/inbox",
    ):
        worker.go(path)
        pages.append(worker.text)
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page.replace("onerror=alert(1)&gt;", "")
        assert "49" not in re.findall(r"script&gt;(\S*)", page)
    assert sum("onerror=alert(1)&gt;" in page for page in pages) >= 4


def test_the_sessions_cookie_is_kept_from_scripts_and_a_planted_session_is_dropped(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    with visitor.client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    visitor.go("/sign-in")
    token = visitor.hidden("/sign-in")["csrf_token"]
    data = {"csrf_token": token, "login": "worker", "password": PASSWORD}
    answer = visitor.client.post("/sign-in", data=data)
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("wulian_session"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
        assert "wulian" in session
