"""Who is asking: the person signed in here, or at the host.

A session of ours is a signed cookie with the user's id and a stamp of their password, so that changing the
password or closing the account ends every session at the next click.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from flask import Response, g, redirect, request, session

from engine.ids import new_id
from engine.people.actor import Actor, load_actor
from engine.people.policy import may_administer
from engine.store import tables as t
from engine.store.database import reading, writing
from web import language
from web.extension import PAGES, engine, wulian
from web.hosting import HostUser

SESSION_KEY = "wulian"
_FOR_ALL = {f"{PAGES}.{name}" for name in ("asset", "icons", "picture", "health")}

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Me:
    """The signed-in person. ``actor`` is what commands and queries take."""

    actor: Actor
    user_id: UUID
    name: str
    login: str
    locale: str
    organisation: str
    administers: bool


def sign_in(user_id: UUID) -> None:
    """Begin a session of our own. What was kept before is dropped, so that nobody can plant a session."""
    with reading(engine().database) as conn:
        hashed = conn.execute(sa.select(t.user.c.password_hash).where(t.user.c.id == user_id)).scalar()
    session.clear()
    session.permanent = True  # ends after the idle time, not only when the browser is closed
    session[SESSION_KEY] = [str(user_id), _stamp(hashed)]


def sign_out() -> None:
    """End the session."""
    session.clear()


def me() -> Me | None:
    """The person asking, or ``None``; looked up once a request."""
    if "wulian_me" not in g:
        g.wulian_me = _look_up()
    return g.wulian_me


def signed_in() -> Me:
    """The person asking; for pages behind :func:`needs_sign_in`."""
    person = me()
    if person is None:
        raise RuntimeError("the page forgot to ask for a sign-in")
    return person


def actor() -> Actor:
    """What commands and queries take."""
    return signed_in().actor


def choose_language() -> None:
    """Before each page: the person's own language, else what this device chose. Files have none."""
    if request.endpoint in _FOR_ALL:
        return
    person = me()
    language.use(person.locale if person else language.before_sign_in())


def needs_sign_in(page: Callable[Parameters, Answer]) -> Callable[Parameters, Answer | Response]:
    """A page only for people who are signed in. Others are taken to the sign-in and come back; what they had
    typed comes with them.
    """

    @wraps(page)
    def asks(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer | Response:
        if me() is not None:
            return page(*args, **kwargs)
        users = wulian().users
        if users is not None:
            back = request.full_path.rstrip("?") if request.method == "GET" else _page_of_form()
            return redirect(users.sign_in_url(back))  # type: ignore[return-value]
        from web.pages.sign_in import ask_to_sign_in

        return ask_to_sign_in()

    return asks


def _page_of_form() -> str:
    """The page a form was sent from, as a path; a form of another site's page names none of ours."""
    page = urlsplit(request.referrer or "")
    ours = page.netloc == request.host and page.path.startswith("/") and not page.path.startswith("//")
    return f"{page.path}?{page.query}".rstrip("?") if ours else request.path


def _look_up() -> Me | None:
    users = wulian().users
    if users is not None:
        host_user = users.current()
        return None if host_user is None else _mirrored(host_user)
    kept = session.get(SESSION_KEY)
    if not isinstance(kept, list) or len(kept) != 2:
        return None
    with reading(engine().database) as conn:
        row = conn.execute(_person().where(t.user.c.id == UUID(str(kept[0])), t.user.c.active)).one_or_none()
        if row is None or _stamp(row.password_hash) != kept[1]:
            return None
        return _me(conn, row)


def _mirrored(host_user: HostUser) -> Me | None:
    """Our row for a person of the host, made at the first visit and kept up with their name."""
    with reading(engine().database) as conn:
        row = conn.execute(_person().where(t.user.c.host_id == host_user.id)).one_or_none()
        if row is not None and row.name == host_user.name:
            return _me(conn, row) if row.active else None
    try:
        return _mirror(host_user)
    except sa.exc.IntegrityError:
        return _mirror(host_user)  # two first requests came at once, and the other one was quicker


def _mirror(host_user: HostUser) -> Me | None:
    with writing(engine().database) as conn:
        row = conn.execute(_person().where(t.user.c.host_id == host_user.id)).one_or_none()
        if row is not None:
            conn.execute(t.user.update().where(t.user.c.id == row.id).values(name=host_user.name))
        else:
            conn.execute(
                t.user.insert().values(
                    id=new_id(),
                    login=f"host:{host_user.id}",
                    name=host_user.name,
                    host_id=host_user.id,
                    email=host_user.email,
                    locale=host_user.locale if host_user.locale in language.NAMES else "zh_Hans_CN",
                    active=True,
                    created_at=engine().clock.now(),
                )
            )
        row = conn.execute(_person().where(t.user.c.host_id == host_user.id)).one()
        return _me(conn, row) if row.active else None


def _person() -> sa.Select[tuple[object, ...]]:
    return sa.select(
        t.user.c.id,
        t.user.c.login,
        t.user.c.name,
        t.user.c.locale,
        t.user.c.active,
        t.user.c.password_hash,
        t.organisation.c.name.label("organisation"),
        t.organisation.c.name_en,
    ).select_from(t.user.outerjoin(t.organisation, t.organisation.c.id == t.user.c.organisation_id))


def _me(conn: sa.Connection, row: sa.Row[tuple[object, ...]]) -> Me:
    organisation = (row.name_en if row.locale == "en" else "") or row.organisation or ""
    actor = load_actor(conn, row.id, engine().clock.now())
    administers = may_administer(actor, engine().powers)
    return Me(actor, row.id, row.name, row.login, row.locale, organisation, administers)


def _stamp(password_hash: str | None) -> str:
    return hashlib.sha256((password_hash or "").encode()).hexdigest()[:16]
