"""Write pictures/ again: what the demo's papers and pages look like, for the README and docs/guide.md.

    make demo && python -m samples.make_pictures     # needs LibreOffice, poppler's pdftoppm, Chromium and fonts for Chinese

Each is drawn from out/ as it stands there, in few colours, and takes at most 150 kB.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PICTURES = Path(__file__).with_name("pictures")
OFFICE, OTHER, ROUND = "浦东新区", "嘉定区", "全市"
MOST = 150_000
"""Bytes of a picture."""
_COLOURS, _WIDE, _MARGIN, _PAPER = 48, 1100, 24, 250

Box = tuple[float, float]
"""The part of a page's height that is shown: from, to."""

PAPERS: Mapping[str, tuple[str, int, Box]] = {
    "report": (f"{OFFICE}/审查报告.docx", 1, (0, 1)),
    "grounds": (f"{OFFICE}/审查依据.docx", 2, (0, 0.55)),
    "letter": (f"{OFFICE}/补正通知/上海柏川医疗器械有限公司（优秀场景）.docx", 1, (0, 1)),
    "secret": (f"{OTHER}/补正通知/上海织羽服饰股份有限公司（优秀场景）.docx", 1, (0, 1)),
    "corrections": (f"{OFFICE}/更正清单.docx", 1, (0, 1)),
    "table": (f"{OFFICE}/推荐汇总表（草稿）.docx", 1, (0, 1)),
    "round": (f"{ROUND}/全市审查报告.docx", 1, (0, 1)),
}
"""Picture → paper, page, what of it."""
CHART = "环节 × 场景覆盖"
"""On the page with this title: the picture ``chart``."""

DOCUMENT, RULE = 5, "C04"
"""Of the page: the document by its number there, and the rule whose finding is shown."""

DECIDED = {
    "Q05": ("撤销", "电话核实，汇总表的手机为本人现用", "王审"),
    "C03": ("维持", "", "王审"),
    "E01": ("维持", "营业执照末位为H", "李核"),
}
"""What a person would write into 问题清单: by rule, 处理, 说明, 处理人."""
_HEADS = ("序号", "申报单位", "级别", "问题", "位置", "处理", "说明", "处理人")
_ROWS = 12


def main() -> int:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out"
    if not (out / "run.json").is_file():
        sys.stderr.write(f"{out} holds no review: run make demo first\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        made = _papers(out, Path(folder)) | _pages(out)
    for name, picture in sorted(made.items()):
        _keep(picture, PICTURES / f"{name}.png")
    return 0


def _papers(out: Path, folder: Path) -> dict[str, Image.Image]:
    found = {}
    for name, (paper, page, (top, end)) in PAPERS.items():
        picture = _page_of(_printed(out / paper, folder), page, folder)
        found[name] = _trimmed(picture.crop((0, int(picture.height * top), picture.width, int(picture.height * end))))
    charts = _printed(out / ROUND / "全市审查报告.docx", folder)
    found["chart"] = _trimmed(_page_of(charts, _page_with(charts, CHART), folder).convert("RGB"))
    found["workbook"] = _sheet(out / OFFICE / "审查台账.xlsx", "问题清单", _HEADS, folder, DECIDED)
    sending = ("收件单位", "收件人", "电子邮箱", "文种", "文号", "期限", "文件", "须核对")
    found["sending"] = _sheet(out / OFFICE / "补正通知" / "发文清单.xlsx", "发文", sending, folder)
    return found


def _sheet(
    path: Path, sheet: str, heads: tuple[str, ...], folder: Path, decided: Mapping[str, tuple[str, ...]] | None = None
) -> Image.Image:
    """A sheet with some of its columns on one page; ``decided`` is written into it first."""
    book = load_workbook(path)
    for other in book.sheetnames:
        if other != sheet:
            del book[other]
    page = book[sheet]
    head = {str(cell.value): cell.column for cell in page[1]}
    for row in range(page.max_row, 1, -1):
        for name, words in zip(
            ("处理", "说明", "处理人"),
            (decided or {}).get(str(page.cell(row, head.get("规则", 1)).value), ()),
            strict=False,
        ):
            page.cell(row, head[name]).value = words
        if row > _ROWS:
            page.delete_rows(row)
    letters = {name: page.cell(1, column).column_letter for name, column in head.items()}
    dimensions = page.column_dimensions
    widths = [d.width for column in head.values() for d in dimensions.values() if d.min <= column <= d.max]
    dimensions.clear()  # neighbours of one width are one dimension
    for (name, letter), width in zip(letters.items(), widths, strict=True):
        dimensions[letter].width, dimensions[letter].hidden = width, name not in heads
    page.print_area, page.page_setup.fitToWidth, page.page_setup.fitToHeight = None, 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddHeader.center.text = page.oddFooter.center.text = ""
    target = folder / f"{sheet}.xlsx"
    book.save(target)
    return _trimmed(_page_of(_printed(target, folder), 1, folder))


def _printed(path: Path, folder: Path) -> Path:
    """The paper as PDF."""
    made = folder / path.with_suffix(".pdf").name
    if not made.is_file():
        profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
        command = [_tool("soffice"), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
        _run(command)
    return made


def _page_of(pdf: Path, page: int, folder: Path) -> Image.Image:
    stem = folder / f"{pdf.stem}-{page}"
    command = [_tool("pdftoppm"), "-png", "-r", "110", "-f", str(page), "-singlefile", str(pdf), str(stem)]
    _run(command)
    with Image.open(f"{stem}.png") as picture:
        return picture.convert("RGB")


def _page_with(pdf: Path, words: str) -> int:
    text = _run([_tool("pdftotext"), str(pdf), "-"]).decode()
    return next(number for number, page in enumerate(text.split("\f"), 1) if words in page)


def _pages(out: Path) -> dict[str, Image.Image]:
    from playwright.sync_api import sync_playwright

    def shown(page: Any, folder: str, view: str) -> Image.Image:
        page.goto("about:blank")
        page.goto(f"{(out / folder / 'index.html').resolve().as_uri()}#{view}")
        page.wait_for_timeout(800)
        return Image.open(io.BytesIO(page.screenshot()))

    findings = map(json.loads, (out / OFFICE / "findings.jsonl").read_text("utf-8").splitlines())
    finding = next(f["id"] for f in findings if f["code"] == RULE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_tool("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        found = {
            "page": shown(page, OFFICE, f"item/{DOCUMENT}/{finding}"),
            "overview": shown(page, OFFICE, "overview"),
            "city": shown(page, ROUND, "overview"),
        }
        browser.close()
    return found


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without the paper's white border, with a narrow one of its own."""
    ink = picture.convert("L").point(lambda tone: 255 * (tone < _PAPER)).getbbox() or (0, 0, *picture.size)
    left, top, right, bottom = ink
    return picture.crop(
        (
            max(0, left - _MARGIN),
            max(0, top - _MARGIN),
            min(picture.width, right + _MARGIN),
            min(picture.height, bottom + _MARGIN),
        )
    )


def _keep(picture: Image.Image, path: Path, colours: int = _COLOURS) -> None:
    if picture.width > _WIDE:
        picture = picture.resize((_WIDE, picture.height * _WIDE // picture.width), Image.Resampling.LANCZOS)
    for number in (colours, 24, 16, 8):
        buffer = io.BytesIO()
        picture.convert("RGB").quantize(number, dither=Image.Dither.NONE).save(buffer, "png", optimize=True)
        if buffer.tell() <= MOST:
            break
    path.write_bytes(buffer.getvalue())
    print(f"{path.relative_to(ROOT)} {picture.width} x {picture.height}, {len(buffer.getvalue()) // 1000} kB")


def _run(command: list[str]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - tools of this machine, files of ours


def _tool(name: str) -> str:
    found = os.environ.get(name.upper()) or shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is not installed")
    return found


if __name__ == "__main__":
    sys.exit(main())
