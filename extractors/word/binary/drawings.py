"""What stands in a Word 97-2003 text as one character: text boxes, floating pictures, form fields.

Source: [MS-DOC] 2.8.30 (PlcfSpa), 2.8.33 (PlctftxbxTxt), 2.9.78 (FFData), 2.9.157 (NilPICFAndBinData), and [MS-ODRAW]
for the drawing records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.word import markup
from extractors.word.binary import fib
from extractors.word.binary.pieces import Story, Word97

_CONTAINER = 0xF
_DRAWING, _GROUP, _SHAPE, _FSP, _PICTURE_ID = 0xF002, 0xF003, 0xF004, 0xF00A, 0x104
_TEXT_ID, _LONG = 0xC0, 0x8000
_RECORDS = 0xF000
"""The first type of a drawing record."""
_SPID_SIZE = 4
_DEEPEST = 20
"""Groups within groups."""
_CHECK_BOX, _DROP_DOWN = 1, 2
"""FFDataBits.iType."""
_UNTOUCHED = 25
"""FFDataBits.iRes: the default holds."""
_MACROS_AND_HELP = 5
"""Strings between a field's default and its entries: format, help, status, entry and exit macro."""
_MOST_ENTRIES = 200
_OPTIONS = frozenset((0xF00B, 0xF121, 0xF122))
_MAX_RECORDS = 100_000


@dataclass(slots=True)
class Shapes:
    """The shapes anchored in one story, by character position. A group's members stand where the group does."""

    _at: dict[int, int] = field(default_factory=dict)
    _boxes: dict[int, list[Story]] = field(default_factory=dict)
    _pictures: dict[int, int] = field(default_factory=dict)
    _placed: set[int] = field(default_factory=set)

    @classmethod
    def load(cls, word: Word97, story: str) -> Shapes:
        """The shapes of the "main" story or of the "headers"."""
        made = cls()
        main = story == "main"
        cps, anchors = word.positions(fib.SHAPES if main else fib.SHAPES_HEADER, 26)
        made._at = {
            word.stories[story].start + cp: struct.unpack_from("<I", anchor)[0]
            for cp, anchor in zip(cps, anchors, strict=False)
        }
        owner, pictured = _drawings(word.part(fib.DRAWINGS))
        for spid in pictured:
            top = owner.get(spid, spid)
            made._pictures[top] = made._pictures.get(top, 0) + 1
        texts = word.stories["boxes" if main else "header_boxes"]
        cps, items = word.positions(fib.BOXES if main else fib.BOXES_HEADER, 22)
        for i, item in enumerate(items[:-1]):  # the last is an end mark
            reusable, spid = struct.unpack_from("<H", item, 8)[0], struct.unpack_from("<I", item, 14)[0]
            box = Story(texts.start + cps[i], min(texts.start + cps[i + 1], texts.end))
            if not reusable and box.end > box.start:
                made._boxes.setdefault(owner.get(spid, spid), []).append(box)
        return made

    def boxes_at(self, cp: int) -> list[Story]:
        """The texts of the boxes anchored at ``cp``."""
        spid = self._at.get(cp)
        if spid is None or spid in self._placed:
            return []
        self._placed.add(spid)
        return self._boxes.get(spid, [])

    def pictures_at(self, cp: int) -> int:
        """How many floating pictures are anchored at ``cp``."""
        return self._pictures.get(self._at.get(cp, -1), 0)

    def loose(self) -> list[Story]:
        """The texts of boxes whose anchor was not met."""
        return [box for spid, boxes in self._boxes.items() if spid not in self._placed for box in boxes]


def _drawings(raw: bytes) -> tuple[dict[int, int], list[int]]:
    """Shape id → id of the outermost group it is in, and the ids of shapes that hold a picture."""
    owner: dict[int, int] = {}
    pictured: list[int] = []
    budget = [_MAX_RECORDS]
    at = 0
    while at + 8 <= len(raw):
        version, kind, size = struct.unpack_from("<HHI", raw, at)
        if kind == _DRAWING:
            for inner_kind, start, end in _records(raw, at + 8, min(at + 8 + size, len(raw)), budget):
                if inner_kind == _GROUP:
                    _group(raw, start, end, None, True, owner, pictured, budget)
        if kind < _RECORDS or version & _CONTAINER != _CONTAINER:
            at += 1  # between drawings stands one byte that says whose they are
            continue
        at += 8 + size
    return owner, pictured


def drawn_texts(word: Word97) -> list[str]:
    """The texts that shapes draw themselves (WordArt, watermarks): [MS-ODRAW] 2.3.22.3, gtextUNICODE."""
    raw = word.part(fib.DRAWINGS)
    found: dict[str, None] = {}
    budget = [_MAX_RECORDS]
    at = 0
    while at + 8 <= len(raw) and budget[0] > 0:
        version, kind, size = struct.unpack_from("<HHI", raw, at)
        budget[0] -= 1
        if kind in _OPTIONS:
            found.update(dict.fromkeys(_texts_of(raw[at + 8 : at + 8 + size], version >> 4)))
        if kind < _RECORDS:
            at += 1
        elif version & _CONTAINER == _CONTAINER:
            at += 8  # into it
        else:
            at += 8 + size
    return [text for text in found if text.strip()]


def _texts_of(options: bytes, count: int) -> Iterator[str]:
    """The texts among the properties of a shape, 6 bytes each; what is longer lies behind them, in their order."""
    behind = 6 * count
    for i in range(min(count, len(options) // 6)):
        ident, value = struct.unpack_from("<HI", options, 6 * i)
        if not ident & _LONG:
            continue
        if ident & 0x3FFF == _TEXT_ID:
            yield options[behind : behind + value].decode("utf-16-le", "replace").rstrip("\0")
        behind += value


def _records(raw: bytes, at: int, end: int, budget: list[int]) -> Iterator[tuple[int, int, int]]:
    """(kind, start, end) of each record's content."""
    while at + 8 <= end and budget[0] > 0:
        budget[0] -= 1
        _, kind, size = struct.unpack_from("<HHI", raw, at)
        yield kind, at + 8, min(at + 8 + size, end)
        at += 8 + size


def _group(
    raw: bytes,
    at: int,
    end: int,
    top: int | None,
    outermost: bool,
    owner: dict[int, int],
    pictured: list[int],
    budget: list[int],
    depth: int = 0,
) -> None:
    """A group's shapes. The outermost group of a drawing is the drawing itself; its first shape is no shape."""
    first = True
    for kind, start, stop in _records(raw, at, end, budget):
        if kind == _SHAPE:
            spid, picture = _shape(raw, start, stop, budget)
            if first and not outermost and top is None:
                top = spid
            if spid is not None:
                owner[spid] = top if top is not None else spid
                if picture:
                    pictured.append(spid)
        elif kind == _GROUP and depth < _DEEPEST:
            _group(raw, start, stop, top, False, owner, pictured, budget, depth + 1)
        first = False


def _shape(raw: bytes, at: int, end: int, budget: list[int]) -> tuple[int | None, bool]:
    spid, picture = None, False
    for kind, start, stop in _records(raw, at, end, budget):
        if kind == _FSP and stop - start >= _SPID_SIZE:
            spid = struct.unpack_from("<I", raw, start)[0]
        elif kind in _OPTIONS:
            count = struct.unpack_from("<H", raw, start - 8)[0] >> 4
            for i in range(min(count, (stop - start) // 6)):
                ident, value = struct.unpack_from("<HI", raw, start + 6 * i)
                picture = picture or (ident & 0x3FFF == _PICTURE_ID and value != 0)
    return spid, picture


def form_field(data: bytes, at: int) -> str:
    """The w:ffData of a check box or drop-down list from the Data stream; "" for anything else."""
    if at + 6 > len(data):
        return ""
    header = struct.unpack_from("<H", data, at + 4)[0]
    at += header
    if at + 10 > len(data) or data[at : at + 4] != b"\xff\xff\xff\xff":
        return ""
    bits = struct.unpack_from("<H", data, at + 4)[0]
    kind, result = bits & 3, bits >> 2 & 0x1F
    if kind not in (_CHECK_BOX, _DROP_DOWN):
        return ""
    at = _skip(data, at + 10)
    default = struct.unpack_from("<H", data, at)[0]
    at += 2
    value = default if result == _UNTOUCHED else result
    if kind == _CHECK_BOX:
        return markup.check_box(value == 1)
    for _ in range(_MACROS_AND_HELP):
        at = _skip(data, at)
    return markup.drop_down(value, list(_entries(data, at)))


def _skip(data: bytes, at: int) -> int:
    """Past a counted, null-ended string."""
    found: int = struct.unpack_from("<H", data, at)[0]
    return at + 2 + 2 * found + 2


def _entries(data: bytes, at: int) -> Iterator[str]:
    """The strings of a drop-down list (STTB of wide strings)."""
    if at + 6 > len(data) or data[at : at + 2] != b"\xff\xff":
        return
    count = struct.unpack_from("<H", data, at + 2)[0]
    at += 6
    for _ in range(min(count, _MOST_ENTRIES)):
        if at + 2 > len(data):
            return
        size = struct.unpack_from("<H", data, at)[0]
        yield data[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "replace")
        at += 2 + 2 * size
