"""Signing in and out, sessions, and forms of another session."""

from flask import Flask

from engine.store import tables as t
from engine.store.database import writing
from tests.house import House
from tests.web.conftest import PASSWORD, Visitor


def test_a_worker_signs_in_and_sees_her_list(visitor: Visitor) -> None:
    page = visitor.sign_in("worker")
    assert page.status_code == 200
    assert visitor.path == "/"
    assert "李社工" in visitor.text


def test_a_wrong_password_is_told_in_words_and_the_login_is_kept(visitor: Visitor) -> None:
    page = visitor.sign_in("worker", "guess")
    assert page.status_code == 422
    assert "登录名或密码不对" in visitor.text
    assert 'value="worker"' in visitor.text


def test_guessing_is_stopped(visitor: Visitor) -> None:
    for _ in range(5):
        visitor.sign_in("worker", "guess")
    page = visitor.sign_in("worker", PASSWORD)
    assert page.status_code == 429
    assert "尝试次数过多" in visitor.text


def test_one_comes_to_the_page_one_wanted(visitor: Visitor) -> None:
    visitor.go("/cases?q=王")
    assert visitor.path == "/sign-in"
    visitor.send("/sign-in", login="worker", password=PASSWORD)
    assert visitor.path == "/cases"
    assert visitor.page is not None
    assert visitor.page.request.args["q"] == "王"


def test_a_link_in_a_mail_does_not_lead_through_the_sign_in_to_elsewhere(app: Flask) -> None:
    for goal in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"):
        visitor = Visitor(app.test_client())
        visitor.go("/sign-in?next=" + goal)
        page = visitor.send("/sign-in", follow=False, login="worker", password=PASSWORD)
        assert page.headers["Location"] == "/"


def test_signing_out_ends_the_session(worker: Visitor) -> None:
    worker.go("/me")
    worker.send("/sign-out")
    assert worker.path == "/sign-in"
    worker.go("/")
    assert worker.path == "/sign-in"


def test_a_changed_password_ends_sessions_elsewhere(worker: Visitor, house: House) -> None:
    with writing(house.engine.database) as conn:
        conn.execute(t.user.update().where(t.user.c.login == "worker").values(password_hash="another"))
    worker.go("/")
    assert worker.path == "/sign-in"


def test_a_closed_account_is_out_at_once(worker: Visitor, house: House) -> None:
    with writing(house.engine.database) as conn:
        conn.execute(t.user.update().where(t.user.c.login == "worker").values(active=False))
    worker.go("/")
    assert worker.path == "/sign-in"


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(visitor: Visitor) -> None:
    visitor.go("/sign-in")
    page = visitor.send("/sign-in", follow=False, login="worker", password=PASSWORD)
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" in cookie


def test_a_planted_session_does_not_survive_the_sign_in(visitor: Visitor) -> None:
    visitor.go("/sign-in")
    with visitor.client.session_transaction() as session:
        session["planted"] = "yes"
    visitor.send("/sign-in", login="worker", password=PASSWORD)
    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_the_language_is_chosen_before_signing_in_and_kept_with_the_person(
    visitor: Visitor, app: Flask
) -> None:
    visitor.go("/sign-in")
    assert "登录" in visitor.text
    assert 'lang="zh-Hans-CN"' in visitor.text
    visitor.send("/language", language="en")
    assert "Sign in" in visitor.text
    assert '<html lang="en"' in visitor.text
    visitor.sign_in("worker")
    assert 'lang="zh-Hans-CN"' in visitor.text  # her own choice holds once she is known
    visitor.go("/me")
    visitor.send("/language", language="en")
    assert '<html lang="en"' in visitor.text
    elsewhere = Visitor(app.test_client())
    elsewhere.sign_in("worker")
    assert '<html lang="en"' in elsewhere.text


def test_large_text_is_remembered_on_the_device(visitor: Visitor) -> None:
    visitor.go("/sign-in")
    visitor.send("/me/text-size", large="1")
    assert 'class="large"' in visitor.text
    visitor.sign_in("worker")
    assert 'class="large"' in visitor.text


def test_files_carry_no_cookie(worker: Visitor) -> None:
    for path in ("/icons.svg", "/icons/mark.svg", "/healthz"):
        assert "Set-Cookie" not in worker.go(path).headers


def test_only_a_demo_shows_its_logins(visitor: Visitor) -> None:
    visitor.go("/sign-in")
    assert "演示账号" not in visitor.text
