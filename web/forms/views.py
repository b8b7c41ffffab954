"""What the form templates show. Everything is decided here, so that the templates only lay out."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class OptionView:
    """One answer to choose. ``id`` is that of its radio button or box."""

    id: str
    value: str
    label: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class KeptFile:
    """A file that was uploaded before. ``link`` is empty where it can't be opened."""

    id: str
    name: str
    size: str
    link: str


@dataclass(frozen=True)
class Control:
    """One input. ``kind``: ``input``, ``textarea``, ``select``, ``radios``, ``checkboxes``, ``tick``,
    ``file`` or ``drawing``. ``label`` is empty where the field's own label or legend speaks for it.

    ``updates``: a change may show or hide other fields. ``attributes`` go into the tag as they are.
    """

    kind: str
    id: str
    name: str
    label: str = ""
    hint: str = ""
    value: str = ""
    errors: tuple[str, ...] = ()
    required: bool = False
    updates: bool = False
    described_by: str = ""
    options: tuple[OptionView, ...] = ()
    groups: tuple[tuple[str, tuple[OptionView, ...]], ...] = ()
    kept: tuple[KeptFile, ...] = ()
    kept_name: str = ""
    unit: str = ""
    width: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ConsentTerms:
    """What one agrees to."""

    paragraphs: tuple[str, ...]
    purposes: tuple[str, ...]
    items: tuple[str, ...]
    sensitive_items: tuple[str, ...]
    retention: str
    version: str
    withdrawable: bool


@dataclass(frozen=True)
class RowView:
    """One row of a repeated group."""

    id: str
    title: str
    fields: tuple["FieldView", ...]
    remove_action: str


@dataclass(frozen=True)
class FieldView:
    """One component on the page. ``layout``: ``single`` (a label and an input), ``set`` (a legend and
    inputs), ``group``, ``rows``, ``table``, ``text`` or ``computed``."""

    layout: str
    id: str
    path: str
    label: str
    hint: str = ""
    errors: tuple[str, ...] = ()
    required: bool = False
    source: str = ""
    described_by: str = ""
    controls: tuple[Control, ...] = ()
    fields: tuple["FieldView", ...] = ()
    rows: tuple[RowView, ...] = ()
    rows_name: str = ""
    add_action: str = ""
    add_label: str = ""
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    paragraphs: tuple[str, ...] = ()
    tone: str = ""
    text: str = ""
    terms: ConsentTerms | None = None


@dataclass(frozen=True)
class SectionView:
    """One topic. ``title`` is empty in a form without sections."""

    id: str
    title: str
    hint: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class Mistake:
    """A line of the error summary, linked to the input it is about; ``target`` is empty where there is
    none."""

    text: str
    target: str


@dataclass(frozen=True)
class FormView:
    """A whole form. ``action`` is where changes are sent to, empty where pages are only sent as a whole.

    ``updates``: some change shows or hides something, so a button for it is needed without JavaScript.
    ``asked`` are the paths of the fields on the page: what an answer brings in comes filled in (see
    :func:`engine.forms.with_unasked`).
    """

    key: str
    title: str
    hint: str
    sections: tuple[SectionView, ...]
    mistakes: tuple[Mistake, ...] = ()
    action: str = ""
    updates: bool = False
    has_required: bool = False
    row_button: str = "_row"
    default_button: tuple[str, str] | None = None
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerView:
    """One line of a completed form."""

    label: str
    text: str
    above: str
    files: tuple[KeptFile, ...]
    sensitive: bool


@dataclass(frozen=True)
class AnswerSection:
    """The answers to one topic."""

    title: str
    answers: tuple[AnswerView, ...]
