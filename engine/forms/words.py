"""The sentences of the check: they name a field by its label, never by its key."""

from decimal import Decimal

from engine.text import Text


def mid(label: str) -> str:
    """An English label inside a sentence: "Home address" → "home address", "ID card" stays."""
    return label[:1].lower() + label[1:] if len(label) > 1 and label[1].islower() else label


def fill_in(label: Text) -> Text:
    return Text(f"请填写{label.zh}", f"Enter {mid(label.en)}")


def choose(label: Text) -> Text:
    return Text(f"请选择{label.zh}", f"Choose {mid(label.en)}")


def answer(label: Text) -> Text:
    return Text(f"请回答“{label.zh}”", f"Answer “{label.en}”")


def upload(label: Text) -> Text:
    return Text(f"请上传{label.zh}", f"Upload {mid(label.en)}")


def sign(label: Text) -> Text:
    return Text(f"请签署：{label.zh}", f"Sign: {mid(label.en)}")


def unreadable(label: Text, zh: str, en: str) -> Text:
    """What a field should look like: ``姓名应为…``."""
    return Text(f"{label.zh}应为{zh}", f"{label.en} must be {en}")


#: how a field type asks for what is missing
ASKS = {"fill_in": fill_in, "choose": choose, "answer": answer, "upload": upload, "sign": sign}


def part_of(label: Text, sentence: Text) -> Text:
    """A sentence about one part of a field: ``居住地址：请选择街道``."""
    return Text(f"{label.zh}：{sentence.zh}", f"{label.en}: {mid(sentence.en)}")


def number(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
