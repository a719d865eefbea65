"""What is written for people is true: links lead somewhere, commands are the program's, the two READMEs say the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer

from flows.command import cli
from flows.settings import Round, Settings
from samples.make_pictures import MOST, PICTURES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "samples" / "README.md"])
MAKE = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"(?:^    \S.*\n?)+", re.M)
END = re.compile(r"[|>；。，、）（（]|  +#| #| \|")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def text_of(page: Path) -> str:
    return page.read_text("utf-8")


@cache
def anchors(page: Path) -> frozenset[str]:
    """As GitHub makes them of headings, and those set by hand."""
    text = text_of(page)
    found = set(re.findall(r'<a id="([^"]+)"', text))
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.M):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", heading).lower())
        found.add(plain.replace(" ", "-"))
    return frozenset(found)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for target in LINK.findall(FENCE.sub("", text_of(page))):
        path, _, anchor = unquote(target).partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_every_page_can_be_reached_from_the_readme(readme: Path) -> None:
    linked = {(ROOT / t.partition("#")[0]).resolve() for t in LINK.findall(text_of(readme))}
    assert [p.name for p in (ROOT / "docs").glob("*.md") if p not in linked] == []


def test_pictures_are_shown_and_small() -> None:
    shown = {(page.parent / t).resolve() for page in PAGES for t in LINK.findall(text_of(page)) if t.endswith(".png")}
    assert {p for p in PICTURES.iterdir() if p not in shown} == set()
    assert {p.name: p.stat().st_size for p in PICTURES.iterdir() if p.stat().st_size > MOST} == {}


# ------------------------------------------------------------------------------------------------- commands


def commands(text: str) -> Iterator[str]:
    """Each call of the program that a text shows, in a block or within a sentence."""
    whole = [*FENCE.findall(text), *BLOCK.findall(text)]
    for line in (line for block in whole for line in block.splitlines()):
        found = re.search(r"(?:^|[ /])shenbao( .*)?$", line.split(" #")[0])
        if found and not re.match(r"\s*[|.#\"'<]", line):
            yield (found[1] or "").strip()
    for quoted in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", FENCE.sub("", text)):
        if found := re.match(r"(?:\S*/)?shenbao ((?:-|[a-z]).*)", quoted):
            yield found[1]


def fault(arguments: str) -> str:
    """What is wrong with a call; "" where every verb and option is the program's."""
    try:
        words = shlex.split(END.split(arguments)[0])
    except ValueError:
        return f"cannot be split: {arguments}"
    at: Any = typer.main.get_command(cli.app)
    while words:
        word = words.pop(0)
        if word.startswith("-"):
            named = {name: p for p in at.params for name in (*p.opts, *p.secondary_opts)}
            if word.partition("=")[0] not in {*named, "--help", "-h"}:
                return f"{at.name} has no {word}"
        elif word in getattr(at, "commands", {}):
            at = at.commands[word]
        elif hasattr(at, "commands") and not any(word == p for p in ("…", "...")) and at.name == "shenbao":
            return f"no verb {word}"
    return ""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_are_the_programs(page: Path) -> None:
    if page.name == "CHANGELOG.md":  # tells of what was, too
        pytest.skip("the changelog tells of what was, too")
    assert {c: why for c in commands(text_of(page)) if (why := fault(c))} == {}
    assert {m for m in re.findall(r"`make ([a-z]+)", text_of(page)) if m not in MAKE} == set()


def test_a_wrong_command_is_found() -> None:
    assert fault("review --inbox 收件 --out 输出") == ""
    assert fault("desk user add 王审 --role reviewer") == ""
    assert "no verb" in fault("revue --inbox 收件")
    assert "has no --into" in fault("export --into 目录")
    assert list(commands("用 `shenbao rules` 查看\n\n    shenbao check FILE…   # 核对\n")) == ["check FILE…", "rules"]


# ------------------------------------------------------------------------------------------------- the READMEs


def called(text: str) -> list[str]:
    """The calls of a README in their order, without what stands for names of one's own."""
    made = [re.sub(r"\s+", " ", END.split(c)[0]).strip() for block in BLOCK.findall(text) for c in commands(block)]
    return [" ".join(w for w in c.split() if w.startswith("--") or re.fullmatch(r"[a-z]+", w)) for c in made]


def test_the_readmes_say_the_same() -> None:
    english, chinese = map(text_of, READMES)
    assert len(called(english)) > 20
    assert called(english) == called(chinese)
    depth = [[len(h) for h in re.findall(r"^(#+) ", FENCE.sub("", t), re.M)] for t in (english, chinese)]
    assert depth[0] == depth[1]
    links = [{t for t in LINK.findall(text) if not t.startswith("README")} for text in (english, chinese)]
    assert links[0] == links[1]
    for pattern in (r"SHENBAO_[A-Z]+", r"[a-z]+\.(?:jsonl|sqlite|json|docx|xlsx)", r"`make [a-z]+`"):
        assert set(re.findall(pattern, english)) == set(re.findall(pattern, chinese)), pattern


def test_every_verb_stands_in_the_readmes() -> None:
    top: Any = typer.main.get_command(cli.app)
    for text in map(text_of, READMES):
        verbs = {c.split()[0] for c in commands(text) if c}
        assert set(top.commands) - verbs == set()


def test_every_setting_stands_in_the_page_on_installing() -> None:
    text = text_of(ROOT / "docs" / "install.md")
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "", ()) else f"`{field.default}`"
        row = f"| `{name}` | {default} | {field.description} |"
        assert f"{row}\n" in text, f"docs/install.md lacks: {row}"
    assert [name for name in Round.model_fields if f"`{name}`" not in text] == []
