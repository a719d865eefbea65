"""Word files (docx, docm, dotx, flat OPC, Strict) → Document. They are read, never run."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from extractors.document.collecting import without_collecting
from extractors.document.errors import Unreadable
from extractors.document.model import Document, Paragraph
from extractors.document.radicals import read_as_meant
from extractors.document.symbols import has_symbols
from extractors.office.package import Package, Relationship, open_package, parse_xml
from extractors.office.programs import programs
from extractors.word.embedded import put_in_chunks
from extractors.word.fields.results import Fields
from extractors.word.inline import Inline
from extractors.word.lean import lean_body, lean_styles, without_unseen
from extractors.word.names import DOCUMENT, w
from extractors.word.numbering import Numbering
from extractors.word.styles import Styles
from extractors.word.walk import Walker
from records.models import Note, Place
from records.numbers import whole
from records.signs import UNSEEN

_LINKING = frozenset(
    ("attachedTemplate", "image", "oleObject", "package", "frame", "subDocument", "aFChunk", "video", "audio")
)
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_ASIDE: tuple[tuple[str, Place], ...] = (("header", "header"), ("footer", "footer"))


@without_collecting
def read_docx(data: bytes) -> Document:
    """Read a Word file. Raises Unreadable (damaged, no Word document, beyond the limits) or Protected."""
    package = open_package(data)
    main = _main_part(package)
    part = package.read(main)
    relations = package.relationships(main)
    styles = Styles.load(_related(package, relations, "styles", lean_styles))
    numbering = _related(package, relations, "numbering")
    walker = Walker(Inline(styles, Numbering.load(numbering)))
    document = Document("docx")
    body = _read_body(part, walker, document, package, relations)
    if walker.inline.fields.in_code:  # to the end of the file: a field that was never closed has no code so long
        walker = Walker(Inline(styles, Numbering.load(numbering), fields=Fields(unclosed=True)))
        body = _read_body(part, walker, document, package, relations)
    text = "\n".join(document.texts())
    if UNSEEN.search(text):
        walker = Walker(
            Inline(styles, Numbering.load(numbering), fields=Fields(unclosed=walker.inline.fields.unclosed))
        )
        body = _read_body(without_unseen(part), walker, document, package, relations)
        text = "\n".join(document.texts())
    apart = (p.text for p in (*walker.inline.hidden, *walker.inline.prompts))
    if walker.inline.plain_runs and has_symbols("\n".join((text, *apart))):
        # characters of a symbol font in a document that names none: read them as what they show
        walker = Walker(Inline(styles, Numbering.load(numbering)))
        document.blocks = walker.body(body)
    walker.inline.plain_runs = False
    _read_aside(package, relations, walker, document)
    document.aside += walker.inline.hidden + walker.inline.prompts
    read_as_meant(document, text)
    document.pages = _pages(package)
    document.notes = _notes(package, relations, walker)
    return document


def _read_body(
    part: bytes, walker: Walker, document: Document, package: Package, relations: dict[str, Relationship]
) -> etree._Element:
    """Read the part that holds the text into ``document``; its w:body."""
    lean, walker.inline.plain_runs = lean_body(part, bool(walker.inline.styles.hidden))
    body = _parsed(part, lean).find(w("body"))
    if body is None:
        raise Unreadable("文件中没有 Word 正文，无法读取；请用 Word 或 WPS 打开原件另存后重新报送")
    if part.rfind(b"altChunk") >= 0:  # from the end: twice as fast
        put_in_chunks(body, package, relations)
        walker.inline.plain_runs = False
    document.blocks = walker.body(body)
    return body


def _main_part(package: Package) -> str:
    for relation in package.relationships("").values():
        if relation.kind == "officeDocument" and relation.target in package.names:
            return relation.target
    if DOCUMENT in package.names:
        return DOCUMENT
    raise Unreadable("文件不是 Word 文档，或已损坏；请用 Word 或 WPS 打开原件另存为 .docx 后重新报送")


def _related(
    package: Package,
    relations: dict[str, Relationship],
    kind: str,
    thin: Callable[[bytes], bytes] | None = None,
) -> etree._Element | None:
    for relation in relations.values():
        if relation.kind == kind and not relation.external and relation.target in package.names:
            part = package.read(relation.target)
            return _parsed(part, thin(part)) if thin else parse_xml(part)
    return None


def _parsed(part: bytes, lean: bytes) -> etree._Element:
    """``lean`` parsed; should anything have been cut amiss, the part as it stands."""
    try:
        return parse_xml(lean)
    except Unreadable:
        return parse_xml(part)


def _read_aside(package: Package, relations: dict[str, Relationship], walker: Walker, document: Document) -> None:
    """Headers, footers and notes: apart from the body, since values are not looked for there."""
    counted = walker.paragraphs
    for kind, place in _ASIDE:
        walker.paragraphs = 0
        # each part once, however many relationships lead to it
        for target in dict.fromkeys(r.target for r in relations.values() if r.kind == kind and not r.external):
            root = package.xml(target)
            if root is not None:
                document.aside += _paragraphs(walker, root, place)
                document.aside += _watermarks(root)
    for kind in ("footnotes", "endnotes"):
        walker.paragraphs = 0
        root = _related(package, relations, kind)
        for note in root if root is not None else ():
            if note.get(w("type")) in (None, "normal"):
                document.aside += _paragraphs(walker, note, "footnote")
    walker.paragraphs = counted


def _paragraphs(walker: Walker, root: etree._Element, place: Place) -> list[Paragraph]:
    found: list[Paragraph] = []
    for block in walker.body(root, place):
        if isinstance(block, Paragraph):
            if block.text.strip():
                found.append(block)
        else:
            found += [Paragraph(c.text, c.row, place=place) for c in block.cells if c.text.strip()]
    return found


def _watermarks(root: etree._Element) -> list[Paragraph]:
    """The texts of a header that Word draws across the page (VML, 14.1.2.23 textpath)."""
    texts = dict.fromkeys(str(n.get("string") or "").strip() for n in root.iter(_TEXT_PATH))
    return [Paragraph(text, number, place="header") for number, text in enumerate(filter(None, texts), 1)]


def _pages(package: Package) -> int | None:
    """The page count that the writing program left in the file, None where it left none."""
    root = package.xml("docProps/app.xml")
    for node in root if root is not None else ():
        if str(node.tag).endswith("}Pages"):
            return whole(node.text, least=0) or None
    return None


# ------------------------------------------------------------------------------------------------------ what was noticed
def _notes(package: Package, relations: dict[str, Relationship], walker: Walker) -> list[Note]:
    everywhere = {part: package.relationships(part) for part in package.related()}
    notes = programs(package, "word", everywhere)
    reasons = ["修订"] if walker.inline.changed else []
    comments = _related(package, relations, "comments")
    if comments is not None and comments.find(w("comment")) is not None:
        reasons.append("批注")
    if walker.inline.struck:
        reasons.append("删除线")
    if reasons:
        told = f"文件中留有未处理的{'和'.join(reasons)}，已按接受修订后的文字读取"
        notes.append(Note(code="F05", message=told, evidence="；".join(filter(None, walker.inline.struck))[:200]))
    if walker.inline.hidden:
        shown = "；".join(p.text.strip() for p in walker.inline.hidden)[:200]
        notes.append(Note(code="S03", message="文件中有隐藏文字", where="隐藏文字", evidence=shown))
    for target in _links(everywhere, walker):
        notes.append(Note(code="S03", message="文件链接到外部文件", where="外部链接", evidence=target))
    return notes


def _links(everywhere: dict[str, dict[str, Relationship]], walker: Walker) -> list[str]:
    """Links to outside files: pictures, objects, templates, file: and UNC targets. Web and mail links are none."""
    found: list[str] = list(walker.inline.fields.outside)
    for relation in (r for relations in everywhere.values() for r in relations.values() if r.external):
        local = re.match(r"(?:file:|\\\\|//|[A-Za-z]:[\\/])", relation.target, re.IGNORECASE)
        if relation.kind in _LINKING or (relation.kind == "hyperlink" and local):
            found.append(relation.target)
    return list(dict.fromkeys(found))
