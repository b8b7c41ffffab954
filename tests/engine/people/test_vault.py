"""Personal data is sealed at rest."""

import base64

import pytest

from engine.errors import Invalid
from engine.people.vault import Unreadable, Vault

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
NUMBER = "530103199001010016"


def test_what_was_sealed_opens_in_its_place_and_shows_nothing() -> None:
    vault = Vault({"1": OLD}, "1")
    sealed = vault.seal(NUMBER, "person:7:document")
    assert NUMBER.encode() not in sealed
    assert vault.open_(sealed, "person:7:document") == NUMBER.encode()
    assert (
        vault.seal(NUMBER, "person:7:document") != sealed
    )  # two people with the same value don't look alike


def test_a_number_pasted_into_somebody_elses_row_does_not_open() -> None:
    vault = Vault({"1": OLD}, "1")
    with pytest.raises(Unreadable):
        vault.open_(vault.seal(NUMBER, "person:7:document"), "person:8:document")


@pytest.mark.parametrize(
    "broken", [b"", b"\x01", b"\x01\x01", b"\x01\x011", b"\x02\x011" + bytes(40), b"\x01\xff" + bytes(300)]
)
def test_what_is_no_seal_is_refused(broken: bytes) -> None:
    with pytest.raises(Unreadable):
        Vault({"1": OLD}, "1").open_(broken, "x")


def test_a_changed_byte_is_noticed() -> None:
    vault = Vault({"1": OLD}, "1")
    sealed = bytearray(vault.seal(NUMBER, "x"))
    sealed[-1] ^= 1
    with pytest.raises(Unreadable):
        vault.open_(bytes(sealed), "x")


def test_after_a_change_of_keys_the_old_is_still_read_and_the_search_still_finds() -> None:
    before, after = Vault({"1": OLD}, "1"), Vault({"2": NEW, "1": OLD}, "2")
    sealed = before.seal(NUMBER, "x")
    assert after.open_(sealed, "x") == NUMBER.encode()
    assert not after.is_current(sealed)
    assert after.is_current(after.seal(NUMBER, "x"))
    assert after.keyed_hash(NUMBER, "document") == before.keyed_hash(NUMBER, "document")
    with pytest.raises(Unreadable):
        before.open_(after.seal(NUMBER, "x"), "x")


def test_the_hash_cannot_be_tried_out_without_the_key_and_differs_by_purpose() -> None:
    assert Vault({"1": OLD}, "1").keyed_hash("0016", "a") != Vault({"1": NEW}, "1").keyed_hash("0016", "a")
    assert Vault({"1": OLD}, "1").keyed_hash("0016", "a") != Vault({"1": OLD}, "1").keyed_hash("0016", "b")
    assert len(Vault({"1": OLD}, "1").keyed_hash("0016", "a")) == 64


def test_keys_come_from_one_line_of_configuration() -> None:
    old, new = (base64.urlsafe_b64encode(key).decode() for key in (OLD, NEW))
    sealed = Vault({"1": OLD}, "1").seal("张三", "x")
    assert Vault.from_text(f"2:{new}, 1:{old}").open_(sealed, "x").decode() == "张三"
    assert Vault.from_text(old).open_(sealed, "x").decode() == "张三"
    assert Vault.from_text(Vault.new_key()).keyed_hash("x", "y")


@pytest.mark.parametrize("text", ["", " , ", "1:short", "1:!!!", "1:" + base64.b64encode(bytes(16)).decode()])
def test_wrong_keys_are_refused_in_both_languages(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Vault.from_text(text)
    assert "密钥" in refusal.value.text.zh
    assert "key" in refusal.value.text.en


def test_a_vault_does_not_print_its_keys() -> None:
    assert OLD.hex() not in repr(Vault({"1": OLD}, "1"))
    with pytest.raises(Invalid):
        Vault({"1": OLD}, "2")
