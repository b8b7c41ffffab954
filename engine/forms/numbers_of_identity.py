"""Numbers that carry their own check: identity cards, organisations, bank cards, telephones."""

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}", re.ASCII)


def mod_11_2(number: str) -> bool:
    """ISO 7064 MOD 11-2 over 17 digits and a check character (GB 11643)."""
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17]


def birth_date(number: str, today: date) -> date | None:
    """The date of birth in characters 7 to 14 of an identity number; None when it is none or to come."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if date(1880, 1, 1) <= born <= today else None


def gender(number: str) -> str:
    """``male`` or ``female``: odd and even 17th digit (GB 11643)."""
    return "male" if int(number[16]) % 2 else "female"


def uscc(code: str) -> bool:
    """统一社会信用代码: 18 characters without I, O, S, V, Z; check character mod 31 (GB 32100)."""
    if len(code) != 18 or any(character not in _USCC_ALPHABET for character in code):
        return False
    total = sum(
        _USCC_ALPHABET.index(character) * weight
        for character, weight in zip(code[:17], _USCC_WEIGHTS, strict=True)
    )
    return _USCC_ALPHABET[-total % 31] == code[17]


def luhn(number: str) -> bool:
    """Bank card: 12 to 19 digits, check digit by Luhn (ISO/IEC 7812-1)."""
    if not re.fullmatch(r"\d{12,19}", number, re.ASCII):
        return False
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
