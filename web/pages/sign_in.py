"""Signing in and out; and carrying on where one was."""

import json
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.datastructures import MultiDict

from engine.errors import LimitExceeded, WulianError
from engine.people import users as people
from engine.store.database import writing
from web import identity, language
from web.extension import engine, wulian
from web.failures import explain
from web.language import _, locale
from web.rendering import link, render

#: What a form may have filled in; the rest of what it sends is about the form itself.
_ABOUT_THE_FORM = {"csrf_token", "_do", "_key", "login", "password", "kept", "next"}


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/sign-in", "sign_in", show, methods=["GET"])
    pages.add_url_rule("/sign-in", "sign_in_send", send, methods=["POST"])
    pages.add_url_rule("/sign-out", "sign_out", leave, methods=["POST"])
    pages.add_url_rule("/language", "language", speak, methods=["POST"])


def show() -> Response:
    """The sign-in page; who is signed in already is taken on."""
    users = wulian().users
    goal = safe_goal(request.args.get("next"))
    if users is not None:
        return redirect(users.sign_in_url(goal))  # type: ignore[return-value]
    if identity.me() is not None:
        return redirect(goal)  # type: ignore[return-value]
    return _form(goal)


def send() -> Response:
    """Check login and password. What had been typed into a form before is shown again afterwards."""
    if wulian().users is not None:
        return redirect(link("worklist"))  # type: ignore[return-value]
    goal, kept = safe_goal(request.form.get("next")), request.form.get("kept", "")
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    if not login or not password:
        return _form(goal, kept, status=422, error=_("Enter your login and your password."), login=login)
    it = engine()
    try:
        actor = people.sign_in(
            it.database, login, password, request.remote_addr or "", it.clock.now(), it.vault
        )
    except WulianError as error:
        status = 429 if isinstance(error, LimitExceeded) else 422
        return _form(goal, kept, status=status, error=error.text.to(locale()), login=login)
    if actor.user_id is None:
        raise TypeError("only people sign in")
    identity.sign_in(actor.user_id)
    language.use(actor.locale)
    if kept:
        return _resumed(goal, _pairs(kept))
    return redirect(goal)  # type: ignore[return-value]


def leave() -> Response:
    """Sign out, here or at the host."""
    users = wulian().users
    if users is not None:
        return redirect(users.sign_out_url() or link("worklist"))  # type: ignore[return-value]
    identity.sign_out()
    return redirect(link("sign_in"))  # type: ignore[return-value]


def speak() -> Response:
    """The language switch, before and after signing in."""
    chosen = request.form.get("language", "")
    answer = redirect(safe_goal(request.form.get("next")))
    if chosen in language.NAMES:
        person = identity.me()
        if person is not None:
            with writing(engine().database) as conn:
                people.set_locale(conn, person.user_id, chosen)
        answer.set_cookie(
            language.COOKIE,
            chosen,
            max_age=31_536_000,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return answer  # type: ignore[return-value]


def ask_to_sign_in() -> Response:
    """For a page that nobody signed in asked for. A form that was sent comes along, so that nothing typed is
    lost.
    """
    users = wulian().users
    if users is not None:  # the host's login is the only one
        return redirect(users.sign_in_url(request.path))  # type: ignore[return-value]
    if request.method == "GET":
        return redirect(link("sign_in", next=request.full_path.rstrip("?")))  # type: ignore[return-value]
    if not _is_a_form_page():
        return redirect(link("sign_in"))  # type: ignore[return-value]
    return _form(request.path, _packed(), status=401)


def carry_on() -> Response:
    """For a form of another session: sign in first where needed, then the form again as it was."""
    if request.endpoint and request.endpoint.endswith(".sign_in_send"):
        return _form(
            safe_goal(request.form.get("next")),
            request.form.get("kept", ""),
            status=400,
            stale=True,
            login=request.form.get("login", ""),
        )
    if identity.me() is None:
        return ask_to_sign_in()
    if not _is_a_form_page():
        return explain(400)
    return _resumed(request.path, _typed(), status=400)


def _form(
    goal: str, kept: str = "", *, status: int = 200, error: str = "", login: str = "", stale: bool = False
) -> Response:
    return render(
        "wulian/sign_in.html",
        demo=_demo_logins(),
        status=status,
        goal=goal,
        kept=kept,
        error=error,
        login=login,
        stale=stale,
    )


def _resumed(goal: str, pairs: list[tuple[str, str]], status: int = 200) -> Response:
    return render("wulian/resume.html", status=status, goal=goal, pairs=pairs)


def _demo_logins() -> dict[str, object] | None:
    """Whom one can sign in as in the demo, which hides nothing."""
    if not wulian().settings.demo:
        return None
    from web.demo.loader import logins
    from web.demo.people import PASSWORD

    return {"logins": logins(engine()), "password": PASSWORD}


def _is_a_form_page() -> bool:
    """Whether the address both shows a form and takes it."""
    return bool(
        request.url_rule
        and request.url_rule.rule
        and request.endpoint
        and request.endpoint.endswith(("task_send", "start_send"))
    )


def _typed() -> list[tuple[str, str]]:
    return [
        (key, value) for key, value in MultiDict(request.form).items(multi=True) if key not in _ABOUT_THE_FORM
    ]


def _packed() -> str:
    return json.dumps(_typed(), ensure_ascii=False)


def _pairs(kept: str) -> list[tuple[str, str]]:
    try:
        return [(str(key), str(value)) for key, value in json.loads(kept)]
    except (ValueError, TypeError):
        return []


def safe_goal(goal: str | None) -> str:
    """Only a path of this site: a link in a mail must not lead through our sign-in to somewhere else."""
    if not goal or not goal.startswith("/") or goal.startswith(("//", "/\\")) or not goal.isprintable():
        return link("worklist")
    if urlsplit(goal).netloc:
        return link("worklist")
    return goal
