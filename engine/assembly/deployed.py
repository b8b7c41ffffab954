"""What is deployed, read once and kept: graphs, forms and decision models. All of it is immutable, so nothing
here goes stale.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn import compile_deployed
from engine.bpmn.graph import Graph
from engine.errors import NotFound
from engine.forms import Form, read_form
from engine.store import tables as t
from engine.text import Text

Value = TypeVar("Value")


@dataclass(slots=True)
class Bundle:
    """A deployed bundle: its manifest and files, forms and decisions read on first use."""

    id: UUID
    key: str
    version: int
    manifest: dict[str, Any]
    files: dict[str, bytes]
    _forms: dict[str, Form] = field(default_factory=dict)
    _decisions: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """What a district may set for itself, as FEEL's ``settings``."""
        value = self.manifest.get("settings")
        return value if isinstance(value, dict) else {}

    @property
    def constants(self) -> dict[str, object]:
        """What the bundle's expressions see beside variables."""
        return {"settings": self.settings} if self.settings else {}

    def form(self, key: str) -> Form:
        """The form ``forms/<key>.json``. Raises NotFound."""
        form = self._forms.get(key)
        if form is None:
            content = self.files.get(f"forms/{key}.json")
            if content is None:
                raise NotFound(Text(f"流程包里没有表单「{key}」。", f"The bundle has no form “{key}”."))
            form = self._forms[key] = read_form(json.loads(content))
        return form

    def decisions(self) -> dict[str, Any]:
        """Decision models by the ids of the decisions they hold."""
        if not self._decisions:
            from engine.decisions import read_dmn

            for path, content in sorted(self.files.items()):
                if PurePosixPath(path).suffix == ".dmn":
                    model = read_dmn(content)
                    self._decisions.update(dict.fromkeys(model.decisions, model))
        return self._decisions


class Deployments:
    """Graphs and bundles by id, the longest unused dropped beyond ``size``."""

    def __init__(self, size: int = 200) -> None:
        self._size = size
        self._lock = Lock()
        self._graphs: OrderedDict[UUID, tuple[Graph, UUID | None]] = OrderedDict()
        self._bundles: OrderedDict[UUID, Bundle] = OrderedDict()

    def graph(self, conn: sa.Connection, definition_id: UUID) -> Graph:
        """The graph of a definition. Raises NotFound."""
        return self._definition(conn, definition_id)[0]

    def bundle_of(self, conn: sa.Connection, definition_id: UUID) -> Bundle | None:
        """The bundle a definition came with, if it came with one."""
        bundle_id = self._definition(conn, definition_id)[1]
        return None if bundle_id is None else self.bundle(conn, bundle_id)

    def bundle(self, conn: sa.Connection, bundle_id: UUID) -> Bundle:
        """A bundle with its files. Raises NotFound."""

        def load() -> Bundle:
            row = conn.execute(sa.select(t.bundle).where(t.bundle.c.id == bundle_id)).one_or_none()
            if row is None:
                raise NotFound(Text("没有这个流程包。", "There is no such bundle."))
            files = conn.execute(
                sa.select(t.bundle_file.c.path, t.bundle_file.c.content).where(
                    t.bundle_file.c.bundle_id == bundle_id
                )
            )
            return Bundle(
                bundle_id,
                row.key,
                row.version,
                row.manifest,
                {path: bytes(content) for path, content in files},
            )

        return self._kept(self._bundles, bundle_id, load)

    def _definition(self, conn: sa.Connection, definition_id: UUID) -> tuple[Graph, UUID | None]:
        def load() -> tuple[Graph, UUID | None]:
            row = conn.execute(
                sa.select(t.definition.c.source, t.definition.c.bundle_id).where(
                    t.definition.c.id == definition_id
                )
            ).one_or_none()
            if row is None:
                raise NotFound(Text("没有这个流程版本。", "There is no such process version."))
            return compile_deployed(bytes(row.source)), row.bundle_id

        return self._kept(self._graphs, definition_id, load)

    def _kept(self, shelf: "OrderedDict[UUID, Value]", key: UUID, load: "Callable[[], Value]") -> Value:
        with self._lock:
            value = shelf.get(key)
            if value is not None:
                shelf.move_to_end(key)
                return value
        value = load()
        with self._lock:
            shelf[key] = value
            if len(shelf) > self._size:
                shelf.popitem(last=False)
        return value
