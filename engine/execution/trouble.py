"""What stops one token without stopping the run."""

from engine.text import Text


class Trouble(Exception):
    """The current move can't be made. The token stays, an incident is raised, and a person may retry."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(text.en)
        self.code = code
        self.text = text
