"""A signature: drawn, on paper, by thumb with a witness, or a typed name with a witness."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, ClassVar

from engine.forms import words
from engine.forms.model import Component, Sensitivity
from engine.forms.occasion import SHANGHAI, Occasion, Upload
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, Refused, is_empty, line, raw_parts
from engine.forms.types.dates import show_date
from engine.forms.types.files import IMAGES, find, keep
from engine.text import Text

METHODS: Mapping[str, Text] = {
    "drawn": Text("屏幕手写", "Drawn on the screen"),
    "photo": Text("纸上签名拍照", "Photo of the signed paper"),
    "thumbprint": Text("按手印（须有见证人）", "Thumbprint (with a witness)"),
    "typed": Text("输入姓名（须有见证人）", "Typed name (with a witness)"),
}
NAME, WITNESS = Text("签名人姓名", "name of the signer"), Text("见证人姓名", "name of the witness")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "drawn": (),
    "photo": (),
    "thumbprint": ("witness",),
    "typed": ("name", "witness"),
}
PNG_URL = "data:image/png;base64,"
MAX_DRAWING = 1_000_000  # characters of the data URL
MAX_MEGABYTES = 10


class Signature(FieldType):
    """``signature``: ``{method, name, witness, file, signed_at}``; the picture itself lies in the document
    store."""

    name = "signature"
    asks = "sign"
    sensitivity = Sensitivity.PERSONAL
    parts = ("method", "drawing", "file", "name", "witness")
    takes_files = True
    given_afresh = True
    json_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {
            "method": {"type": "string", "enum": list(METHODS)},
            "file": {"type": "string"},
            "name": {"type": "string"},
            "witness": {"type": "string"},
        },
    }

    def configure(self, place: Place) -> dict[str, Any]:
        return {"methods": place.take_some_of("methods", tuple(METHODS), tuple(METHODS))}

    def is_blank(self, raw: object) -> bool:
        # the way of signing is chosen beforehand on the page, so it alone says nothing
        return is_empty({**raw, "method": None} if isinstance(raw, Mapping) else raw)

    def keep_uploads(
        self, component: Component, raw: object, occasion: Occasion
    ) -> tuple[object, list[Problem]]:
        """Raw with a drawing or photo replaced by the id of the stored file."""
        if not isinstance(raw, Mapping):
            return raw, []
        settled = {key: value for key, value in raw.items() if key != "drawing"}
        uploads: list[Upload] = []
        given = raw.get("file")
        items = given if isinstance(given, list) else [given]
        uploads += [each for each in items if isinstance(each, Upload)]
        ids = [each for each in items if not isinstance(each, Upload) and not is_empty(each)]
        drawing = raw.get("drawing")
        problems: list[Problem] = []
        if isinstance(drawing, str) and drawing and raw.get("method") == "drawn":
            picture = _picture(drawing)
            if picture is None:
                label = component.label
                problems.append(
                    ("", Text(f"{label.zh}没有收到，请重签", f"{label.en} did not arrive; sign again"))
                )
            else:
                uploads.append(Upload("signature.png", picture))
        for upload in uploads[-1:]:
            try:
                ids = [keep(component, upload, occasion, IMAGES, MAX_MEGABYTES).id]
            except Refused as refused:
                problems.extend(refused.problems)
        settled["file"] = ids[-1] if ids else None
        return settled, problems

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        label = component.label
        parts = raw_parts(raw, label)
        method = parts.get("method")
        if not isinstance(method, str) or method not in component.settings["methods"]:
            raise Refused(
                ("method", Text(f"{label.zh}：请选择签名方式", f"{label.en}: choose how it is signed"))
            )
        value: dict[str, object] = {"method": method, "name": None, "witness": None, "file": None}
        value["signed_at"] = occasion.now.astimezone(SHANGHAI)
        problems: list[Problem] = []
        for part, words_of in (("name", NAME), ("witness", WITNESS)):
            if not self.is_blank(parts.get(part)):
                value[part] = line(parts[part], words_of)[:100]
            elif part in NEEDED[str(method)]:
                problems.append((part, words.part_of(label, words.fill_in(words_of))))
        if method != "typed":
            if self.is_blank(parts.get("file")):
                problems.append(("file", words.sign(label) if method == "drawn" else words.upload(label)))
            else:
                value["file"] = find(component, parts["file"], occasion)
        if problems:
            raise Refused(*problems)
        return value

    def to_raw(self, component: Component, value: Any) -> object:
        if not isinstance(value, Mapping):
            return {}
        file = value.get("file")
        return {
            "method": value.get("method"),
            "name": value.get("name"),
            "witness": value.get("witness"),
            "file": file.get("id") if isinstance(file, Mapping) else file,
        }

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        method = METHODS.get(value.get("method"))
        shown = [method.to(locale) if method else str(value.get("method"))]
        shown += [str(value[part]) for part in ("name",) if value.get(part)]
        if value.get("witness"):
            shown.append(f"{WITNESS.to(locale)}: {value['witness']}")
        if hasattr(value.get("signed_at"), "astimezone"):
            at = value["signed_at"].astimezone(SHANGHAI)
            shown.append(f"{show_date(at, locale)} {at:%H:%M}")
        return " · ".join(shown)


def _picture(url: str) -> bytes | None:
    """The PNG a canvas drew; None when the data URL holds none."""
    if not url.startswith(PNG_URL) or len(url) > MAX_DRAWING:
        return None
    try:
        return base64.b64decode(url[len(PNG_URL) :], validate=True)
    except binascii.Error:
        return None
