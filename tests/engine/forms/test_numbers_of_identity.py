from datetime import date

import pytest

from engine.forms import numbers_of_identity as numbers

TODAY = date(2026, 2, 12)


@pytest.mark.parametrize("number", ["530103199001010016", "53010320130512002X", "530103195203080030"])
def test_identity_numbers_of_the_field_pass_the_check(number: str) -> None:
    assert numbers.mod_11_2(number)
    assert numbers.birth_date(number, TODAY) is not None


@pytest.mark.parametrize("place", range(17))
def test_any_single_wrong_digit_is_found(place: int) -> None:
    number = "530103199001010016"
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert not numbers.mod_11_2(wrong)


def test_a_date_of_birth_must_be_real_and_past() -> None:
    assert numbers.birth_date("530103195203080030", TODAY) == date(1952, 3, 8)
    assert numbers.birth_date("530103199002300010", TODAY) is None
    assert numbers.birth_date("530103203001010010", TODAY) is None


def test_gender_is_the_seventeenth_digit() -> None:
    assert numbers.gender("530103199001010016") == "male"
    assert numbers.gender("53010320130512002X") == "female"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L"])
def test_codes_of_organisations_pass_the_check_of_gb_32100(code: str) -> None:
    assert numbers.uscc(code)


@pytest.mark.parametrize("code", ["91350100M000100Y44", "9135010OM000100Y43", "91350100M000100Y4", ""])
def test_a_mistyped_code_of_an_organisation_is_found(code: str) -> None:
    assert not numbers.uscc(code)


def test_bank_cards_are_checked_by_luhn() -> None:
    assert numbers.luhn("4111111111111111")
    assert not numbers.luhn("4111111111111112")
    assert not numbers.luhn("4111")
    assert not numbers.luhn("411111111111111１")
