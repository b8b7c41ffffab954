"""Reads a form from its JSON. Every problem is reported with its place, none is passed over."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import Invalid
from engine.forms.formulas import Formula
from engine.forms.model import Check, Component, Form, Option, OptionList, Section, Sensitivity
from engine.forms.place import Place, Problems
from engine.forms.registry import field_type, field_types
from engine.forms.types.base import FieldType
from engine.text import Text

MAX_BYTES = 512 * 1024
MAX_COMPONENTS = 300
MAX_DEPTH = 4
MAX_OPTIONS = 1000
MAX_CHECKS = 50
_BINDING = re.compile(r"[^\W\d_]\w{0,63}(\.[^\W\d_]\w{0,63}){1,5}")
_GROUPS = ("group", "repeated_group")
_AUTOCOMPLETE = (
    "off", "on", "name", "tel", "email", "bday", "street-address", "organization", "organization-title",
)  # fmt: skip


def read_form_text(source: str | bytes) -> Form:
    """Read a form from JSON text. Raises :class:`Invalid` as :func:`read_form` does, or for text that is no
    JSON."""
    if len(source) > MAX_BYTES:
        raise Invalid(Text("表单文件超过 512 kB", "the form is larger than 512 kB"), code="form_invalid")
    try:
        data = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise Invalid(
            Text(f"表单不是合格的 JSON:{error}", f"the form is not JSON: {error}"), code="form_invalid"
        ) from error
    if not isinstance(data, dict):
        raise Invalid(Text("表单应为一个 JSON 对象", "a form is a JSON object"), code="form_invalid")
    return read_form(data)


def read_form(data: Mapping[str, Any]) -> Form:
    """Read a form. Raises :class:`Invalid` with every problem; ``fields`` maps the place
    (``sections[1].components[0].visible_when``) to its sentences."""
    problems: Problems = {}
    form = _Reader(problems).form(Place(data, "", problems))
    if problems:
        where, texts = next(iter(problems.items()))
        count = sum(len(each) for each in problems.values())
        raise Invalid(
            Text(
                f"表单有 {count} 处问题，第一处在 {where or '/'}:{texts[0].zh}",
                f"the form has {count} problem(s), the first at {where or '/'}: {texts[0].en}",
            ),
            fields=problems,
            code="form_invalid",
        )
    return form


class _Reader:
    """Counts components over the whole form while it reads."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.count = 0

    def form(self, place: Place) -> Form:
        key = place.take_name("form", needed=True)
        title = place.take_words("title", needed=True) or Text("", "")
        hint = place.take_words("hint")
        submit_label = place.take_words("submit_label")
        keys: set[str] = set()
        sections: tuple[Section, ...]
        taken, bare = place.take("sections"), place.take("components")
        if (taken is None) == (bare is None):
            place.problem("", "应有 sections 或 components 之一", "either sections or components is expected")
            sections = ()
        elif taken is not None:
            items = place.items("sections", taken, 50)
            found = [
                self.section(place.inside(f"sections[{at}]", each), keys) for at, each in enumerate(items)
            ]
            sections = tuple(found)
            self._unlike(place, [section.key for section in sections])
        else:
            components = self.components(place, "components", bare, keys, (), 1)
            sections = (Section("form", Text("", ""), None, components),)
        checks = self.checks(place, keys, own=False)
        place.refuse_unknown()
        return Form(key, title, hint, sections, submit_label, checks)

    def section(self, place: Place, keys: set[str]) -> Section:
        key = place.take_name("key", needed=True)
        title = place.take_words("title", needed=True) or Text("", "")
        hint = place.take_words("hint")
        when = place.take_formula("visible_when")
        conditions = (when,) if when else ()
        components = self.components(
            place, "components", place.take("components", needed=True), keys, conditions, 1
        )
        place.refuse_unknown()
        return Section(key, title, hint, components)

    @staticmethod
    def _unlike(place: Place, keys: Sequence[str]) -> None:
        for at, key in enumerate(keys):
            if key and key in keys[:at]:
                place.problem(f"sections[{at}].key", f"{key} 重复", f"{key} is there twice")

    def components(
        self,
        place: Place,
        name: str,
        taken: object,
        keys: set[str],
        conditions: tuple[Formula, ...],
        depth: int,
        in_rows: bool = False,
    ) -> tuple[Component, ...]:
        if taken is None:
            return ()
        if depth > MAX_DEPTH:
            place.problem(name, f"最多 {MAX_DEPTH} 层", f"at most {MAX_DEPTH} levels")
            return ()
        found: list[Component] = []
        for at, each in enumerate(place.items(name, taken, MAX_COMPONENTS)):
            self.count += 1
            if self.count == MAX_COMPONENTS + 1:
                place.problem(
                    f"{name}[{at}]", f"最多 {MAX_COMPONENTS} 个字段", f"at most {MAX_COMPONENTS} components"
                )
            if self.count > MAX_COMPONENTS:
                break
            inner = place.inside(f"{name}[{at}]", each)
            component = self.component(inner, conditions, depth, f"{name}_{at}", in_rows)
            if component is None:
                continue
            if component.key in keys:
                inner.problem("key", f"{component.key} 重复", f"{component.key} is there twice")
            keys.add(component.key)
            found.append(component)
        return tuple(found)

    def component(
        self, place: Place, conditions: tuple[Formula, ...], depth: int, spare_key: str, in_rows: bool
    ) -> Component | None:
        named = place.take("type", needed=True)
        if not isinstance(named, str) or named not in field_types():
            if named is not None:
                place.problem(
                    "type", f"没有这种字段类型: {str(named)[:40]}", f"no such field type: {str(named)[:40]}"
                )
            return None
        kind = field_type(named)
        is_text = named == "text_block"
        key = place.take_name("key", needed=not is_text) or spare_key
        label = place.take_words("label", needed=not is_text) or Text("", "")
        hint = place.take_words("hint")
        when = place.take_formula("visible_when")
        required = self.required(place)
        binds = self.binds(place)
        sensitivity, variable = self.privacy(place, kind, key)
        self.prefills(place, kind, in_rows)
        inner: tuple[Component, ...] = ()
        if named in _GROUPS:
            inner = self.components(
                place,
                "components",
                place.take("components", needed=True),
                set(),
                (),
                depth + 1,
                in_rows or named == "repeated_group",
            )
        component = Component(
            key=key,
            type=named,
            label=label,
            hint=hint,
            required=required,
            visible_when=(*conditions, when) if when else conditions,
            prefill=place.take_formula("prefill"),
            binds=binds,
            default=self.default(place),
            sensitivity=sensitivity,
            variable=variable,
            checks=self.checks(place, None, own=True),
            options=self.options(place, kind),
            autocomplete=place.take_one_of("autocomplete", _AUTOCOMPLETE, "off"),
            components=inner,
            settings=kind.configure(place),
        )
        place.refuse_unknown()
        return component

    @staticmethod
    def required(place: Place) -> bool | Formula:
        value = place.take("required")
        if isinstance(value, str):
            return place.formula("required", value) or False
        return place.take_flag("required", False)

    @staticmethod
    def prefills(place: Place, kind: FieldType, in_rows: bool) -> None:
        """Refuse prefills that would do nothing or too much."""
        for name in ("prefill", "default"):
            if kind.given_afresh and place.data.get(name) is not None:
                place.problem(
                    name,
                    "这种字段每次都须重新填写，不能预填",
                    "this is given afresh each time, never prefilled",
                )
        for name in ("prefill", "binds"):
            if in_rows and place.data.get(name) is not None:
                place.problem(
                    name, "请写在重复组上，而不是行内", "say this at the repeated group, not inside its rows"
                )

    @staticmethod
    def binds(place: Place) -> str | None:
        path = place.take_string("binds")
        if path is not None and not _BINDING.fullmatch(path):
            place.problem(
                "binds", "应为 client.mobile 这样的路径", "a path such as client.mobile is expected"
            )
            return None
        return path

    @staticmethod
    def default(place: Place) -> object:
        value = place.take("default")
        if value is not None and not _is_plain(value):
            place.problem("default", "默认值应为简单的值", "a default is a plain value")
            return None
        return value

    @staticmethod
    def privacy(place: Place, kind: FieldType, key: str) -> tuple[Sensitivity, str | None]:
        """The sensitivity, and the name of the process variable if the value becomes one."""
        given = place.take_one_of("sensitivity", tuple(Sensitivity), kind.sensitivity)
        sensitivity = Sensitivity(given)
        if list(Sensitivity).index(sensitivity) < list(Sensitivity).index(kind.sensitivity):
            place.problem(
                "sensitivity",
                f"这种字段至少是 {kind.sensitivity}",
                f"this kind of field is at least {kind.sensitivity}",
            )
        wanted = place.take("to_variable")
        if wanted is None:
            return sensitivity, key if sensitivity is Sensitivity.PUBLIC else None
        if wanted is False:
            return sensitivity, None
        if sensitivity is Sensitivity.SENSITIVE:
            place.problem(
                "to_variable", "敏感信息不能成为流程变量", "sensitive values never become process variables"
            )
            return sensitivity, None
        if wanted is True:
            return sensitivity, key
        return sensitivity, place.take_name("to_variable") or None

    def checks(self, place: Place, keys: set[str] | None, *, own: bool) -> tuple[Check, ...]:
        taken = place.take("checks")
        if taken is None:
            return ()
        found: list[Check] = []
        for at, each in enumerate(place.items("checks", taken, MAX_CHECKS)):
            inner = place.inside(f"checks[{at}]", each)
            rule, message = inner.take_formula("rule", needed=True), inner.take_words("message", needed=True)
            target = None if own else inner.take_name("at") or None
            if target is not None and keys is not None and target not in keys:
                inner.problem("at", f"没有这个字段: {target}", f"no such field: {target}")
            inner.refuse_unknown()
            if rule is not None and message is not None:
                found.append(Check(rule, message, target))
        return tuple(found)

    def options(self, place: Place, kind: FieldType) -> tuple[Option, ...] | OptionList | None:
        if kind.has_options == "none":
            return None
        taken = place.take("options", needed=kind.has_options == "must")
        if taken is None:
            return None if kind.has_options in ("may", "must") else OptionList(kind.has_options)
        if isinstance(taken, str):
            name = place.take_name("options")
            return OptionList(name) if name else None
        if isinstance(taken, Mapping):
            return self.option_list(place.inside("options", taken))
        found: list[Option] = []
        for at, each in enumerate(place.items("options", taken, MAX_OPTIONS)):
            option = self.option(place, f"options[{at}]", each)
            if option is None:
                continue
            if any(option.value == other.value for other in found):
                place.problem(f"options[{at}]", f"{option.value} 重复", f"{option.value} is there twice")
            found.append(option)
        return tuple(found)

    @staticmethod
    def option_list(place: Place) -> OptionList | None:
        name = place.take_name("list", needed=True)
        params: list[tuple[str, str]] = []
        for key in place.data:
            if key != "list":
                value = place.take_string(str(key))
                if value is not None:
                    params.append((str(key), value))
        return OptionList(name, tuple(sorted(params))) if name else None

    @staticmethod
    def option(place: Place, name: str, data: object) -> Option | None:
        if isinstance(data, str):
            words = place.words(name, data)
            return Option(data, words) if words else None
        inner = place.inside(name, data)
        value = inner.take_string("value", needed=True)
        label = inner.take_words("label", needed=True)
        hint = inner.take_words("hint")
        inner.refuse_unknown()
        return Option(value, label, hint) if value and label else None


def _is_plain(value: object, depth: int = 0) -> bool:
    """Whether a default is JSON of a sane size."""
    if isinstance(value, str):
        return len(value) <= 5000
    if isinstance(value, int | float | bool):
        return True
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, list):
        return len(value) <= 100 and all(_is_plain(each, depth + 1) for each in value)
    if isinstance(value, dict):
        return len(value) <= 100 and all(
            _is_plain(each, depth + 1) for each in value.values() if each is not None
        )
    return False
