"""The interface for programs: ``/api/v1``, described by OpenAPI 3.1.

It knows tokens only. Its requests open no session, look for no language and make no page; a token's owner is
kept for a few seconds.
"""

from flask import Flask
from flask_smorest import Api

from web.api import cases, instances, messages, service, tasks

_PREFIX = "WULIAN"


class WulianApi(Api):
    """flask-smorest without its error handlers for the whole application: errors of ours are answered by our
    blueprints, a host's by the host.
    """

    def _register_error_handlers(self) -> None:
        pass


def make_api(app: Flask, prefix: str) -> WulianApi:
    """Register the interface below ``prefix``."""
    app.config.setdefault(f"{_PREFIX}_API_TITLE", "Wulian")
    app.config.setdefault(f"{_PREFIX}_API_VERSION", "v1")
    app.config.setdefault(f"{_PREFIX}_OPENAPI_VERSION", "3.1.0")
    app.config.setdefault(f"{_PREFIX}_OPENAPI_URL_PREFIX", prefix)
    api = WulianApi(
        app,
        config_prefix=_PREFIX,
        spec_kwargs={
            "info": {"description": "Process instances, tasks, messages and cases."},
            "security": [{"token": []}],
        },
    )
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for room in (service, instances, tasks, messages, cases):
        api.register_blueprint(room.blueprint, url_prefix=prefix)
        # A token is sent on purpose, never by a browser on its own: a host's check for forms is not for it.
        if "csrf" in app.extensions:
            app.extensions["csrf"].exempt(room.blueprint)
    return api
