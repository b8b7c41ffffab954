"""Whom a notification is for."""

import sqlalchemy as sa

from engine.people.actor import Actor
from engine.store import tables as t


def is_for(actor: Actor) -> sa.ColumnElement[bool]:
    """Sent to the person, to somebody they stand in for, or to one of their roles."""
    note = t.notification.c
    groups = [
        sa.and_(note.organisation_id == organisation_id, note.role == role)
        for organisation_id, role in sorted(actor.groups, key=str)
    ]
    return sa.or_(note.user_id.in_([actor.user_id, *actor.substitutes_for]), *groups)


def read_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether this person has seen it."""
    read = t.notification_read.c
    return sa.exists().where(read.notification_id == t.notification.c.id, read.user_id == actor.user_id)
