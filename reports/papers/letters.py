"""The letters to applicants: 补正通知 and what goes in its place. Whom, in which kind, about what: :mod:`reports.results.posting`.

Nothing internal goes into one: no notes (提示), nothing that others mend, no paths, and no word of another company's application.
All its words are the pack's (``letters.toml``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from catalog.letters import LetterKind
from catalog.models import Catalog
from checks.library import checks
from checks.meaning.names import fold
from records.models import Finding
from records.numbers import chinese
from reports.papers.word import TEMPLATES, render
from reports.results.model import DistrictResult, Item
from reports.results.posting import Group, Post, Sending, addressed, posts
from reports.results.rulebook import rule_title
from reports.results.wording import asked
from reports.safe.text import line, plain

TEMPLATE = "补正通知.docx"
_NAME_LEAST = 6
"""Characters of an applicant's name that common words do not make up; a shorter one may stand in any sentence."""
_QUOTED = 400
"""Characters of a clause that a letter quotes."""


@dataclass(frozen=True)
class Issue:
    """By what a letter is known: its number ("": a line to fill in) and date (None: likewise)."""

    number: str = ""
    date: dt.date | None = None


def letters(result: DistrictResult) -> dict[str, bytes]:
    """The letters by file name, sorted, none of them issued. Raises :class:`reports.papers.word.BrokenTemplate`."""
    writer = Writer(result)
    return {post.name: writer.written(post, Issue()) for post in posts(result)}


class Writer:
    """Writes the letters of one district."""

    def __init__(self, result: DistrictResult) -> None:
        self.result = result
        self.catalog: Catalog = result.catalog
        self.words = result.catalog.letters.words
        self.sending = Sending.of(result)
        self.office = self.sending.office or self.words.blank
        self._everyone = _names(result)
        self._paths = [s.document for s in result.submissions if "/" in s.document]
        self._said: dict[tuple[str, str], tuple[str, str]] = {}

    def written(self, post: Post, issue: Issue) -> bytes:
        """The letter as bytes. Raises :class:`reports.papers.word.BrokenTemplate`."""
        return render(self._template(post.kind), self.context(post, issue), self.result.templates, date=issue.date)

    def _template(self, kind: LetterKind) -> str:
        """An office may have a layout of its own for a kind of letter, under its title; else that of 补正通知."""
        own, folder = f"{kind.title}.docx", self.result.templates
        return own if (folder is not None and (folder / own).is_file()) or (TEMPLATES / own).is_file() else TEMPLATE

    def day(self, date: dt.date | None) -> str:
        """A date as letters have it, a line to fill in where there is none."""
        return self.words.date.format(year=date.year, month=date.month, day=date.day) if date else self.words.day

    def number(self, issue: Issue) -> str:
        year = issue.date.year if issue.date else self.catalog.year
        return line(issue.number, 60) or self.words.number.format(year=year)

    def context(self, post: Post, issue: Issue) -> dict[str, Any]:
        """What the template may use; every leaf is text."""
        item, kind = post.item, post.kind
        facts = self._facts(post)
        groups = [self._group(item, n, g) for n, g in enumerate(post.groups, 1)]
        ask = kind.open if not facts["due"] else kind.overdue if self.sending.passed(kind) else kind.due
        ending = [ask.format(**facts), *(text.format(**facts) for text in kind.closing)]
        if not kind.alone and not kind.quotes:
            ending += [f"{self.catalog.letter}。"] if self.catalog.letter else []
            ending += [] if post.whole else [self.words.more]
        contact = self.words.contact.format(
            contact=line(self.sending.sender.contact, 30) or self.words.blank,
            phone=line(self.sending.sender.phone, 40) or self.words.blank,
        )
        return {
            "标题": kind.title,
            "文号": self.number(issue),
            "申报单位": addressed(item) or self.words.blank,
            "正文": [kind.opening.format(**facts)],
            "事项": groups,
            "结尾": ending,
            "联系": contact,
            "署名": self.words.signed.format(office=self.office),
            "日期": self.day(issue.date),
            "推荐单位": self.office,
            "项目名称": "" if kind.alone else line(item.project, 80),
            "表式": facts["form"],
            "文件": facts["file"],
            "年度": facts["year"],
            "通知标题": self.catalog.title,
            "通知文号": self.catalog.number,
            "期限": facts["due"] or self.words.day,
        }

    def _facts(self, post: Post) -> dict[str, str]:
        item, due, words = post.item, self.sending.deadline(post.kind), self.words
        file, project = line(item.document.rsplit("/", 1)[-1], 120), line(item.project, 80)
        about = words.about if project else words.about_file
        return {
            "applicant": addressed(item),
            "form": self.result.form_label(item.form),
            "about": about.format(label=self._project(item), project=project, file=file),
            "file": file,
            "year": str(self.catalog.year),
            "notice": f"《{self.catalog.title}》（{self.catalog.number}）",
            "office": self.office,
            "count": str(len(post.points)),
            "also": post.kind.also_asks if len(post.groups) > 1 else "",
            "told": words.whole if post.whole else words.part,
            "due": self.day(due) if due else "",
            "days": words.day,
        }

    def _project(self, item: Item) -> str:
        """What the form calls what is applied for: 项目名称, 装备名称."""
        form = self.catalog.forms.get(item.form)
        field = form.by_role("project") if form is not None else None
        return field.label if field is not None else "项目名称"

    def _group(self, item: Item, number: int, group: Group) -> dict[str, Any]:
        points = [self._point(item, group.kind, f) for f in group.points]
        for n, point in enumerate(points, 1):
            point["序号"] = str(n)
        return {"标题": f"{chinese(number)}、{group.kind.heading}", "要求": group.kind.ask, "项": points}

    def _point(self, item: Item, kind: LetterKind, finding: Finding) -> dict[str, str]:
        message, expected = self._message(item, finding)
        parts = [_ended(message)]
        if kind.expects and expected:
            parts.append(self.words.expected.format(expected=expected.rstrip("。")))
        where = line(finding.place, 120)
        return {
            # A message that begins with the place says it well enough.
            "位置": "" if where and message.startswith(where) else where,
            "内容": "".join(parts),
            "依据": self._clause(kind, finding),
            "序号": "",
        }

    def _clause(self, kind: LetterKind, finding: Finding) -> str:
        clause, text = self.catalog.clause_called(finding.clause), line(self.catalog.clause(finding.clause))
        if not kind.quotes or not text:
            return self.words.clause.format(clause=clause)
        return self.words.quoted.format(clause=clause, text=text if len(text) <= _QUOTED else f"{text[:_QUOTED]}……")

    def _message(self, item: Item, finding: Finding) -> tuple[str, str]:
        """What is said and what is expected, without anything of another applicant's: that stays inside the office. Remembered: a
        letter is drawn up to be told apart from those before it, and again to be written."""
        key = item.document, finding.id
        if key not in self._said:
            self._said[key] = self._for_outside(item, finding)
        return self._said[key]

    def _for_outside(self, item: Item, finding: Finding) -> tuple[str, str]:
        message, expected = self._external(plain(finding.message, 400)), line(asked(finding), 200)
        own = {fold(item.applicant), fold(item.by_role("applicant_again"))}
        folded = fold(message + expected)
        # A name that is part of the applicant's own (its mother company's) is no secret to it.
        others = (n for n in self._everyone if n in folded and not any(n in o for o in own))
        if _compares(self.catalog, finding.code) or any(others):
            return self.words.instead.format(title=rule_title(self.catalog, finding.code)), ""
        return message, expected

    def _external(self, message: str) -> str:
        """The message with the paths of files reduced to their names."""
        for path in self._paths if "/" in message else ():
            message = message.replace(path, path.rsplit("/", 1)[-1])
        return message


def _ended(text: str) -> str:
    return text if text.endswith(("。", "！", "？", "”。")) else f"{text.rstrip('，；,;.')}。"


def _compares(catalog: Catalog, code: str) -> bool:
    """Whether a rule looks at the applications of others: what it says may be theirs."""
    entry = catalog.rule(code)
    found = checks().get(entry.check) if entry is not None else None
    return found is not None and found.round_function is not None


def _names(result: DistrictResult) -> frozenset[str]:
    """The folded names of all applicants; names too short to tell from common words are left out."""
    names = {fold(n) for i in result.items for n in (i.applicant, i.by_role("applicant_again"))}
    return frozenset(n for n in names if len(n) >= _NAME_LEAST)
