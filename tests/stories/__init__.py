"""Matters of the field, played in a real browser against a real server by the people of the demonstration."""
