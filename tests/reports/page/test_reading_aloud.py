"""Every view of the page by axe-core, at two widths, light and dark: nothing serious stands in anybody's way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from records.models import Assessment, Decision
from reports.results.model import evidence_mark
from reports.results.round import views
from reports.write import write_district, write_round
from tests.reports.conftest import DISTRICT, Make, finding
from tests.reports.page.test_browser import ONE, browser, playwright, pytestmark, tab
from tests.reports.page.test_page import document

__all__ = ["browser", "pytestmark", "tab"]
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
VIEWS = ("overview", "items", "findings", "unsure", "coverage", "rules", "item/1", "item/2")


@pytest.fixture
def pages(make: Make, tmp_path: Path) -> Path:
    """A district with all that a page may show, and the round."""
    findings = [finding(1, ONE, where="表1 行2 列2", evidence="有误的字"), finding(2, ONE, field="uscc", level="note")]
    findings += [finding(3, f"{DISTRICT}/002.docx", id="E05-3", code="E05", level="reject")]
    unsure = [
        Assessment(
            document=f"{DISTRICT}/{n:03d}.docx", code="C05", outcome="cannot_tell", why="不清", district=DISTRICT
        )
        for n in (1, 4)
    ]
    result = make(12, findings, unsure=unsure)
    mark = evidence_mark(findings[0])
    decision = Decision(finding=findings[0].id, action="撤销", reason="已核实", evidence_mark=mark)
    (tmp_path / DISTRICT).mkdir()
    (tmp_path / DISTRICT / "decisions.jsonl").write_text(f"{decision.model_dump_json()}\n", "utf-8")
    result.documents = {i.document: document("这是有误的字", 30) for i in result.items}
    result.inbox = "../../inbox"
    write_district(result, tmp_path / DISTRICT)
    write_round(views([result, make(2, district="嘉定区")], tmp_path), tmp_path / "全市")
    return tmp_path


def serious(tab: Any) -> list[tuple[str, str, list[str]]]:
    response = axe.Axe().run(tab).response
    assert len(response["passes"]) > 20
    found = response["violations"]
    return [
        (v["impact"], v["id"], [n["html"][:200] for n in v["nodes"][:3]])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_serious_stands_in_anybodys_way(pages: Path, tab: Any, dark: bool) -> None:
    tab.emulate_media(color_scheme="dark" if dark else "light")
    tab.set_viewport_size({"width": 1100, "height": 768})
    addresses = [f"{(pages / DISTRICT / 'index.html').as_uri()}#{view}" for view in VIEWS]
    addresses += [f"{(pages / '全市' / 'index.html').as_uri()}#{view}" for view in ("round", "copied", "cover")]
    found = {}
    for address in addresses:
        tab.goto(address)
        tab.reload()
        if serious_here := serious(tab):
            found[address.rpartition("/out/")[2][-30:]] = serious_here
    assert found == {}


def test_a_tile_counts_what_it_opens(pages: Path, tab: Any) -> None:
    address = (pages / DISTRICT / "index.html").as_uri()
    tab.goto(address)
    tiles = tab.evaluate(
        "[...document.querySelectorAll('a.tile')].map((a) => [a.getAttribute('href'), a.querySelector('b').textContent])"
    )
    assert len(tiles) >= 6
    for href, count in tiles:
        tab.goto(address + href)
        if href == "#unsure":  # a reason that holds for several is one row, and says for how many
            playwright.expect(tab.locator("main tbody td.n"), href).to_have_text([count])
        else:
            playwright.expect(tab.locator("main tbody tr"), href).to_have_count(int(count))
    tab.goto(address)
    for href, count in tab.evaluate(
        "[...document.querySelectorAll('.bars > a')].map((a) => [a.getAttribute('href'), a.nextElementSibling.nextElementSibling.textContent])"
    ):
        tab.goto(address + href)
        playwright.expect(tab.locator("main tbody tr"), href).to_have_count(int(count))


def test_a_withdrawn_finding_looks_so_wherever_it_stands(pages: Path, tab: Any) -> None:
    address = (pages / DISTRICT / "index.html").as_uri()
    tab.goto(f"{address}#findings?standing=withdrawn")
    playwright.expect(tab.locator("tbody tr.withdrawn s")).to_have_count(1)
    playwright.expect(tab.locator("tbody tr")).to_contain_text("已撤销")
    playwright.expect(tab.locator(".filters .count")).to_have_text("1处问题，其中已撤销1处")
    tab.goto(f"{address}#item/1")
    playwright.expect(tab.locator(".own h3").first).to_contain_text("已撤销（1）")
    playwright.expect(tab.locator(".finding.withdrawn .badge")).to_have_text(["已撤销"])
    playwright.expect(tab.locator(".paper td.hit.withdrawn")).to_have_count(1)


def test_the_original_opens_and_bars_have_their_width(pages: Path, tab: Any) -> None:
    address = (pages / DISTRICT / "index.html").as_uri()
    tab.goto(f"{address}#item/1")
    opens = tab.evaluate("document.querySelector('a.original').href")
    assert opens == (pages / DISTRICT / "../../inbox" / ONE).resolve().as_uri()
    for width in (1366, 1100, 1010, 600):
        tab.set_viewport_size({"width": width, "height": 768})
        tab.goto(f"{address}#overview")
        assert tab.evaluate("Math.min(...[...document.querySelectorAll('.bars svg')].map((s) => s.clientWidth))") >= 80
