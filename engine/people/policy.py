"""Who may see and do what: role × organisation subtree × case team × sensitivity. The one place where this is
decided.

Commands call the ``check_`` functions; queries put the ``_condition`` functions into their SQL, so that what
may not be seen is never read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from engine.errors import NotAllowed, NotFound
from engine.people.actor import Actor, Member
from engine.store import tables as t
from engine.text import Text

Reach = Literal["own", "organisation", "subtree", "all"]
ANYONE = "anyone"
#: How long a case stays visible to somebody who opened it in an emergency.
GLASS_STAYS_BROKEN = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class RolePowers:
    """What a role may do, as data of the field.

    ``sees``: cases of one's own team only, of the organisation, of its subtree, or all. ``sensitivity``:
    which kinds of cases that reach covers; one's own team always sees its cases. ``unmask``: identifiers in
    full on cases one may see. ``manage``: hand over and end matters in the subtree. ``messages``: send
    process messages. ``administer``: deploy, calendars, users. ``break_glass``: open any case in an
    emergency, with a reason, on record.
    """

    sees: Reach = "own"
    sensitivity: frozenset[str] = frozenset({"normal"})
    unmask: bool = False
    manage: bool = False
    messages: bool = False
    administer: bool = False
    break_glass: bool = False

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> "RolePowers":
        """Powers from configuration. Raises ValueError for a word that means nothing."""
        unknown = data.keys() - {each.name for each in fields(RolePowers)}
        if unknown:
            raise ValueError(f"unknown powers: {', '.join(sorted(unknown))}")
        sees = data.get("sees", "own")
        if sees not in ("own", "organisation", "subtree", "all"):
            raise ValueError(f"unknown reach: {sees}")
        return RolePowers(
            sees=sees,
            sensitivity=frozenset(data.get("sensitivity", ("normal",))),
            unmask=bool(data.get("unmask", False)),
            manage=bool(data.get("manage", False)),
            messages=bool(data.get("messages", False)),
            administer=bool(data.get("administer", False)),
            break_glass=bool(data.get("break_glass", False)),
        )


Powers = Mapping[str, RolePowers]


def load_powers(data: Mapping[str, Mapping[str, Any]]) -> dict[str, RolePowers]:
    """Powers by role."""
    return {role: RolePowers.from_dict(powers or {}) for role, powers in data.items()}


def _refused(zh: str, en: str) -> NotAllowed:
    return NotAllowed(Text(zh, en))


def _has(actor: Actor, powers: Powers, power: str) -> list[Member]:
    return [
        member for member in actor.members if member.role in powers and getattr(powers[member.role], power)
    ]


# --- tasks ---


def check_may_work_on(actor: Actor, task: Any, *, taken: bool = False) -> None:
    """The task is this person's or an absent colleague's, or nobody has it and it is offered to a role held
    at its organisation.

    ``task`` is a row or object with ``role``, ``organisation_id`` and ``assignee_id``. With ``taken`` it is
    only asked whether the person could have taken it: such a person may know who has it.
    """
    role, organisation_id, assignee_id = (
        (task["role"], task["organisation_id"], task["assignee_id"])
        if isinstance(task, Mapping)
        else (task.role, task.organisation_id, task.assignee_id)
    )
    if actor.is_system:
        return
    if assignee_id is not None and (assignee_id == actor.user_id or assignee_id in actor.substitutes_for):
        return
    offered = role == ANYONE or (organisation_id, role) in actor.groups
    if offered and (taken or assignee_id is None):
        return
    raise _refused("这项任务不由您办理。", "This task is not yours.")


def task_condition(actor: Actor, scope: Literal["mine", "team"]) -> sa.ColumnElement[bool]:
    """Tasks assigned to the person (or to somebody they stand in for), or offered to their roles and not yet
    taken.
    """
    task = t.task.c
    if scope == "mine":
        return task.assignee_id.in_([actor.user_id, *actor.substitutes_for])
    offers = [
        sa.and_(task.organisation_id == organisation_id, task.role == role)
        for organisation_id, role in sorted(actor.groups, key=str)
    ]
    return sa.and_(task.assignee_id.is_(None), sa.or_(sa.false(), *offers))


# --- organisations ---


def may_manage(actor: Actor, powers: Powers, path: str) -> bool:
    """Whether the person manages the organisation at ``path`` or one above it."""
    return actor.is_system or any(path.startswith(member.path) for member in _has(actor, powers, "manage"))


def check_may_manage(actor: Actor, powers: Powers, path: str) -> None:
    if not may_manage(actor, powers, path):
        raise _refused(
            "只有本级或上级的负责人可以这样做。", "Only those in charge here or above may do this."
        )


def may_administer(actor: Actor, powers: Powers) -> bool:
    return actor.is_system or bool(_has(actor, powers, "administer"))


def check_may_administer(actor: Actor, powers: Powers) -> None:
    if not may_administer(actor, powers):
        raise _refused("只有管理员可以这样做。", "Only an administrator may do this.")


def may_start(actor: Actor, roles: Iterable[str]) -> bool:
    """Whether one of ``roles`` is the person's; ``anyone`` is everybody signed in."""
    wanted = set(roles)
    return actor.is_system or ANYONE in wanted or bool(wanted & actor.roles)


def check_may_start(actor: Actor, roles: Iterable[str]) -> None:
    if not may_start(actor, roles):
        raise _refused("您的职责不能发起这个流程。", "Your role may not start this process.")


def may_act_for(actor: Actor, path: str) -> bool:
    """Whether the organisation at ``path`` is one of the person's own, or below one."""
    return actor.is_system or any(path.startswith(member.path) for member in actor.members)


def check_may_act_for(actor: Actor, path: str | None) -> None:
    if path is None or not may_act_for(actor, path):
        raise _refused("您不能代这个机构发起事项。", "You may not start a matter for this organisation.")


def message_condition(actor: Actor, powers: Powers) -> sa.ColumnElement[bool]:
    """Matters that the person may send messages to: those at or below where they hold the power, and those
    that belong to no organisation. Over the table of organisations, outer-joined to that of instances.
    """
    if actor.is_system:
        return sa.true()
    org = t.organisation.c
    paths = {member.path for member in _has(actor, powers, "messages")}
    within = [org.path.startswith(path, autoescape=True) for path in sorted(paths)]
    return sa.or_(org.id.is_(None), *within)


# --- cases ---


def _team(actor: Actor) -> sa.ColumnElement[bool]:
    party = t.case_party.c
    people = [actor.user_id, *actor.substitutes_for]
    on_team = sa.exists().where(
        party.case_id == t.case.c.id, party.user_id.in_(people), party.until.is_(None)
    )
    return sa.or_(t.case.c.responsible_id.in_(people), on_team)


def case_condition(actor: Actor, powers: Powers) -> sa.ColumnElement[bool]:
    """Cases the person may see: those of their team, those their organisation takes part in, those within
    their roles' reach.

    A protected case, and one restricted after consent was withdrawn, needs a role whose ``sensitivity``
    covers ``protected``, or the team. A case opened in an emergency is visible for some hours.
    """
    if actor.is_system:
        return sa.true()
    reaches = [_team(actor)]
    if actor.as_of is not None and may_break_glass(actor, powers):
        reaches.append(_opened_in_an_emergency(actor, actor.as_of))
    for member in actor.members:
        power = powers.get(member.role)
        if power is not None and power.sees != "own":
            reaches.append(_reach(member, power))
    return sa.or_(*reaches)


def _reach(member: Member, power: RolePowers) -> sa.ColumnElement[bool]:
    """The cases that one role at one organisation covers, leaving out those of the person's team."""
    case, party = t.case.c, t.case_party.c
    kinds: sa.ColumnElement[bool] = case.sensitivity.in_(sorted(power.sensitivity))
    if "protected" not in power.sensitivity:
        kinds = sa.and_(kinds, case.status != "restricted")
    if power.sees == "all":
        return kinds
    here = (
        case.organisation_id == member.organisation_id
        if power.sees == "organisation"
        else case.organisation_id.in_(
            sa.select(t.organisation.c.id).where(
                t.organisation.c.path.startswith(member.path, autoescape=True)
            )
        )
    )
    invited = sa.exists().where(
        party.case_id == case.id,
        party.organisation_id == member.organisation_id,
        party.user_id.is_(None),
        party.until.is_(None),
    )
    return sa.and_(kinds, sa.or_(here, invited))


def _opened_in_an_emergency(actor: Actor, now: datetime) -> sa.ColumnElement[bool]:
    log = t.access_log.c
    return sa.exists().where(
        log.subject_kind == "case",
        log.subject_id == t.case.c.id,
        log.at > now - GLASS_STAYS_BROKEN,
        log.user_id == actor.user_id,
        log.action == "break_glass",
    )


def may_break_glass(actor: Actor, powers: Powers) -> bool:
    """Whether the person may open a case outside their reach in an emergency."""
    return bool(_has(actor, powers, "break_glass"))


def may_see_case(conn: sa.Connection, actor: Actor, powers: Powers, case_id: UUID) -> bool:
    query = sa.select(t.case.c.id).where(t.case.c.id == case_id, case_condition(actor, powers))
    return conn.execute(query).first() is not None


def kept_condition() -> sa.ColumnElement[bool]:
    """Cases that having started a matter, or managing its organisation, does not open: protected ones, and
    those restricted after consent was withdrawn.
    """
    return sa.or_(t.case.c.sensitivity != "normal", t.case.c.status == "restricted")


def is_kept_from(conn: sa.Connection, actor: Actor, powers: Powers, case_id: UUID | None) -> bool:
    """Whether the case is one of them, and the person may not see it."""
    if case_id is None or actor.is_system:
        return False
    kept = sa.select(t.case.c.id).where(t.case.c.id == case_id, kept_condition())
    return conn.execute(kept).first() is not None and not may_see_case(conn, actor, powers, case_id)


def check_may_see_case(conn: sa.Connection, actor: Actor, powers: Powers, case_id: UUID) -> None:
    """Raises NotFound: whoever may not see a case may not learn that it exists."""
    if not may_see_case(conn, actor, powers, case_id):
        raise NotFound(Text("没有这个个案，或您无权查看。", "There is no such case, or you may not see it."))


def may_unmask(conn: sa.Connection, actor: Actor, powers: Powers, case_id: UUID) -> bool:
    """Whether identifiers are shown in full on this case: to its team, and to a role that lifts masks and
    itself covers the case. In an emergency the role by which the pane is broken must lift them.
    """
    query = sa.select(t.case.c.id).where(t.case.c.id == case_id, unmask_condition(actor, powers))
    return conn.execute(query).first() is not None


def unmask_condition(actor: Actor, powers: Powers) -> sa.ColumnElement[bool]:
    """:func:`may_unmask` for many cases at once, over the table of cases."""
    if actor.is_system:
        return sa.true()
    lifting = [(member, powers[member.role]) for member in _has(actor, powers, "unmask")]
    ways = [_team(actor)]
    ways.extend(_reach(member, power) for member, power in lifting if power.sees != "own")
    if actor.as_of is not None and any(power.break_glass for _, power in lifting):
        ways.append(_opened_in_an_emergency(actor, actor.as_of))
    return sa.or_(*ways)


def opened_in_an_emergency(conn: sa.Connection, actor: Actor, case_id: UUID) -> bool:
    """Whether the person sees the case now because they opened it in an emergency."""
    if actor.is_system or actor.as_of is None:
        return False
    broken = _opened_in_an_emergency(actor, actor.as_of)
    return conn.execute(sa.select(t.case.c.id).where(t.case.c.id == case_id, broken)).first() is not None
