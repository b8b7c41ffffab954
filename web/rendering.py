"""Pages out of templates.

The templates have a Jinja environment of their own, so that nothing a host application sets up (loaders,
filters, globals, a ``_`` of another catalogue) changes what our pages show, and nothing of ours shows in the
host's.
"""

import gzip
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import jinja2
from flask import Response, g, make_response, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from engine.text import Text
from web import assets, dates, headers, language
from web.extension import PAGES, wulian
from web.roles import role_name

if TYPE_CHECKING:
    from web.identity import Me

FOLDER = Path(__file__).parent / "templates"
LARGE_COOKIE = "wulian_large"
_WORTH_PRESSING = 1400  # bytes; less fits into one packet anyway
_PRESSED = {"text/html", "application/xml"}  # a diagram weighs more than all the rest of its page


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The environment of our templates; made at the first page."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Jinja puts the values in itself, and escapes them on the way.
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: language.words.get_translations().ugettext(text),
        lambda one, many, count: language.words.get_translations().ungettext(one, many, count),
        newstyle=True,
    )
    env.globals.update(
        link=link,
        asset=asset,
        entry=assets.entry,
        csrf_field=csrf_field,
        csrf_token=generate_csrf,
        nonce=headers.nonce,
        new_key=lambda: uuid4().hex,
        icon=icon,
        role_name=lambda key: dict(role_name(key)),
    )
    env.filters.update(
        to=lambda value: said(value),
        day=dates.day,
        full_day=dates.full_day,
        moment=dates.moment,
        clock=dates.clock,
    )
    return env


def link(page: str, **values: object) -> str:
    """The address of one of our pages, under whatever prefix it is mounted."""
    return url_for(f"{PAGES}.{page}", **values)  # type: ignore[arg-type]


def asset(name: str) -> str:
    """The address of a built file."""
    return url_for(f"{PAGES}.asset", name=name)


def csrf_field() -> Markup:
    """The hidden field that every form which changes something carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def icon(name: str) -> Markup:
    """A small drawing beside a word; never instead of one."""
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    ).format(url_for(f"{PAGES}.icons"), name)


def said(value: object) -> str:
    """A :class:`Text`, or words by language as bundles and forms have them, in the language of the page."""
    if isinstance(value, Text):
        return value.to(language.locale())
    if isinstance(value, dict):
        return str(value.get(language.locale()) or value.get("zh_Hans_CN") or next(iter(value.values()), ""))
    return "" if value is None else str(value)


def render(template: str, *, status: int = 200, **context: object) -> Response:
    """One page."""
    text = (
        environment()
        .get_template(template)
        .render(
            me=_me(),
            locale=language.locale(),
            languages=language.NAMES,
            html_language=language.HTML[language.locale()],
            large=request.cookies.get(LARGE_COOKIE) == "1",
            settings=wulian().settings,
            now=_now,  # a call, so that a page that tells of a broken database needs none
            partial=partial(),
            path=request.full_path if request.query_string else request.path,
            **context,
        )
    )
    response = make_response(text, status)
    response.headers["Vary"] = "Cookie, Accept-Encoding, HX-Request"
    return response


def partial() -> bool:
    """Whether only a part of the page is asked for."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") == "partial"


def press(response: Response) -> Response:
    """An ``after_request``: pages leave compressed, also where no proxy does it.

    A compressed answer can betray a secret beside text that an attacker chooses (BREACH), if the attacker can
    make the browser ask again and again with its cookies; ``SameSite=Lax`` keeps cookies out of such
    requests.
    """
    if (
        response.direct_passthrough
        or response.mimetype not in _PRESSED
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
    ):
        return response
    content = response.get_data()
    if len(content) >= _WORTH_PRESSING:
        response.set_data(gzip.compress(content, 5))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _me() -> "Me | None":
    return g.get("wulian_me")


def _now() -> datetime:
    return wulian().engine.clock.now()
