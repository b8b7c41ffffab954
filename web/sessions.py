"""Sessions for pages only: the API knows tokens and files are nobody's, so those requests neither read nor
write a cookie.
"""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

WITHOUT_SESSION = ("/api/", "/assets/", "/icons", "/healthz")


class PageSessions(SecureCookieSessionInterface):
    """Flask's signed cookies, left alone on paths that need nobody to be signed in."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(WITHOUT_SESSION):
            return self.make_null_session(app)
        return super().open_session(app, request)
