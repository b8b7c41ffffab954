"""Files that were attached: only as a download, never shown by the browser as a page of ours."""

from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response

from engine.queries.documents import document_content
from web.extension import engine
from web.identity import actor, needs_sign_in

_HARMLESS = {"image/png", "image/jpeg", "image/webp"}


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/documents/<uuid:document_id>", "document", download)


@needs_sign_in
def download(document_id: UUID) -> Response:
    """One file, for those who may see the matter or case it belongs to."""
    found = document_content(engine(), actor(), document_id)
    response = Response(found.content, mimetype=found.media_type)
    shown = "inline" if found.media_type in _HARMLESS else "attachment"
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(found.name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
