"""Patterns of a form are written by people we don't know, so they run on RE2: in time linear in the text,
in bounded memory."""

from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]

from engine.text import Text

_MEMORY = 4 << 20


@lru_cache(maxsize=256)
def read_pattern(pattern: str) -> Any:
    """Compile a pattern, to be used with ``fullmatch``. Raises ``ValueError(Text)`` for what RE2 can't do
    (look-around, back-references, huge repetitions) or can't read."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ValueError(Text(f"格式读不懂：{reason}", f"the pattern can't be read: {reason}")) from error
    except UnicodeEncodeError as error:
        raise ValueError(
            Text("格式含有不合格的字符", "the pattern holds characters that are none")
        ) from error
