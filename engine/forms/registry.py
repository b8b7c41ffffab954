"""The field types there are. Plugins add theirs with :func:`register` before forms are read."""

from engine.forms.types.base import FieldType
from engine.forms.types.choices import Choice, Organisation, SeveralChoices, User, YesNo
from engine.forms.types.consent import Consent
from engine.forms.types.dates import Date, DateTime, Time
from engine.forms.types.display import Computed, Table, TextBlock
from engine.forms.types.files import File, Photo
from engine.forms.types.groups import Group, RepeatedGroup
from engine.forms.types.identity import BankCard, IdentityDocument, Uscc
from engine.forms.types.mobile import Mobile
from engine.forms.types.numbers import Hours, Money, Number, Score
from engine.forms.types.people import Address, Person
from engine.forms.types.signature import Signature
from engine.forms.types.text import LongText, TextLine

_TYPES: dict[str, FieldType] = {}


def register(field_type: FieldType) -> None:
    """Add a field type. Raises ``ValueError`` when another one has its name."""
    if field_type.name in _TYPES:
        raise ValueError(f"there is already a field type {field_type.name!r}")
    _TYPES[field_type.name] = field_type


def unregister(name: str) -> None:
    """Take a field type out again: for a plugin that is switched off."""
    _TYPES.pop(name, None)


def field_type(name: str) -> FieldType:
    """The field type of this name. Raises ``KeyError``."""
    return _TYPES[name]


def field_types() -> tuple[str, ...]:
    """The names of all field types."""
    return tuple(_TYPES)


for _each in (
    TextLine(),
    LongText(),
    Number(),
    Money(),
    Hours(),
    Score(),
    Date(),
    Time(),
    DateTime(),
    YesNo(),
    Choice(),
    SeveralChoices(),
    Organisation(),
    User(),
    Address(),
    Person(),
    IdentityDocument(),
    Mobile(),
    Uscc(),
    BankCard(),
    File(),
    Photo(),
    Signature(),
    Consent(),
    Group(),
    RepeatedGroup(),
    Table(),
    TextBlock(),
    Computed(),
):
    register(_each)
