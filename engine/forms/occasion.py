"""What a form is filled in against: the moment, the lists to choose from, the files at hand, what is
known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.forms.model import Component, NamedOptions, Option, OptionList, OptionSource

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class StoredFile:
    """A file already kept by the document store."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Upload:
    """A file as it came in; ``content`` in full, as uploads are bounded before they get here."""

    name: str
    content: bytes


class FileSource(Protocol):
    """The document store, as far as a form needs it."""

    def keep(self, upload: Upload, media_type: str) -> StoredFile:
        """Store a checked upload at once, so that a form shown again has lost nothing."""
        ...

    def find(self, file_id: str) -> StoredFile | None:
        """The file of this id, if the person filling in may attach it."""
        ...


class NoFiles:
    """No document store: every upload is refused."""

    def keep(self, upload: Upload, media_type: str) -> StoredFile:
        raise LookupError("there is no document store here")

    def find(self, file_id: str) -> StoredFile | None:
        return None


@dataclass(frozen=True)
class Occasion:
    """The circumstances of one filling-in. ``known`` are the names FEEL sees beside the form's own fields."""

    now: datetime
    known: Mapping[str, object] = field(default_factory=dict)
    source: OptionSource = field(default_factory=NamedOptions)
    files: FileSource = field(default_factory=NoFiles)
    _lists: dict[tuple[str, tuple[tuple[str, str], ...]], Sequence[Option]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Today in China."""
        return self.now.astimezone(SHANGHAI).date()

    def named(self, name: str, **params: str) -> Sequence[Option]:
        """A list of the option source, asked for once."""
        key = (name, tuple(sorted(params.items())))
        if key not in self._lists:
            self._lists[key] = self.source.options(name, params)
        return self._lists[key]

    def options(self, component: Component) -> Sequence[Option]:
        """The options of a component."""
        if isinstance(component.options, OptionList):
            return self.named(component.options.name, **dict(component.options.params))
        return component.options or ()
