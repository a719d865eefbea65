"""C: completeness of 附1 and 附2 (C07-C09), printed words left standing (C10), and seals (C15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from catalog.forms import FormTable
from checks.answers import Answers, is_scan, name_of, text_of
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import fold, shorten
from records.models import Row, Value

ALIKE = 85.0
"""Instance names at this likeness (rapidfuzz ratio, 0-100) or more are one name with a slip in it (rule K03)."""
EXAMPLE_SHARE = 0.5
"""A row that has at least this share of the example's texts is the example."""
HINT_LEAST = 8
"""Folded characters from which a piece of an instruction is told from words of the applicant's own."""
_NAMING = 6
"""Characters from which a name that stands within another is the same name."""
_SENTENCE, _AS_PRINTED = 20, 90.0
"""Characters from which a printed example may differ a little, and its likeness (0 to 100) to what is written."""


def _rows_lost(answers: Answers, *tables: str) -> bool:
    """Whether rows may be there that were not seen: on a scan in which none of the tables was recognised."""
    seen = any(answers.context.reading.record.tables.get(t) for t in tables)
    return not seen and is_scan(answers.context)


@rule("C07", "fix", "附件3 附1", "附1没有场景实例", reads=("scenes",))
def has_scenes(context: Context) -> Iterator[Result]:
    """附1《场景实例描述》中至少应当有一个场景实例。空白表印的示例行不算。

    触发示例：附1只有表头和示例行。
    不触发：附1有一行场景实例。
    如何补正：在附1中逐个填写场景实例。
    局限：扫描件中认不出附1表格的，不作判断。
    """
    answers = Answers.of(context)
    if context.reading.record.tables.get("scenes"):
        return
    if _rows_lost(answers, "scenes"):
        yield CannotTell("扫描件中未认出附1的场景实例")
        return
    yield Trip(
        "附1《场景实例描述》没有填写场景实例。通知附件3附1要求逐个描述场景实例，请补充填写。",
        field="scenes",
        where="附1",
        expected="至少一个场景实例",
    )


@rule("C08", "fix", "附件3 附1", "附1必填栏未填", reads=("scenes各必填栏",))
def scene_columns(context: Context) -> Iterator[Result]:
    """附1每个场景实例的各栏应当填写。保障要素、其他、备注为选填。

    触发示例：第2个场景实例的“已实施成效”空白或填“/”。
    不触发：“保障要素”“其他”“备注”空白。
    如何补正：补填所缺栏目。
    局限：整列被删除的见F07。
    """
    answers = Answers.of(context)
    table = answers.form.table("scenes")
    if table is None or not context.reading.record.tables.get("scenes"):
        yield NotApplicable("附1没有场景实例（见C07）")
        return
    for number, row in answers.rows("scenes"):
        for column in table.columns:
            if column.required == "required":
                yield from _blank_cell(answers, table, column.key, number, row)


def _blank_cell(answers: Answers, table: FormTable, key: str, number: int, row: Row) -> Iterator[Result]:
    column = next(c for c in table.columns if c.key == key)
    label = answers.label(f"{table.key}.{key}")
    name = name_of(row, number)
    match answers.cell(table, column, row):
        case "unreadable":
            yield CannotTell(f"第{number}行{label}未能读出")
        case "blank":
            value = row.get(key) or Value()
            stands = f"（现为“{shorten(value.raw, 30)}”）" if value.raw else ""
            title = f"场景实例“{name}”" if text_of(row, "instance") else f"第{number}行"
            yield Trip(
                f"附1{title}的{label.removeprefix(table.annex)}未填写{stands}。通知附件3附1要求填写该栏，请补填。",
                about=f"{fold(text_of(row, 'instance') or text_of(row, 'scene'))}\x1e{key}",
                field=f"{table.key}.{key}",
                row=number,
                where=value.where or _row_place(row),
                evidence=value.raw,
                expected=f"填写{label}",
            )
        case _:
            pass


def _row_place(row: Row) -> str:
    """The place of a row: that of its first value with a place, without the column."""
    where = next((v.where for v in row.values() if v.where), "")
    return re.sub(r"\s{0,20}列\d+$", "", where)


@rule(
    "C09",
    "fix",
    "附件3 附2",
    "场景实例缺少附2",
    reads=("scenes.instance", "equipment", "software", "processes", "technologies"),
)
def annex_two(context: Context) -> Iterator[Result]:
    """附1的每个场景实例都应当有对应的附2，写明所用的关键装备、软件、工艺、技术，至少有其中一类。

    触发示例：附1有两个场景实例，附2只写了一个；某个场景实例的附2各表都是空的。
    不触发：附2只有软件、没有装备；附2的实例名称与附1略有出入（见K03）。
    如何补正：为所缺的场景实例补填附2。
    局限：附2没有写明实例名称的，多个实例时不能逐一对应。
    """
    answers = Answers.of(context)
    named = [(n, row, text_of(row, "instance")) for n, row in answers.rows("scenes") if text_of(row, "instance")]
    tables = context.catalog.keys.get("annex2_tables", ())
    if not named:
        yield NotApplicable("附1没有写明名称的场景实例（见C07、C08）")
        return
    if _rows_lost(answers, *tables):
        yield CannotTell("扫描件中未认出附2")
        return
    rows = [row for table in tables for _, row in answers.rows(table) if not answers.nothing(row)]
    parts = {fold(text_of(row, "instance")): text_of(row, "instance") for row in rows}
    without = [entry for entry in named if not any(_same_instance(entry[2], p) for p in parts.values())]
    if "" in parts and len(named) == 1:
        return
    strangers = [p for p in parts.values() if p and not any(_same_instance(entry[2], p) for entry in named)]
    for number, row, name in without:
        if "" in parts:
            yield CannotTell(f"附2有未写明实例名称的部分，不能判断“{name}”是否有附2")
        elif len(without) == 1 == len(strangers):
            yield CannotTell(f"附2中“{strangers[0]}”与附1不对应（见K03），不能判断是否即“{name}”的附2")
        else:
            yield _no_annex(number, row, name)


def _no_annex(number: int, row: Row, name: str) -> Trip:
    return Trip(
        f"场景实例“{name}”没有对应的附2，或附2中装备、软件、工艺、技术均未填写。"
        "通知附件3附2要求逐个场景实例填写所用的关键装备、软件、工艺、技术，请补填。",
        about=fold(name),
        field="scenes.instance",
        row=number,
        where=row["instance"].where,
        evidence=name,
        expected="附2中与该场景实例对应的部分，至少填写装备、软件、工艺、技术之一",
    )


def _same_instance(one: str, other: str) -> bool:
    """The same name, or the same but for a slip, a number or a remark."""
    a, b = fold(one), fold(other)
    if not a or not b:
        return False
    return a == b or (min(len(a), len(b)) >= _NAMING and (a in b or b in a)) or fuzz.ratio(a, b) >= ALIKE


@rule("C10", "fix", "附件3", "示例或填写说明当作内容", reads=("scenes", "二至七各章"))
def printed_words(context: Context) -> Iterator[Result]:
    """空白表的示例内容混在申报主体自己的场景实例中的，应当删除。章节正文旁还留有填写说明的，作提示。

    触发示例：附1第1行为“多机协同的发动机壳体柔性加工与检测”，各栏与示例相同，序号改成了1；
    “五、项目的先进性与特色”下的括号说明没有删去（提示）。
    不触发：标有“示例”的印刷行原样保留；只有填写说明而没有内容的章节（见C06）。
    如何补正：删去示例行，或改为本单位的实际内容；删去填写说明。
    局限：只比对空白表印的示例和说明原文。
    """
    answers = Answers.of(context)
    for table in answers.form.tables:
        example = {c: fold(t) for c, t in table.example.items() if c not in ("seq", "remark") and fold(t)}
        for number, row in answers.rows(table.key) if example else ():
            same = sum(_printed(fold(text_of(row, c)), text) for c, text in example.items())
            if same >= EXAMPLE_SHARE * len(example):
                yield _example_row(table, number, row)
    for section in answers.form.sections:
        hint = _left_hint(answers, section.key, section.hints)
        if hint:
            label = answers.label(section.key)
            yield Trip(
                f"“{label}”的正文旁还留有空白表的填写说明“{shorten(hint)}”。请删去填写说明，只保留申报内容。",
                about=f"hint:{section.key}",
                field=section.key,
                where=answers.where(section.key),
                evidence=hint,
                expected="只有申报内容",
                level="note",
            )


def _printed(text: str, example: str) -> bool:
    return bool(text) and (text == example or (len(example) >= _SENTENCE and fuzz.ratio(text, example) >= _AS_PRINTED))


def _example_row(table: FormTable, number: int, row: Row) -> Trip:
    name = name_of(row, number)
    return Trip(
        f"{table.annex}第{number}行“{shorten(name, 40)}”与空白表印的示例相同。"
        "示例不是申报内容，请删去该行，或改为本单位的实际内容。",
        about=f"example:{table.key}",
        field=table.key,
        row=number,
        where=_row_place(row),
        evidence=name,
        expected="本单位自己的场景实例",
    )


def _left_hint(answers: Answers, key: str, hints: Iterable[str]) -> str:
    """The instruction standing beside a chapter's answer, "" where there is none."""
    value = answers.value(key)
    if answers.state(key) != "filled" or value is None:
        return ""
    lines = [value.raw, *(x.text for x in answers.context.reading.lines if x.place == "body")]
    for hint in hints:
        folded = fold(hint)
        if len(folded) < HINT_LEAST:
            continue
        # The first characters say whether a line is worth folding: an instruction stands as it was printed.
        start = hint.strip("（(")[:4]
        if any(start in line and folded in fold(line) for line in lines):
            return hint
    return ""


@rule("C15", "note", "附件3 盖章", "未见公章", reads=("文件页面图像",))
def sealed(context: Context) -> Iterator[Result]:
    """封面申报单位、推荐单位处和真实性承诺处应当盖章。扫描件和图片页中看不到公章的，提示人工核对。

    触发示例：扫描件各页都没有公章。
    不触发：封面和承诺页都有公章；文字版文件（不作判断）。
    如何补正：在纸质版上盖章后扫描报送。
    局限：黑白扫描的公章不易认出；不辨认公章上的文字。
    """
    seals = context.reading.seals
    if seals is None:
        yield NotApplicable("文字版文件，盖章以纸质版为准")
        return
    answers = Answers.of(context)
    pages = {_page(seal.where) for seal in seals}
    places = {"封面": ("applicant", "recommender", "project_name"), "真实性承诺处": ("commitment_date",)}
    for place, keys in places.items():
        page = next((p for key in keys if (p := _page(answers.where(key)))), 0)
        # A page that is not known cannot be looked at: then any seal of the file will do.
        if (page in pages) if page and all(pages) else seals:
            continue
        yield Trip(
            f"{place}未见公章。通知附件3要求在该处盖章，请人工核对纸质版。",
            about=place,
            field=keys[0],
            where=f"第{page}页" if page else place,
            evidence=f"全文见公章{len(seals)}处",
            expected="加盖公章",
        )


def _page(where: str) -> int:
    match = re.search(r"第(\d+)页", where)
    return int(match[1]) if match else 0
