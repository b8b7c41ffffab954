"""Stories: a bundle's processes played through with the real commands, on a real database, with a clock
that jumps.

A story is data beside the diagram (docs/stories.md). The runner serves tests, ``wulian play`` and whoever
designs a process; a step that fails tells what was expected and what was seen.
"""

from engine.stories.cast import Cast, enter_cast, read_cast
from engine.stories.coverage import Coverage, coverage_of
from engine.stories.passing import pass_until
from engine.stories.play import StoryResult, play
from engine.stories.reading import Shared, Story, read_shared, read_story, stories_in
from engine.stories.stage import Stage

__all__ = [
    "Cast",
    "Coverage",
    "Shared",
    "Stage",
    "Story",
    "StoryResult",
    "coverage_of",
    "enter_cast",
    "pass_until",
    "play",
    "read_cast",
    "read_shared",
    "read_story",
    "stories_in",
]
