"""Cells of decision tables."""

import pytest

from engine.feel import compile_unary_tests


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        ("< 60", 59, True),
        ("< 60", None, False),
        (">= 60, < 18", 15, True),
        ("[60..80)", 80, False),
        ("]60..80]", 60, False),
        ('"高", "中"', "中", True),
        ('not("高", "中")', "低", True),
        ('not("高", "中")', "中", False),
        ("not(< 60)", 60, True),
        ("null", None, True),
        ("not(null)", 1, True),
        ("true", False, False),
        ("-5", -5, True),
        ('? = "低" or contains(?, "中")', "中等", True),
        ("[1, 2, 3]", 2, True),
        ("limit", 60, True),
        ("> limit, limit", 60, True),
        ("not(limit)", 60, False),
        ('@"2026-02-12"', "2026-02-12", False),
        ("every d in ? satisfies d > 0", [1, 2], True),
        ('list contains(?, "独居")', ["独居", "失能"], True),
        ("flag", "any text", True),
    ],
)
def test_a_cell_holds_or_not(cell: str, value: object, passes: bool) -> None:
    assert compile_unary_tests(cell).matches(value, {"limit": 60, "flag": True}) is passes


def test_a_cell_tells_what_it_reads_beside_its_input() -> None:
    assert compile_unary_tests("> limit, ? = other.level").names == {"limit", "other"}
