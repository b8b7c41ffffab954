"""Forms and lists the stories of this room use."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.forms import Form, NamedOptions, Option, StoredFile, Upload, Validated, read_form, validate
from engine.text import Text

NOW = datetime(2026, 2, 12, 2, 0, tzinfo=UTC)  # 10:00 in Beijing

LISTS = NamedOptions(
    {
        "streets": [
            Option("jinchen", Text("金辰街道", "Jinchen Street")),
            Option("lianmeng", Text("联盟街道", "Lianmeng Street")),
        ],
        "communities": [
            Option("yueya", Text("月牙社区", "Yueya Community"), parent="jinchen"),
            Option("shuijing", Text("水晶社区", "Shuijing Community"), parent="lianmeng"),
        ],
        "grids": [Option("yueya-3", Text("第三网格", "Grid 3"), parent="yueya")],
        "organisations": [
            Option("o-1", Text("盘龙区向阳社工服务中心", "Xiangyang Social Work Agency")),
            Option("o-2", Text("盘龙区和谐家庭服务社", "Harmony Family Service")),
        ],
        "users": [Option("u-1", Text("督导 李梅", "Supervisor Li Mei"))],
    }
)


def field(key: str, kind: str, zh: str, en: str, **more: object) -> dict[str, Any]:
    """One component's JSON."""
    return {"key": key, "type": kind, "label": {"zh_Hans_CN": zh, "en": en}, **more}


def form_of(*components: Mapping[str, Any], **more: Any) -> Form:
    """A form of these components."""
    title = {"zh_Hans_CN": "表单", "en": "A form"}
    return read_form({"form": "a_form", "title": title, "components": list(components), **more})


def submit(form: Form, raw: Mapping[str, Any], **more: Any) -> Validated:
    """Validate against the lists above, at the moment above."""
    return validate(form, raw, now=NOW, options=LISTS, **more)


def said(form: Form, raw: Mapping[str, Any], locale: str = "zh_Hans_CN", **more: Any) -> dict[str, list[str]]:
    """The errors in words."""
    return submit(form, raw, locale=locale, **more).messages


class Documents:
    """A document store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[StoredFile, bytes]] = {}

    def keep(self, upload: Upload, media_type: str) -> StoredFile:
        stored = StoredFile(f"file-{len(self.kept) + 1}", upload.name, media_type, len(upload.content))
        self.kept[stored.id] = (stored, upload.content)
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        found = self.kept.get(file_id)
        return found[0] if found else None


def documented_example() -> dict[str, Any]:
    """The example at the top of docs/forms.md."""
    text = (Path(__file__).parents[3] / "docs" / "forms.md").read_text(encoding="utf-8")
    found = re.search(r"```json\n(\{\n  \"form\".*?\n\})\n```", text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data
