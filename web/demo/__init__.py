"""The demonstration: an invented district to play with."""
