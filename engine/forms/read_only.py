"""A completed form to read: in the history, on paper, before one signs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.forms.model import Component, Form, OptionSource, Sensitivity
from engine.forms.occasion import NoFiles, Occasion
from engine.forms.registry import field_type
from engine.forms.types.groups import row_name
from engine.text import Text

NOT_GIVEN = Text("未填写", "Not given")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """One line of a completed form. ``above`` names the groups and rows around it, outermost first."""

    section: str
    path: str
    above: tuple[str, ...]
    label: str
    text: str
    sensitivity: Sensitivity
    files: tuple[Mapping[str, Any], ...] = ()


def read_only(
    form: Form, values: Mapping[str, object], locale: str, *, options: OptionSource | None = None
) -> list[tuple[str, str]]:
    """Label and words of every field that was shown, in order. Fields in rows carry the row's name."""
    answers = read_answers(form, values, locale, options=options)
    return [(" · ".join((*each.above, each.label)), each.text) for each in answers]


def read_answers(
    form: Form, values: Mapping[str, object], locale: str, *, options: OptionSource | None = None
) -> list[Answer]:
    """The same with sections, paths and files. ``values`` are those of :class:`~engine.forms.Validated`."""
    occasion = (
        Occasion(_LONG_AGO, files=NoFiles()) if options is None else Occasion(_LONG_AGO, source=options)
    )
    found: list[Answer] = []
    for section in form.sections:
        writer = _Writer(section.key, locale, occasion, found)
        writer.level(section.components, values, "", ())
    return found


@dataclass
class _Writer:
    section: str
    locale: str
    occasion: Occasion
    found: list[Answer]

    def level(
        self, components: Sequence[Component], values: Mapping[str, Any], path: str, above: tuple[str, ...]
    ) -> None:
        for each in components:
            if each.key not in values:
                continue
            value, here = values[each.key], f"{path}{each.key}"
            if each.type == "group":
                self.level(each.components, value or {}, f"{here}.", (*above, each.label.to(self.locale)))
            elif each.type == "repeated_group" and value:
                for at, row in enumerate(value):
                    row_words = row_name(each, at).to(self.locale)
                    heading = (*above, each.label.to(self.locale), row_words)
                    self.level(each.components, row, f"{here}.{at}.", heading)
            elif not field_type(each.type).shows_only:
                self.answer(each, value, here, above)

    def answer(self, component: Component, value: Any, path: str, above: tuple[str, ...]) -> None:
        if component.type == "computed" and not component.settings["show"]:
            return
        empty = value is None or value == [] or value == ""
        kind = field_type(component.type)
        text = (
            NOT_GIVEN.to(self.locale) if empty else kind.display(component, value, self.locale, self.occasion)
        )
        self.found.append(
            Answer(
                self.section,
                path,
                above,
                component.label.to(self.locale),
                text,
                component.sensitivity,
                _files(value) if kind.takes_files else (),
            )
        )


def _files(value: Any) -> tuple[Mapping[str, Any], ...]:
    """The stored files in a value."""
    held = value.get("file") if isinstance(value, Mapping) else value
    items = held if isinstance(held, list) else [held]
    return tuple(each for each in items if isinstance(each, Mapping) and "id" in each)
