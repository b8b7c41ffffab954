"""Wulian as a Flask application of its own, or as a part of one that is there already."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Flask

from web import extension
from web.extension import Wulian
from web.hosting import HostUsers
from web.settings import Settings, read_settings

if TYPE_CHECKING:
    from engine.commands import ProcessEngine


def create_app(config: Mapping[str, object] | None = None, *, engine: "ProcessEngine | None" = None) -> Flask:
    """An application that is Wulian alone, on its own engine or on one that is open already.

    ``config`` takes Flask's settings and ours (``WULIAN_DATABASE_URL``, …), which otherwise come from the
    environment.
    """
    app = Flask("wulian", static_folder=None, template_folder=None)
    app.config.update(config or {})
    settings = read_settings(app.config)
    app.secret_key = settings.secret_key
    for name, value in {
        "SESSION_COOKIE_NAME": "wulian_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": settings.idle,
        "MAX_CONTENT_LENGTH": 60 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    }.items():
        if not config or name not in config:
            app.config[name] = value
    _mount(app, settings, "", None, engine)

    from web.failures import explain_everywhere
    from web.sessions import PageSessions

    app.session_interface = PageSessions()
    if settings.proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    explain_everywhere(app)
    return app


def init_app(
    host_app: Flask,
    url_prefix: str = "/wulian",
    users: HostUsers | None = None,
    config: Mapping[str, object] | None = None,
    *,
    engine: "ProcessEngine | None" = None,
) -> Wulian:
    """Mount Wulian in an existing application.

    The host's login is used: ``users`` tells who is signed in, and people are mirrored here by their id
    there. Nothing of the host changes: its templates, static files, languages, sessions and error pages stay
    its own. ``config`` holds our settings, which otherwise come from the host's configuration or the
    environment. The host needs a ``secret_key``, and its ``CSRFProtect``, if it has one, comes before this
    call.
    """
    if users is None:
        raise TypeError("init_app needs `users`: who is signed in at the host (see web.hosting.HostUsers)")
    settings = read_settings({**host_app.config, **(config or {})}, mounted=True)
    return _mount(host_app, settings, "/" + url_prefix.strip("/"), users, engine)


def _mount(
    app: Flask,
    settings: Settings,
    url_prefix: str,
    users: HostUsers | None,
    engine: "ProcessEngine | None",
) -> Wulian:
    from web.api import make_api
    from web.database import web_database
    from web.opening import open_engine
    from web.pages import make_pages

    if engine is not None:
        wulian = Wulian(settings, lambda: engine, users)
    else:
        database = web_database(app, settings.database_url)
        wulian = Wulian(settings, lambda: open_engine(settings, database()), users)
    app.extensions[extension.KEY] = wulian
    app.register_blueprint(make_pages(), url_prefix=url_prefix)
    make_api(app, f"{url_prefix}/api/v1")
    return wulian
