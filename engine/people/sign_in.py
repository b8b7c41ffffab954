"""Signing in with login and password, and what slows those down who guess."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.errors import LimitExceeded, NotAllowed
from engine.ids import new_id
from engine.people.actor import Actor, load_actor
from engine.people.passwords import hash_password, is_password, needs_new_hash
from engine.people.vault import Vault
from engine.store import tables as t
from engine.store.database import reading, writing
from engine.text import Text

#: Within this time …
WINDOW = timedelta(minutes=15)
#: … so many failures: of one login from one address, of one login from everywhere, of one address, behind
#: which a whole office may sit.
LIMITS = {"pair": 5, "login": 20, "address": 100}
#: How long attempts are kept.
KEPT = timedelta(days=30)


def sign_in(
    database: sa.Engine, login: str, password: str, address: str, now: datetime, vault: Vault
) -> Actor:
    """The person with this login and password.

    Raises NotAllowed (``sign_in_failed``), with the same words and after the same time whether the login is
    unknown, closed or the password wrong; LimitExceeded (``too_many_attempts``) with ``details``
    ``{"until"}`` after too many failures. It takes the database and not a connection, since a failure must
    be remembered although it raises, and nobody else may wait while the password is hashed.
    """
    login = login.strip()[:100].casefold()
    subjects = _subjects(vault, login, address)
    with writing(database) as conn:
        _check_limits(conn, subjects, now)
        # Counted before the password is tried, so that a hundred guesses at the same moment are a hundred.
        attempts = [
            {"id": new_id(), "subject": each, "at": now, "succeeded": False} for each in subjects.values()
        ]
        conn.execute(t.sign_in_attempt.insert(), attempts)
        account = conn.execute(
            sa.select(t.user.c.id, t.user.c.password_hash).where(t.user.c.login == login, t.user.c.active)
        ).one_or_none()
    hashed = None if account is None else account.password_hash
    if not is_password(hashed, password) or account is None:
        raise NotAllowed(
            Text("登录名或密码不对。", "The login or the password is wrong."), code="sign_in_failed"
        )
    with writing(database) as conn:
        _succeeded(conn, [each["id"] for each in attempts])
        if needs_new_hash(hashed or ""):
            conn.execute(
                t.user.update().where(t.user.c.id == account.id).values(password_hash=hash_password(password))
            )
    with reading(database) as conn:
        return load_actor(conn, account.id, now)


def forget_old_attempts(conn: sa.Connection, now: datetime) -> int:
    """Remove attempts nobody counts any more; returns how many."""
    done = conn.execute(t.sign_in_attempt.delete().where(t.sign_in_attempt.c.at < now - KEPT))
    return done.rowcount


def _subjects(vault: Vault, login: str, address: str) -> dict[str, str]:
    return {
        "pair": vault.keyed_hash(f"{login}\x00{address}", "sign_in_pair"),
        "login": vault.keyed_hash(login, "sign_in_login"),
        "address": vault.keyed_hash(address, "sign_in_address"),
    }


def _check_limits(conn: sa.Connection, subjects: dict[str, str], now: datetime) -> None:
    if conn.dialect.name == "postgresql":  # elsewhere there is one writer at a time anyway
        number = int(subjects["login"][:15], 16)
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
    attempt = t.sign_in_attempt.c
    for kind, subject in subjects.items():
        recent = [attempt.subject == subject, attempt.at > now - WINDOW]
        # A success wipes the person's slate, not the address's: one's own account must not buy guesses
        # at others'.
        success = sa.select(sa.func.max(attempt.at)).where(*recent, attempt.succeeded).scalar_subquery()
        if kind != "address":
            recent.append(sa.or_(success.is_(None), attempt.at > success))
        failures = (
            conn.execute(
                sa.select(attempt.at).where(*recent, attempt.succeeded.is_(False)).order_by(attempt.at.desc())
            )
            .scalars()
            .all()
        )
        if len(failures) >= LIMITS[kind]:
            until = failures[LIMITS[kind] - 1] + WINDOW
            minutes = max(1, -(-int((until - now).total_seconds()) // 60))
            raise LimitExceeded(
                Text(
                    f"尝试次数过多，请 {minutes} 分钟后再试。",
                    f"Too many attempts; try again in {minutes} minute{'s' if minutes > 1 else ''}.",
                ),
                code="too_many_attempts",
                details={"until": until.isoformat()},
            )


def _succeeded(conn: sa.Connection, ids: list[object]) -> None:
    conn.execute(t.sign_in_attempt.update().where(t.sign_in_attempt.c.id.in_(ids)).values(succeeded=True))
