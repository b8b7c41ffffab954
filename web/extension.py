"""What a Flask application carries once Wulian is part of it: ``app.extensions["wulian"]``."""

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from web.hosting import HostUsers
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.commands import ProcessEngine

KEY = "wulian"
PAGES = "wulian_pages"
API = "wulian_api"


@dataclass(slots=True)
class Wulian:
    """The settings, the engine (opened when first needed) and, inside a host, the host's users."""

    settings: Settings
    open_engine: "Callable[[], ProcessEngine]"
    users: HostUsers | None = None
    _engine: "ProcessEngine | None" = None
    _lock: Lock = field(default_factory=Lock)

    @property
    def engine(self) -> "ProcessEngine":
        if self._engine is None:
            with self._lock:
                if self._engine is None:
                    self._engine = self.open_engine()
        return self._engine


def of(app: Flask) -> Wulian:
    """The Wulian that was mounted in an application."""
    return cast(Wulian, app.extensions[KEY])


def wulian() -> Wulian:
    """The Wulian of the application at hand."""
    return cast(Wulian, current_app.extensions[KEY])


def engine() -> "ProcessEngine":
    """The process engine of the application at hand."""
    return wulian().engine
