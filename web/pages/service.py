"""What browsers and machines fetch beside the pages."""

from flask import Blueprint, Response, jsonify

from web import assets
from web.extension import engine


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/assets/<path:name>", "asset", asset)
    pages.add_url_rule("/icons.svg", "icons", icons)
    pages.add_url_rule("/icons/<name>", "picture", picture)
    pages.add_url_rule("/healthz", "health", health)


def asset(name: str) -> Response:
    """A built file; its name changes with its content."""
    return assets.serve(assets.DIST / "assets", name, for_ever=True)


def icons() -> Response:
    """The small drawings of all pages, in one file."""
    return assets.serve(assets.ICONS, "icons.svg", for_ever=False)


def picture(name: str) -> Response:
    """A picture of ours: the mark."""
    return assets.serve(assets.ICONS, name, for_ever=False)


def health() -> tuple[Response, int]:
    """200 when the database answers."""
    try:
        with engine().database.connect() as conn:
            conn.exec_driver_sql("SELECT 1")
    except Exception:
        return jsonify(status="database unreachable"), 503
    return jsonify(status="ok"), 200
