"""Excel workbooks of today (xlsx, xlsm, xltx, xltm, et saved so; ISO/IEC 29500) → Book. They are read, never run.

Over lxml in one pass, not by openpyxl: that drops text boxes, needs a second pass to tell a formula from its result, makes a cell
of every empty one that has a look, and refuses files of other programs over a style. It is the oracle in tests.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from extractors.document.doubts import FORMULA_WITHOUT_RESULT
from extractors.document.errors import Unreadable
from extractors.document.model import PICTURE, Paragraph
from extractors.office.package import EXCEL, Package, Relationship, damaged, open_package
from extractors.office.programs import Everywhere, programs
from extractors.sheet.book import AGAIN, Area, Book, Counter, Sheet
from extractors.sheet.number_format import BUILT_IN, general, shown
from extractors.sheet.settings import SHEET
from records.models import Note, Place

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d{1,3}|[A-Za-z])')
_IN_CELL_PICTURE = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_LOCAL = re.compile(r"(?:file:|\\\\|//|[A-Za-z]:[\\/])", re.IGNORECASE)
_MOST_MERGED = 50_000
_MOST_HIDDEN_COLUMNS = 16_384


def read_book(data: bytes) -> Book:
    """The workbook. Raises Unreadable (damaged, no workbook, beyond the limits) or Protected."""
    package = open_package(data, EXCEL)
    main = _main_part(package)
    relations = package.relationships(main)
    root = package.xml(main)
    assert root is not None
    reader = _Reader(package, _strings(package, relations), _formats(package, relations), _epoch_1904(root))
    book = Book()
    for node in root.iter("{*}sheet"):
        relation = relations.get(node.get(f"{_R}id", ""))
        if relation is None or relation.target not in package.names:
            raise Unreadable(f"工作簿中的工作表“{node.get('name', '')}”缺失，文件不完整；{AGAIN}")
        if relation.kind == "worksheet":
            sheet = Sheet(node.get("name", ""), hidden=node.get("state", "visible") != "visible")
            book.sheets.append(reader.read(sheet, relation.target))
    everywhere = {part: package.relationships(part) for part in package.related()}
    book.notes = [*programs(package, "xl", everywhere), *_comments(package), *_links(everywhere)]
    return book


def _main_part(package: Package) -> str:
    for relation in package.relationships("").values():
        if relation.kind == "officeDocument" and relation.target in package.names:
            return relation.target
    if "xl/workbook.xml" in package.names:
        return "xl/workbook.xml"
    raise Unreadable(f"文件不是 Excel 工作簿，或已损坏；{AGAIN}")


def _epoch_1904(workbook: etree._Element) -> bool:
    return any(node.get("date1904") in ("1", "true") for node in workbook.iter("{*}workbookPr"))


def _related(package: Package, relations: dict[str, Relationship], kind: str) -> str | None:
    return next((r.target for r in relations.values() if r.kind == kind and r.target in package.names), None)


def _elements(data: bytes, *names: str) -> Iterator[etree._Element]:
    """The elements of these names, one by one and each forgotten before the next: a sheet may have a million."""
    if b"<!DOCTYPE" in data[:2048] or b"<!ENTITY" in data[:4096]:
        raise Unreadable("文件内部含有不允许的 XML 声明（DOCTYPE），疑为恶意文件，未予打开；请重新制作后报送")
    parsed = etree.iterparse(
        io.BytesIO(data), tag=[f"{{*}}{n}" for n in names], resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, node in parsed:
            yield node
            node.clear()
            while node.getprevious() is not None and (parent := node.getparent()) is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise damaged(EXCEL) from error


def _text(node: etree._Element) -> str:
    """The text of a string item: its runs, without the readings beside characters (rPh)."""
    found = []
    for child in node:
        name = etree.QName(child).localname
        if name == "t":
            found.append(child.text or "")
        elif name == "r":
            found += [t.text or "" for t in child.iterfind("{*}t")]
    return unescaped("".join(found))


def unescaped(text: str) -> str:
    """Characters that XML cannot hold, as Excel writes them (_x000D_); line ends as line feeds."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _strings(package: Package, relations: dict[str, Relationship]) -> list[str]:
    part = _related(package, relations, "sharedStrings")
    return [_text(node) for node in _elements(package.read(part), "si")] if part else []


def _formats(package: Package, relations: dict[str, Relationship]) -> list[str]:
    """The format code of each cell style, by its number."""
    part = _related(package, relations, "styles")
    root = package.xml(part) if part else None
    if root is None:
        return []
    codes = dict(BUILT_IN)
    for node in root.iter("{*}numFmt"):
        number = node.get("numFmtId", "")
        if number.isdecimal() and number not in map(str, BUILT_IN):
            codes[int(number)] = node.get("formatCode", "")
    styles = root.find("{*}cellXfs")
    numbers = [node.get("numFmtId", "0") for node in (styles if styles is not None else ())]
    return [codes.get(int(n), "General") if n.isdecimal() else "General" for n in numbers]


@dataclass(slots=True)
class _Reader:
    """Reads the sheets of one workbook."""

    package: Package
    strings: list[str]
    formats: list[str]
    epoch_1904: bool
    counter: Counter = field(default_factory=Counter)

    def read(self, sheet: Sheet, part: str) -> Sheet:
        row = 0
        for node in _elements(self.package.read(part), "row", "col", "mergeCell", "headerFooter"):
            name = etree.QName(node).localname
            if name == "row":
                row = self._row(sheet, node, row)
            elif name == "mergeCell":
                area = _area(node.get("ref", ""))
                if area is not None and len(sheet.merged) < _MOST_MERGED:
                    sheet.merged.append(area)
            elif name == "headerFooter":
                sheet.aside += _headers(node, sheet)
            elif _is_hidden(node, "width"):
                first, last = (_whole(node.get(n)) for n in ("min", "max"))
                sheet.hidden_columns.update(range(first, min(last, _MOST_HIDDEN_COLUMNS) + 1))
        self._drawings(sheet, part)
        return sheet

    def _row(self, sheet: Sheet, node: etree._Element, before: int) -> int:
        row = _whole(node.get("r")) or before + 1
        column = 0
        held = len(sheet.cells) + len(sheet.unseen)
        for cell in node.iterfind("{*}c"):
            match = _REFERENCE.fullmatch(cell.get("r", ""))
            column = column_number(match[1]) if match else column + 1
            self._cell(sheet, cell, row, column)
        added = len(sheet.cells) + len(sheet.unseen) - held
        if added:
            self.counter.add(added)
            if _is_hidden(node, "ht"):
                sheet.hidden_rows.add(row)
        return row

    def _cell(self, sheet: Sheet, cell: etree._Element, row: int, column: int) -> None:
        if not len(cell):
            return
        kind = cell.get("t", "n")
        formula, held = cell.find("{*}f"), cell.find("{*}v")
        value = held.text or "" if held is not None else ""
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            sheet.put(row, column, _text(inline) if inline is not None else "")
        elif formula is not None and not value and kind != "str":
            sheet.put(row, column, f"={unescaped(formula.text or '') or '公式'}", (FORMULA_WITHOUT_RESULT,))
            sheet.formulas.append((row, column))
        elif kind == "s" and value:
            number = _whole(value, -1)
            if not 0 <= number < len(self.strings):
                raise damaged(EXCEL)
            sheet.put(row, column, self.strings[number])
        elif kind in ("str", "d"):
            picture = kind == "str" and _IN_CELL_PICTURE.match(value)
            sheet.put(row, column, PICTURE if picture else unescaped(value))
        elif kind == "b":
            sheet.put(row, column, "TRUE" if value == "1" else "FALSE")
        elif kind == "e":
            sheet.put(row, column, value, (FORMULA_WITHOUT_RESULT,))
        elif value:
            self._number(sheet, row, column, value, cell.get("s", "0"))

    def _number(self, sheet: Sheet, row: int, column: int, value: str, style: str) -> None:
        at = _whole(style)
        code = self.formats[at] if at < len(self.formats) else "General"
        try:
            number = float(value)
        except ValueError:
            sheet.put(row, column, value)
            return
        put_number(sheet, row, column, number, code, self.epoch_1904)

    def _drawings(self, sheet: Sheet, part: str) -> None:
        """Text boxes, and how many pictures there are."""
        for relation in self.package.relationships(part).values():
            if relation.kind != "drawing" or relation.external:
                continue
            root = self.package.xml(relation.target)
            for node in root.iter("{*}pic", "{*}txBody") if root is not None else ():
                if etree.QName(node).localname == "pic":
                    sheet.pictures += 1
                    continue
                lines = ("".join(t.text or "" for t in p.iter("{*}t")) for p in node.iter("{*}p"))
                sheet.aside += aside(sheet, "textbox", "\n".join(lines))


def put_number(sheet: Sheet, row: int, column: int, number: float, code: str, epoch_1904: bool) -> None:
    """A number as its format shows it; told apart where the format hides it."""
    text, doubts = shown(number, code, epoch_1904)
    if text:
        sheet.put(row, column, text, doubts)
    else:
        sheet.unseen[row, column] = general(number)


def aside(sheet: Sheet, place: Place, text: str) -> list[Paragraph]:
    """What stands beside the cells, as a paragraph; none where it is blank."""
    name = {"header": "页眉", "footer": "页脚", "textbox": "文本框"}.get(place, "")
    return [Paragraph(text.strip(), len(sheet.aside) + 1, place=place, at=f"{sheet.at} {name}")] if text.strip() else []


def header_text(code: str) -> str:
    """A header without what stands for fonts, sizes, page numbers."""
    return _HEADER_CODE.sub(" ", code.replace("&&", "\0")).replace("\0", "&").strip()


def _headers(node: etree._Element, sheet: Sheet) -> list[Paragraph]:
    found: dict[tuple[Place, str], None] = {}
    for child in node:
        place: Place = "header" if etree.QName(child).localname.endswith("Header") else "footer"
        found[place, header_text(unescaped(child.text or ""))] = None
    return [p for place, text in found for p in aside(sheet, place, text)]


def _is_hidden(node: etree._Element, size: str) -> bool:
    held = node.get(size)
    return node.get("hidden") in ("1", "true") or (held is not None and re.fullmatch(r"0+(?:\.0+)?", held) is not None)


def _whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and len(text) < len("9999999999") and text.isascii() and text.isdecimal() else otherwise


def column_number(name: str) -> int:
    """A → 1, AB → 28."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _area(reference: str) -> Area | None:
    ends = [_REFERENCE.fullmatch(e) for e in reference.split(":")]
    places = [(int(m[2]), column_number(m[1])) for m in ends if m is not None]
    if not places or len(places) != len(ends):
        return None
    (top, left), (bottom, right) = places[0], places[-1]
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


# ------------------------------------------------------------------------------------------------------ what was noticed
def _comments(package: Package) -> list[Note]:
    texts: list[str] = []
    for name in package.names:
        if re.fullmatch(r"xl/(?:.*/)?comments?\d*\.xml", name):
            root = package.xml(name)
            texts += [_text(node) for node in (root.iter("{*}text") if root is not None else ())]
    return comments(texts)


def comments(texts: list[str]) -> list[Note]:
    """The note on comments beside cells: they are no part of what a cell says."""
    said = "；".join(" ".join(t.split()) for t in texts if t.strip())[: SHEET.evidence]
    return [Note(code="F05", message="表格中留有批注，批注的内容没有读入", evidence=said)] if said else []


def _links(everywhere: Everywhere) -> list[Note]:
    """Links to outside files and data: never followed. Web and mail links are none."""
    held = (r for part, relations in everywhere.items() if part.startswith("xl/") for r in relations.values())
    found = [r.target for r in held if r.external and (r.kind != "hyperlink" or _LOCAL.match(r.target))]
    return [
        Note(code="S03", message="文件链接到外部文件", where="外部链接", evidence=target)
        for target in dict.fromkeys(found)
    ]
