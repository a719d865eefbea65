"""``shenbao notice draft``: blank forms, and the notice's own text where it is given, as a pack that a person completes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import catalog as packs
from catalog.oserror import cause
from extractors import read_document
from extractors.document.errors import NotRead, Unavailable, one_document
from extractors.document.model import Document, Paragraph
from extractors.drafting import DraftForm, draft
from extractors.drafting.layout import DECIDE, pack_files
from extractors.drafting.notice import DraftNotice, draft_notice
from flows.exits import PartFailed, UsageFault
from records.folders import make_folder

_FILLED = 3
"""So many answers in a blank, and somebody filled it in; one or two may be what an office printed beforehand."""
BLANKS = "blanks"
"""Where a pack keeps the blank forms as issued."""


def draft_pack(blanks: Sequence[Path], out: Path, text: Path | None) -> Iterator[str]:
    """Draft a pack into ``out``, whole or not at all; what was drafted and what must be decided, line by line. What is there
    is never overwritten. Raises UsageFault, PartFailed."""
    if out.exists() or out.is_symlink():
        raise UsageFault(f"已经有 {out}，没有改动它；请另指定一个目录")
    forms: list[DraftForm] = []
    for path in blanks:
        made = draft(document_of(path))
        answers = sum(form.filled for form in made)
        if answers >= _FILLED:
            raise UsageFault(
                f"{path} 像是填写过的表（有{answers}处答案），没有起草；请用空白表，免得填写的内容进了通知包"
            )
        forms += made
    notice = draft_notice(_text(text)) if text is not None else DraftNotice()
    files = pack_files(forms, notice)
    _write(files, blanks, out)
    for form in forms:
        yield _told(form)
    yield from _asked(forms)
    yield f"已写入 {out}；须由人决定的各处列在 {out / f'{DECIDE}.md'}"
    try:
        packs.load_dir(out)
    except packs.CatalogError as problem:
        yield f"还不能载入，请先改定：{problem}"


def document_of(path: Path) -> Document:
    """A file that a person names, as the reader sees it. Raises UsageFault, PartFailed."""
    try:
        data = path.read_bytes()
        with one_document():
            return read_document(data, path.name)
    except OSError as problem:
        raise UsageFault(f"读不到文件：{path}（{cause(problem)}）") from problem
    except Unavailable as problem:
        raise PartFailed("读取", f"{path}：{problem.message}") from problem
    except NotRead as problem:
        raise UsageFault(f"{path}：{problem.message}") from problem


def _text(path: Path) -> Document:
    """The notice's text; plain text as it lies, a line a paragraph."""
    if path.suffix.lower() != ".txt":
        return document_of(path)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise UsageFault(f"读不到文件：{path}（{cause(problem)}）") from problem
    try:
        plain = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        plain = data.decode("gb18030", errors="replace")
    return Document("txt", [Paragraph(line, number) for number, line in enumerate(plain.splitlines(), 1)])


def _write(files: dict[str, str], blanks: Sequence[Path], out: Path) -> None:
    """Everything beside first, then in its place at once."""
    try:
        make_folder(out.parent)
        beside = Path(tempfile.mkdtemp(prefix=".draft-", dir=out.parent))
    except OSError as problem:
        raise PartFailed("起草", f"写不到 {out.parent}（{cause(problem)}）") from problem
    try:
        made = beside / out.name
        for name, text in files.items():
            target = made / name
            make_folder(target.parent)
            target.write_text(text, encoding="utf-8", newline="\n")
        make_folder(made / BLANKS)
        for number, path in enumerate(blanks, 1):
            target = made / BLANKS / path.name
            if target.exists():
                target = target.with_stem(f"{path.stem}-{number}")
            shutil.copyfile(path, target)
        os.rename(made, out)
    except OSError as problem:
        raise PartFailed("起草", f"写不到 {out}（{cause(problem)}）") from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _told(form: DraftForm) -> str:
    title = f"{form.annex} {form.title}".strip() or "（没有认出标题）"
    counts = f"栏目 {len(form.fields)}，表 {len(form.tables)}，章节 {len(form.sections)}"
    return f"{title} → forms/{form.name}.toml：{counts}"


def _asked(forms: Sequence[DraftForm]) -> Iterator[str]:
    for form in forms:
        for item in form.undecided:
            yield f"  {DECIDE} forms/{form.name}.toml {f'{item.where}：' if item.where else ''}{item.what}"
        for item in form.unused:
            yield f"  {DECIDE} forms/{form.name}.toml {item.where}：有文字没有用上，请看是否要填"
