from pathlib import Path

import pytest

from tests.engine.forms.given import Documents


@pytest.fixture
def documents() -> Documents:
    return Documents()


@pytest.fixture
def documentation() -> str:
    """The reference of the JSON."""
    return (Path(__file__).parents[3] / "docs" / "forms.md").read_text(encoding="utf-8")
