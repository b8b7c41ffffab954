"""Accounts from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from engine.commands import ProcessEngine


@contextmanager
def opened() -> "Iterator[ProcessEngine]":
    """The installation's engine for one command."""
    from web.opening import open_engine
    from web.settings import read_settings

    engine = open_engine(read_settings())
    try:
        yield engine
    finally:
        engine.close()


@click.group()
def user() -> None:
    """Look after accounts."""


@user.command()
@click.argument("login")
@click.option("--name", prompt=True, help="The person's name.")
@click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="At least 10 characters."
)
@click.option("--organisation", help="Code of the organisation the person belongs to.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    help="A role at that organisation, or ROLE@ORGANISATION; may be repeated.",
)
def add(login: str, name: str, password: str, organisation: str | None, roles: tuple[str, ...]) -> None:
    """Add an account."""
    from engine.people.users import add_user
    from engine.store.database import writing

    with opened() as engine, writing(engine.database) as conn:
        home = _organisation(conn, organisation) if organisation else None
        held = []
        for each in roles:
            role, _, where = each.partition("@")
            place = _organisation(conn, where) if where else home
            if place is None:
                raise click.UsageError(
                    f"Say where {role} is held: --role {role}@CODE, or --organisation CODE."
                )
            _known_role(role)
            held.append((place, role))
        add_user(
            conn,
            login=login,
            name=name,
            now=engine.clock.now(),
            password=password,
            organisation_id=home,
            memberships=held,
        )
    click.echo(f"Added {login}.")


@user.command()
@click.argument("login")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def password(login: str, password: str) -> None:
    """Set a new password. Sessions with the old one end."""
    from engine.people.users import set_password
    from engine.store.database import writing

    with opened() as engine, writing(engine.database) as conn:
        set_password(conn, _user(conn, login), password)
    click.echo(f"{login} has a new password.")


@user.command()
@click.argument("login")
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
@click.option("--days", type=click.IntRange(1, 3660), help="Ends after so many days; without it, never.")
def token(login: str, name: str, days: int | None) -> None:
    """Make a token with which a program acts as this user. It is shown once."""
    from engine.people.tokens import issue_token
    from engine.store.database import writing

    with opened() as engine, writing(engine.database) as conn:
        now = engine.clock.now()
        ends = now + timedelta(days=days) if days else None
        made = issue_token(conn, _user(conn, login), name, now=now, expires_at=ends)
    click.echo(made)


def _organisation(conn: object, code: str) -> UUID:
    from engine.people.organisations import by_code

    found = by_code(conn, code)  # type: ignore[arg-type]
    if found is None:
        raise click.UsageError(f"There is no organisation with the code {code}.")
    return found.id


def _known_role(role: str) -> None:
    from web.roles import read_roles
    from web.settings import read_settings

    roles = read_roles(read_settings().roles_file)
    if role not in roles:
        raise click.UsageError(f"There is no role {role}. Roles are: {', '.join(sorted(roles))}.")


def _user(conn: object, login: str) -> UUID:
    import sqlalchemy as sa

    from engine.store import tables as t

    found = conn.execute(  # type: ignore[attr-defined]
        sa.select(t.user.c.id).where(t.user.c.login == login.strip().casefold())
    ).scalar()
    if found is None:
        raise click.UsageError(f"There is no account {login}.")
    return UUID(str(found))
