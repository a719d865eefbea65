"""The property modifiers (sprms) of Word 97-2003 that matter to a reader ([MS-DOC] 2.6)."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# The short forms that a piece's 16-bit modifier may hold ([MS-DOC] 2.9.215, Prm0) → the sprm they stand for.
_SHORT = {
    0x0C: 0x260A, 0x18: 0x2416, 0x19: 0x2417, 0x41: 0x0800, 0x42: 0x0801, 0x43: 0x0802, 0x47: 0x0806, 0x4B: 0x080A,
    0x5C: 0x083C,
}  # fmt: skip
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes of an operand by its spra ([MS-DOC] 2.2.5.1); of 6 the operand says so itself."""
_VARIABLE = 6
_TDEF = 0xD608
"""sprmTDefTable"""
_TABS, _MANY_TABS = 0xC615, 0xFF
"""sprmPChgTabs, and the size of one whose tabs are too many for a byte."""
_HUGE = (0x6646, 0x6645)
"""sprmPHugePapx, and its number before Word 2000."""
_MOST_NESTED = 2
"""Lists within lists: a huge one may not name another."""
_UNSET = (b"\0\0\0", b"\xff\xff\xff")
"""Black, which "automatic" has too, and white."""
_WORD, _DWORD = 2, 4
"""Bytes of an operand."""
_BODY_TEXT = 9
"""The outline level of what is no heading ([MS-DOC] 2.6.2, sprmPOutLvl)."""
_CONTINUES, _RESTARTS = 1, 3
"""VerticalMergeFlag."""
_VERT_MERGE_SIZE = 3


@dataclass(slots=True)
class TableCell:
    """What a row's definition says of one cell. ``merged`` continues the cell to the left, ``below`` the one above;
    ``starts`` begins a vertical merge."""

    merged: bool = False
    below: bool = False
    starts: bool = False


@dataclass(slots=True)
class ParaProps:
    """``edges`` (twips, one more than cells) and ``cells`` describe the row that a row-end mark closes."""

    istd: int = 0
    in_table: bool = False
    row_end: bool = False
    depth: int = 0
    inner_cell: bool = False
    inner_row_end: bool = False
    outline: int = _BODY_TEXT
    ilvl: int = 0
    ilfo: int = 0
    header: bool = False
    gap: int = 0
    edges: list[int] = field(default_factory=list)
    cells: list[TableCell] = field(default_factory=list)

    def copy(self) -> ParaProps:
        made = dataclasses.replace(self)
        made.edges, made.cells = list(self.edges), [dataclasses.replace(c) for c in self.cells]
        return made


@dataclass(slots=True)
class CharProps:
    """None means that the style decides. ``font`` is an index of the font table, ``symbol`` (font index, code)."""

    deleted: bool = False
    struck: bool = False
    lit: bool = False
    stressed: bool = False
    raised: bool = False
    inserted: bool = False
    hidden: bool | None = None
    special: bool = False
    is_data: bool = False
    is_object: bool = False
    picture: int | None = None
    symbol: tuple[int, int] | None = None
    font: int | None = None
    east_asian: int | None = None


def prm_to_grpprl(prm: int) -> bytes:
    """A piece's one-sprm modifier as a property list; b"" where it says nothing to us."""
    sprm = _SHORT.get((prm >> 1) & 0x7F) if prm and not prm & 1 else None
    return struct.pack("<HB", sprm, prm >> 8) if sprm is not None else b""


def sprms(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    """(sprm, operand) of a property list; stops where it is cut off."""
    at, end = 0, len(grpprl)
    while at + 2 <= end:
        sprm = grpprl[at] | grpprl[at + 1] << 8
        at += 2
        kind = sprm >> 13
        if kind == _VARIABLE:
            if sprm == _TDEF:
                if at + 2 > end:
                    return
                size = struct.unpack_from("<H", grpprl, at)[0] + 1
            elif at >= end:
                return
            elif sprm == _TABS and grpprl[at] == _MANY_TABS:
                deleted = grpprl[at + 1] if at + 1 < end else 0
                added = grpprl[at + 2 + 4 * deleted] if at + 2 + 4 * deleted < end else 0
                size = 3 + 4 * deleted + 3 * added
            else:
                size = grpprl[at] + 1
        else:
            size = _SIZES[kind]
        yield sprm, grpprl[at : at + size]
        at += size


def apply_para(props: ParaProps, grpprl: bytes, data: bytes, nested: int = 0) -> None:
    """Apply the paragraph and table sprms of a list. ``data`` is the Data stream, which holds long lists."""
    for sprm, operand in sprms(grpprl):
        if sprm in _HUGE and len(operand) == _DWORD and nested < _MOST_NESTED:
            at = struct.unpack("<I", operand)[0]
            if at + 2 <= len(data):
                size = struct.unpack_from("<H", data, at)[0]
                apply_para(props, data[at + 2 : at + 2 + size], data, nested + 1)
            continue
        handler = _PARA.get(sprm)
        if handler is not None and operand:
            handler(props, operand)


def apply_char(props: CharProps, grpprl: bytes, style: Callable[[int], CharProps] | None) -> None:
    """Apply the character sprms of a list; ``style`` gives the properties of a character style, None within styles."""
    for sprm, operand in sprms(grpprl):
        if not operand:
            continue
        match sprm:
            case 0x0800:  # sprmCFRMarkDel
                props.deleted = operand[0] == 1
            case 0x0801:  # sprmCFRMarkIns
                props.inserted = operand[0] == 1
            case 0x083C:  # sprmCFVanish
                # 0x80 and 0x81 mean "as the style" and "not as the style": the style has the word already.
                props.hidden = {0: False, 1: True}.get(operand[0], props.hidden)
            case 0x0837 | 0x2A53:  # sprmCFStrike, sprmCFDStrike
                props.struck = {0: False, 1: True}.get(operand[0], props.struck)
            case 0x2A0C:  # sprmCHighlight
                props.lit = props.lit or operand[0] != 0
            case 0xCA71 if len(operand) > 2 * _DWORD:  # sprmCShd: its size, the colour before, the colour behind
                props.lit = props.lit or operand[5:8] not in _UNSET
            case 0x6870 if len(operand) == _DWORD:  # sprmCCv
                props.lit = props.lit or operand[:3] not in _UNSET
            case 0x0835 | 0x0836 | 0x2A3E:  # sprmCFBold, sprmCFItalic, sprmCKul
                props.stressed = props.stressed or operand[0] not in (0, 0x80)
            case 0x2A48:  # sprmCIss
                props.raised = operand[0] == 1
            case 0x0855:  # sprmCFSpec
                props.special = operand[0] == 1
            case 0x0806:  # sprmCFData
                props.is_data = operand[0] == 1
            case 0x080A | 0x0856:  # sprmCFOle2, sprmCFObj
                props.is_object = operand[0] == 1
            case 0x6A03 if len(operand) == _DWORD:  # sprmCPicLocation
                props.picture = struct.unpack("<I", operand)[0]
                props.special = True
            case 0x6A09 if len(operand) == _DWORD:  # sprmCSymbol
                font, code = struct.unpack("<HH", operand)
                props.symbol = font, code
                props.special = True
            case 0x4A4F if len(operand) == _WORD:  # sprmCRgFtc0
                props.font = struct.unpack("<H", operand)[0]
            case 0x4A50 if len(operand) == _WORD:  # sprmCRgFtc1
                props.east_asian = struct.unpack("<H", operand)[0]
            case 0x4A30 if style is not None and len(operand) == _WORD:  # sprmCIstd
                inherited = style(struct.unpack("<H", operand)[0])
                props.hidden = inherited.hidden if inherited.hidden is not None else props.hidden
                props.font = inherited.font if inherited.font is not None else props.font


# ------------------------------------------------------------------------------------------------ paragraphs and tables
def _flag(name: str) -> Callable[[ParaProps, bytes], None]:
    def put(props: ParaProps, operand: bytes) -> None:
        setattr(props, name, operand[0] != 0)

    return put


def _depth(props: ParaProps, operand: bytes) -> None:
    props.depth = max(0, struct.unpack("<i", operand)[0])


def _deeper(props: ParaProps, operand: bytes) -> None:
    props.depth = max(0, props.depth + struct.unpack("<i", operand)[0])


def _outline(props: ParaProps, operand: bytes) -> None:
    props.outline = operand[0]


def _ilvl(props: ParaProps, operand: bytes) -> None:
    props.ilvl = operand[0]


def _ilfo(props: ParaProps, operand: bytes) -> None:
    props.ilfo = struct.unpack("<H", operand)[0]


def _definition(props: ParaProps, operand: bytes) -> None:
    """sprmTDefTable: the row's edges and, of each cell, 20 bytes whose first word holds its merges (TC80)."""
    count = operand[2]
    props.edges = list(struct.unpack_from(f"<{count + 1}h", operand, 3))
    props.cells = []
    at = 3 + 2 * (count + 1)
    for i in range(count):
        flags = struct.unpack_from("<H", operand, at + 20 * i)[0] if at + 20 * i + 2 <= len(operand) else 0
        props.cells.append(TableCell(bool(flags & 2), bool(flags & 0x20) and not flags & 0x40, bool(flags & 0x40)))


def _shift(props: ParaProps, operand: bytes) -> None:
    """sprmTDxaLeft moves the row as a whole: the text of its first cell is to begin there, half a gap inside."""
    if props.edges:
        by = struct.unpack("<h", operand)[0] - (props.edges[0] + props.gap)
        props.edges = [e + by for e in props.edges]


def _gap(props: ParaProps, operand: bytes) -> None:
    props.gap = struct.unpack("<h", operand)[0]


def _merge(props: ParaProps, operand: bytes) -> None:
    first, limit = operand[0], operand[1]
    for cell in props.cells[first + 1 : limit]:
        cell.merged = True


def _split(props: ParaProps, operand: bytes) -> None:
    for cell in props.cells[operand[0] : operand[1]]:
        cell.merged = False


def _merge_down(props: ParaProps, operand: bytes) -> None:
    if len(operand) >= _VERT_MERGE_SIZE and operand[1] < len(props.cells):
        cell = props.cells[operand[1]]
        cell.below, cell.starts = operand[2] == _CONTINUES, operand[2] == _RESTARTS


def _insert(props: ParaProps, operand: bytes) -> None:
    """sprmTInsert: ``count`` cells of a width before cell ``first``."""
    first, count, width = struct.unpack("<BBh", operand)
    if first > len(props.cells):  # beyond the row: the cells between are made too
        return
    at = props.edges[first] if props.edges else 0
    if not props.edges:
        props.edges = [0]
    props.edges[first + 1 :] = [at + width * (i + 1) for i in range(count)] + [
        e + width * count for e in props.edges[first + 1 :]
    ]
    props.cells[first:first] = [TableCell() for _ in range(count)]


def _delete(props: ParaProps, operand: bytes) -> None:
    first, limit = operand[0], min(operand[1], len(props.cells))
    if first < limit:
        by = props.edges[limit] - props.edges[first]
        del props.cells[first:limit]
        props.edges[first:] = [props.edges[first]] + [e - by for e in props.edges[limit + 1 :]]


def _width(props: ParaProps, operand: bytes) -> None:
    first, limit, width = struct.unpack("<BBh", operand)
    for i in range(first, min(limit, len(props.cells))):
        by = width - (props.edges[i + 1] - props.edges[i])
        props.edges[i + 1 :] = [e + by for e in props.edges[i + 1 :]]


_PARA: dict[int, Callable[[ParaProps, bytes], None]] = {
    0x2416: _flag("in_table"),  # sprmPFInTable
    0x2417: _flag("row_end"),  # sprmPFTtp
    0x6649: _depth,  # sprmPItap
    0x664A: _deeper,  # sprmPDtap
    0x244B: _flag("inner_cell"),  # sprmPFInnerTableCell
    0x244C: _flag("inner_row_end"),  # sprmPFInnerTtp
    0x2640: _outline,  # sprmPOutLvl
    0x260A: _ilvl,  # sprmPIlvl
    0x460B: _ilfo,  # sprmPIlfo
    0x3404: _flag("header"),  # sprmTTableHeader
    _TDEF: _definition,
    0x9601: _shift,  # sprmTDxaLeft
    0x9602: _gap,  # sprmTDxaGapHalf
    0x5624: _merge,  # sprmTMerge
    0x5625: _split,  # sprmTSplit
    0xD62B: _merge_down,  # sprmTVertMerge
    0x7621: _insert,  # sprmTInsert
    0x5622: _delete,  # sprmTDelete
    0x7623: _width,  # sprmTDxaCol
}
