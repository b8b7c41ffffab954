"""The numbers beside the places, on every page."""

from dataclasses import dataclass

from flask import g

from engine.queries.counts import counts
from web.extension import engine
from web.identity import actor


@dataclass(frozen=True)
class Badges:
    """Own tasks overdue or due today, and unread messages."""

    overdue: int
    due_today: int
    unread: int

    @property
    def due(self) -> int:
        return self.overdue + self.due_today


def badges() -> Badges:
    """Looked up once a request."""
    if "wulian_badges" not in g:
        found = counts(engine(), actor())
        g.wulian_badges = Badges(found.overdue, found.due_today, found.unread)
    return g.wulian_badges
