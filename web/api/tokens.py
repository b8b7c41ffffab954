"""Which token is whose. Looked up once every few seconds, so that a busy program costs no query a request."""

import time
from threading import Lock

from flask import g, request

from engine.people.actor import Actor
from engine.people.tokens import actor_of_token, token_hash
from engine.store.database import reading
from web.extension import engine
from web.api.problems import Unknown

#: How long a revoked token, or a changed role, may still go unnoticed.
KEPT_SECONDS = 5.0
_MOST = 10_000


class Actors:
    """Actors by the hash of their token, for a short time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Actor, float]] = {}
        self._lock = Lock()

    def find(self, token: str) -> Actor | None:
        """The token's owner; ``None`` for a token that is not good (any more)."""
        key = token_hash(token)
        known = self._known.get(key)
        moment = time.monotonic()
        if known is not None and known[1] > moment:
            return known[0]
        with reading(engine().database) as conn:
            actor = actor_of_token(conn, token, engine().clock.now())
        with self._lock:
            if actor is None:
                self._known.pop(key, None)
                return None
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (actor, moment + KEPT_SECONDS)
        return actor

    def forget(self) -> None:
        """Look everybody up again."""
        self._known.clear()


actors = Actors()


def needs_token() -> None:
    """A ``before_request``: who is asking. Raises Unknown."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    actor = actors.find(token.strip()) if scheme.lower() == "bearer" and token else None
    if actor is None:
        raise Unknown
    g.wulian_actor = actor


def actor() -> Actor:
    """Who is asking."""
    return g.wulian_actor  # type: ignore[no-any-return]
