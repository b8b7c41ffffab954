"""The names every expression knows: built-in functions of more than one word."""

from engine.feel.functions import BUILTINS
from engine.feel.scanner import Vocabulary

KNOWN = Vocabulary(BUILTINS)
