"""What a program sends must be readable: no flood, no text that a database can't keep."""

import json
from typing import Any

from flask import abort, request

LARGEST = 2 * 1024 * 1024
DEEPEST = 40


def check_body() -> None:
    """A ``before_request``. Ends the request with 400 or 413."""
    request.max_content_length = min(request.max_content_length or LARGEST, LARGEST)
    if not all(_fit(text) for text in (request.path, *request.args.values())):
        abort(400)
    body = request.get_data() if request.is_json else b""
    if not body:
        return
    try:
        sent = json.loads(body, parse_constant=_no_number)
        fits = _fit(sent)
    except (ValueError, RecursionError):
        abort(400)
    if not fits:
        abort(400)


def _no_number(name: str) -> object:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


def _fit(value: Any, depth: int = 0) -> bool:
    """Neither NUL nor half a surrogate pair in any text, and no nesting beyond reason."""
    if isinstance(value, str):
        return (value.isascii() or _whole(value)) and "\0" not in value
    if depth >= DEEPEST:
        return not isinstance(value, dict | list)
    if isinstance(value, dict):
        return all(_fit(key) and _fit(each, depth + 1) for key, each in value.items())
    return not isinstance(value, list) or all(_fit(each, depth + 1) for each in value)


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
