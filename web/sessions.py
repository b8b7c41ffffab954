"""Sessions for pages only: the API knows tokens, so its requests neither read nor write a cookie."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

API_PREFIX = "/api/"


class PageSessions(SecureCookieSessionInterface):
    """Flask's signed cookies, left alone on the paths of the API."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(API_PREFIX):
            return self.make_null_session(app)
        return super().open_session(app, request)
