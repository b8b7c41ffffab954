"""No form of ours is accepted from another site's page (CSRF).

The tokens are Flask-WTF's, so they are also what a host application's own ``CSRFProtect`` expects; in a host
without one, the check here stands alone.
"""

from flask import abort, g, request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

_READING = {"GET", "HEAD", "OPTIONS"}


#: What one request may bring, where the application at hand sets no limit of its own.
_LARGEST, _MOST_TEXT = 60 * 1024 * 1024, 2 * 1024 * 1024


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


def check_readable() -> None:
    """A ``before_request`` for pages: no flood, and no NUL, which no browser sends and no database keeps. In
    the answers of a form it is left to the form.
    """
    if request.max_content_length is None:
        request.max_content_length = _LARGEST
        request.max_form_memory_size = _MOST_TEXT
    texts = [request.path, *request.args.values()]
    if request.endpoint is not None and not request.endpoint.endswith(("task_send", "start_send")):
        texts += request.form.values()
    if any("\0" in text for text in texts):
        abort(400)
