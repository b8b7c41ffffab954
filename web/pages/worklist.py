"""今日 / 待办: the to-do list, which stands beside every task on a desktop."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from flask import Blueprint, Response, request

from engine.calendar.working import local
from engine.queries.starts import startable
from engine.queries.worklist import Scope, count_open, worklist
from web.extension import engine
from web.identity import actor, needs_sign_in, signed_in
from web.language import _
from web.pages.badges import badges
from web.pages.views import Item, item_of
from web.rendering import render

_SCOPES = ("mine", "team", "waiting")


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int | None


@dataclass
class Group:
    """Tasks that are due about the same time."""

    label: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Board:
    """The column: which list, its groups by due time, and the numbers above it."""

    today: date
    scope: str
    search: str
    tabs: Sequence[Tab]
    groups: Sequence[Group]
    shown: int
    more: str | None
    overdue: int
    due_today: int
    team_open: int


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/", "worklist", show)


@needs_sign_in
def show() -> Response:
    """The list, and on a desktop the day's numbers and what can be started."""
    return render(
        "wulian/worklist.html",
        board=board(),
        badges=badges(),
        greeting=_greeting(),
        startables=[each for each in startable(engine(), actor()) if not each.on][:4],
        chosen=None,
    )


def board() -> Board:
    """The list that the address asks for: which tab, what is searched."""
    asked = request.args.get("scope", "mine")
    scope = cast(Scope, asked if asked in _SCOPES else "mine")
    search = request.args.get("q", "").strip()[:100]
    it, person = engine(), actor()
    page = worklist(it, person, scope=scope, search=search, after=request.args.get("after"))
    today = local(it.clock.now()).date()
    open_now, numbers = count_open(it, person), badges()
    groups = _by_due(
        [item_of(row, claimable=scope == "team", user_id=person.user_id) for row in page.rows], today
    )
    return Board(
        today=today,
        scope=scope,
        search=search,
        tabs=(
            Tab("mine", _("Mine"), open_now["mine"]),
            Tab("team", _("Team"), open_now["team"]),
            Tab("waiting", _("Waiting"), None),
        ),
        groups=groups,
        shown=len(page.rows),
        more=page.after,
        overdue=numbers.overdue,
        due_today=numbers.due_today,
        team_open=open_now["team"],
    )


def _by_due(items: Sequence[Item], today: date) -> list[Group]:
    """Overdue and today on top, then this week, then what comes later or has no due time."""
    week_ends = today + timedelta(days=6 - today.weekday())
    groups = {key: Group(label) for key, label in _labels()}
    for item in items:
        if item.due is None:
            key = "later"
        elif item.due.level == "late":
            key = "late"
        else:
            day = local(item.due.at).date()
            key = "today" if day <= today else "week" if day <= week_ends else "later"
        groups[key].items.append(item)
    return [group for group in groups.values() if group.items]


def _labels() -> tuple[tuple[str, str], ...]:
    return (
        ("late", _("Overdue")),
        ("today", _("Due today")),
        ("week", _("This week")),
        ("later", _("Later, or without a deadline")),
    )


def _greeting() -> str:
    hour, name = local(engine().clock.now()).hour, signed_in().name
    if hour < 11:
        return _("Good morning, %(name)s", name=name)
    if hour < 14:
        return _("Good day, %(name)s", name=name)
    if hour < 18:
        return _("Good afternoon, %(name)s", name=name)
    return _("Good evening, %(name)s", name=name)
