"""Reads XML from people we don't know: no DTD, no entities, no network, no more than fits."""

from lxml import etree

from engine.errors import Invalid
from engine.text import Text

MAX_BYTES = 5_000_000


def parse(source: bytes) -> etree._Element:
    """The root element. ``Invalid`` says what is wrong and, where known, in which line."""
    if len(source) > MAX_BYTES:
        raise Invalid(
            Text(
                f"文件过大,最多 {MAX_BYTES // 1_000_000} MB。",
                f"The file is too large; at most {MAX_BYTES // 1_000_000} MB.",
            ),
            code="dmn_size",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise Invalid(
            Text(f"不是可读的 XML(第 {line} 行)。", f"Not readable XML (line {line})."), code="dmn_xml"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid(
            Text("文件不得包含 DOCTYPE。", "The file must not contain a DOCTYPE."), code="dmn_doctype"
        )
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Child elements of these names, in document order."""
    return [child for child in element if isinstance(child.tag, str) and local(child) in names]


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """The first such child."""
    found = children(element, *names)
    return found[0] if found else None


def text_of(element: etree._Element | None) -> str:
    """The text inside an element and its parts, without outer space."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()
