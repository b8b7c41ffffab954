"""Identifiers with their telling part covered, for everybody who needs to recognise but not to know them."""

import re
from collections.abc import Mapping

#: Chinese surnames of two characters that are common enough to be met.
_DOUBLE_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|东方|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|轩辕|"
    "宇文|长孙|独孤|南宫|西门|百里|呼延|澹台|公冶|申屠|太史|闻人"
)
_BETWEEN_NAMES = "·• .'’-"


def mask_name(name: str) -> str:
    """The surname stays, one star for each other character: 张*, 欧阳**, 麦***·吐***, J*** S****."""
    name = name.strip()
    if any(mark in name for mark in _BETWEEN_NAMES) or name.isascii():
        covered, first = "", True
        for char in name:
            covered += char if first or char in _BETWEEN_NAMES else "*"
            first = char in _BETWEEN_NAMES
        return covered
    shown = 2 if len(name) > 2 and _DOUBLE_SURNAME.match(name) else 1
    return name[:shown] + "*" * max(len(name) - shown, 1) if name else ""


def mask_document(number: str) -> str:
    """The first three and the last four characters stay, which people quote at a window; fewer of a short
    number.
    """
    number = number.strip()
    first, last = (3, 4) if len(number) >= 15 else (1, 2) if len(number) >= 7 else (0, 0)
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]


def mask_mobile(number: str) -> str:
    """The first three and the last four digits stay: 138****5678; the last two of another kind of number."""
    number = number.strip()
    if len(number) == 11 and number.isdecimal():
        return f"{number[:3]}****{number[-4:]}"
    shown = 2 if len(number) >= 6 else 0
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def mask_address(address: Mapping[str, object] | str) -> Mapping[str, object] | str:
    """Street and community stay, the rest is covered: ``{street, community, grid, detail}``, or a text's
    first six characters.
    """
    if isinstance(address, str):
        return address[:6] + "***" if address.strip() else ""
    return {
        key: value if key in ("street", "community") or not value else "***" for key, value in address.items()
    }
