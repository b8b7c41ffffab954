import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms.patterns import read_pattern


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        (r"[A-Z]{2}\d{4}", "AB1234", "A1234"),
        (r"GA-\d{4}-\d{1,6}", "GA-2026-17", "GA2026"),
        (r"(云|滇)[A-Z][A-Z0-9]{5}", "云A12345", "京A12345"),
        (r"(\d{3}-){2}\d{4}", "010-020-1234", "010-1234"),
        (r"\w+@\w+(?:\.com|\.cn)", "a@b.cn", "a@b.org"),
        (r"[^\]]+", "a", "]"),
        (r"\p{Han}[A-Z]\d{5}", "云A12345", "AA12345"),
    ],
)
def test_useful_patterns_work(pattern: str, fits: str, does_not: str) -> None:
    compiled = read_pattern(pattern)
    assert compiled.fullmatch(fits)
    assert not compiled.fullmatch(does_not)


@pytest.mark.parametrize(
    "pattern",
    ["(?=a)", r"(a)\1", "a{1,100000}", "(((a{100}){100}){100})", "[z-a]", "(", ")", "[", "*", "\\", "\ud800"],
)
def test_patterns_that_can_not_be_read_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="格式"):
        read_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "((a{1,9}){1,9}){1,9}b", "a*" * 50 + "b"])
def test_patterns_that_make_others_run_away_are_answered(pattern: str) -> None:
    assert not read_pattern(pattern).fullmatch("a" * 2000 + "!")


@given(st.text(alphabet="ab(){}[]|*+?,.\\^$-12", max_size=30))
def test_any_text_is_a_pattern_or_refused(pattern: str) -> None:
    try:
        compiled = read_pattern(pattern)
    except ValueError:
        return
    compiled.fullmatch("a" * 200 + "!")
