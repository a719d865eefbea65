"""Rules Q04 to Q06: the rows of 附件4 themselves, against the applications and in their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from checks.companies import called, known
from checks.forms import PROJECTS, SUMMARY
from checks.instances import Instance, basic, differences, misread, of_application, same_text
from checks.matching import (
    NO_TABLE,
    NOBODY,
    TABLES,
    Found,
    Listed,
    Match,
    Recommended,
    districts,
    on_tables,
    rows_of,
)
from checks.names import digits, fold, nfkc, text_of, without_brackets
from checks.registry import At, CannotTell, NotApplicable, Result, Round, Trip, round_rule
from checks.text import shorten
from records.models import Value
from records.numerals import DIGITS, VALUES
from records.phones import MOBILE

MISREAD, MISREAD_DIGITS = 85.0, 2
"""Likeness (0 to 100) of two names, and digits of two numbers that differ, up to which a scan may have made two of one."""
PARTS_LEFT_OUT = 0.7
"""Confidence from which a list of typed text that names instances without 环节 or 场景 can be compared by name."""
_BETWEEN = re.compile(r"[\s、,;/|()\[\]]+")


def _each_match(round_: Round) -> Iterator[tuple[At, Result | tuple[Recommended, Match]]]:
    """Every application with its rows, or why there is nothing to compare."""
    for district in districts(round_):
        matched = {m.application.document: (part, m) for part in district.forms.values() for m in part.matches}
        for s in district.applications:
            if not district.known:
                yield At.of(s), NOBODY
            elif not district.summaries:
                yield At.of(s), NO_TABLE
            elif s.document in matched:
                yield At.of(s), matched[s.document]
            elif known(s.record):
                yield At.of(s), NotApplicable("推荐汇总表没有列入（见Q03）")
            else:
                yield At.of(s), CannotTell("企业名称没有读清，不能与推荐汇总表对应")


@round_rule(
    "Q04",
    "fix",
    "二（二）",
    "汇总表所列场景实例与申报书不一致",
    reads=("scenes.instance", "推荐汇总表.场景实例"),
    scope="district",
)
def instances_differ(round_: Round) -> Found:
    """推荐汇总表罗列的场景实例（环节—场景—实例）应与申报书附1一致。不论先后次序、序号和连接号（—、-、->、/等），名称比较时不计全角
    半角、空格、括号和标点；漏写环节或场景的只比实例名称。

    触发示例：汇总表写“机器人零部件立体仓储”，申报书附1没有这个实例；附1有两个实例，汇总表只列一个。
    不触发：次序不同；“1.仓储物流-智能仓储-某某”与“仓储物流—智能仓储—某某”；企业的两份申报书合列一行。
    如何补正：按申报书改正汇总表；申报书有误的改正申报书。
    局限：优秀场景的汇总表各行都只列基本信息所填实例的，按基本信息比较。
    """
    for at, found in _each_match(round_):
        if not isinstance(found, tuple):
            yield at, found
            continue
        part, match = found
        result = _instances(round_, part, match)
        if result is not None:
            yield at, result


def _instances(round_: Round, part: Recommended, match: Match) -> Result | None:
    own = of_application(match.application.record)
    if not own:
        return NotApplicable("申报书附1没有场景实例（见C07）")
    listed = [i for row in match.rows for i in row.instances]
    beside = [i for s in match.beside for i in of_application(s.record)]
    cells = [row.row["instances"] for row in match.rows if "instances" in row.row]
    raw = "\n".join(cell.raw for cell in cells)
    words = differences(round_.catalog, listed, own, beside)
    if not words or ({i.key for i in listed} != {i.key for i in own} and same_text(raw, [*own, *beside])):
        return None
    if _only_basic(match, listed) and not _lists_all(part):
        # The rows name the basic information's instance alone: what they say of it must still be right.
        words = differences(round_.catalog, listed, [i for i in own if i.key in {n.key for n in listed}], beside)
        if not words:
            return None
    if not fold(raw) and all(c.certain for c in cells):
        words = ["汇总表没有填写场景实例"]
    scenes = match.application.record.tables.get("scenes", [])
    if not all(_comparable(match.rows[0], c) for c in cells) or not all(
        row["instance"].certain for row in scenes if "instance" in row
    ):
        return CannotTell("汇总表或申报书附1的场景实例没有读清")
    if _scanned(match) and misread(listed, own, MISREAD):
        return CannotTell("扫描件中的场景实例与申报书只有个别字不同，可能是识别有误，请人工核对")
    row = match.rows[0]
    place = f"{row.place}（文件“{row.summary.document}”，{cells[0].where}）" if cells else row.place
    return Trip(
        f"{place}所列场景实例与申报书不一致：{'；'.join(words)}。通知要求推荐汇总表罗列申报的场景实例，请核对后改为一致。",
        about="instances",
        field="scenes.instance",
        where=next((r["instance"].where for r in scenes if "instance" in r), ""),
        evidence=f"汇总表：{shorten('；'.join(i.words() for i in listed), 200) or '空白'}",
        expected=shorten("；".join(i.words() for i in own), 200),
    )


def _comparable(row: Listed, cell: Value) -> bool:
    """Whether a list can be judged: read with certainty, or typed text that only leaves 环节 or 场景 out."""
    typed = row.summary.record.source.format not in ("scan", "image")
    left_out = any(not (i.link and i.scene) for i in row.instances)
    alone = set(cell.doubts) <= {"parts_left_out"} and cell.confidence >= PARTS_LEFT_OUT
    return cell.certain or (typed and left_out and alone)


def _scanned(match: Match) -> bool:
    """Whether the application or the table was read from a picture."""
    read = (match.application, *(row.summary for row in match.rows))
    return any(s.record.source.format in ("scan", "image") for s in read)


def _only_basic(match: Match, listed: Sequence[Instance]) -> bool:
    """Whether the row lists just the instance that the basic information of a scene application names."""
    return bool(listed) and {i.key for i in listed} == {i.key for i in basic(match.application.record)}


def _lists_all(part: Recommended) -> bool:
    """Whether any row of the table lists all of several instances: then this is how the table is meant."""
    for match in part.matches:
        own = {i.key for i in of_application(match.application.record)}
        if len(own) > 1 and own <= {i.key for row in match.rows for i in row.instances}:
            return True
    return False


@round_rule(
    "Q05", "fix", "附件4", "汇总表的联系人、手机与申报书不一致",
    reads=("contact_name", "contact_mobile", "company_name", "推荐汇总表.联系人、联系方式"),
    scope="district",
)  # fmt: skip
def contact_differs(round_: Round) -> Found:
    """推荐汇总表的联系人和手机应与申报书的联系人一致。手机只比数字；一格写几个的，有一个相同即可。企业名称有错别字、简称，而手机、联系人
    或场景实例相同的，视为同一企业，也在此指出。

    触发示例：汇总表手机与申报书差一位；汇总表写“上海澄池精密传动有限公司”，申报书是“上海澄驰精密传动有限公司”。
    不触发：“139-0000-0301”与“13900000301”；“张三（总工）”与“张三”。
    如何补正：核实后改正汇总表或申报书。
    局限：申报书没有填联系人或手机的（见C02）不比较。
    """
    for at, found in _each_match(round_):
        if not isinstance(found, tuple):
            yield at, found
            continue
        match = found[1]
        if match.slip:
            yield at, _name_slip(match)
        for key, column, what in (("contact_name", "contact", "联系人"), ("contact_mobile", "mobile", "手机")):
            result = _differs(match, key, column, what)
            if result is not None:
                yield at, result


def _differs(match: Match, key: str, column: str, what: str) -> Result | None:
    record, row = match.application.record, match.rows[0]
    own, cells = record.get(key), [r.row.get(column) for r in match.rows]
    theirs = cells[0]
    if own is None or not fold(text_of(own)) or any(_same(column, text_of(c), text_of(own)) for c in cells):
        return None
    if column == "mobile" and any(_same(column, text_of(c), record.text("contact_phone")) for c in cells):
        return None
    if not own.certain or (theirs is not None and not theirs.certain):
        return CannotTell(f"汇总表或申报书的{what}没有读清")
    said = text_of(theirs)
    if _scanned(match) and _near(column, said, text_of(own)):
        return CannotTell(f"扫描件中的{what}与申报书只差个别字，可能是识别有误，请人工核对")
    return Trip(
        f"{row.place}（文件“{row.summary.document}”）的{what}{f'为“{said}”' if fold(said) else '没有填写'}，"
        f"申报书联系人{what if what != '联系人' else ''}为“{text_of(own)}”，两处不一致。请核实后改为一致。",
        about=column,
        field=key,
        where=own.where,
        evidence=f"申报书“{text_of(own)}”；汇总表“{said or '空白'}”",
        expected="汇总表与申报书一致",
    )


def _same(column: str, one: str, other: str) -> bool:
    """Whether a cell of the table names the application's contact (or mobile), alone or among others."""
    if column == "mobile":
        wanted = digits(other)[-MOBILE:]
        return bool(wanted) and any(
            digits(p)[-MOBILE:] == wanted
            for p in (one, *_BETWEEN.split(nfkc(one)), *re.split(r"[\s、,;/|]+", nfkc(one)))
        )
    names = {fold(p) for p in (one, without_brackets(one), *_BETWEEN.split(nfkc(one)))} - {""}
    wanted_names = {fold(p) for p in (other, without_brackets(other), *_BETWEEN.split(nfkc(other)))} - {""}
    return bool(names & wanted_names)


def _near(column: str, one: str, other: str) -> bool:
    """Whether two contacts differ by so little that a scan may have misread one."""
    if column == "mobile":
        return Levenshtein.distance(digits(one)[-MOBILE:], digits(other)[-MOBILE:]) <= MISREAD_DIGITS
    return bool(fold(one)) and Levenshtein.distance(fold(one), fold(other)) == 1


def _name_slip(match: Match) -> Result:
    record, row = match.application.record, match.rows[0]
    value, own = row.row.get("company"), record.get("company_name")
    if value is None or not value.certain or own is None or not own.certain:
        return CannotTell("汇总表或申报书的企业名称没有读清")
    if _scanned(match) and fuzz.ratio(fold(row.company), fold(called(record))) >= MISREAD:
        return CannotTell("扫描件中的企业名称与申报书只差个别字，可能是识别有误，请人工核对")
    where = f"{row.place}（文件“{row.summary.document}”，{value.where}）"
    said = f"的企业名称为“{row.company}”" if fold(row.company) else "没有填写企业名称"
    return Trip(
        f"{where}{said}，与申报书“{called(record)}”不同，但手机、联系人或场景实例相同，应是同一企业，已按同一企业核对。"
        "请核实企业名称后改为一致。",
        about="company",
        field="company_name",
        where=own.where,
        evidence=f"申报书“{called(record)}”；汇总表“{row.company or '空白'}”",
        expected=called(record),
    )


@round_rule(
    "Q06", "fix", "附件4 注", "汇总表序号有缺号或重号", forms=SUMMARY, reads=("推荐汇总表.序号",), scope="district"
)
def order(round_: Round) -> Found:
    """推荐汇总表的排名有先后，优秀场景、示范工厂两部分的序号应各自从1起连续，不缺号、不重号。

    触发示例：序号为1、3；两行都写2；中间一行没有序号。
    不触发：两部分各自从1起；“1.”“（2）”“三”等写法；各行不按序号排列但不缺不重。
    如何补正：按推荐优先顺序重新编号。
    局限：全部没有序号的，或序号没有读清的，不判断。
    """
    for district, said in on_tables(round_, table=True):
        yield from said
        for summary in district.summaries if district.known else ():
            for form in TABLES:
                result = _order(rows_of(summary, form), form)
                if result is not None:
                    yield At.of(summary), result


def _order(rows: Sequence[Listed], form: str) -> Result | None:
    if not rows:
        return None
    cells = [row.row.get("seq") for row in rows]
    numbers = [ordinal(text_of(cell)) for cell in cells]
    if all(cell is None or not fold(text_of(cell)) for cell in cells):
        return CannotTell(f"{PROJECTS[form]}各行都没有序号")
    if sorted(n or 0 for n in numbers) == list(range(1, len(rows) + 1)):
        return None
    if any(
        cell is not None and (not cell.certain or (fold(text_of(cell)) and n is None))
        for cell, n in zip(cells, numbers, strict=True)
    ):
        return CannotTell(f"{PROJECTS[form]}的序号没有读清")
    counts = Counter(n for n in numbers if n is not None)
    gaps = sorted(set(range(1, max(counts) + 1)) - set(counts))
    faults = [
        *([f"缺{'、'.join(map(str, gaps))}"] if gaps else []),
        *(f"{n}重复{c}次" for n, c in sorted(counts.items()) if c > 1),
        *(f"“{row.company}”没有序号" for row, n in zip(rows, numbers, strict=True) if n is None),
    ]
    first = next((c for c in cells if c is not None), None)
    shown = "、".join("空" if n is None else str(n) for n in numbers)
    return Trip(
        f"推荐汇总表{PROJECTS[form]}的序号为{shown}：{'，'.join(faults)}。通知附件4注明推荐排名有先后，请按优先顺序从1起连续编号。",
        about=form,
        field=f"{TABLES[form]}.seq",
        where=first.where if first is not None else "",
        evidence=shown,
        expected=f"1至{len(rows)}连续编号",
    )


_FIGURE = re.compile(r"\d{1,6}")
"""A number of rows: what is longer counts nothing, and Python does not read it from some length on."""


def ordinal(text: str) -> int | None:
    """The number a cell gives: 3, 3., （3）, 三, 十二; None where it gives none or several."""
    plain = fold(text)
    if _FIGURE.fullmatch(plain):
        return int(plain)
    match = re.fullmatch(rf"第?([{DIGITS[1:]}]?)(十?)([{DIGITS[1:]}]?)", plain)
    if not match or not any(match.groups()):
        return None
    tens, ten, ones = match.groups()
    if not ten:
        return VALUES[tens or ones] if not (tens and ones) else None
    return (VALUES[tens] if tens else 1) * 10 + (VALUES[ones] if ones else 0)
