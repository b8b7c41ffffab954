"""What a form is, once read: plain, frozen data. ``docs/forms.md`` describes the JSON it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from engine.forms.formulas import Formula
from engine.text import Text


class Sensitivity(StrEnum):
    """How private a value is (个人信息保护法 28: sensitive personal information)."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Option:
    """One answer of a list. ``parent`` is the option of a wider list it belongs to (a community's street)."""

    value: str
    label: Text
    hint: Text | None = None
    parent: str | None = None


@dataclass(frozen=True)
class OptionList:
    """A list the caller supplies by name, narrowed by ``params``."""

    name: str
    params: tuple[tuple[str, str], ...] = ()


class OptionSource(Protocol):
    """Supplies named lists: organisations, users, streets, communities, grids, a bundle's own."""

    def options(self, name: str, params: Mapping[str, str]) -> Sequence[Option]:
        """The options of a list, in the order to show them; empty when there is no such list."""
        ...


@dataclass(frozen=True)
class NamedOptions:
    """An :class:`OptionSource` over lists in memory; ``params`` narrow by an option's ``parent`` only."""

    lists: Mapping[str, Sequence[Option]] = field(default_factory=dict)

    def options(self, name: str, params: Mapping[str, str]) -> Sequence[Option]:
        parent = params.get("parent")
        found = self.lists.get(name, ())
        return [each for each in found if parent is None or each.parent == parent]


@dataclass(frozen=True)
class Check:
    """A rule between fields. ``at`` is the key of the field that shows the message, None for the form
    itself."""

    rule: Formula
    message: Text
    at: str | None = None


@dataclass(frozen=True)
class Component:
    """A field, a group or something to read. ``settings`` holds what only its type knows."""

    key: str
    type: str
    label: Text
    hint: Text | None = None
    required: bool | Formula = False
    visible_when: tuple[Formula, ...] = ()
    prefill: Formula | None = None
    binds: str | None = None
    default: object = None
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    variable: str | None = None
    checks: tuple[Check, ...] = ()
    options: tuple[Option, ...] | OptionList | None = None
    autocomplete: str = "off"
    components: tuple["Component", ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """One topic. ``title`` is empty for a form that gave its components without sections."""

    key: str
    title: Text
    hint: Text | None
    components: tuple[Component, ...]


@dataclass(frozen=True)
class Form:
    """A form as published. Values are keyed by component key, whatever section they stand in."""

    key: str
    title: Text
    hint: Text | None
    sections: tuple[Section, ...]
    submit_label: Text | None = None
    checks: tuple[Check, ...] = ()

    @property
    def components(self) -> tuple[Component, ...]:
        """The components at the top level, over all sections."""
        return tuple(each for section in self.sections for each in section.components)

    @property
    def pages(self) -> tuple[Section, ...]:
        """The sections, one topic a page."""
        return self.sections

    def watched(self) -> frozenset[str]:
        """Keys whose change may show, hide, demand or work out something else on the page."""
        found: set[str] = set()
        for _, each in self.fields():
            settings = [each.settings.get("formula"), each.settings.get("rows")]
            for formula in (*each.visible_when, each.required, *settings):
                if isinstance(formula, Formula):
                    found |= formula.names
        return frozenset(found)

    def fields(self) -> Iterator[tuple[str, Component]]:
        """Every component with its path; rows of a repeated group count once: ``goals.target``."""
        return walk(self.components)


def walk(components: Sequence[Component], path: str = "") -> Iterator[tuple[str, Component]]:
    """Components with their paths, groups before what they hold."""
    for each in components:
        here = f"{path}{each.key}"
        yield here, each
        yield from walk(each.components, f"{here}.")
