"""Answers that stand in several cells: a code with a character a cell, a date in cells of its own, several figures beside one
label of which one is meant."""

from __future__ import annotations

import itertools
import re

from catalog.forms import CODES, PHONES, FormField
from extractors.document.doubts import SEVERAL_FIGURES, Doubts
from extractors.document.model import Cell, Table
from extractors.fitting.cell_roles import LABEL
from extractors.fitting.settings import ANSWERS
from extractors.fitting.values import make, unit_stated

_GAINED = re.compile("提升|提高|增长|下降|降低|缩短|减少|幅度|变化|改善")
_ACHIEVED = re.compile("后|完成|实际|达到|现状|当前|目前|数值|结果")
_COMPARED = re.compile("同比|环比|增长|增幅|增速|占比|变化|变动|排名")
_CODE = 18
"""Characters of a 统一社会信用代码."""
_AREA = re.compile(r"[(（]?0\d{2,3}[)）]?")
_NUMBER = re.compile(r"(?:[-－—–]\|)?(\d{7,8})(?:\||$)")
_SPELT = PHONES | CODES | {"email"}
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,8}[省市区县镇乡]|[\u4e00-\u9fff]{1,8}街道")
_UNIT = re.compile(r"[(（]?(?:[%％‰]|(?:百|千|万|亿)?元|家|个|万元人民币)[)）]?")
UNITS_ROW = frozenset(("单位", "计量单位", "（单位）"))
"""What heads a row with the units of the columns above it."""
_SIGNS = frozenset("年月日至到-—－~～号止起")


def in_pieces(item: FormField, said: list[Cell]) -> str:
    """The answer whose pieces stand in cells of their own (9|1|3|1|…, 2005|年|3|月|8|日), "" where it is no such answer."""
    texts = ["".join(c.text.split()) for c in said]
    whole = "".join(texts)
    if item.type in _SPELT and len(texts) >= ANSWERS.spread_date and all(len(t) == 1 for t in texts):
        return whole
    if item.type in CODES and len(whole) == _CODE and len(texts[0]) < _CODE and whole.isascii() and whole.isalnum():
        return whole
    if item.type == "email" and "@" in texts and len(texts) <= ANSWERS.mail_pieces:
        return whole
    if item.type in PHONES and _AREA.fullmatch(texts[0]) and (number := _NUMBER.match("|".join(texts[1:]))):
        return f"{texts[0]}-{number[1]}"
    if (
        item.type in ("date", "period")
        and any(t in _SIGNS for t in texts)
        and all(len(t) <= ANSWERS.date_piece for t in texts)
    ):
        return whole
    return ""


def place_in_pieces(said: list[Cell]) -> str:
    """An address whose parts stand in cells of their own (上海市 | 嘉定区 | 丰登路1号), "" where it is none: the first two at least
    are the names of places, and the last goes on with them."""
    places = list(itertools.takewhile(lambda c: _PLACE.fullmatch(c.text.strip()), said))
    if not places or (len(places) < ANSWERS.several and len(said) != ANSWERS.several) or len(said) > len(places) + 1:
        return ""
    return "".join(c.text.strip() for c in said)


def is_unit(cell: Cell) -> bool:
    """Whether a cell only says the unit of those beside it."""
    return _UNIT.fullmatch(cell.text.strip()) is not None


def with_unit(label: Cell, unit: Cell) -> Cell:
    """A label with the unit that stands in a cell of its own."""
    text = f"{label.text}（{unit.text.strip(' ()（）')}）"
    return Cell(label.row, label.column, label.row_span, label.column_span, text, doubts=label.doubts)


def with_units(cells: list[Cell], found: list[str], units: list[Cell]) -> list[tuple[Cell, Cell]]:
    """The labels of a row, each as it stands and with the unit that the row beneath states for it."""
    out = []
    for cell, role in zip(cells, found, strict=True):
        if role == LABEL:
            unit = next((u for u in units if overlap(cell, u) and is_unit(u)), None)
            out.append((cell, cell if unit is None or unit_stated(cell.text) else with_unit(cell, unit)))
    return out


def unit_aside(label: Cell, values: list[Cell]) -> tuple[Cell, list[Cell]]:
    """A label and its values without the one cell among them that only says their unit (资产总额 | 1.2 | 1.3 | 1.4 | 亿元)."""
    units = [c for c in values if is_unit(c)]
    if len(units) != 1 or len(values) < ANSWERS.several or unit_stated(label.text):
        return label, values
    return with_unit(label, units[0]), [c for c in values if c is not units[0]]


def of_several(table: Table, item: FormField, said: list[Cell], first: Cell) -> tuple[Cell, Doubts]:
    """Of several figures beside a label the one meant: what was gained, not what was before (实施前 | 实施后 | 提升幅度). None of it
    is certain."""
    figures = list(  # up to a word, which is a label or a remark
        itertools.takewhile(lambda c: make(item, c.text, "", unit=item.unit).value is not None, said)
    )
    if len(figures) < ANSWERS.several:
        return first, ()
    for wanted in (_GAINED, _ACHIEVED) if _GAINED.search(item.label) else (_ACHIEVED,):
        meant = [c for c in figures if any(wanted.search(h.text) for h in _above(table, c))]
        if len(meant) == 1:
            return meant[0], (SEVERAL_FIGURES,)
    return first, (SEVERAL_FIGURES,)


def one_a_year(table: Table, values: list[Cell], years: list[tuple[Cell, str]]) -> tuple[list[Cell], Doubts]:
    """The cells of a row of figures by year with one a year, where two stand under each (数值 | 同比): that which compares with
    nothing, else the first; and how sure that is."""
    groups = [[c for c in values if overlap(head, c)] for head, _ in years]
    if all(len(g) <= 1 for g in groups) or sum(map(len, groups)) != len(values):
        return values, ()
    out: list[Cell] = []
    for group in groups:
        plain = [c for c in group if not any(_COMPARED.search(h.text) for h in _above(table, c))]
        out += (plain or group)[:1]
    return out, (SEVERAL_FIGURES,)


def _above(table: Table, cell: Cell) -> list[Cell]:
    return [h for h in table.cells if h.row < cell.row and len(h.text) <= ANSWERS.head and overlap(h, cell)]


def overlap(head: Cell, cell: Cell) -> bool:
    """Whether a head and a cell beneath it share more than half of the narrower one's columns."""
    shared = min(head.column + head.column_span, cell.column + cell.column_span) - max(head.column, cell.column)
    return shared * 2 > min(head.column_span, cell.column_span)
