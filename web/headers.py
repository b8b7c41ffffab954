"""Headers on every answer of ours.

Written here and not taken from flask-talisman, because that works on a whole application: inside a host it
would change the host's own pages.
"""

import secrets

from flask import Response, g, request

from web.extension import wulian

_SAME_FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}


def nonce() -> str:
    """The word that marks this answer's own inline scripts and styles."""
    if "wulian_nonce" not in g:
        g.wulian_nonce = secrets.token_urlsafe(16)
    return str(g.wulian_nonce)


def allow_drawing() -> None:
    """For a page with a diagram: the drawing library places its parts by style attributes."""
    g.wulian_drawing = True


def secure(response: Response) -> Response:
    """An ``after_request`` for our blueprints."""
    for name, value in _SAME_FOR_ALL.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", _policy())
    # Offices share their computers: nothing personal stays behind in a cache.
    response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure and wulian().settings.secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def _policy() -> str:
    parts = [
        "default-src 'none'",
        f"script-src 'self' 'nonce-{nonce()}'",
        f"style-src 'self' 'nonce-{nonce()}'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    if g.get("wulian_drawing"):
        parts.append("style-src-attr 'unsafe-inline'")
    return "; ".join(parts)
