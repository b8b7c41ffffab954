import pytest

from tests.engine.forms.given import Documents


@pytest.fixture
def documents() -> Documents:
    return Documents()
