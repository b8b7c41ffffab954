"""Accounts: who may sign in, which roles they hold where, who stands in for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.people.passwords import check_password, hash_password, is_password
from engine.people.sign_in import sign_in
from engine.store import tables as t
from engine.text import Text

__all__ = [
    "Absence",
    "absences_of",
    "add_membership",
    "add_user",
    "change_password",
    "close_account",
    "end_absence",
    "remove_membership",
    "set_absence",
    "set_locale",
    "set_password",
    "sign_in",
]


def add_user(
    conn: sa.Connection,
    *,
    login: str,
    name: str,
    now: datetime,
    password: str | None = None,
    organisation_id: UUID | None = None,
    memberships: Iterable[tuple[UUID, str]] = (),
    locale: str = "zh_Hans_CN",
    email: str | None = None,
    host_id: str | None = None,
) -> UUID:
    """A new account; ``memberships`` are (organisation, role) pairs; without a password only a host platform
    signs it in.

    Raises Conflict (``login_taken``), Invalid for an empty login or a weak password.
    """
    login, name = login.strip().casefold(), name.strip()
    if not login or len(login) > 100 or any(char.isspace() for char in login):
        text = Text(
            "登录名不能为空，不能有空格，最多 100 个字符。", "A login has 1 to 100 characters and no spaces."
        )
        raise Invalid(text, fields={"login": [text]})
    if not name or len(name) > 100:
        text = Text("请填写姓名，最多 100 个字符。", "Give a name of at most 100 characters.")
        raise Invalid(text, fields={"name": [text]})
    if password is not None:
        check_password(password, login, name)
    user_id = new_id()
    row = {
        "id": user_id,
        "login": login,
        "name": name,
        "password_hash": None if password is None else hash_password(password),
        "host_id": host_id,
        "organisation_id": organisation_id,
        "locale": locale,
        "email": email,
        "active": True,
        "created_at": now,
    }
    try:
        with conn.begin_nested():
            conn.execute(t.user.insert(), row)
    except IntegrityError:
        text = Text(f"登录名 {login} 已被使用。", f"The login {login} is taken.")
        raise Conflict(text, code="login_taken") from None
    for where, role in memberships:
        add_membership(conn, user_id, where, role)
    return user_id


def add_membership(conn: sa.Connection, user_id: UUID, organisation_id: UUID, role: str) -> None:
    """Give a role at an organisation; giving it twice changes nothing."""
    held = conn.execute(sa.select(t.membership).where(*_membership(user_id, organisation_id, role))).first()
    if held is None:
        row = {"user_id": user_id, "organisation_id": organisation_id, "role": role}
        conn.execute(t.membership.insert(), row)


def remove_membership(conn: sa.Connection, user_id: UUID, organisation_id: UUID, role: str) -> None:
    """Take a role away; one not held changes nothing."""
    conn.execute(t.membership.delete().where(*_membership(user_id, organisation_id, role)))


def set_password(conn: sa.Connection, user_id: UUID, password: str) -> None:
    """Set a password, as an administrator or at the command line. Raises Invalid (``weak_password``),
    NotFound.
    """
    row = _account(conn, user_id)
    check_password(password, row.login, row.name)
    conn.execute(t.user.update().where(t.user.c.id == user_id).values(password_hash=hash_password(password)))


def change_password(conn: sa.Connection, user_id: UUID, old: str, new: str) -> None:
    """Change one's own password. Raises Invalid at ``old`` or ``password``."""
    if not is_password(_account(conn, user_id).password_hash, old):
        text = Text("原密码不对。", "The present password is wrong.")
        raise Invalid(text, fields={"old": [text]}, code="wrong_password")
    set_password(conn, user_id, new)


def set_locale(conn: sa.Connection, user_id: UUID, locale: str) -> None:
    """Remember the language a person reads."""
    conn.execute(t.user.update().where(t.user.c.id == user_id).values(locale=locale))


def close_account(conn: sa.Connection, user_id: UUID) -> None:
    """End an account: no sign-in, no roles, no tokens. The name stays in the history."""
    _account(conn, user_id)
    conn.execute(t.membership.delete().where(t.membership.c.user_id == user_id))
    conn.execute(t.api_token.delete().where(t.api_token.c.user_id == user_id))
    conn.execute(t.user.update().where(t.user.c.id == user_id).values(active=False, password_hash=None))


# --- absence ---


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from ``starts_at`` until ``ends_at`` (open when None); ``substitute`` does the work
    meanwhile.
    """

    id: UUID
    substitute_id: UUID
    substitute: str
    starts_at: datetime
    ends_at: datetime | None
    reason: str


def set_absence(
    conn: sa.Connection,
    user_id: UUID,
    substitute_id: UUID,
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    now: datetime,
    reason: str = "",
) -> UUID:
    """Enter an absence with a named substitute, who sees the tasks meanwhile; the history names both.

    Raises Invalid when the times make no sense, or the substitute is the person, is closed, or is away then
    too.
    """
    if ends_at is not None and (ends_at <= starts_at or ends_at <= now):
        raise Invalid(
            Text(
                "缺勤的结束时间应在开始之后、且未过去。",
                "An absence ends after it starts, and not in the past.",
            )
        )
    if substitute_id == user_id or not _account(conn, substitute_id).active:
        raise Invalid(Text("请另选一位在岗的同事代办。", "Choose a colleague who is at work."))
    if conn.execute(sa.select(t.absence.c.id).where(*_overlaps(substitute_id, starts_at, ends_at))).first():
        raise Invalid(
            Text(
                "这位同事同期也不在岗，请另选一位。",
                "This colleague is away at that time too; choose another.",
            )
        )
    absence_id = new_id()
    row = {"id": absence_id, "user_id": user_id, "substitute_id": substitute_id, "starts_at": starts_at}
    conn.execute(t.absence.insert(), {**row, "ends_at": ends_at, "reason": reason[:300]})
    return absence_id


def end_absence(conn: sa.Connection, user_id: UUID, absence_id: UUID, now: datetime) -> None:
    """Back again: an absence in force ends now, one to come is taken back. Raises NotFound for somebody
    else's.
    """
    mine = [t.absence.c.id == absence_id, t.absence.c.user_id == user_id]
    row = conn.execute(sa.select(t.absence).where(*mine)).one_or_none()
    if row is None:
        raise NotFound(Text("没有这条缺勤记录。", "There is no such absence."))
    if row.starts_at >= now:
        conn.execute(t.absence.delete().where(*mine))
    elif row.ends_at is None or row.ends_at > now:
        conn.execute(t.absence.update().where(*mine).values(ends_at=now))


def absences_of(conn: sa.Connection, user_id: UUID, now: datetime) -> tuple[Absence, ...]:
    """A person's absences in force or to come."""
    columns = (t.absence.c[name] for name in ("id", "substitute_id", "starts_at", "ends_at", "reason"))
    query = (
        sa.select(*columns, t.user.c.name.label("substitute"))
        .join(t.user, t.user.c.id == t.absence.c.substitute_id)
        .where(
            t.absence.c.user_id == user_id, sa.or_(t.absence.c.ends_at.is_(None), t.absence.c.ends_at > now)
        )
        .order_by(t.absence.c.starts_at)
    )
    return tuple(Absence(**row) for row in conn.execute(query).mappings())


def _overlaps(user_id: UUID, starts_at: datetime, ends_at: datetime | None) -> list[sa.ColumnElement[bool]]:
    absence = t.absence.c
    overlaps = [absence.user_id == user_id, sa.or_(absence.ends_at.is_(None), absence.ends_at > starts_at)]
    if ends_at is not None:
        overlaps.append(absence.starts_at < ends_at)
    return overlaps


def _membership(user_id: UUID, organisation_id: UUID, role: str) -> list[sa.ColumnElement[bool]]:
    held = t.membership.c
    return [held.user_id == user_id, held.organisation_id == organisation_id, held.role == role]


def _account(conn: sa.Connection, user_id: UUID) -> sa.Row[tuple[object, ...]]:
    row = conn.execute(sa.select(t.user).where(t.user.c.id == user_id)).one_or_none()
    if row is None:
        raise NotFound(Text("没有这个账号。", "There is no such account."))
    return row
