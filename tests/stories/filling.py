"""Fills in a form as people do: by what its labels say.

Answers are written as ``{label: answer}``. An answer is a text (typed, chosen from a list or among radio
buttons), a list of texts (boxes ticked), ``{label: answer}`` for what stands together under one heading, or
:data:`DRAWN` for a signature with finger or mouse.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DRAWN = object()
_HEADED: tuple[Literal["group", "region"], ...] = ("group", "region")
_ASKED: tuple[Literal["textbox", "combobox", "radiogroup", "checkbox"], ...] = (
    "textbox",
    "combobox",
    "radiogroup",
    "checkbox",
)
Answers = Mapping[str, Any]


def fill_in(page: "Page", answers: Answers, *, javascript: bool = True) -> None:
    """Answer in the given order. Without JavaScript, what shows with an answer shows when one asks for it."""
    _Filling(page, javascript).within(page.locator("#form-fields"), answers)


class _Filling:
    def __init__(self, page: "Page", javascript: bool) -> None:
        self._page = page
        self._javascript = javascript

    def within(self, place: "Locator", answers: Answers) -> None:
        for label, answer in answers.items():
            if isinstance(answer, Mapping):
                names = [place.get_by_role(role, name=label, exact=True) for role in _HEADED]
                self.within(self._there(*names), answer)
            elif isinstance(answer, list):
                boxes = self._there(place.get_by_role("group", name=label, exact=True))
                for each in answer:
                    boxes.get_by_label(each, exact=True).check()
            elif answer is DRAWN:
                self._draw(self._there(place.get_by_role("img", name=label, exact=True)))
            else:
                self._answer(place, label, str(answer))

    def _answer(self, place: "Locator", label: str, answer: str) -> None:
        control = self._there(*(place.get_by_role(role, name=label, exact=True) for role in _ASKED))
        kind = control.evaluate("it => it.getAttribute('role') || it.type")
        if kind == "radiogroup":
            control.get_by_label(answer, exact=True).check()
        elif kind == "select-one":
            control.select_option(label=answer)
        elif kind == "checkbox":
            control.check()
        else:
            control.fill(answer)

    def _there(self, *ways: "Locator") -> "Locator":
        found = ways[0]
        for way in ways[1:]:
            found = found.or_(way)
        if not self._javascript and not found.count():
            self._page.get_by_role("button", name="更新表单").click()
        found.wait_for()
        return found

    def _draw(self, canvas: "Locator") -> None:
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        mouse = self._page.mouse
        mouse.move(box["x"] + 20, box["y"] + 20)
        mouse.down()
        mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
        mouse.up()
