"""Charts: the same numbers as the tables, Chinese on a machine without fonts, nothing kept outside, the same bytes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from PIL import Image

from catalog.load import built_in, find
from reports.charts import picture
from reports.charts.charts import LEAST, Bars, Matrix, Series, district_charts
from reports.charts.make_font import characters
from reports.charts.picture import FONT, draw
from reports.papers.report import review_report
from reports.results.round import views
from reports.workbook.saving import Heard
from reports.write import write_round
from tests.reports.conftest import DISTRICT, Make, finding


def test_charts_count_what_the_tables_count(make: Make) -> None:
    findings = [finding(n, f"{DISTRICT}/{n:03d}.docx", level="fix" if n % 2 else "note") for n in range(1, 6)]
    findings.append(finding(7, f"{DISTRICT}/001.docx", code="E05", id="E05-7", level="reject"))
    result = make(12, findings, broken=False)
    rules, matrix, industries = district_charts(result)
    assert isinstance(rules, Bars)
    assert [(name[:3], *(s.counts[at] for s in rules.series)) for at, name in enumerate(rules.names)] == [
        ("C02", 0, 3, 2),
        ("E05", 1, 0, 0),
    ]
    assert isinstance(matrix, Matrix)
    assert matrix.title == "环节 × 场景覆盖"
    assert sum(len(row) for _, row in matrix.rows) == 45
    assert dict(dict(matrix.rows)["质量管控"])["智能在线检测"] == 12
    assert isinstance(industries, Bars)
    assert sum(industries.series[0].counts) == 12


def test_a_few_applications_get_no_charts(make: Make) -> None:
    assert district_charts(make(LEAST - 1)) == []


def test_charts_stand_in_the_report_with_their_numbers_in_words(make: Make) -> None:
    first, again = (review_report(make(12, [finding(1, f"{DISTRICT}/001.docx")])) for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        pictures = [n for n in package.namelist() if n.startswith("word/media/")]
        text = package.read("word/document.xml").decode()
        relations = package.read("word/_rels/document.xml.rels").decode()
    assert len(pictures) == 3
    assert all(f'Target="{p.removeprefix("word/")}"' in relations for p in pictures)
    assert 'descr="问题按规则：C02 基本信息必填项未填1处' in text


def test_the_font_has_every_character_that_a_pack_may_show() -> None:
    """All of GB 2312, and what packs write besides."""
    from fontTools.ttLib import TTFont

    has = set(TTFont(FONT).getBestCmap())
    assert characters() <= has
    written = {
        ord(c) for pack in built_in() for path in find(pack).rglob("*.toml") for c in path.read_text(encoding="utf-8")
    }
    assert {chr(c) for c in written if 0x4E00 <= c < 0xA000} <= set(map(chr, has))
    assert FONT.stat().st_size < 2_000_000


def test_chinese_shows_on_a_machine_without_fonts_and_nothing_is_kept(tmp_path: Path) -> None:
    """Every sign of a chart is drawn: with the box of a missing glyph in place of each, the picture is another."""
    code = (
        "import sys; from reports.charts.picture import draw; from reports.charts.charts import Bars, Series;"
        "open(sys.argv[1], 'wb').write(draw(Bars('问题', ('基本信息未填', sys.argv[2]), (Series('需补正', 'fix', (3, 2)),), '处')).data)"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")}
    environment |= {"HOME": str(home), "PATH": "", "FONTCONFIG_FILE": os.devnull, "TMPDIR": str(tmp_path)}
    drawn = {}
    for name, word in (("one", "申报单位"), ("other", "推荐单位"), ("boxes", "\ue000\ue001\ue002\ue003")):
        command = [sys.executable, "-X", "utf8", "-W", "ignore", "-c", code, str(tmp_path / name), word]
        subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2])
        drawn[name] = Image.open(tmp_path / name).convert("L").tobytes()
    assert len(set(drawn.values())) == 3
    assert sorted(p.name for p in tmp_path.iterdir()) == ["boxes", "home", "one", "other"]
    assert list(home.iterdir()) == []


def test_equal_charts_give_equal_bytes() -> None:
    chart = Matrix("覆盖", (("设计", (("工艺", 0), ("仿真", 3))), ("生产", (("排产", 1),))), "项")
    assert draw(chart).data == draw(chart).data
    assert chart.told() == "覆盖：3个中已有2个，尚无的：工艺。"


def test_a_run_without_charts_loads_no_drawing() -> None:
    code = "import sys, reports.write; sys.exit('matplotlib' in sys.modules or 'pandas' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_workbooks_have_charts_of_their_own_that_are_not_taken_for_words_of_people(make: Make, tmp_path: Path) -> None:
    result = make(12, [finding(1, f"{DISTRICT}/001.docx")])
    path = tmp_path / "全市" / "全市审查台账.xlsx"
    for _ in range(2):
        heard = Heard()
        write_round(views([result], tmp_path), path.parent, heard=heard)
        assert heard.unplaced == {}
    with zipfile.ZipFile(path) as package:
        charts = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/charts/chart")]
        shaded = [n for n in package.namelist() if b"<colorScale>" in package.read(n)]
    assert len(charts) == 3
    assert all("<c:barChart>" in chart for chart in charts)
    assert len(shaded) == 2
    book = load_workbook(path)
    book["行业分布"]["A2"].fill = PatternFill("solid", "FFFF00")  # saved by a person: the charts are lost, nothing else
    book.save(path)
    write_round(views([result], tmp_path), path.parent)
    with zipfile.ZipFile(path) as package:
        assert sum(n.startswith("xl/charts/chart") for n in package.namelist()) == 3


def test_a_legend_covers_no_bar() -> None:
    """However long the last bars are."""
    series = tuple(
        Series(name, tone, (1, 9, 9))
        for name, tone in (("未发现问题", "good"), ("需补正", "fix"), ("不符合条件", "reject"))
    )
    with picture._matplotlib() as figure:
        made = picture._bars(Bars("各推荐单位的申报书", ("甲区", "乙区", "丙区"), series, "份"), figure)
        made.draw_without_rendering()
        (axes,) = made.axes
        (legend,) = [*made.legends, *filter(None, [axes.get_legend()])]
        box = legend.get_window_extent()
        assert len(axes.patches) == 9
        assert not [bar for bar in axes.patches if bar.get_window_extent().overlaps(box)]


def test_a_long_name_stands_whole_on_the_paper() -> None:
    """Laid out at one resolution and drawn at another, its first letter ran off the left edge."""
    drawn = draw(Bars("问题", ("E05 " + "报送渠道不是推荐单位" * 6,), (Series("需补正", "fix", (3,)),), "处"))
    image = Image.open(io.BytesIO(drawn.data)).convert("L")
    assert image.crop((0, 0, 3, image.height)).getextrema() == (255, 255)
