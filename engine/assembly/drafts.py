"""Drafts are sealed under their task: they may hold anything."""

import json
from collections.abc import Mapping
from uuid import UUID

from engine.assembly.process_engine import ProcessEngine
from engine.errors import Invalid
from engine.feel.values import from_json, to_json
from engine.text import Text

LONGEST = 500_000


def seal_draft(engine: ProcessEngine, task_id: UUID, raw: Mapping[str, object]) -> bytes:
    """A draft for the database. Raises Invalid over 500,000 characters."""
    text = json.dumps(to_json(dict(raw)), ensure_ascii=False)
    if len(text) > LONGEST:
        raise Invalid(Text("草稿太大，无法保存。", "The draft is too large to be kept."))
    return engine.vault.seal(text, f"draft:{task_id}")


def read_draft(engine: ProcessEngine, task_id: UUID, sealed: bytes | None) -> dict[str, object] | None:
    """What was typed so far; ``None`` without a draft."""
    if sealed is None:
        return None
    draft = from_json(json.loads(engine.vault.open_(bytes(sealed), f"draft:{task_id}")))
    return draft if isinstance(draft, dict) else None
