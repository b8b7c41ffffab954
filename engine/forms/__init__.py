"""Forms: one definition gives the page, the check, the read-only view, the print and the API schema.

``docs/forms.md`` is the reference of the JSON. Raw values are what was typed (strings, nested as the form
is); values are typed as FEEL has them.
"""

from engine.forms.model import (
    Check,
    Component,
    Form,
    NamedOptions,
    Option,
    OptionList,
    OptionSource,
    Section,
    Sensitivity,
)
from engine.forms.occasion import FileSource, NoFiles, Occasion, StoredFile, Upload
from engine.forms.prefill import (
    Known,
    Prefilled,
    blank_values,
    prefill,
    prefilled_share,
    to_raw,
    with_unasked,
)
from engine.forms.read_only import Answer, read_answers, read_only
from engine.forms.reader import read_form, read_form_text
from engine.forms.registry import field_type, field_types, register, unregister
from engine.forms.schema import marshmallow_schema
from engine.forms.submission import apply_action, form_pairs, parse_submission
from engine.forms.types.base import FieldType, Refused
from engine.forms.validation import Validated, join, split, validate

__all__ = [
    "Answer",
    "Check",
    "Component",
    "FieldType",
    "FileSource",
    "Form",
    "Known",
    "NamedOptions",
    "NoFiles",
    "Occasion",
    "Option",
    "OptionList",
    "OptionSource",
    "Prefilled",
    "Refused",
    "Section",
    "Sensitivity",
    "StoredFile",
    "Upload",
    "Validated",
    "apply_action",
    "blank_values",
    "field_type",
    "field_types",
    "form_pairs",
    "join",
    "marshmallow_schema",
    "parse_submission",
    "prefill",
    "prefilled_share",
    "read_answers",
    "read_form",
    "read_form_text",
    "read_only",
    "register",
    "split",
    "to_raw",
    "unregister",
    "validate",
    "with_unasked",
]
