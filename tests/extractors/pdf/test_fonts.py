"""What a PDF says does not depend on the fonts of the machine that reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extractors.document.doubts import OCR_LINE
from extractors.document.model import Paragraph
from extractors.page.characters import Char
from extractors.page.content import PageContent, fill_page
from extractors.page.grid import Grid, GridCell
from extractors.page.picture import Picture
from extractors.page.rules import Box
from extractors.pdf.blank_font import font
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf

ROOT = Path(__file__).parents[3]
PLACES = ("/usr/share/fonts", "/usr/share/X11/fonts", "/usr/local/share/fonts")
"""Where pdfium looks for fonts on Linux."""
READ = """
import sys
from pathlib import Path
from extractors.document.model import Table
from extractors.pdf.read import read_pdf

for name in sys.argv[1:]:
    for block in read_pdf(Path(name)).blocks:
        cells = block.cells if isinstance(block, Table) else [block]
        print([(c.text, c.confidence) for c in cells])
"""


def _hiding(folder: Path) -> list[str]:
    """A command before another one, under which there are no fonts, or none but those of ``folder``."""
    mounts = [f"mount --bind '{folder}' {place}" for place in PLACES if Path(place).is_dir()]
    command = ["unshare", "-rm", "sh", "-c", " && ".join([*mounts, 'exec "$@"']), "sh"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*command, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no mount namespace here (unshare -rm)")
    return command


def _sample() -> bytes:
    page = Page().text(60, 60, "某某建设项目（2023）").text(60, 90, "某某建设项目 — 1 — Wim 12m")
    page.text(60, 120, "\u30a2\u2460①ⅣㄅΩ").text(60, 150, "þ¨", font="F2")
    page.table(
        60,
        200,
        [100, 200],
        [["项目名称", "某某建设项目"], ["项目", "某某建设项目"], ["项目", "□是 ☑否"], ["单位", "某某建设项目"]],
    )
    return pdf(page)


def _other() -> bytes:
    """A font of the name that the file asks for."""
    return font().replace("shenbao blank".encode("utf-16-be"), "STSong-Light0".encode("utf-16-be"))


def test_texts_repeated_in_a_column_are_read_and_so_are_blanks_between_them(tmp_path: Path) -> None:
    rows = [["项目名称", "某某建设项目"], ["项目", "某某建设项目"], ["项目", "□是 ☑否"], ["单位", "某某建设项目"]]
    said = _read(tmp_path, [])
    assert said[-1] == str([(text, 1.0) for row in rows for text in row])
    assert said[1] == str([("某某建设项目 — 1 — Wim 12m", 1.0)])


@pytest.mark.skipif(sys.platform != "linux", reason="mount namespaces are of Linux")
@pytest.mark.parametrize("others", [False, True], ids=["no fonts", "other fonts"])
def test_it_is_the_same_with_no_fonts_and_with_others(tmp_path: Path, others: bool) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    if others:
        (fonts / "other.ttf").write_bytes(_other())
    assert _read(tmp_path, _hiding(fonts)) == _read(tmp_path, [])


def test_what_is_typed_upon_a_scan_in_a_font_it_does_not_hold_is_read_with_less_confidence() -> None:
    page = Page().picture(0, 0, 595, 842).text(60, 60, "项目负责人：某某").text(104, 214, "某某公司")
    half = Box(50, 100, 150, 115)

    def read_picture(_: Any, number: int) -> Picture:
        content = PageContent(number, 595 * 0.5, 842 * 0.5)  # the picture's own scale
        grid = Grid(half, [50.0, 150.0], [100.0, 115.0], [GridCell(0, 0, 1, 1, half)], [[0]], sides=[(True, True)])
        fill_page(content, [Char("申", 52, 57, 107, 5, doubt=OCR_LINE.at(0.99))], [grid])
        return Picture([], contents=[content])

    document = read_pdf(pdf(page), read_picture)
    (table,) = document.tables()
    assert [(c.text, c.confidence) for c in table.cells] == [("申某某公司", 0.6)]
    assert [(b.text, b.confidence) for b in document.blocks if isinstance(b, Paragraph)] == [("项目负责人：某某", 0.6)]
    assert [n.code for n in document.notes] == ["F08"]
    plain = read_pdf(pdf(page), lambda _, number: Picture([Paragraph("申", 1, page=number)]))
    assert [b.text for b in plain.blocks] == ["申", "项目负责人：某某", "某某公司"]


def test_the_text_layer_under_a_scan_is_not_laid_over_it() -> None:
    page = Page().text(60, 60, "项目负责人：某某").picture(0, 0, 595, 842)
    document = read_pdf(pdf(page), lambda _, number: Picture([Paragraph("申", 1, page=number)]))
    assert ([b.text for b in document.blocks], document.notes) == (["申"], [])


def _read(folder: Path, before: list[str]) -> list[str]:
    path = folder / "a.pdf"
    path.write_bytes(_sample())
    done = subprocess.run(
        [*before, sys.executable, "-c", READ, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_font_is_one_that_others_can_open() -> None:
    import io

    from PIL import ImageFont

    made = ImageFont.truetype(io.BytesIO(font()), 1000)
    assert made.getname()[0] == "shenbao blank"
    assert made.getlength("某 a") == 3000


def test_a_character_of_private_use_is_never_certain() -> None:
    page = Page()
    page.table(60, 80, [80, 300], [["企业名称", "上海某某有限公司"], ["统一代码", "\uf65d\uf655310101"]])
    (table,) = read_pdf(pdf(page)).tables()
    assert [c.confidence < 0.95 for c in table.cells if c.column > 1] == [False, True]


def test_text_beside_a_glyph_that_stands_for_nothing_is_unsure() -> None:
    page = Page()
    page.table(60, 80, [80, 200], [["规格", "LYO-40\0"], ["型号", "S7-1500"]])
    (table,) = read_pdf(pdf(page)).tables()
    assert [c.confidence >= 0.95 for c in table.cells] == [True, False, True, True]


def test_letters_of_other_languages_may_be_chinese_ones_that_the_file_does_not_explain() -> None:
    page = Page()
    page.table(60, 80, [80, 200], [["职务", "生˙总ã"], ["温度", "±5×2"]])
    (table,) = read_pdf(pdf(page)).tables()
    assert [c.confidence >= 0.95 for c in table.cells] == [True, False, True, True]
