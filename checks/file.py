"""F: the file as received. Most of these the reader noticed; here they become findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.forms import Form
from checks import versions
from checks.answers import is_scan, label_of
from checks.forms import ANY, FITTED
from checks.registry import At, CannotTell, Context, Result, Round, Trip, round_rule, rule
from checks.text import fold, shorten
from records.doubts import in_words, unsure
from records.models import Record, Submission

_LISTED = 30
"""How many unsure values a message lists before it only counts the rest."""

_NO_CONTENT = (".remark", ".seq")
"""Columns without which an application says no less: an applicant need not be called about them."""

_PARTS = {
    "cover": "封面",
    "basic": "（一）申报主体基本信息",
    "project": "（二）申报项目基本信息",
    "outcome": "整体建设成效",
    "chain": "（三）智慧供应链建设基本信息",
    "commitment": "真实性承诺",
}


def _noted(context: Context, code: str, what_to_do: str, expected: str) -> Iterator[Result]:
    """One finding for each note of the reader with this code."""
    for note in context.reading.record.notes:
        if note.code != code:
            continue
        message = note.message.rstrip("。；")
        about = re.sub(r"[\d\s]+", "", message) + "\x1e" + note.evidence
        yield Trip(f"{message}。{what_to_do}", about=about, where=note.where, evidence=note.evidence, expected=expected)


def _unread(context: Context, code: str) -> Iterator[Result]:
    """Cannot tell where the file could not be read and the reader noticed nothing for this rule."""
    notes = context.reading.record.notes
    if versions.unreadable(context.reading.record) and not any(n.code == code for n in notes):
        yield CannotTell("文件未能读出")


@rule("F01", "fix", "二（二）", "文件无法读取", forms=ANY, reads=("文件",))
def cannot_be_read(context: Context) -> Iterator[Result]:
    """报送的文件损坏、为空，或者不是受理的类型，无法读取其中内容。

    触发示例：申报书.docx 只有0字节，或下载不完整打不开；报送的是视频、程序等文件。
    不触发：能正常打开的 docx、doc、pdf、扫描件和压缩包。
    如何补正：用原文件重新导出并打开确认无误后再次报送。
    局限：只说明机器读不出，个别用特殊软件才能打开的文件需人工确认。
    """
    yield from _noted(
        context,
        "F01",
        "请核对原文件，重新导出为docx或pdf，确认能够打开后重新报送。",
        "能够打开的docx、doc、pdf文件或压缩包",
    )


@rule("F02", "fix", "二（二）", "文件设有密码", forms=ANY, reads=("文件",))
def protected(context: Context) -> Iterator[Result]:
    """文件或压缩包设有打开密码，无法读取其中内容。

    触发示例：申报书.docx 打开时要求输入密码；加密的 zip 压缩包。
    不触发：只限制编辑、不限制打开的文件。
    如何补正：取消密码后重新报送。
    局限：不尝试任何密码。
    """
    yield from _noted(context, "F02", "请取消密码后重新报送。", "未设打开密码的文件")


@round_rule("F03", "note", "二（二）", "同一文件收到两次", forms=ANY, reads=("文件",), scope="received")
def received_twice(round_: Round) -> Iterator[tuple[At, Result]]:
    """收到的两份文件逐字节相同。同一推荐单位内只审查路径在前的一份，其余不再审查，也不计入数量。

    触发示例：申报书.docx 与 申报书（副本）.docx 内容完全一样。
    不触发：内容有一字之差的两份文件（是否为同一项目的新旧版本见F10）。
    如何补正：一般不需处理，确认未漏报其他文件即可。
    局限：两个推荐单位各报送一份相同文件的，两份都照常审查（见D02）；无法读取的文件也都列出。
    """
    for group in versions.doubles(round_.submissions):
        for submission in group:
            others = "”“".join(s.document for s in group if s is not submission)
            aside = submission.document in round_.superseded
            fate = "本份不再审查，也不计入数量" if aside else "本份照常审查"
            yield (
                At.of(submission),
                Trip(
                    f"本文件“{submission.document}”与“{others}”内容完全相同，{fate}。请确认是否误报、是否漏报其他文件。",
                    about="重复件" if aside else "保留件",
                    where="文件",
                    evidence=others,
                    expected="每份文件报送一次",
                ),
            )


@rule("F04", "fix", "二（二）", "文件带有宏或嵌入程序", forms=ANY, reads=("文件",))
def carries_programs(context: Context) -> Iterator[Result]:
    """文件中带有宏、嵌入的程序或OLE对象包。审查时从不运行它们。

    触发示例：.docm 文件带有VBA宏；文档中插入了“双击打开”的附件对象。
    不触发：插入的图片、公式、图表。
    如何补正：删除宏和嵌入对象（可改为图片或另附文件），另存为docx后重新报送。
    局限：只看是否带有，不判断是否有害。
    """
    yield from _noted(
        context, "F04", "请删除宏和嵌入对象后重新报送，需要提交的材料另附文件。", "不带宏和嵌入程序的文件"
    )
    yield from _unread(context, "F04")


@rule("F05", "note", "二（一）", "文件留有修订或批注", forms=ANY, reads=("文件",))
def unresolved_changes(context: Context) -> Iterator[Result]:
    """文件中留有未接受的修订或未删除的批注。审查时按全部接受修订后的文字读取，批注不作为内容。

    触发示例：正文中有红色删除线和插入文字，或页边有批注“此处数据待核”。
    不触发：修订已全部接受、批注已删除的文件。
    如何补正：接受或拒绝全部修订、删除批注后重新报送定稿。
    局限：修订的拒绝与接受会得到不同文字，以定稿为准。
    """
    yield from _noted(context, "F05", "请确认报送的是否为定稿。", "修订已处理、批注已删除的定稿")
    yield from _unread(context, "F05")


@rule("F06", "fix", "附件3", "不是本通知的申报书或汇总表", forms=ANY, reads=("文件",))
def foreign(context: Context) -> Iterator[Result]:
    """文件能读取，但不是本通知附件3-1、附件3-2或附件4的任何一种；或一份文件里另有一份只填写了小部分内容的表格，没有读入。

    触发示例：报送了“专精特新”申请书，或往年其他通知的申报书。
    不触发：申报书旁边的营业执照、审计报告等附件（只列出，不作为问题）；一份文件里有几份填写完整的申报书（各作为一份审查）。
    如何补正：使用本通知附件3、附件4的表格填报。
    局限：封面和标题都被删去的申报书也可能认不出。
    """
    record = context.reading.record
    if record.form != "unknown":
        for note in (n for n in record.notes if n.code == "F06"):
            yield Trip(
                f"{note.message}。", where=note.where or "文件", evidence=note.evidence, expected="填写完整的申报书"
            )
        return
    if versions.unreadable(record):
        yield CannotTell("文件未能读出")
        return
    noted = next((n for n in record.notes if n.code == "F06"), None)
    names = "、".join(f"{form.annex}《{form.title}》" for form in context.catalog.forms.values())
    first = next((line for line in context.reading.lines if line.text.strip()), None)
    evidence = (noted.evidence if noted else "") or (shorten(first.text) if first else "")
    seen = f"，文件开头为“{evidence}”" if evidence else ""
    where = (noted.where if noted else "") or (first.where if first else "")
    yield Trip(
        f"文件不是本通知要求的任何一种表格{seen}。请使用{names or '本通知所附表格'}填报后重新报送。",
        where=where or "文件",
        evidence=evidence,
        expected=names,
    )


@rule("F07", "fix", "附件3", "表格栏目被删除或改写", forms=FITTED, reads=("文件",))
def labels_missing(context: Context) -> Iterator[Result]:
    """申报书或汇总表中找不到空白表原有的栏目，说明表格的行、列或部分内容被删除或改写。
    只缺“备注”“序号”列的，不影响申报内容，作提示。

    触发示例：基本信息表中删去了“质量损失率下降”一行；附1删去了“解决的痛点问题描述”一列。
    不触发：栏目名称多了空格、换行或序号；删去了整张选填的清单（附3至附7）。
    如何补正：按空白表恢复所缺栏目并填写。
    局限：扫描件认不出的栏目不作判断；栏目改写得面目全非时按缺少处理。
    """
    form = context.catalog.forms.get(context.form)
    missing = [m for m in context.reading.missing_labels if not _optional_table(form, m.key)]
    if not missing:
        return
    by_part: dict[str, list[str]] = {}
    for label in missing:
        by_part.setdefault(_PARTS.get(label.part, label.part), []).append(label.label.strip("*＊ "))
    named = "；".join(f"{part}中的“{'”“'.join(dict.fromkeys(labels))}”" for part, labels in by_part.items())
    if is_scan(context):
        yield CannotTell(f"扫描件中未认出{named}，请人工核对")
        return
    yield Trip(
        f"表格缺少空白表原有的栏目：{named}。请按{form.annex if form else '附件'}的空白表恢复这些栏目并填写。",
        field=missing[0].key if len(missing) == 1 else None,
        where="；".join(by_part),
        evidence="缺少：" + "、".join(dict.fromkeys(m.label for m in missing)),
        expected="空白表的全部栏目",
        level="note" if all(m.key.endswith(_NO_CONTENT) for m in missing) else None,
    )


def _optional_table(form: Form | None, key: str) -> bool:
    """Whether the label belongs to a list that the form itself calls 选填 (附3 to 附7). 附2, whose tables belong to scene
    instances, is none of them."""
    table = form.table(key.split(".", 1)[0]) if form else None
    return table is not None and table.required == "optional" and not table.per


@rule("F08", "note", "二（一）", "由文字识别读取或有把握不足的内容", forms=FITTED, reads=("全部栏目",))
def unsure_values(context: Context) -> Iterator[Result]:
    """文件由文字识别（OCR）读取，或有的内容读取把握不足（置信度低于0.95）。这些内容连同存疑的原因列出，供人工核对。内容远超出栏目所能填写的长度的
    （如环节名称写有6万字），各规则只核对前一部分，也在此列出。

    触发示例：申报书为扫描件；栏目名称被改写，只能按近似名称对应。
    不触发：文字版文件中逐栏准确对应的内容。
    如何补正：不需补正；以人工核对为准，有条件的可报送文字版。
    局限：把握充足的内容也不排除原文本身有误。
    """
    record = context.reading.record
    form = context.catalog.forms.get(context.form)
    doubts: dict[str, tuple[str, ...]] = {}
    for key, names in unsure(record).items():
        label = label_of(form, key)
        doubts[label] = (*doubts.get(label, ()), *names)
    yield from _longer_than_read(context)
    if not doubts and not is_scan(context):
        return
    more = f"等{len(doubts)}项" if len(doubts) > _LISTED else ""
    listed = "、".join(list(doubts)[:_LISTED]) + more
    how = "文件为扫描件或图片，内容由文字识别读取" if is_scan(context) else "部分内容读取把握不足"
    todo = f"请人工核对：{_with_reasons(doubts)}{more}。" if doubts else "请人工抽查核对。"
    yield Trip(f"{how}。{todo}", where="文件", evidence=listed, expected="文字版文件，栏目与空白表一致")


def _with_reasons(doubts: dict[str, tuple[str, ...]]) -> str:
    """``工厂地址、企业简介（跨页接合）；销售增长率（栏目名称与表中不完全一致）``: what is in doubt for the same reasons together."""
    by_reason: dict[str, list[str]] = {}
    for label, names in list(doubts.items())[:_LISTED]:
        by_reason.setdefault(in_words(names), []).append(label)
    return "；".join("、".join(labels) + (f"（{reason}）" if reason else "") for reason, labels in by_reason.items())


def _longer_than_read(context: Context) -> Iterator[Result]:
    if context.cut:
        cut = "；".join(context.cut[:_LISTED]) + (f"等{len(context.cut)}处" if len(context.cut) > _LISTED else "")
        yield Trip(
            f"有的内容远超出栏目所能填写的长度：{cut}。请人工核对其余部分。",
            about="过长",
            where="文件",
            evidence=cut,
            expected="内容与栏目相称",
        )


@rule("F09", "fix", "二（二）", "压缩包不安全或超出限制", forms=ANY, reads=("文件",))
def unsafe_archive(context: Context) -> Iterator[Result]:
    """压缩包中的文件路径指向包外、解压后体积异常膨胀、层数过多或文件过多，未予解压。

    触发示例：压缩包内文件名为“../../a.docx”；几KB的压缩包解压后达数GB。
    不触发：正常打包的申报书文件夹。
    如何补正：用常用压缩软件重新打包，或直接报送文件。
    局限：限额由程序设置，确有大量附件的可分包报送。
    """
    yield from _noted(
        context, "F09", "请重新打包（不超过限制、不含异常路径）或直接报送文件。", "安全且未超出限制的压缩包"
    )


@round_rule(
    "F10",
    "note",
    "二（一）",
    "已有更新的版本",
    reads=("company_name", "uscc", "project_name", "application_date"),
    scope="received",
    sets_aside=True,
)
def superseded(round_: Round) -> Iterator[tuple[At, Result]]:
    """收到同一企业、同一类别、同一项目的多个版本，以较新的为准：先比申报日期，再比文件修改时间，最后比文件路径。
    较旧的版本不再审查，也不计入数量。

    触发示例：先报送 申报书.docx（8月1日），后报送 申报书（修改）.docx（8月10日），项目名称相同。
    不触发：同一企业的两个不同项目；两个推荐单位各收到一份（见D02）。
    如何补正：确认较新的版本为准即可；如应以旧版为准，请只报送该版。
    局限：项目名称改动后视为不同项目；企业名称和统一社会信用代码都不同的认不出。
    """
    for group in versions.versions(round_.submissions):
        for old in group.older:
            yield At.of(old), _superseded_by(round_, old, group.latest)


def _superseded_by(round_: Round, old: Submission, latest: Submission) -> Trip:
    form = round_.catalog.forms.get(old.record.form)
    changed = changes(form, old.record, latest.record)
    differs = f"两版不同之处：{'、'.join(changed[:_LISTED])}。" if changed else "两版各栏内容相同。"
    dates = [s.record.text("application_date") or "未填" for s in (old, latest)]
    return Trip(
        f"本文件“{old.document}”（申报日期{dates[0]}）已被同一项目的较新版本“{latest.document}”（申报日期{dates[1]}）"
        f"取代，不再审查，也不计入数量。{differs}请确认以较新版本为准。",
        about=fold(old.record.text("project_name") or old.record.text("instance_name")),
        field="application_date",
        where="文件",
        evidence=f"{old.document}；{latest.document}",
        expected="每个项目以最新版本为准",
    )


def changes(form: Form | None, old: Record, new: Record) -> list[str]:
    """The labels of what differs between two versions: fields and chapters by name, tables by the rows that changed."""
    found = [
        label_of(form, key)
        for key in dict.fromkeys([*old.fields, *old.sections, *new.fields, *new.sections])
        if old.text(key) != new.text(key)
    ]
    for table in dict.fromkeys([*old.tables, *new.tables]):
        rows = [
            [{c: v.value for c, v in row.items() if v.value is not None} for row in record.tables.get(table, [])]
            for record in (old, new)
        ]
        if rows[0] != rows[1]:
            count = f"（{len(rows[0])}行改为{len(rows[1])}行）" if len(rows[0]) != len(rows[1]) else ""
            found.append(label_of(form, table) + count)
    return found


@rule("F11", "note", "二（二）", "扩展名与内容不符", forms=ANY, reads=("文件",))
def wrong_extension(context: Context) -> Iterator[Result]:
    """文件的扩展名与实际内容不符，已按实际内容读取。

    触发示例：扩展名为 .doc、实际是docx的文件；把pdf改名为 .docx。
    不触发：扩展名大小写不同。
    如何补正：一般不需处理；建议另存为正确的类型。
    局限：没有扩展名的文件按内容读取，不作为问题。
    """
    yield from _noted(context, "F11", "已按实际内容读取，请核对文件是否选对。", "扩展名与内容一致")
    yield from _unread(context, "F11")
