"""Documents of another format that a Word file holds whole (w:altChunk, ISO/IEC 29500-1 §17.17.2): Word shows them in place.

Web systems that export to Word write such files: a body that is nothing but a web page.
"""

from __future__ import annotations

from lxml import etree

from extractors.document.errors import Unreadable
from extractors.formats import sniff
from extractors.office.package import Package, Relationship, open_package, parse_xml
from extractors.word.html import convert as html
from extractors.word.html.source import page_of
from extractors.word.lean import without_unseen
from extractors.word.names import DOCUMENT, R, w
from extractors.word.rtf import convert as rtf

CHUNK = w("altChunk")
_MOST = 50
_AGAIN = "请用 Word 打开原件，另存为 .docx 后重新报送"


def put_in_chunks(body: etree._Element, package: Package, relations: dict[str, Relationship]) -> None:
    """Put what the chunks of a body hold in their place. Raises Unreadable where one cannot be read: it must not go missing."""
    chunks = list(body.iter(CHUNK))
    if len(chunks) > _MOST:
        raise Unreadable(f"文件中嵌入的文档超过{_MOST}个，未予打开；{_AGAIN}")
    for chunk in chunks:
        relation = relations.get(chunk.get(f"{{{R}}}id", ""))
        if relation is None or relation.external or relation.target not in package.names:
            raise Unreadable(f"文件的正文在嵌入的文档里，而嵌入的文档缺失；{_AGAIN}")
        blocks = _blocks(package.read(relation.target), relation.target)
        parent = chunk.getparent()
        assert parent is not None
        at = parent.index(chunk)
        parent[at : at + 1] = blocks


def _blocks(data: bytes, name: str) -> list[etree._Element]:
    made = open_package(_as_docx(data, name))
    found = parse_xml(without_unseen(made.read(DOCUMENT))).find(w("body")) if DOCUMENT in made.names else None
    if found is None or found.find(f".//{CHUNK}") is not None:
        raise Unreadable(f"文件中嵌入的文档无法读取；{_AGAIN}")
    return [node for node in found if node.tag != w("sectPr")]


def _as_docx(data: bytes, name: str) -> bytes:
    match sniff(data, name).format:
        case "html":
            return html.convert(data).converted.docx
        case "mht":
            return html.convert(page_of(data) or b"").converted.docx
        case "rtf":
            return rtf.convert(data).converted.docx
        case "docx" | "flat-opc":
            return data
        case other:
            raise Unreadable(f"文件中嵌入的文档（{other}）无法读取；{_AGAIN}")
