"""Wulian inside an application that is there already."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Blueprint, Flask, render_template_string, session
from flask_babel import Babel, gettext
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf

from engine.people.users import add_membership
from engine.store import tables as t
from engine.store.database import writing
from tests.house import House
from tests.web.conftest import Visitor
from web.app import init_app
from web.hosting import HostLogin, HostUser

PEOPLE = {"7": HostUser("7", "钱平台", "zh_Hans_CN"), "8": HostUser("8", "Emma Host", "en")}


def platform(settings: dict[str, object], house: House, *, csrf: bool) -> Flask:
    """A platform with its own login, templates, languages, database and error pages."""
    host = Flask("platform")
    host.secret_key = "the platform's"
    host.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", TESTING=True, PROPAGATE_EXCEPTIONS=False)
    SQLAlchemy(host)
    Babel(host, default_locale="fr")
    host.jinja_env.globals["link"] = lambda *parts: "our own link"
    host.jinja_env.filters["day"] = lambda value: "our own day"
    if csrf:
        CSRFProtect(host)

    pages = Blueprint("pages", "platform")

    @pages.get("/")
    def home() -> str:
        return render_template_string("platform {{ link() }} {{ 1|day }} {{ word }}", word=gettext("Sign in"))

    @pages.get("/login")
    def login() -> str:
        return "the platform's login"

    @pages.post("/login/<number>")
    def enter(number: str) -> str:
        session["platform_user"] = number
        return "welcome"

    @pages.get("/token")
    def token() -> str:
        return generate_csrf()

    host.register_blueprint(pages)
    host.register_error_handler(404, lambda error: ("the platform's 404", 404))
    users = HostLogin(
        user=lambda: PEOPLE.get(session.get("platform_user", "")),
        sign_in=lambda back: f"/login?back={back}",
        sign_out=lambda: "/logout",
    )
    init_app(host, "/wulian", users, settings, engine=house.engine)
    return host


@pytest.fixture(params=[False, True], ids=["host-without-csrf", "host-with-csrf"])
def host(request: pytest.FixtureRequest, settings: dict[str, object], house: House) -> Flask:
    return platform(settings, house, csrf=request.param)


def enter(host: Flask, number: str) -> Visitor:
    client = host.test_client()
    token = client.get("/token").get_data(as_text=True)
    client.post(f"/login/{number}", data={"csrf_token": token})
    return Visitor(client, prefix="/wulian")


def test_who_is_not_signed_in_goes_to_the_hosts_login_and_back(host: Flask) -> None:
    answer = host.test_client().get("/wulian/cases?q=a")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?back=/wulian/cases?q=a"


def test_a_person_of_the_host_is_mirrored_once_and_keeps_up_with_their_name(
    host: Flask, house: House
) -> None:
    visitor = enter(host, "7")
    visitor.go("/")
    assert "钱平台" in visitor.text
    visitor.go("/")
    rows = house.rows(t.user, t.user.c.host_id == "7")
    assert [row["name"] for row in rows] == ["钱平台"]
    PEOPLE["7"] = HostUser("7", "钱平台（新）")
    try:
        visitor.go("/me")
        assert "钱平台（新）" in visitor.text
    finally:
        PEOPLE["7"] = HostUser("7", "钱平台", "zh_Hans_CN")


def test_the_hosts_people_work_with_the_roles_they_hold_here(host: Flask, house: House) -> None:
    visitor = enter(host, "7")
    visitor.go("/start")
    assert "登记线索" not in visitor.text
    user = house.rows(t.user, t.user.c.host_id == "7")[0]["id"]
    with writing(house.engine.database) as conn:
        add_membership(conn, user, house.organisations["jinxing"], "social_worker")
        home = (
            t.user.update().where(t.user.c.id == user).values(organisation_id=house.organisations["jinxing"])
        )
        conn.execute(home)
    visitor.go("/start/VISITS")
    visitor.send("/start/VISITS", name="王建国", story="独居老人，很少出门。", _do="check")
    visitor.send("/start/VISITS", _do="send")
    assert "已提交" in visitor.text
    assert house.task("worker", "visit").about == "王建国"


def test_forms_are_protected_whether_the_host_protects_its_own_or_not(host: Flask, house: House) -> None:
    visitor = enter(host, "7")
    visitor.go("/me")
    assert visitor.client.post("/wulian/language", data={"language": "en"}).status_code == 400
    visitor.send("/language", language="en")
    assert "Me" in visitor.text
    assert house.rows(t.user, t.user.c.host_id == "7")[0]["locale"] == "en"


def test_a_language_is_ones_own_and_not_the_hosts(host: Flask) -> None:
    assert "待办" in (visitor := enter(host, "7")).go("/").get_data(as_text=True)
    assert '<html lang="en"' in enter(host, "8").go("/").get_data(as_text=True)
    assert visitor.client.get("/").get_data(as_text=True).startswith("platform")


def test_nothing_of_the_host_changes(host: Flask) -> None:
    client = host.test_client()
    page = client.get("/")
    assert page.get_data(as_text=True) == "platform our own link our own day Sign in"
    assert "Content-Security-Policy" not in page.headers
    assert client.get("/nowhere").get_data(as_text=True) == "the platform's 404"
    assert all(name.startswith("wulian") for name in host.blueprints if name != "pages")


def test_our_assets_lie_below_our_prefix(host: Flask) -> None:
    visitor = enter(host, "7")
    visitor.go("/")
    assert 'src="/wulian/assets/' in visitor.text
    assert 'href="/wulian/icons.svg' in visitor.text
    assert visitor.go("/icons.svg").status_code == 200
    assert visitor.client.get("/icons.svg").status_code == 404


def test_there_is_no_second_login(host: Flask) -> None:
    client = host.test_client()
    assert client.get("/wulian/sign-in").headers["Location"].startswith("/login")
    token = client.get("/token").get_data(as_text=True)
    answer = client.post("/wulian/sign-in", data={"csrf_token": token, "login": "worker", "password": "x"})
    assert answer.status_code == 302
    client.get("/wulian/")
    with client.session_transaction() as kept:
        assert "wulian" not in kept


def test_the_interface_for_programs_needs_tokens_and_no_csrf(host: Flask, house: House) -> None:
    from tests.web.test_access import token_of

    client = host.test_client()
    assert client.post("/wulian/api/v1/messages", json={"name": "x"}).status_code == 401
    answer = client.post("/wulian/api/v1/messages", json={"name": "x"}, headers=token_of(house, "worker"))
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert client.get("/wulian/api/v1/openapi.json").status_code == 200


def test_a_form_of_an_ended_session_leads_to_the_hosts_login_and_back_to_our_page_alone(host: Flask) -> None:
    client = host.test_client()
    token = client.get("/token").get_data(as_text=True)
    fields = {"csrf_token": token, "name": "王建国", "_do": "send"}
    for referrer in ("https://evil.example/trap", "//evil.example", "http://localhost//evil.example"):
        for data in (fields, {}):
            answer = client.post("/wulian/start/VISITS", data=data, headers={"Referer": referrer})
            if answer.status_code == 400:
                continue  # the host's own check was first
            assert answer.headers["Location"] == "/login?back=/wulian/start/VISITS"
    answer = client.post(
        "/wulian/inbox/read", data={"csrf_token": token}, headers={"Referer": "http://localhost/wulian/inbox"}
    )
    assert answer.headers["Location"] == "/login?back=/wulian/inbox"


def test_two_first_visits_at_once_make_one_person(settings: dict[str, object], house: House) -> None:
    host = platform(settings, house, csrf=False)
    together = Barrier(6)

    def visit() -> int:
        visitor = enter(host, "8")
        together.wait()
        return visitor.go("/me").status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = [each.result() for each in [pool.submit(visit) for _ in range(6)]]
    assert statuses == [200] * 6
    assert len(house.rows(t.user, t.user.c.host_id == "8")) == 1
