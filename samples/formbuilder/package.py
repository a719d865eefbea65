"""A Word file around a body: styles, footnotes, page numbers, and the same bytes every time it is made."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from lxml import etree

from samples.formbuilder.word import Element, Face, el, paragraph, q, run

FIXED = dt.datetime(2023, 8, 10, 9, 0, 0)  # noqa: DTZ001 - docProps take a naive time; fixed so that bytes repeat
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


class Package:
    """A document being made: parts first (``footer``, ``header``, ``footnotes``), then :meth:`save` with the body."""

    def __init__(self, title: str) -> None:
        self.document: WordDocument = docx.Document()
        _normal_style(self.document)
        _drop_thumbnail(self.document)
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "", ""
        properties.created = properties.modified = FIXED
        properties.last_modified_by, properties.revision, properties.language = "", 1, "zh-CN"

    def footer(self) -> str:
        """A footer with the page number; gives its relationship id."""
        field = [
            el("r", el("fldChar", fldCharType="begin")),
            el("r", _instruction(" PAGE ")),
            el("r", el("fldChar", fldCharType="separate")),
            run("1", Face("宋体", 21)),
            el("r", el("fldChar", fldCharType="end")),
        ]
        line = paragraph(["— "], Face("宋体", 21), align="center")
        line.extend(field)
        line.append(run(" —", Face("宋体", 21)))
        return self._story("footer", line)

    def header(self, text: str) -> str:
        """A header with ``text``; gives its relationship id."""
        return self._story("header", paragraph(text, Face("黑体", 21), align="left"))

    def _story(self, kind: str, line: Element) -> str:
        part, rel = getattr(self.document.part, f"add_{kind}_part")()
        for old in list(part.element):
            part.element.remove(old)
        part.element.append(line)
        return str(rel)

    def footnotes(self, texts: Iterable[str]) -> None:
        """The footnotes part; ids from 1 in order."""
        root = el("footnotes")
        for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
            root.append(el("footnote", el("p", el("r", el(kind))), id=number, type=kind))
        for number, text in enumerate(texts, start=1):
            line = paragraph("", Face("宋体", 18))
            line.append(el("r", el("rPr", el("sz", val=18), el("vertAlign", val="superscript")), el("footnoteRef")))
            line.append(run(" " + text, Face("宋体", 18)))
            root.append(el("footnote", line, id=number))
        blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, blob, self.document.part.package)
        self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = self.document.settings.element
        properties = el("footnotePr", el("footnote", id=-1), el("footnote", id=0))
        before = settings.find(qn("w:compat"))
        if before is not None:
            before.addprevious(properties)
        else:
            settings.append(properties)

    def picture(self, image: bytes, width_mm: float) -> Element:
        """A run with an inline picture."""
        from docx.shared import Mm

        made = self.document.add_paragraph().add_run()
        made.add_picture(io.BytesIO(image), width=Mm(width_mm))
        element: Element = made._r  # noqa: SLF001 - python-docx has no public way to move a run
        return element

    def save(self, body: Iterable[Element], last: Element) -> bytes:
        """The file's bytes. ``last`` are the properties of the last section."""
        root = self.document.element.body
        blocks = list(body)
        for old in list(root):
            root.remove(old)
        root.extend(blocks)
        root.append(last)
        buffer = io.BytesIO()
        self.document.save(buffer)
        return rezip(buffer.getvalue())


def rezip(data: bytes) -> bytes:
    """The same archive with fixed times, so that the same content is the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (2023, 8, 10, 9, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 0
            target.writestr(entry, source.read(name))
    return out.getvalue()


def _instruction(code: str) -> Element:
    made = el("instrText")
    made.text = code
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def _normal_style(document: WordDocument) -> None:
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), "仿宋")
    for old in document.styles.element.iter(q("lang")):
        old.set(qn("w:eastAsia"), "zh-CN")


def _drop_thumbnail(document: WordDocument) -> None:
    """The template's preview picture shows another document."""
    package = document.part.package
    for key, rel in list(package.rels.items()):
        if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
