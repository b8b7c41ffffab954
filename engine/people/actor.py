"""Who is acting: a user with roles at organisations, or the engine itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from engine.errors import NotAllowed
from engine.store import tables as t
from engine.text import Text

if TYPE_CHECKING:
    from engine.people.policy import RolePowers


@dataclass(frozen=True, slots=True)
class Member:
    """A role held at an organisation. ``path`` is the organisation's place in the tree
    (``/district/street/``).
    """

    organisation_id: UUID
    role: str
    path: str
    level: str
    kind: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person. ``substitutes_for`` are absent colleagues whose tasks are open to this one as
    well, with the roles ``standing_in`` that they hold. ``as_of`` is when all this was looked up.
    """

    user_id: UUID | None
    name: str
    locale: str = "zh_Hans_CN"
    organisation_id: UUID | None = None
    members: tuple[Member, ...] = ()
    substitutes_for: tuple[UUID, ...] = ()
    standing_in: tuple[Member, ...] = ()
    as_of: datetime | None = None

    @property
    def is_system(self) -> bool:
        """The engine itself, which may do everything."""
        return self.user_id is None

    @property
    def roles(self) -> frozenset[str]:
        """All roles, wherever they are held."""
        return frozenset(member.role for member in self.members)

    @property
    def groups(self) -> frozenset[tuple[UUID, str]]:
        """Organisation and role pairs whose unclaimed tasks are offered to this person."""
        return frozenset(
            (member.organisation_id, member.role) for member in (*self.members, *self.standing_in)
        )

    def may_send_messages(self, powers: Mapping[str, "RolePowers"]) -> bool:
        """Whether a role of this person lets messages and signals be sent into processes."""
        return self.is_system or any(
            powers[role].messages or powers[role].administer for role in self.roles if role in powers
        )


SYSTEM = Actor(user_id=None, name="系统")

_MEMBERS = (
    sa.select(
        t.membership.c.user_id,
        t.membership.c.organisation_id,
        t.membership.c.role,
        t.organisation.c.path,
        t.organisation.c.level,
        t.organisation.c.kind,
    )
    .select_from(t.membership.join(t.organisation, t.organisation.c.id == t.membership.c.organisation_id))
    .where(t.organisation.c.active)
)


def load_actor(conn: sa.Connection, user_id: UUID, now: datetime) -> Actor:
    """The person with the roles held at this moment. Raises NotAllowed for an unknown or closed account."""
    row = conn.execute(sa.select(t.user).where(t.user.c.id == user_id, t.user.c.active)).one_or_none()
    if row is None:
        raise NotAllowed(
            Text("账号不存在或已停用。", "The account does not exist or was closed."), code="account_closed"
        )
    absent = tuple(
        conn.execute(
            sa.select(t.absence.c.user_id)
            .where(
                t.absence.c.substitute_id == user_id,
                t.absence.c.starts_at <= now,
                sa.or_(t.absence.c.ends_at.is_(None), t.absence.c.ends_at > now),
            )
            .distinct()
        ).scalars()
    )
    own: list[Member] = []
    borrowed: list[Member] = []
    for found in conn.execute(_MEMBERS.where(t.membership.c.user_id.in_((user_id, *absent)))):
        member = Member(found.organisation_id, found.role, found.path, found.level, found.kind)
        (own if found.user_id == user_id else borrowed).append(member)
    return Actor(
        user_id=row.id,
        name=row.name,
        locale=row.locale,
        organisation_id=row.organisation_id,
        members=tuple(own),
        substitutes_for=absent,
        standing_in=tuple(borrowed),
        as_of=now,
    )
