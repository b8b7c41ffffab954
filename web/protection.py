"""No form of ours is accepted from another site's page (CSRF).

The tokens are Flask-WTF's, so they are also what a host application's own ``CSRFProtect`` expects; in a host
without one, the check here stands alone.
"""

from flask import g, request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

_READING = {"GET", "HEAD", "OPTIONS"}


class StaleForm(Exception):
    """The form belongs to another session: the page stood open too long, or it comes from elsewhere."""


def check_form() -> None:
    """A ``before_request`` for pages. Raises StaleForm."""
    if request.method in _READING or g.get("csrf_valid"):
        return
    try:
        # A form may stay open as long as the session lasts; a shorter limit would only lose people's work.
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"), time_limit=10**9)
    except ValidationError as error:
        raise StaleForm from error
