"""审查台账.xlsx: what reviewers work in: applications, instances, findings, rules, the recommendation, a sheet each."""

from __future__ import annotations

from collections import Counter

from catalog.forms import Asked
from catalog.models import Catalog
from checks.meaning.text import fold
from records.models import Finding, Value
from records.normalise import in_unit
from reports.results.coverage import called
from reports.results.doubts import doubts_behind
from reports.results.model import LEVELS, OUTCOMES, DistrictResult, Item, Standing, Status, evidence_mark, level_rank
from reports.results.recommend import compare
from reports.results.rulebook import rule_rows
from reports.results.unsure import Unsure, by_document, grouped, named
from reports.results.wording import told
from reports.safe.text import LONG, line
from reports.workbook.columns import COLUMNS, Column
from reports.workbook.copies import titled
from reports.workbook.decisions import Whose, draft
from reports.workbook.decisions import shown as shown_words
from reports.workbook.entries import Application
from reports.workbook.opinions import PAST, past_sheet, unplaced_sheet
from reports.workbook.own.carried import Carried
from reports.workbook.proof import Proof
from reports.workbook.said import ACTION, ACTIONS, SHEET, UNPLACED, WITHDRAWN, Own
from reports.workbook.sheets import Book, CellValue, Link, Toned, pieces

APPLICATIONS, RULES, COMPARED, UNSURE = "申报项目", "规则结果", "推荐对照", "待人工判断"
FINDINGS = SHEET


def sheets(catalog: Catalog) -> tuple[str, ...]:
    """The names of the sheets that the program writes; every other is somebody's own."""
    return APPLICATIONS, _instances_sheet(catalog), FINDINGS, RULES, COMPARED, UNSURE, PAST, UNPLACED


def _instances_sheet(catalog: Catalog) -> str:
    return called(catalog)["instance"] or "实例"


_TONE = {
    Status.REJECT: "reject",
    Status.FIX: "fix",
    Status.UNREADABLE: "fix",
    Status.UNREAD: "quiet",
    Status.OTHER: "quiet",
    Status.CLEAN: "good",
    Status.SUPERSEDED: "quiet",
    Status.DOUBLED: "quiet",
}
_WIDTHS: dict[str, float] = {"code": 22, "email": 24, "period": 20}
_ADDRESS, _NARROW, _WIDE = 32, 14, 24
"""Widths in characters: of an address, and the least and most of other text, which goes by its label."""


def workbook(result: DistrictResult, carried: Carried | None = None) -> bytes:
    """The workbook as bytes, with what people made of the one before (``carried``); equal results give equal bytes."""
    book = Book(titled(result.district), carried, result.today)
    ordered = ordered_findings(result)
    first_row: dict[str, int] = {}
    for n, finding in enumerate(ordered, 2):
        first_row.setdefault(finding.document, n)
    _applications(book, result, first_row)
    _instances(book, result)
    _findings(book, result, ordered)
    _rules(book, result)
    _compared(book, result)
    _unsure(book, result)
    past_sheet(book, result, carried)
    unplaced_sheet(book, result.unplaced, result.decisions, result.troubles, note=result.district)
    return book.close()


def whose(result: DistrictResult) -> Whose:
    """Tells the application that a person's own row is about: by its 序号 or its 申报单位, which must not contradict each other."""
    items = result.applications()

    def find(own: Own) -> Application | None:
        number, name = own.number.strip().lstrip("0"), fold(own.name)
        found = [
            i
            for i in items
            if (not number or number == str(i.number)) and (not name or name in (fold(i.applicant), fold(i.name)))
        ]
        if len(found) != 1:
            return None
        return Application(result.application(found[0]), line(f"{found[0].name} {found[0].project}", 120))

    return find


def ordered_findings(result: DistrictResult) -> list[Finding]:
    """Findings as the sheet lists them: the district's own first, then by application, gravest first."""
    place = {i.document: i.number for i in result.items}
    return sorted(result.outcomes.findings, key=lambda f: (place.get(f.document, 0), f.document, level_rank(f)))


def shown(value: Value | None, asked: Asked | None = None) -> CellValue:
    """A value for a cell: numbers as numbers (amounts in the unit of what the form ``asked``), periods as ``起 至 止``, what could
    not be typed as the file has it."""
    if value is None:
        return ""
    kind = value.value
    if isinstance(kind, bool):
        return "是" if kind else "否"
    if isinstance(kind, int | float):
        return in_unit(kind, asked.own_unit) if asked is not None and asked.own_unit else kind
    if isinstance(kind, dict):
        return f"{kind.get('start') or '？'} 至 {kind.get('end') or '今'}"
    if isinstance(kind, list):
        return "；".join("—".join(str(p) for p in i.values() if p) if isinstance(i, dict) else str(i) for i in kind)
    return line(kind if kind is not None else value.raw)


def _width(result: DistrictResult, key: str) -> float:
    """Characters of a column: by the field's type, an address wider."""
    field = next(
        (f for n in result.catalog.applications if (f := result.catalog.forms[n].field(key)) is not None), None
    )
    if field is None:
        return _NARROW
    if field.role == "address":
        return _ADDRESS
    return _WIDTHS.get(field.type, max(_NARROW, min(_WIDE, 2 * len(field.label))))


def _label(result: DistrictResult, key: str) -> str:
    label = next((t for t in (result.field_label(f, key) for f in result.catalog.applications) if t), key)
    units = {asked.own_unit for f in result.catalog.applications if (asked := result.asked(f, key)) is not None} - {""}
    return f"{label}（{'、'.join(sorted(units))}）" if units else label


def _applications(book: Book, result: DistrictResult, first_row: dict[str, int]) -> None:
    instance, decided = called(result.catalog)["instance"], bool(result.decided.verdicts)
    used, unsure = Counter[str](), by_document(result)
    keys = list(dict.fromkeys(k for name in result.catalog.applications for k in result.catalog.forms[name].listed))
    columns = [
        Column("序号", 6),
        Column("表式", 11),
        Column("申报单位", 30, "text"),
        Column("项目名称", 34, "text"),
        Column("状态", 13),
        *([Column("审定", 30, "words")] if decided else []),
        *(Column(LEVELS[level], 8, "number") for level in LEVELS),
        Column("不能判断", 8, "number"),
        Column("已撤销", 7, "number"),
        *([Column(instance, 8, "number")] if instance else []),
        *(Column(_label(result, key), _width(result, key), "text") for key in keys),
        Column("读取方式", 9),
        Column("页数", 6, "number"),
        Column("文件", 44, "text"),
    ]

    def row(item: Item) -> list[CellValue]:
        record, key = item.record, result.application(item)
        used[key] += 1  # versions of one application share it
        number = f"{item.number:03d}"
        at = first_row.get(item.document)
        return [
            Link(number, FINDINGS, at) if at else number,
            result.form_label(item.form),
            line(item.applicant),
            line(item.project),
            Toned(item.status.value, _TONE[item.status]),
            *([verdict.told() if (verdict := result.verdict(item)) is not None else ""] if decided else []),
            *(item.count(level) for level in LEVELS),
            unsure[item.document],
            len(item.withdrawn),
            *([len(item.instances)] if instance else []),
            *(shown(record.fields.get(key), result.asked(item.form, key)) for key in keys),
            record.source.format,
            record.source.pages,
            item.document,
            Proof(key=key if used[key] == 1 else f"{key}~{used[key]}"),
        ]

    book.add(APPLICATIONS, columns, map(row, result.items), note=result.district, frozen=3, pages_wide=2, always=True)


def _instances(book: Book, result: DistrictResult) -> None:
    forms = [result.catalog.forms[name] for name in result.catalog.applications]
    table = next((t for f in forms if (t := f.instances()) is not None), None)
    if table is None:
        return
    parts = list(dict.fromkeys((t.key, t.short) for f in forms for t in f.tables if t.per))
    named = [c for c in table.columns if c.names_row and c.role != "seq"]
    texts = [c for c in table.columns if not c.names_row]
    instance = next(c.key for c in named if c.role == "instance")
    columns = [
        Column("序号", 6),
        Column("申报单位", 26, "text"),
        Column("表式", 11),
        Column(f"{table.annex}行", 7, "number"),
        *(Column(c.label, 18, "text") for c in named),
        *(Column(called, 7, "number") for _, called in parts),
        Column("问题数", 7, "number"),
        *(Column(c.label, 40, "text") for c in texts),
    ]

    def rows() -> list[list[CellValue]]:
        out: list[list[CellValue]] = []
        for item in result.applications():
            tables = item.record.tables
            found = Counter(f.row for f in item.findings if (f.field or "").startswith(table.key))
            for n, scene in enumerate(item.instances, 1):
                name = shown(scene.get(instance))
                own = [sum(shown(r.get("instance")) == name for r in tables.get(part, [])) for part, _ in parts]
                out.append(
                    [
                        Link(f"{item.number:03d}", APPLICATIONS, item.number + 1),
                        line(item.applicant),
                        result.form_label(item.form),
                        n,
                        *(shown(scene.get(c.key)) for c in named),
                        *own,
                        found[n],
                        *(shown(scene.get(c.key), c) for c in texts),
                    ]
                )
        return out

    book.add(
        _instances_sheet(result.catalog), columns, rows(), note=result.district, frozen=2, pages_wide=2, row_height=78
    )


_WAITING = (Standing.REOPENED, Standing.DISPUTED)
_STATES = {Standing.OPEN: "", Standing.UPHELD: "已维持", Standing.WITHDRAWN: "已撤销"}


def _state(result: DistrictResult, finding: Finding) -> str:
    """What has become of the words on a finding, and what a person is asked."""
    standing, decision = result.standing(finding), result.decisions.get(finding.id)
    if standing in _WAITING:
        return pieces(result.remark(finding))[0]
    if decision is not None and decision.asked == WITHDRAWN:
        return "撤销须在“说明”中写明理由，尚未生效"
    if decision is not None and decision.asked:
        return f"“{decision.asked}”是何意？请在“处理”中选{'或'.join(ACTIONS)}，尚未生效"
    return _STATES[standing]


def _findings(book: Book, result: DistrictResult, ordered: list[Finding]) -> None:
    place = {i.document: i.number for i in result.items}

    def row(finding: Finding) -> list[CellValue]:
        standing = result.standing(finding)
        decision = result.decisions.get(finding.id)
        # A decision whose evidence has changed, or that another contradicts, is shown in 意见状态, and its cells wait for a new one.
        cells = None if standing in _WAITING else decision
        number = place.get(finding.document)
        tone = "quiet" if standing is Standing.WITHDRAWN else finding.level
        return [
            Link(f"{number:03d}", APPLICATIONS, number + 1) if number else "推荐",
            line(finding.applicant),
            result.form_label(finding.form) if finding.form in result.catalog.forms else "",
            Toned(LEVELS[finding.level], tone),
            told(finding, LONG).message,
            finding.place,
            finding.evidence,
            finding.expected,
            result.catalog.clause_called(finding.clause),
            *shown_words(cells),
            _state(result, finding),
            finding.code,
            finding.document,
            finding.id,
            Proof(evidence_mark(finding), draft(cells), finding.id),
        ]

    sheet = book.add(FINDINGS, COLUMNS, map(row, ordered), note=result.district, frozen=2, pages_wide=2, always=True)
    if ordered:
        at = book.at(sheet, ACTION)
        sheet.data_validation(
            1,
            at,
            len(ordered),
            at,
            {
                "validate": "list",
                "source": list(ACTIONS),
                "input_title": "处理",
                "input_message": "维持：问题成立。撤销：问题不成立，请在“说明”中写明理由。",
                "error_title": "处理",
                "error_message": "请选择“维持”或“撤销”，其他意见写在“说明”中。",
            },
        )


def _rules(book: Book, result: DistrictResult) -> None:
    columns = [
        Column("规则", 7),
        Column("内容", 44, "text"),
        Column("级别", 12),
        Column("依据", 22, "text"),
        Column("应用文件数", 10, "number"),
        *(Column(OUTCOMES[o], 10, "number") for o in OUTCOMES),
        Column("问题数", 9, "number"),
        Column("其中已撤销", 9, "number"),
    ]
    withdrawn = Counter(f.code for f in result.withdrawn_findings)
    rows: list[list[CellValue]] = []
    for r in rule_rows(result.catalog, [result]):
        counts = [r.applied, *(r.outcomes[o] for o in OUTCOMES), r.findings, withdrawn[r.code]]
        rows.append(
            [r.code, r.title, LEVELS[r.level], result.catalog.clause_called(r.clause), *counts, Proof(key=r.code)]
        )
    sheet = book.add(RULES, columns, rows, note=result.district)
    book.shade(sheet, ["问题数"], len(rows))


def _compared(book: Book, result: DistrictResult) -> None:
    instance = called(result.catalog)["instance"]
    columns = [
        Column("表式", 11),
        Column("汇总表序号", 9),
        Column("汇总表所列单位", 28, "text"),
        *([Column(f"汇总表所列{instance}", 48, "text")] if instance else []),
        Column("汇总表联系人", 12, "text"),
        Column("汇总表手机", 15, "text"),
        Column("收到的申报书", 9),
        Column("申报单位", 28, "text"),
        Column("申报书状态", 13),
        Column("对照结果", 16),
        Column("有关问题", 60, "text"),
    ]

    def rows() -> list[list[CellValue]]:
        out: list[list[CellValue]] = []
        for pair in compare(result):
            item = pair.item
            out.append(
                [
                    result.form_label(pair.form),
                    pair.order,
                    pair.company,
                    *([pair.instances] if instance else []),
                    pair.contact,
                    pair.mobile,
                    Link(f"{item.number:03d}", APPLICATIONS, item.number + 1) if item else "",
                    line(item.name) if item else "",
                    Toned(item.status.value, _TONE[item.status]) if item else "",
                    Toned(pair.verdict, pair.tone),
                    "\n".join(f"[{f.code}] {f.message}" for f in pair.findings),
                ]
            )
        return out

    book.add(COMPARED, columns, rows(), note=result.district)


def _unsure(book: Book, result: DistrictResult) -> None:
    columns = [
        Column("规则", 7),
        Column("内容", 36, "text"),
        Column("为何不能判断", 56, "text"),
        Column("项数", 7, "number"),
        Column("涉及的文件", 56, "text"),
        Column("读取存疑之处", 50, "text"),
    ]

    def row(told: Unsure) -> list[CellValue]:
        doubts = [(i, doubts_behind(result, i, told.code)) for i in told.whom if i is not None]
        several = len(told.whom) > 1
        lines = [f"{named(result, i)}：{words}" if several else words for i, words in doubts if words]
        whom = "\n".join(named(result, i) for i in told.whom)
        return [told.code or "各项", told.title, told.why, told.count, whom, "\n".join(lines)]

    book.add(UNSURE, columns, map(row, grouped(result)), note=result.district)
