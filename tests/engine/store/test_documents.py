"""Files are kept by the hash of what is in them."""

import hashlib
from pathlib import Path

import pytest

from engine.store.documents import FolderDocuments, NoDocuments

CONTENT = "同意书".encode()


def test_a_file_comes_back_as_it_was_and_is_kept_once(tmp_path: Path) -> None:
    documents = FolderDocuments(tmp_path)
    kept = documents.put(CONTENT)
    assert kept == documents.put(CONTENT) == hashlib.sha256(CONTENT).hexdigest()
    assert FolderDocuments(tmp_path).get(kept) == CONTENT
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_file_changed_on_disk_is_noticed(tmp_path: Path) -> None:
    documents = FolderDocuments(tmp_path)
    kept = documents.put(CONTENT)
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    path.write_bytes(CONTENT + b" ")
    with pytest.raises(LookupError, match="changed"):
        documents.get(kept)


def test_a_file_that_is_gone_is_missing(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        FolderDocuments(tmp_path).get(hashlib.sha256(CONTENT).hexdigest())
    with pytest.raises(LookupError):
        NoDocuments().put(CONTENT)
