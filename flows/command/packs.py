"""``shenbao notice list``, ``new`` and ``diff``: the packs there are, a copy to change, and two side by side."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import catalog as packs
from catalog.diff import Change, compare, compare_printed
from catalog.forms import Form
from catalog.models import Catalog
from catalog.oserror import cause
from flows.exits import PartFailed, UsageFault
from records.folders import make_folder

if TYPE_CHECKING:
    from reports.papers.pack import Block

ORIGIN = "来源.md"
"""In a copied pack: what it was copied from."""
_ID = re.compile(r"^[a-z0-9][a-z0-9-]*$")
_ID_LINE = re.compile(r"^id\s*=.*$", re.MULTILINE)
_HEAD = ("名称", "编号", "年度", "标题", "所在", "轮次：收件 → 输出")


def load(notice: str) -> Catalog:
    """A pack by name, id or path. Raises UsageFault."""
    try:
        return packs.load(notice)
    except packs.CatalogError as problem:
        raise UsageFault(f"通知包有误：{problem}") from problem


def folder(notice: str) -> Path:
    """Where a pack lies. Raises UsageFault."""
    try:
        return packs.find(notice)
    except packs.CatalogError as problem:
        raise UsageFault(str(problem)) from problem


def known() -> Iterator[str]:
    """The packs that come with the program and those that the settings name, with their rounds; tab-separated, with a head.
    Raises UsageFault."""
    rounds = [(folder(notice), told) for notice, told in _rounds()]
    names = {folder(name): name for name in packs.built_in()}
    yield "\t".join(_HEAD)
    for place in dict.fromkeys([*names, *(where for where, _ in rounds)]):
        pack = load(names.get(place, str(place)))
        used = "；".join(told for where, told in rounds if where == place)
        yield "\t".join((names.get(place, ""), pack.id, str(pack.year), pack.title, str(place), used))


def _rounds() -> Iterator[tuple[str, str]]:
    """(notice, name and folders) of each round that somebody set up; what merely stands at its default is none."""
    from flows import settings

    found = settings.load()
    if found.model_fields_set & {"inbox", "out"} or (not found.round and "notice" in found.model_fields_set):
        yield found.notice, f"{found.inbox} → {found.out}"
    for one in found.round:
        yield one.notice, f"{one.name}：{one.inbox} → {one.out}"


def copied(target: Path, origin: str) -> Iterator[str]:
    """A pack copied into ``target``, whole or not at all, under an id of its own; what to do next, line by line. What is there is
    never overwritten. Raises UsageFault, PartFailed."""
    pack, source = load(origin), folder(origin)
    fresh = target.name.lower()
    if target.exists() or target.is_symlink():
        raise UsageFault(f"已经有 {target}，没有改动它；请另指定一个目录")
    if not _ID.match(fresh):
        raise UsageFault(f"“{target.name}”不能作通知包的编号：只用小写字母、数字和连字符，如 2031 或 zhejiang-2031")
    taken = {pack.id, *(load(name).id for name in packs.built_in()), *packs.built_in()}
    if fresh in taken:
        raise UsageFault(f"编号“{fresh}”已用于别的通知包，请另取一个（编号用来区分各轮次）")
    if source.resolve() in (target.resolve(), *target.resolve().parents):
        raise UsageFault(f"不能把通知包复制到它自己里面：{target}")
    _copy(source, target, fresh, _origin(pack, origin, target))
    yield f"已由 {pack.id} 复制为 {target}，编号 {fresh}；来源记在 {target / ORIGIN}"
    yield "文号、标题、期限、名额、表格、规则仍是原通知的，请逐项改过。"
    yield f"改了什么：shenbao notice diff {origin} {target}"
    yield f"改完核对：shenbao notice check {target}"


def _copy(source: Path, target: Path, fresh: str, origin: str) -> None:
    """Everything beside first, then in its place at once."""
    try:
        make_folder(target.absolute().parent)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=target.absolute().parent))
    except OSError as problem:
        raise PartFailed("复制", f"写不到 {target.parent}（{cause(problem)}）") from problem
    try:
        made = beside / target.name
        shutil.copytree(source, made, ignore=shutil.ignore_patterns(".*", "~$*", "__pycache__"))
        head = made / "notice.toml"
        text, found = _ID_LINE.subn(f'id = "{fresh}"', head.read_bytes().decode("utf-8"), count=1)
        if not found:
            raise UsageFault(f'{source / "notice.toml"} 里没有单独成行的 id，不能改写；请写成 id = "…" 一行')
        head.write_text(text, encoding="utf-8", newline="")
        (made / ORIGIN).write_text(origin, encoding="utf-8", newline="\n")
        os.rename(made, target)
    except OSError as problem:
        raise PartFailed("复制", f"写不到 {target}（{cause(problem)}）") from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _origin(pack: Catalog, origin: str, target: Path) -> str:
    return (
        "# 来源\n\n"
        f"由通知包 `{pack.id}`（{pack.number}《{pack.title}》）复制而来。\n\n"
        f"- 原通知包的版本：`{pack.version}`\n"
        f"- 看改了什么：`shenbao notice diff {origin} {target.name}`\n\n"
        "复制时只改了 notice.toml 中的 id。空白表（blanks/）和样例（cases/）也是原通知的，请换成本通知的。\n"
    )


def differences(before: str, after: str) -> list[Change]:
    """What is other in ``after``; each is a pack, or one of them the file of a blank form. Raises UsageFault, PartFailed."""
    blank = [Path(side).is_file() for side in (before, after)]
    if all(blank):
        raise UsageFault("两个都是文件：请给两个通知包，或一份空白表和一个通知包")
    if not any(blank):
        return compare(load(before), load(after))
    file, pack = (before, after) if blank[0] else (after, before)
    return [
        change
        for form, own in _matching(Path(file), load(pack))
        for change in compare_printed(*(([form], [own]) if blank[0] else ([own], [form])))
    ]


def _matching(blank: Path, pack: Catalog) -> Iterator[tuple[Form, Form]]:
    """Each form of a blank file, as a definition, with the pack's that it is."""
    from extractors.drafting.fits import fitted
    from flows.command.drafting import document_of

    for found in fitted(document_of(blank), list(pack.forms.values())):
        if found.own is None:
            has = "、".join(form.title for form in pack.forms.values())
            raise UsageFault(f"空白表“{found.drafted.title}”与通知包里的哪张表都不像；通知包里有：{has}")
        yield found.drafted, found.own


def as_json(change: Change) -> str:
    """One change as a line of JSON; what does not belong to its kind is left out."""
    told = {"change": change.kind, "what": change.what, "place": list(change.place), "name": change.name}
    if change.attribute:
        told["attribute"] = change.attribute
    return json.dumps({**told, "before": change.before, "after": change.after}, ensure_ascii=False)


def as_text(changes: list[Change]) -> Iterator[str]:
    """The changes for people; that there is none is said."""
    from reports.results.packwords import KINDS, told

    yield from told(changes)
    counts = [f"{word}{n}处" for kind, word in KINDS.items() if (n := sum(c.kind == kind for c in changes))]
    yield "，".join(counts) if counts else "没有不同。"


def shown(notice: str, form: str) -> list[Block]:
    """A pack as a person reads it. Raises UsageFault where it is wrong, or has no such form."""
    from reports.papers.pack import outline

    pack = load(notice)
    if form and form not in pack.forms:
        raise UsageFault(f"通知包 {pack.id} 里没有表“{form}”；有：{'、'.join(pack.forms)}")
    try:
        return outline(pack, form)
    except packs.CatalogError as problem:
        raise UsageFault(f"通知包有误：{problem}") from problem


def paper(blocks: list[Block], out: Path) -> None:
    """What is shown, as a Word file; one that is there is never overwritten. Raises UsageFault, PartFailed."""
    from reports.papers.pack import as_paper
    from reports.safe.atomic import write_bytes

    if out.suffix.lower() != ".docx":
        raise UsageFault(f"只能写成 Word 文件：请把 {out} 改成以 .docx 结尾")
    if out.exists() or out.is_symlink():
        raise UsageFault(f"已经有 {out}，没有改动它；请另取一个文件名")
    try:
        make_folder(out.absolute().parent)
        write_bytes(out, as_paper(blocks))
    except OSError as problem:
        raise PartFailed("写出", f"写不到 {out}（{cause(problem)}）") from problem
