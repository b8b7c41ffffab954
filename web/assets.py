"""The built front end: which file an entry became, and serving it small and for good.

Names carry a hash of their content, so a browser may keep a file for ever.
"""

import gzip
import json
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Response, abort, request

DIST = Path(__file__).parent / "static" / "dist"
ICONS = Path(__file__).parent / "static" / "icons"
_FOR_EVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_LONGEST = 200
_SMALLER_WHEN_PRESSED = {
    "text/css",
    "text/javascript",
    "application/javascript",
    "image/svg+xml",
    "application/json",
}


@dataclass(frozen=True)
class Entry:
    """What a page has to load for one entry of the front end: names below ``assets/``."""

    script: str
    styles: tuple[str, ...]


def entry(name: str) -> Entry | None:
    """The entry ``src/<name>/<name>.js`` as built; ``None`` where the front end was not built: pages work
    without it, plainly.
    """
    manifest = DIST / "manifest.json"
    try:
        return _entries(manifest.stat().st_mtime_ns).get(name)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=2)
def _entries(_changed: int) -> dict[str, Entry]:
    manifest = json.loads((DIST / "manifest.json").read_text())
    return {
        item["name"]: Entry(item["file"].removeprefix("assets/"), tuple(_styles(manifest, source)))
        for source, item in manifest.items()
        if item.get("isEntry")
    }


def _styles(manifest: dict[str, dict[str, list[str]]], source: str) -> list[str]:
    item = manifest[source]
    found = [style.removeprefix("assets/") for style in item.get("css", ())]
    for imported in item.get("imports", ()):
        found += [style for style in _styles(manifest, imported) if style not in found]
    return found


@lru_cache(maxsize=64)
def _content(path: Path, _changed: int) -> tuple[bytes, bytes | None]:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or ""
    return content, gzip.compress(content, 9) if media_type in _SMALLER_WHEN_PRESSED else None


def serve(folder: Path, name: str, *, for_ever: bool) -> Response:
    """One static file, compressed where the browser understands it."""
    if "\0" in name or len(name) > _LONGEST:
        abort(404)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        abort(404)
    content, pressed = _content(path, path.stat().st_mtime_ns)
    response = Response(content, mimetype=mimetypes.guess_type(path.name)[0] or "application/octet-stream")
    if pressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"]:
            response.set_data(pressed)
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = _FOR_EVER if for_ever else _A_DAY
    return response
