"""The rule book for people: one rule explained, and docs/rules.md, both from the registry and the catalog.

``python -m checks.book`` writes docs/rules.md; with ``--check`` it only says whether the page is current (exit 1: not).
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path

from catalog.forms import Form
from catalog.load import load
from catalog.models import Catalog
from checks.forms import names
from checks.making import rules_of
from checks.meaning.answers import label_of
from checks.registry import Rule
from records.models import UNKNOWN

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rules.md"

LEVELS = {"reject": "不符合申报条件", "fix": "需补正", "note": "提示"}
PARTS = ("触发示例", "不触发", "如何补正", "局限")
_OUTCOMES = (
    "每条规则对每份适用的文件都留下一个结果：`pass` 通过、`finding` 有问题、"
    "`cannot_tell` 无法判断（所需内容没有读出，或读取把握不足，须人工查看）、`not_applicable` 不适用。"
)


class UnknownRule(LookupError):
    """There is no rule of that code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"没有规则“{self.code}”；用 shenbao rules 查看全部规则"


def find(code: str, catalog: Catalog) -> Rule:
    """The rule of a code, in any case. Raises UnknownRule."""
    wanted = code.strip().upper()
    for rule in rules_of(catalog):
        if rule.code == wanted:
            return rule
    raise UnknownRule(code)


def explain(code: str, catalog: Catalog) -> str:
    """One rule in plain text: what it says, its level, its clause with the notice's wording, an example that trips it,
    one that does not, how to mend it, its limits. Raises UnknownRule."""
    rule = find(code, catalog)
    words, parts = split(rule.explanation)
    lines = [
        f"{rule.code} {rule.title}",
        "",
        words,
        "",
        f"级别：{LEVELS[rule.level]}（{rule.level}）",
        f"适用：{applies_to(rule, catalog)}",
        f"读取：{reads(rule, catalog)}",
        f"依据：{catalog.clause_called(rule.clause)}",
        *(f"      {line}" for line in catalog.clause(rule.clause).splitlines()),
        *(f"{name}：{text}" for name, text in parts.items()),
    ]
    return "\n".join(lines) + "\n"


def rule_book(catalog: Catalog) -> str:
    """The whole rule book as Markdown (docs/rules.md)."""
    rules = rules_of(catalog)
    out = [
        "# 规则手册",
        "",
        "<!-- 本页由 python -m checks.book 从规则和通知包生成，请勿手改。 -->",
        "",
        f"本页列出审查所用的全部规则（{len(rules)}条），依据为{catalog.number}《{catalog.title}》及其附件。规则编号的含义不变。",
        "",
        "级别："
        + "；".join(f"`{level}` {name}" for level, name in LEVELS.items())
        + "。提示供人工查看，不作为对申报单位不利的依据。",
        "",
        _OUTCOMES,
        "",
    ]
    for group in catalog.rule_groups:
        members = [r for r in rules if r.code[0] == group.letter]
        if not members:
            continue
        out += [
            f"## {group.letter} {group.name}",
            "",
            "| 编号 | 级别 | 规则 | 依据 | 适用 | 读取 |",
            "|---|---|---|---|---|---|",
        ]
        for rule in members:
            link = f"[{rule.code}](#{rule.code.lower()})"
            cells = (
                link,
                LEVELS[rule.level],
                rule.title,
                catalog.clause_called(rule.clause),
                applies_to(rule, catalog),
                reads(rule, catalog),
            )
            out.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        out.append("")
        for rule in members:
            out += _entry(rule, catalog)
    out += _clauses(rules, catalog)
    return "\n".join(out).rstrip() + "\n"


def _entry(rule: Rule, catalog: Catalog) -> list[str]:
    words, parts = split(rule.explanation)
    return [
        f'<a id="{rule.code.lower()}"></a>',
        "",
        f"### {rule.code} {rule.title}",
        "",
        f"{words}（{LEVELS[rule.level]}；依据：{catalog.clause_called(rule.clause)}）",
        "",
        *(f"- **{name}**：{text}" for name, text in parts.items()),
        "",
    ]


def _clauses(rules: list[Rule], catalog: Catalog) -> list[str]:
    """The wording of every clause that a rule carries out, once, in the notice's order."""
    wanted = {ref.strip() for rule in rules for ref in re.split(r"[,，]", rule.clause)}
    out = ["## 所依据的条款", ""]
    for clause in catalog.clauses:
        if clause.ref in wanted:
            out += [f"- **{_escaped(clause.called or clause.ref)}**：{_escaped(clause.text)}"]
    return [*out, ""]


def _escaped(text: str) -> str:
    return text.replace("*", "\\*")


def split(explanation: str) -> tuple[str, dict[str, str]]:
    """A rule's docstring → the rule in words, and its parts (触发示例, 不触发, 如何补正, 局限), each on one line."""
    words: list[str] = []
    parts: dict[str, list[str]] = {}
    current = words
    for line in inspect.cleandoc(explanation).splitlines():
        name, mark, rest = line.partition("：")
        if mark and name in PARTS:
            current = parts.setdefault(name, [])
            line = rest
        if line.strip():
            current.append(line.strip())
    return _joined(words), {name: _joined(parts[name]) for name in PARTS if name in parts}


def _joined(lines: list[str]) -> str:
    """Lines of one paragraph: Chinese joins without a space."""
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", " ".join(lines)) if len(lines) > 1 else "".join(lines)


def applies_to(rule: Rule, catalog: Catalog) -> str:
    everything = {*catalog.forms, UNKNOWN}
    every = "所有收到的文件" if everything <= set(rule.forms) else "、".join(names(catalog, rule.forms))
    if rule.round_check is not None:
        return f"{every}（整轮对照）"
    return every if rule.alone else f"{every}（只在审查收件目录时）"


def reads(rule: Rule, catalog: Catalog) -> str:
    """What the rule looks at, as the form names it."""
    forms = [catalog.forms[name] for name in (*rule.forms, *catalog.forms) if name in catalog.forms]
    return "、".join(dict.fromkeys(_named(forms, key) for key in rule.reads)) or "全文"


def _named(forms: list[Form], key: str) -> str:
    return next((label for form in forms if (label := label_of(form, key)) != key), key)


def main(arguments: list[str] | None = None) -> int:
    return keep(PAGE, lambda: rule_book(load()), "checks.book", ("规则手册", "规则"), arguments)


def keep(page: Path, made: Callable[[], str], module: str, told: tuple[str, str], arguments: list[str] | None) -> int:
    """The command ``python -m module`` of a page of docs/ that is made, never written: it writes the page, or with ``--check`` says
    whether it is as it would be made (exit 1: not). ``told``: what the page is, and what it is made from."""
    what, source = told
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=f"写出{what} docs/{page.name}")
    parser.add_argument("--check", action="store_true", help=f"只检查 docs/{page.name} 是否与{source}一致，不写文件")
    check = parser.parse_args(arguments).check
    text = made()
    if not check:
        page.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if page.exists() and page.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"docs/{page.name} 与{source}不一致，请运行 python -m {module}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
