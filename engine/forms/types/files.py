"""Files and photos. What a file is, its first bytes say; name and announced type are not believed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.forms.model import Component, Sensitivity
from engine.forms.occasion import Occasion, StoredFile, Upload
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, Refused
from engine.text import Text

#: extension → media type, first bytes at their place, and what a container must hold
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
IMAGES = ("jpg", "png", "webp")
MAX_FILE_NAME = 120


def recognise(content: bytes) -> str | None:
    """The extension a file's content deserves, None for a kind we don't take."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"PK\x03\x04"):
        # macros make it another document type: vbaProject.bin is refused whatever the name says
        if b"vbaProject.bin" in content:
            return None
        if b"word/document.xml" in content:
            return "docx"
        if b"xl/workbook.xml" in content:
            return "xlsx"
    return None


def keep(
    component: Component, upload: Upload, occasion: Occasion, accept: tuple[str, ...], megabytes: int
) -> StoredFile:
    """Check an upload and hand it to the document store at once. Raises :class:`Refused`."""
    label, name = component.label, clean_name(upload.name)
    if not upload.content:
        raise Refused(("", Text(f"{label.zh}：“{name}”是空文件", f"{label.en}: “{name}” is empty")))
    if len(upload.content) > megabytes * 1024 * 1024:
        raise Refused(
            (
                "",
                Text(
                    f"{label.zh}：“{name}”超过 {megabytes} MB",
                    f"{label.en}: “{name}” is larger than {megabytes} MB",
                ),
            )
        )
    extension = recognise(upload.content)
    if extension is None or extension not in accept:
        kinds = "、".join(accept), ", ".join(accept)
        raise Refused(
            (
                "",
                Text(
                    f"{label.zh}：“{name}”应为 {kinds[0]} 文件",
                    f"{label.en}: “{name}” must be a file of type {kinds[1]}",
                ),
            )
        )
    stem = name.rsplit(".", 1)[0] or "file"
    try:
        return occasion.files.keep(Upload(f"{stem}.{extension}", upload.content), MEDIA_TYPES[extension])
    except LookupError as error:
        raise Refused(("", Text("这里不能上传文件", "files can't be uploaded here"))) from error


def clean_name(name: str) -> str:
    """The last part of a path, printable, not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable())[-MAX_FILE_NAME:] or "file"


def find(component: Component, raw: object, occasion: Occasion) -> dict[str, object]:
    """The stored file a raw item (an id, or a value with an id) speaks of. Raises :class:`Refused`."""
    file_id = raw.get("id") if isinstance(raw, Mapping) else raw
    stored = occasion.files.find(file_id) if isinstance(file_id, str) and file_id else None
    if stored is None:
        label = component.label
        raise Refused(
            ("", Text(f"{label.zh}已失效，请重新上传", f"{label.en} is no longer there; upload it again"))
        )
    return {"id": stored.id, "name": stored.name, "media_type": stored.media_type, "size": stored.size}


class File(FieldType):
    """``file``: documents; the value lists ``{id, name, media_type, size}``."""

    name = "file"
    asks = "upload"
    sensitivity = Sensitivity.PERSONAL
    several = True
    takes_files = True
    accepts: ClassVar[tuple[str, ...]] = tuple(MEDIA_TYPES)
    by_default: ClassVar[tuple[str, ...]] = ("pdf", "jpg", "png", "docx", "xlsx")
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "string"}}

    def configure(self, place: Place) -> dict[str, Any]:
        return {
            "accept": place.take_some_of("accept", self.accepts, self.by_default),
            "max_files": place.take_whole("max_files", 1, 1, 20),
            "max_megabytes": place.take_whole("max_megabytes", 10, 1, 50),
        }

    def keep_uploads(
        self, component: Component, raw: object, occasion: Occasion
    ) -> tuple[object, list[Problem]]:
        """Raw with every upload replaced by the id of the stored file, and what was wrong with those
        refused."""
        items = raw if isinstance(raw, list) else [raw]
        kept: list[object] = []
        problems: list[Problem] = []
        for each in items:
            if not isinstance(each, Upload):
                kept.append(each)
                continue
            if len(kept) >= component.settings["max_files"]:
                problems.append(self._too_many(component))
                break
            try:
                settings = component.settings
                kept.append(keep(component, each, occasion, settings["accept"], settings["max_megabytes"]).id)
            except Refused as refused:
                problems.extend(refused.problems)
        return [each for each in kept if not self.is_blank(each)], problems

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        items = raw if isinstance(raw, list) else [raw]
        if len(items) > component.settings["max_files"]:
            raise Refused(self._too_many(component))
        return [find(component, each, occasion) for each in items if not self.is_blank(each)]

    @staticmethod
    def _too_many(component: Component) -> Problem:
        most, label = component.settings["max_files"], component.label
        return ("", Text(f"{label.zh}最多 {most} 个文件", f"{label.en}: at most {most} files"))

    def to_raw(self, component: Component, value: Any) -> object:
        return [each["id"] for each in value if isinstance(each, Mapping) and "id" in each]

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        return ", ".join(str(each.get("name")) for each in value)


class Photo(File):
    """``photo``: pictures; a phone offers its camera."""

    name = "photo"
    accepts = IMAGES
    by_default = IMAGES
