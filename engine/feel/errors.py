"""What is wrong with the text of an expression."""

from engine.errors import Invalid
from engine.text import Text


class FeelSyntaxError(Invalid):
    """The text is not FEEL. ``position`` counts characters from 0, ``line`` and ``column`` from 1."""

    code = "feel_syntax"

    def __init__(self, text: Text, *, source: str, position: int) -> None:
        self.position = position
        self.line = source.count("\n", 0, position) + 1
        self.column = position - source.rfind("\n", 0, position)
        super().__init__(
            Text(
                f"第 {self.line} 行第 {self.column} 列:{text.zh}",
                f"Line {self.line}, column {self.column}: {text.en}",
            )
        )
