"""A filled-in form: checked, kept as it was given, and its parts handed to the process and to the records it
is bound to.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance
from engine.errors import Invalid
from engine.feel.values import from_json, to_json
from engine.forms import Form, Occasion, Validated, join, validate
from engine.ids import new_id
from engine.store import tables as t
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with what was entered, valid."""

    form: Form
    key: str
    bundle_id: UUID
    validated: Validated


def check_form(
    form: Form, key: str, bundle_id: UUID, raw: Mapping[str, object], occasion: Occasion, locale: str
) -> Filled:
    """The values of a form. Raises Invalid with a sentence beside every field that is wrong."""
    validated = validate(
        form,
        raw,
        context=occasion.known,
        now=occasion.now,
        locale=locale,
        options=occasion.source,
        files=occasion.files,
    )
    if validated.errors:
        raise Invalid(
            Text("有内容需要更正，请看各栏下的提示。", "Some answers need to be corrected; see the fields."),
            fields=validated.errors,
            code="form_invalid",
        )
    return Filled(form, key, bundle_id, validated)


def keep_submission(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    filled: Filled,
    *,
    task_id: UUID | None,
    by: UUID | None,
    shown: int = 0,
    prefilled: int = 0,
) -> UUID:
    """Write the submission; sensitive values are sealed under its id. ``prefilled`` of ``shown`` fields were
    known before.
    """
    submission_id = new_id()
    sealed = None
    if filled.validated.sensitive:
        text = json.dumps(to_json(filled.validated.sensitive), ensure_ascii=False)
        sealed = engine.vault.seal(text, f"submission:{submission_id}")
    conn.execute(
        t.submission.insert(),
        {
            "id": submission_id,
            "instance_id": instance.id,
            "task_id": task_id,
            "case_id": instance.case_id,
            "bundle_id": filled.bundle_id,
            "form": filled.key,
            "content": json.dumps(to_json(filled.validated.open), ensure_ascii=False),
            "sealed": sealed,
            "prefilled": prefilled,
            "shown": shown,
            "at": engine.clock.now(),
            "by": by,
        },
    )
    return submission_id


def read_submission(engine: ProcessEngine, row: sa.RowMapping, *, sensitive: bool) -> dict[str, object]:
    """The values of a kept form; without ``sensitive`` the sealed ones are left out."""
    plain = from_json(json.loads(row["content"]))
    values = plain if isinstance(plain, dict) else {}
    if not sensitive or row["sealed"] is None:
        return values
    hidden = from_json(json.loads(engine.vault.open_(bytes(row["sealed"]), f"submission:{row['id']}")))
    joined = join(values, hidden)
    return joined if isinstance(joined, dict) else values
