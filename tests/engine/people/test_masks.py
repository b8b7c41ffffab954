"""Identifiers covered for those who need to recognise but not to know."""

import pytest

from engine.people.masks import mask_address, mask_document, mask_mobile, mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("李小明", "李**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("王", "王*"),
        ("麦麦提·吐尔逊", "麦**·吐**"),
        ("John Smith", "J*** S****"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_a_number_keeps_what_is_quoted_at_the_window() -> None:
    assert mask_document("530103199001010016") == "530***********0016"
    assert mask_document("E12345678") == "E******78"
    assert mask_document("123") == "***"
    assert mask_mobile("13812345678") == "138****5678"
    assert mask_mobile("0871-65312345") == "***********45"
    assert mask_mobile("110") == "***"


def test_an_address_keeps_the_neighbourhood_and_hides_the_door() -> None:
    address = {"street": "联盟街道", "community": "金星社区", "grid": "3", "detail": "5幢2单元301"}
    assert mask_address(address) == {
        "street": "联盟街道",
        "community": "金星社区",
        "grid": "***",
        "detail": "***",
    }
    assert mask_address({"street": "x", "detail": None}) == {"street": "x", "detail": None}
    assert mask_address("昆明市盘龙区联盟街道5幢") == "昆明市盘龙区***"
    assert mask_address("") == ""
