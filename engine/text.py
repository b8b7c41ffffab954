"""Sentences for people, in the languages the engine speaks itself."""

from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in Chinese and English; the interface picks one with :meth:`to`."""

    zh: str
    en: str

    def to(self, locale: str) -> str:
        """The sentence for a locale such as ``zh_Hans_CN`` or ``en``; Chinese where the locale is unknown."""
        return self.en if locale.startswith("en") else self.zh

    def __str__(self) -> str:
        return self.zh
