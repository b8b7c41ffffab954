"""Tests of what may be seen."""
