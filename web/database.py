"""The web's database: Flask-SQLAlchemy holds the engine and session, the process engine works on that same
engine.
"""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from engine.store.database import open_database, prepare


def web_database(app: Flask, url: str) -> Callable[[], sa.Engine]:
    """Gives the SQLAlchemy engine when it is first needed, so that nothing is opened before a server forks
    its workers.

    Inside a host that has Flask-SQLAlchemy of its own, that one is left alone and ours is opened beside it.
    """
    if "sqlalchemy" in app.extensions:
        return lambda: open_database(url)
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", url)
    if app.config["SQLALCHEMY_DATABASE_URI"] != url:
        return lambda: open_database(url)
    if not url.startswith("sqlite"):
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_size": 10, "max_overflow": 20})
    db = SQLAlchemy()
    db.init_app(app)

    def engine() -> sa.Engine:
        with app.app_context():
            return prepare(db.engine)

    return engine
