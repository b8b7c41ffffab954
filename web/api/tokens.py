"""Which token is whose. Looked up once every few seconds, so that a busy program costs no query a request."""

import time
from hashlib import sha256
from threading import Lock

from flask import g, request

from engine.errors import NotAllowed
from engine.people.actor import Actor
from engine.people.tokens import actor_of_token
from engine.store.database import reading
from web.api.problems import Unknown
from web.extension import engine

#: How long a revoked token, or a changed role, may still go unnoticed.
KEPT_SECONDS = 5.0
_MOST = 10_000


class Actors:
    """Actors by the hash of their token, for a short time."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[Actor, float]] = {}
        self._lock = Lock()

    def find(self, token: str) -> Actor | None:
        """The token's owner; ``None`` for a token that is not good (any more)."""
        key = sha256(token.encode()).digest()  # so that no dump of the memory shows a token
        known = self._known.get(key)
        moment = time.monotonic()
        if known is not None and known[1] > moment:
            return known[0]
        try:
            with reading(engine().database) as conn:
                actor = actor_of_token(conn, token, engine().clock.now())
        except NotAllowed:
            actor = None
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
    return g.wulian_actor
