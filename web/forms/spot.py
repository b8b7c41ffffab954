"""One component at its place on the page, with what is known about it there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.forms import Component, Occasion, Prefilled, StoredFile
from engine.forms.reading import Reading
from engine.text import Text
from web.forms.views import KeptFile, OptionView

FileLink = Callable[[str], str]


@dataclass(frozen=True)
class Filling:
    """A form being filled in: what every field of it needs to know."""

    occasion: Occasion
    locale: str
    errors: Mapping[str, list[Text]]
    prefilled: Mapping[str, Prefilled]
    watched: frozenset[str]
    file_link: FileLink | None = None
    focus: str = ""
    #: error paths that found their place, with the id of the input
    placed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spot:
    """A component, where it stands, and what was typed into it."""

    component: Component
    reading: Reading
    filling: Filling
    path: str
    above: tuple[str, ...] = ()

    @property
    def raw(self) -> Any:
        """What was typed."""
        return self.reading.raw.get(self.component.key)

    @property
    def name(self) -> str:
        """The HTML name: ``goals-0-target``."""
        return self.path.replace(".", "-")

    @property
    def id(self) -> str:
        """The HTML id of the field."""
        return f"f-{self.name}"

    @property
    def updates(self) -> bool:
        """Whether a change here may show, hide or work out something else."""
        return any(key in self.filling.watched for key in (*self.above, self.component.key))

    @property
    def required(self) -> bool:
        """Whether it must be filled in as things stand."""
        return self.reading.is_required(self.component, self.filling.occasion)

    def say(self, text: Text | None) -> str:
        """Words in the language of the page."""
        return "" if text is None else text.to(self.filling.locale)

    def part(self, part: str) -> Any:
        """What was typed into a part of the field; a bare value counts as its first part."""
        if isinstance(self.raw, Mapping):
            return self.raw.get(part)
        return None

    def errors(self, part: str = "", target: str = "") -> tuple[str, ...]:
        """The sentences for the field or a part of it; ``target`` is the input the summary should lead to."""
        path = f"{self.path}.{part}" if part else self.path
        found = self.filling.errors.get(path, [])
        if found:
            self.filling.placed.setdefault(path, target or self.id)
        return tuple(text.to(self.filling.locale) for text in found)

    def kept_files(self, ids: object) -> tuple[KeptFile, ...]:
        """Files uploaded before, as far as they are still there."""
        items = ids if isinstance(ids, list) else [ids]
        found: list[KeptFile] = []
        for each in items:
            file_id = each.get("id") if isinstance(each, Mapping) else each
            stored = (
                self.filling.occasion.files.find(file_id) if isinstance(file_id, str) and file_id else None
            )
            if stored is not None:
                found.append(kept_file(stored, self.filling.file_link))
        return tuple(found)

    def option_views(self, offered: Any, chosen: set[str], name: str) -> tuple[OptionView, ...]:
        """Options with those chosen marked."""
        return tuple(
            OptionView(
                id=f"f-{name}" if at == 0 else f"f-{name}-{at}",
                value=option.value,
                label=self.say(option.label),
                hint=self.say(option.hint),
                chosen=option.value in chosen,
            )
            for at, option in enumerate(offered)
        )


def kept_file(stored: StoredFile, file_link: FileLink | None) -> KeptFile:
    """A stored file with its size in words."""
    link = file_link(stored.id) if file_link is not None else ""
    return KeptFile(stored.id, stored.name, size_words(stored.size), link)


def size_words(size: int) -> str:
    """1.2 MB, 340 kB."""
    if size >= 1024 * 1024:
        return f"{size / (1024 * 1024):.1f} MB"
    return f"{max(1, round(size / 1024))} kB"


def text_of(raw: object) -> str:
    """What was typed, as an input shows it again; nothing for what no input can hold."""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, str):
        return raw
    return str(raw) if isinstance(raw, int | float) else ""
