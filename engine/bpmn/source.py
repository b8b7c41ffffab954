"""Opens a diagram's bytes as XML. A diagram is hostile input: everything that could exhaust memory is refused
while streaming, before a tree is built; nothing outside the bytes is ever read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from engine.errors import Invalid
from engine.text import Text

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
WULIAN = "urn:wulian:bpmn:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

MAX_BYTES = 5_000_000
MAX_ELEMENTS = 120_000
MAX_DEPTH = 100
MAX_ATTRIBUTES = 100  # of one element
MAX_VALUE = 20_000  # characters of one attribute

_PREFIX = f"{{{BPMN}}}"
_CHUNK = 65_536
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
}


def open_source(source: bytes) -> etree._Element:
    """The root ``bpmn:definitions``. Raises :class:`Invalid` for anything that is no well-formed BPMN 2.0
    file within the limits.

    UTF-8, UTF-16 and the GB encodings are read. DOCTYPE, entities, more than :data:`MAX_BYTES`,
    :data:`MAX_ELEMENTS`, :data:`MAX_DEPTH` or :data:`MAX_ATTRIBUTES` or :data:`MAX_VALUE` are refused.
    """
    if len(source) > MAX_BYTES:
        size = MAX_BYTES // 1_000_000
        raise Invalid(
            Text(f"流程图文件超过 {size} MB。", f"The diagram is larger than {size} MB."),
            code="diagram-too-large",
        )
    text = _DECLARATION.sub("", _decode(source), count=1)
    # Both parsers get the same bytes in an encoding that is not theirs to guess.
    clean = text.encode("utf-8")
    _measure(clean)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(clean, parser)
    except etree.XMLSyntaxError as error:
        raise _malformed(error.lineno or 0, error.msg or "") from None
    if root.tag != f"{_PREFIX}definitions":
        raise Invalid(
            Text(
                "这不是 BPMN 2.0 文件:最外层必须是 BPMN 命名空间中的 definitions。",
                "This is no BPMN 2.0 file: the outermost element must be definitions in the BPMN namespace.",
            ),
            code="diagram-not-bpmn",
        )
    return root


def _decode(source: bytes) -> str:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif source[:4] in (b"<\0?\0", b"<\0b\0", b"<\0d\0"):
        encoding = "utf-16-le"
    elif source[:4] in (b"\0<\0?", b"\0<\0b", b"\0<\0d"):
        encoding = "utf-16-be"
    else:
        declared = _ENCODING.match(source[:300].removeprefix(b"\xef\xbb\xbf"))
        name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
        if name not in _ENCODINGS:
            raise Invalid(
                Text(
                    f"不支持 {name} 编码,请存为 UTF-8。",
                    f"The encoding {name} isn't supported; save it as UTF-8.",
                ),
                code="diagram-encoding",
            )
        encoding = _ENCODINGS[name]
    try:
        return source.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Invalid(
            Text(
                "文件的文字编码与其声明不符,请存为 UTF-8。",
                "The text isn't in the encoding it declares; save it as UTF-8.",
            ),
            code="diagram-encoding",
        ) from None


@dataclass(slots=True)
class _Meter:
    """Counts elements and depth while expat streams; the first excess ends the parse."""

    elements: int = 0
    depth: int = 0

    def start(self, _name: str, attributes: list[str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _beyond(
                "too-deep",
                f"元素嵌套超过 {MAX_DEPTH} 层。",
                f"Elements are nested more than {MAX_DEPTH} levels deep.",
            )
        if self.elements > MAX_ELEMENTS:
            raise _beyond(
                "too-many-elements",
                f"元素超过 {MAX_ELEMENTS} 个。",
                f"There are more than {MAX_ELEMENTS} elements.",
            )
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            raise _beyond(
                "too-many-attributes",
                f"一个元素的属性超过 {MAX_ATTRIBUTES} 个。",
                f"One element has more than {MAX_ATTRIBUTES} attributes.",
            )
        for text in attributes:
            if len(text) > MAX_VALUE:
                raise _beyond(
                    "value-too-long",
                    f"一个属性超过 {MAX_VALUE} 个字符。",
                    f"An attribute is longer than {MAX_VALUE} characters.",
                )

    def end(self, _name: str) -> None:
        self.depth -= 1

    def doctype(self, _name: str, _system: str | None, _public: str | None, _subset: int) -> None:
        raise Invalid(
            Text(
                "文件含有 DOCTYPE 声明;出于安全不予读取。",
                "The file has a DOCTYPE declaration; it is refused for safety.",
            ),
            code="diagram-doctype",
        )


def _measure(clean: bytes) -> None:
    meter = _Meter()
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.buffer_text = False
    parser.StartElementHandler = meter.start
    parser.EndElementHandler = meter.end
    parser.StartDoctypeDeclHandler = meter.doctype
    try:
        for offset in range(0, len(clean), _CHUNK):
            parser.Parse(clean[offset : offset + _CHUNK], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _malformed(error.lineno, expat.ErrorString(error.code)) from None


def _beyond(limit: str, zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en), code=f"diagram-{limit}")


def _malformed(line: int, reason: str) -> Invalid:
    return Invalid(
        Text(f"第 {line} 行:不是完整的 XML({reason})。", f"Line {line}: not well-formed XML ({reason})."),
        code="diagram-not-xml",
    )


def local(element: etree._Element) -> str | None:
    """The local name of a BPMN element, ``None`` for elements of other namespaces."""
    tag = element.tag
    return tag[len(_PREFIX) :] if isinstance(tag, str) and tag.startswith(_PREFIX) else None


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first BPMN child of that local name."""
    return element.find(_PREFIX + name)


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The BPMN children of that local name."""
    return element.iterchildren(_PREFIX + name)


def content(element: etree._Element | None) -> str:
    """An element's own text, trimmed."""
    return (element.text or "").strip() if element is not None else ""


def reference(value: str | None) -> str | None:
    """The id in a reference, which may be a qualified name (``tns:Message_1``)."""
    return value.strip().rpartition(":")[2] if value and value.strip() else None


def flag(element: etree._Element, name: str, default: bool) -> bool:
    """An ``xsd:boolean`` attribute."""
    value = element.get(name)
    return default if value is None else value.strip() in ("true", "1")
