"""A completed form for people to read."""

from collections.abc import Mapping

from engine.forms import Form, Occasion, Sensitivity, read_answers
from web.forms.spot import FileLink, size_words
from web.forms.views import AnswerSection, AnswerView, KeptFile


def answer_sections(
    form: Form,
    values: Mapping[str, object],
    occasion: Occasion,
    *,
    locale: str,
    file_link: FileLink | None = None,
) -> tuple[AnswerSection, ...]:
    """The answers of a form by topic; topics without any are left out."""
    answers = read_answers(form, values, locale, options=occasion.source)
    found: list[AnswerSection] = []
    for section in form.sections:
        lines = tuple(
            AnswerView(
                label=each.label,
                text=each.text,
                above=" · ".join(each.above),
                files=tuple(_file(file, file_link) for file in each.files),
                sensitive=each.sensitivity is Sensitivity.SENSITIVE,
            )
            for each in answers
            if each.section == section.key
        )
        if lines:
            found.append(AnswerSection(section.title.to(locale), lines))
    return tuple(found)


def _file(file: Mapping[str, object], file_link: FileLink | None) -> KeptFile:
    file_id, size = str(file["id"]), file.get("size")
    words = size_words(size) if isinstance(size, int) else ""
    return KeptFile(file_id, str(file.get("name", "")), words, file_link(file_id) if file_link else "")
