"""The interface's words: English in the source, Chinese and English in the catalogues.

The catalogues are ours alone (a Flask-Babel domain of our own), and so is the choice of language. A host
application may use Flask-Babel with other languages, or not use it: neither notices the other.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.support import NullTranslations, Translations
from flask import g, has_request_context, request
from flask_babel import Domain

from web.settings import LOCALES

FOLDER = Path(__file__).parent / "translations"
COOKIE = "wulian_language"
NAMES = {"zh_Hans_CN": "中文", "en": "English"}
HTML = {"zh_Hans_CN": "zh-Hans-CN", "en": "en"}


class Words(Domain):
    """Our catalogues, in the language of the request at hand."""

    def get_translations(self) -> Translations | NullTranslations:
        return catalogue(locale())


def locale() -> str:
    """The language of this request: one of :data:`web.settings.LOCALES`. Set by :func:`use`, else Chinese."""
    return g.get("wulian_locale", LOCALES[0]) if has_request_context() else LOCALES[0]


def use(chosen: str) -> None:
    """Speak this language for the rest of the request."""
    g.wulian_locale = chosen if chosen in LOCALES else LOCALES[0]


def before_sign_in() -> str:
    """What a person who is not signed in reads: what they chose on this device, else Chinese (many a PC in
    China asks for English).
    """
    return request.cookies.get(COOKIE, LOCALES[0])


@lru_cache(maxsize=len(LOCALES) * 2)
def catalogue(language: str) -> Translations | NullTranslations:
    """One catalogue. Compiled at build; a newer source, as while developing, is compiled in memory."""
    source = FOLDER / language / "LC_MESSAGES" / "messages.po"
    compiled = source.with_suffix(".mo")
    if compiled.exists() and (not source.exists() or compiled.stat().st_mtime >= source.stat().st_mtime):
        return Translations.load(FOLDER, [language])
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    binary = BytesIO()
    with source.open("rb") as file:
        write_mo(binary, read_po(file, locale=language))
    binary.seek(0)
    return Translations(binary)


words = Words()
_ = words.gettext
ngettext = words.ngettext
lazy = words.lazy_gettext
