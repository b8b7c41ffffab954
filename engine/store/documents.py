"""Where files are kept: by the hash of their content, so that the same file is kept once and a changed one is
noticed.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol


class DocumentStore(Protocol):
    """Keeps bytes by their SHA-256."""

    def put(self, content: bytes) -> str:
        """Keep the content and return its hash."""
        ...

    def get(self, sha256: str) -> bytes:
        """The content. Raises LookupError when it is not there or was changed."""
        ...


class NoDocuments:
    """No store: nothing is kept."""

    def put(self, content: bytes) -> str:
        raise LookupError("there is no document store")

    def get(self, sha256: str) -> bytes:
        raise LookupError(sha256)


class FolderDocuments:
    """Documents in a folder, two levels deep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            content = self._path(sha256).read_bytes()
        except OSError as error:
            raise LookupError(sha256) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise LookupError(f"{sha256} was changed on disk")
        return content

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:4] / sha256
