"""The family of errors people get to read. Each has a stable code and a sentence in both languages."""

from collections.abc import Mapping

from engine.text import Text


class WulianError(Exception):
    """Something a person asked for could not be done; nothing was changed.

    ``code`` is stable and for programs, ``text`` is for people, ``element`` names a diagram element,
    ``details`` is JSON-safe.
    """

    code = "error"

    def __init__(
        self,
        text: Text,
        *,
        code: str | None = None,
        element: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(text.en)
        self.text = text
        self.code = code or type(self).code
        self.element = element
        self.details: dict[str, object] = dict(details or {})


class NotFound(WulianError):
    """No such thing, or none this person may know of."""

    code = "not_found"


class NotAllowed(WulianError):
    """The person's role, organisation or purpose does not permit it."""

    code = "not_allowed"


class Conflict(WulianError):
    """Somebody else was first; ``details`` tells who and when."""

    code = "conflict"


class Invalid(WulianError):
    """Input was refused. ``fields`` maps a field's key to its sentences."""

    code = "invalid"

    def __init__(
        self,
        text: Text,
        *,
        fields: Mapping[str, list[Text]] | None = None,
        code: str | None = None,
        element: str | None = None,
    ) -> None:
        super().__init__(text, code=code, element=element)
        self.fields: dict[str, list[Text]] = dict(fields or {})


class LimitExceeded(WulianError):
    """A bound on steps, time, size or depth was reached."""

    code = "limit_exceeded"
