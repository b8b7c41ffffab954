"""Reads types: ``number``, ``list<string>``, ``function<number> -> date``."""

from engine.feel import syntax as s
from engine.feel.cursor import Cursor
from engine.feel.scanner import Vocabulary

#: Type names of more than one word.
_TYPES = Vocabulary(
    (
        "date and time",
        "days and time duration",
        "years and months duration",
        "day and time duration",
        "year and month duration",
        "days-time duration",
        "years-months duration",
    )
)


class TypeReader(Cursor):
    """The part of the parser behind ``instance of`` and after parameters."""

    def type(self) -> s.Type:
        self.descend()
        name = self.type_name()
        arguments: list[s.Type] = []
        keys: list[str] = []
        result: s.Type | None = None
        if self.take("<"):
            while not self.take(">"):
                if arguments:
                    self.expect(",")
                if name == "context":
                    key = self.name_until(":")
                    if key is None:
                        raise self.unexpected()
                    self.expect(":")
                    keys.append(key)
                arguments.append(self.type())
        if name == "function" and self.take("->"):
            result = self.type()
        self.depth -= 1
        return s.Type(name, tuple(arguments), tuple(keys), result)

    def type_name(self) -> str:
        entry = _TYPES.match(self.tokens, self.index) or self.known_name()
        if entry is not None:
            self.index += len(entry[0])
            return entry[1]
        token = self.tokens[self.index]
        if token.kind != "word":
            raise self.unexpected()
        self.index += 1
        name = token.text
        while self.at(".") and self.tokens[self.index + 1].kind == "word":
            name += "." + self.tokens[self.index + 1].text
            self.index += 2
        return name
