"""Word 2003 XML (WordprocessingML 2003) → Document: the same elements as today's under another namespace.

Report systems fill templates in this format and name the result .doc. What differs is put into today's words.
"""

from __future__ import annotations

from lxml import etree

from extractors.document.model import Document
from extractors.office.package import parse_xml
from extractors.word import markup
from extractors.word.markup import Converted, Look, Part
from extractors.word.second_opinion import read_by_libreoffice, settle
from records.models import Note
from records.signs import BULLET_BOXES

_OLD = "http://schemas.microsoft.com/office/word/2003/wordml"
_AUX = "http://schemas.microsoft.com/office/word/2003/auxHint"
_AML = "http://schemas.microsoft.com/aml/2001/core"
_VML = "urn:schemas-microsoft-com:vml"
_RENAMED = {"vmerge": "vMerge", "hmerge": "hMerge", "header-row": "tblHeader", "hlink": "hyperlink"}
_CHANGES = {"Word.Insertion": "ins", "Word.Deletion": "del"}


def _old(name: str) -> str:
    return f"{{{_OLD}}}{name}"


def read_word2003(data: bytes) -> Document:
    """Read a Word 2003 XML document. Raises Unreadable where it is damaged."""
    root = parse_xml(data)
    body = root.find(_old("body"))
    if body is None:
        return read_by_libreoffice(data, "wordml", "Word XML 文档中没有正文")
    notes: list[Note] = []
    if root.get(_old("macrosPresent")) == "yes" or root.find(_old("docSuppData")) is not None:
        notes.append(Note(code="F04", message="文件中含有宏，本系统不予运行", where="宏", evidence="docSuppData"))
    if root.get(_old("embeddedObjPresent")) == "yes" or root.find(_old("docOleData")) is not None:
        notes.append(
            Note(code="F04", message="文件中含有嵌入的对象，本系统不予运行", where="嵌入的对象", evidence="docOleData")
        )
    parts: list[Part] = []
    for kind, name in (("header", "hdr"), ("footer", "ftr")):
        for i, node in enumerate(list(body.iter(_old(name)))):
            parts.append(Part(kind, f"{kind}{i}", _content(node)))
            node.getparent().remove(node)  # type: ignore[union-attr]
    feet = [_content(node) for node in body.iter(_old("footnote"))]
    if feet:
        content = "".join(f'<w:footnote w:id="{i}">{f}</w:footnote>' for i, f in enumerate(feet, 1))
        parts.append(Part("footnotes", "footnotes", content))
    if any(n.get(_old("type")) == "Word.Comment" for n in body.iter(f"{{{_AML}}}annotation")):
        parts.append(Part("comments", "comments", "<w:comment/>"))
    styles = root.find(_old("styles"))
    if styles is not None:
        parts.append(Part("styles", "styles", _content(styles)))
    return settle(data, "wordml", Converted(markup.package(_content(body), parts)), notes)


def _content(parent: etree._Element) -> str:
    return "".join(_write(child) for child in parent)


def _write(node: etree._Element) -> str:
    """An element in today's words, as text; wrappers that say nothing are left away."""
    if not isinstance(node.tag, str):
        return ""
    name = etree.QName(node)
    if name.namespace == _AML:
        return _annotation(node, name.localname)
    if name.namespace == _VML or (name.namespace == _OLD and name.localname == "pict"):
        return _drawing(node)
    if name.namespace != _OLD:
        return _content(node)
    if name.localname in ("sectPr", "footnote", "endnote", "binData"):
        return ""
    if name.localname == "listPr":
        return ""
    tag = _RENAMED.get(name.localname, name.localname)
    if tag == "tblHeader":
        return "<w:tblHeader/>"
    attributes = "".join(
        f" w:{etree.QName(k).localname}={_quoted(str(v))}"
        for k, v in node.attrib.items()
        if str(k).startswith(f"{{{_OLD}}}")
    )
    label = _label(node) if tag == "p" else ""
    inside = _escaped(node.text) if tag in ("t", "delText", "instrText") else ""
    children = "".join(_write(child) for child in node)
    if label:
        head, sep, rest = children.partition("</w:pPr>")
        children = head + sep + label + rest if sep else label + children
    keep = ' xml:space="preserve"' if inside else ""
    return f"<w:{tag}{attributes}{keep}>{inside}{children}</w:{tag}>"


def _label(node: etree._Element) -> str:
    """The automatic number, which this format writes out in a hint."""
    hint = node.find(f"{_old('pPr')}/{_old('listPr')}/{{{_AUX}}}t")
    text = hint.get(f"{{{_AUX}}}val", "").strip() if hint is not None else ""
    bullet = len(text) == 1 and not text.isalnum() and text not in BULLET_BOXES
    return markup.text(text, Look()) if text and not bullet else ""


def _annotation(node: etree._Element, name: str) -> str:
    if name == "content":
        return _content(node)
    kind = node.get(_old("type"), "")
    if kind in _CHANGES:
        return f"<w:{_CHANGES[kind]}>{_content(node)}</w:{_CHANGES[kind]}>"
    return (
        "" if kind in ("Word.Comment", "Word.Comment.Start", "Word.Comment.End", "Word.Formatting") else _content(node)
    )


def _drawing(node: etree._Element) -> str:
    """Pictures and text boxes of a drawing, once each."""
    boxes = "".join(markup.text_box(_content(box)) for box in node.iter(_old("txbxContent")))
    pictures = sum(1 for _ in node.iter(f"{{{_VML}}}imagedata"))
    return boxes + "<w:drawing><a:blip/></w:drawing>" * pictures


def _escaped(text: str | None) -> str:
    """Character data, escaped."""
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(value: str) -> str:
    return '"' + _escaped(value).replace('"', "&quot;") + '"'
