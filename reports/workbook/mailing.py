"""发文清单.xlsx, beside the letters: those of this run for mail merge, one a row under heads in the first line; what gets none and why; those of earlier runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.forms import Role
from records.models import Value
from records.roles import key_of
from reports.results.model import DistrictResult, Item
from reports.results.posting import MAILING, Post, Sending, addressed, without_letter
from reports.safe.text import line
from reports.workbook.columns import Column
from reports.workbook.sheets import Book, CellValue, Toned

NAME = f"{MAILING}.xlsx"
SHEETS = ("发文", "不发文", "已发")
_LETTERS = (
    Column("收件单位", 30), Column("收件人", 10), Column("电子邮箱", 28), Column("手机", 14), Column("文种", 14), Column("文号", 22),
    Column("日期", 14), Column("期限", 16), Column("事项数", 8, "number"), Column("文件", 46, "text"), Column("项目名称", 30, "text"),
    Column("表式", 10), Column("本单位联系人", 12), Column("本单位电话", 16), Column("须核对", 40, "text"),
)  # fmt: skip
_NONE = (
    Column("申报单位或文件", 34, "text"),
    Column("表式", 10),
    Column("收到的文件", 46, "text"),
    Column("不发文的原因", 50, "text"),
)
_SENT = (
    Column("收件单位", 30), Column("表式", 10), Column("文种", 14), Column("文号", 22), Column("日期", 14), Column("期限", 16),
    Column("文件", 50, "text"), Column("办理情况", 44, "text"),
)  # fmt: skip


def mailing_list(
    result: DistrictResult,
    written: Sequence[tuple[Post, Mapping[str, Any]]],
    sent: Sequence[Mapping[str, Any]],
) -> bytes:
    """The list as bytes. ``written``: the letters of this run with what is kept of each (:mod:`reports.outgoing`); ``sent``:
    those of earlier runs, oldest first."""
    sending, book = Sending.of(result), Book(f"{result.heading}{MAILING}", date=result.today)
    letters = [_letter(sending, post, kept) for post, kept in written]
    book.add("发文", _LETTERS, letters, note=result.heading, pages_wide=2, always=True)
    none = [
        [line(n.item.name, 60), result.form_label(n.item.form), line(n.item.document, 160), n.why]
        for n in without_letter(result)
    ]
    book.add("不发文", _NONE, none, note=result.heading)
    book.add("已发", _SENT, [_earlier(kept) for kept in sent], note=result.heading)
    return book.close()


def _letter(sending: Sending, post: Post, kept: Mapping[str, Any]) -> list[CellValue]:
    item, due = post.item, sending.deadline(post.kind)
    checks = ["文件有密级或者保密标志，联系方式不在此列出"] if item.withheld else _doubts(item)
    to = [line(item.by_role("contact"), 30), line(item.by_role("email"), 80), line(item.by_role("mobile", "phone"), 30)]
    when = due.isoformat() if due else ""
    if kept.get("issued"):
        when = str(kept.get("due", ""))
    elif sending.passed(post.kind):
        when, checks = f"{when}（已过）", [*checks, "期限已过，请在文中填写新的日期"]
    return [
        addressed(item), *to, post.kind.title, kept.get("number", ""), kept.get("date", ""), when,
        len(post.points), kept.get('file', post.name), line(item.project, 80), sending.result.form_label(item.form),
        line(kept.get("contact") or sending.sender.contact, 30), line(kept.get("phone") or sending.sender.phone, 40),
        Toned("；".join(checks), "fix") if checks else "",
    ]  # fmt: skip


def _doubts(item: Item) -> list[str]:
    """What of an address a person should look at before anything is sent to it."""
    out = []
    asked: tuple[tuple[Role, str], ...] = (
        ("applicant", "收件单位名称"), ("email", "电子邮箱"), ("contact", "收件人"), ("mobile", "手机"),
    )  # fmt: skip
    for role, word in asked:
        key = key_of(item.catalog, item.form, role)
        value: Value | None = item.record.get(key) if key else None
        if key and (value is None or value.blank):
            out.append(f"没有{word}")
        elif value is not None and not value.certain:
            out.append(f"{word}读取没有把握")
        elif any(f.field == key for f in item.findings if f.level != "note"):
            out.append(f"{word}有误，见文中所指")
    return out


def _earlier(kept: Mapping[str, Any]) -> list[CellValue]:
    return [kept.get(k, "") for k in ("applicant", "form", "title", "number", "date", "due", "file", "outcome")]
