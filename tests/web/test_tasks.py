"""A worker's day without JavaScript: start a matter, take on a task, fill it in, send it."""

import re

from flask import Flask

from engine.commands import claim, complete
from engine.store import tables as t
from tests.house import House
from tests.web.conftest import Visitor, open_visit, report_lead


def test_a_lead_is_reported_and_its_confirmation_tells_what_happens_next(
    worker: Visitor, house: House
) -> None:
    worker.go("/start")
    assert "登记线索" in worker.text
    report_lead(worker)
    assert "入户走访" in worker.text
    assert "还剩 3 个工作日" in worker.text
    assert re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", worker.text)


def test_nothing_is_sent_before_the_answers_were_checked(worker: Visitor, house: House) -> None:
    worker.go("/start/VISITS")
    worker.send("/start/VISITS", name="王建国", story="独居老人。", _do="check")
    assert "请核对您填写的内容" in worker.text
    assert "王建国" in worker.text
    assert house.rows(t.instance) == []


def test_a_missing_answer_is_told_beside_its_field_and_in_the_summary(worker: Visitor) -> None:
    worker.go("/start/VISITS")
    page = worker.send("/start/VISITS", name="", story="短", _do="check")
    assert page.status_code == 422
    assert 'href="#f-name"' in worker.text
    assert 'href="#f-story"' in worker.text
    assert "短" in worker.text
    assert "有误：" in worker.text  # the title says so, too


def test_changing_something_brings_the_form_back_as_it_was(worker: Visitor) -> None:
    worker.go("/start/VISITS")
    worker.send("/start/VISITS", name="王建国", story="独居老人。", _do="check")
    worker.send("/start/VISITS", _do="show")
    assert 'value="王建国"' in worker.text


def test_sending_twice_starts_one_matter(worker: Visitor, house: House) -> None:
    worker.go("/start/VISITS")
    worker.send("/start/VISITS", name="王建国", story="独居老人。", _do="check")
    fields = worker.hidden("/start/VISITS")
    places = {
        worker.client.post("/start/VISITS", data={**fields, "_do": "send"}).headers["Location"]
        for _ in range(2)
    }
    assert len(places) == 1
    assert len(house.rows(t.instance)) == 1


def test_a_task_is_taken_on_filled_in_and_sent(worker: Visitor, house: House) -> None:
    report_lead(worker)
    worker.go("/?scope=team")
    task = house.task("worker", "visit")
    assert "王建国" in worker.text
    worker.send(f"/tasks/{task.id}/claim")
    assert "给" not in worker.path
    assert worker.path == f"/tasks/{task.id}"
    worker.send(f"/tasks/{task.id}", seen="yes", **{"notes-_rows": "0"}, _do="check")
    assert "请核对您填写的内容" in worker.text
    worker.send(f"/tasks/{task.id}", _do="send")
    assert worker.path == f"/tasks/{task.id}/done"
    assert "督导审核" in worker.text


def test_a_hidden_answer_is_demanded_once_it_shows(worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = open_visit(house)
    worker.go(f"/tasks/{task}")
    assert "没见到的原因" not in worker.text
    page = worker.send(f"/tasks/{task}", seen="no", **{"notes-_rows": "0"}, _do="check")
    assert page.status_code == 422
    assert "没见到的原因" in worker.text


def test_rows_are_added_and_removed_without_javascript(worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = open_visit(house)
    worker.go(f"/tasks/{task}")
    worker.send(f"/tasks/{task}", seen="yes", _row="add:notes")
    assert 'name="notes-0-text"' in worker.text
    worker.send(f"/tasks/{task}", **{"notes-0-text": "老人气色好"}, _row="add:notes")
    assert "老人气色好" in worker.text
    assert 'name="notes-1-text"' in worker.text
    worker.send(f"/tasks/{task}", **{"notes-0-text": "老人气色好", "notes-1-text": ""}, _row="remove:notes:1")
    assert 'name="notes-1-text"' not in worker.text


def test_a_saved_draft_is_there_again(worker: Visitor, house: House, app: Flask) -> None:
    report_lead(worker)
    task = open_visit(house)
    worker.go(f"/tasks/{task}")
    worker.send(f"/tasks/{task}", seen="no", why_not="敲门没有人应", **{"notes-_rows": "0"}, _do="save")
    assert "已保存" in worker.text
    again = Visitor(app.test_client())
    again.sign_in("worker")
    again.go(f"/tasks/{task}")
    assert "敲门没有人应" in again.text


def test_typing_is_kept_on_the_server_on_its_own(worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = open_visit(house)
    worker.go(f"/tasks/{task}")
    page = worker.send(f"/tasks/{task}", seen="no", why_not="不在家", **{"notes-_rows": "0"}, _do="keep")
    assert page.mimetype == "text/plain"
    assert "已保存" in worker.text
    worker.go(f"/tasks/{task}")
    assert "不在家" in worker.text


def test_the_second_of_two_who_send_is_told_who_was_first_and_keeps_what_was_typed(
    app: Flask, worker: Visitor, house: House
) -> None:
    report_lead(worker)
    task = house.task("worker", "visit").id
    other = Visitor(app.test_client())
    other.sign_in("colleague")
    other.go(f"/tasks/{task}")
    other.send(f"/tasks/{task}", seen="no", why_not="无人应门", **{"notes-_rows": "0"}, _do="check")
    complete(house.engine, house.as_("worker"), task, {"seen": "yes"})
    page = other.send(f"/tasks/{task}", _do="send")
    assert page.status_code == 409
    assert "李社工" in other.text
    assert "无人应门" in other.text


def test_sending_twice_completes_once_and_shows_the_same_confirmation(worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = open_visit(house)
    worker.go(f"/tasks/{task}")
    worker.send(f"/tasks/{task}", seen="yes", **{"notes-_rows": "0"}, _do="check")
    fields = {**worker.hidden(f"/tasks/{task}"), "_do": "send"}
    answers = [worker.client.post(f"/tasks/{task}", data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len([row for row in house.rows(t.event) if row["kind"] == "completed"]) == 1


def test_a_task_somebody_took_shows_who_has_it(app: Flask, worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = open_visit(house, "colleague")
    worker.go(f"/tasks/{task}")
    assert "王社工" in worker.text


def test_a_task_is_given_back_and_handed_over(worker: Visitor, house: House) -> None:
    report_lead(worker)
    task = open_visit(house)
    worker.go(f"/tasks/{task}")
    worker.send(f"/tasks/{task}/release")
    assert house.task("worker", "visit").assignee_id is None
    claim(house.engine, house.as_("worker"), task)
    worker.go(f"/tasks/{task}")
    assert "王社工" in worker.text
    worker.send(f"/tasks/{task}/assign", user=str(house.users["colleague"]))
    assert house.task("colleague", "visit", "mine").assignee == "王社工"


def test_a_task_without_a_form_is_done_with_one_button(app: Flask, worker: Visitor, house: House) -> None:
    report_lead(worker)
    complete(house.engine, house.as_("worker"), house.task("worker", "visit").id, {"seen": "yes"})
    supervisor = Visitor(app.test_client())
    supervisor.sign_in("supervisor")
    review = house.task("supervisor", "review").id
    supervisor.go(f"/tasks/{review}")
    supervisor.send(f"/tasks/{review}", _do="send")
    assert "这件事已经办结" in supervisor.text


def test_due_words_stand_beside_the_date_and_the_late_come_first(worker: Visitor, house: House) -> None:
    report_lead(worker, "赵美兰")
    house.pass_(days=1)
    report_lead(worker, "周素英")
    house.move_to("2026-03-06 09:00")
    worker.go("/?scope=team")
    assert "逾期 1 天" in worker.text
    assert "3月5日" in worker.text
    assert "今天到期" in worker.text
    assert worker.text.index("赵美兰") < worker.text.index("周素英")
    assert "黄色" in worker.text


def test_the_list_is_searched_by_name(worker: Visitor, house: House) -> None:
    report_lead(worker, "赵美兰")
    report_lead(worker, "周素英")
    worker.go("/?scope=team&q=周素")
    assert "周素英" in worker.text
    assert "赵美兰" not in worker.text
    worker.go("/?scope=team&q=没有这个人")
    assert "没有找到" in worker.text
