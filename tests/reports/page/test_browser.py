"""The page in a real browser: filters, an application with its marked cell, print, no error and no request."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog import Catalog
from reports.results.round import views
from reports.write import write_district, write_round
from tests.reports.conftest import DISTRICT, Make, application, finding, ruled
from tests.reports.page.test_page import EVIL, document
from tests.reports.results.test_wording import copies

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
ONE = f"{DISTRICT}/001.docx"


playwright.expect.set_options(timeout=60_000)
"""A page draws after an event: what it shows is waited for, on a busy machine longer."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab that fails the test on a console error, an exception of the page or a request to anything but files."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: troubles.append(str(e)))
    page.on("request", lambda r: None if r.url.startswith("file:") else troubles.append(r.url))
    yield page
    context.close()
    assert troubles == []


def write(make: Make, folder: Path, count: int = 6, cells: int = 3, **result: Any) -> str:
    """The page of a district; the first application's finding stands on 表1 行2 列2 of its document."""
    findings = [finding(1, ONE, where="表1 行2 列2", evidence="有误的字")]
    findings += [
        finding(
            n,
            f"{DISTRICT}/{n:03d}.docx",
            code="C03",
            id=f"C03-{n}",
            level="note" if n % 2 else "fix",
            message="数字没有填",
        )
        for n in range(2, count + 1)
    ]
    built = make(count, findings, **result)
    built.documents = {i.document: document("这是有误的字", cells) for i in built.items}
    write_district(built, folder)
    return (folder / "index.html").as_uri()


def test_filters_narrow_the_findings(make: Make, tmp_path: Path, tab: Any) -> None:
    tab.goto(write(make, tmp_path))
    tab.click("nav >> text=问题")
    count = tab.locator(".filters .count")
    playwright.expect(count).to_have_text("7处问题")
    tab.select_option("select[name=rule]", "C03")
    playwright.expect(count).to_have_text("5处问题")
    tab.select_option("select[name=level]", "fix")
    playwright.expect(count).to_have_text("3处问题")
    tab.fill("input[name=q]", "004 机械")
    playwright.expect(count).to_have_text("1处问题")
    playwright.expect(tab.locator("tbody tr")).to_have_count(1)


def test_an_application_opens_with_its_cell_marked_beside_its_finding(make: Make, tmp_path: Path, tab: Any) -> None:
    tab.goto(write(make, tmp_path))
    tab.click("nav >> text=申报项目")
    tab.click("tbody >> text=上海示例001机械有限公司")
    hit = tab.locator(".paper td.hit")
    playwright.expect(hit).to_have_count(1)
    playwright.expect(hit.locator("mark")).to_have_text("有误的字")
    tab.click(".finding button >> text=第一部分（一）—企业名称")
    playwright.expect(hit).to_contain_class("chosen")
    tab.wait_for_function("document.activeElement === document.querySelector('.paper td.hit')")
    hit.locator("button.tag").click()
    playwright.expect(tab.locator(".finding").first).to_contain_class("chosen")


def test_a_finding_links_straight_to_its_cell(make: Make, tmp_path: Path, tab: Any) -> None:
    tab.goto(f"{write(make, tmp_path)}#item/1/C02-{1:012x}")
    playwright.expect(tab.locator(".paper td.chosen")).to_have_count(1)
    playwright.expect(tab.locator(".paper td.chosen")).to_be_in_viewport()


def test_places_in_several_files_on_pages_and_of_rows_are_marked(make: Make, tmp_path: Path, tab: Any) -> None:
    wheres = {
        "C02": "材料/申报书.docx 表1 行2 列2",
        "C01": "材料/申报书.docx 段落1",
        "C10": "材料/附1.pdf 第2页 表1 行2",
        "C15": "材料/附1.pdf 第2页",
        "F08": "文件",
    }
    findings = [finding(n, ONE, code=c, id=c, where=w, evidence="") for n, (c, w) in enumerate(wheres.items())]
    result = make(submissions=[application(1)], findings=findings, broken=False, table=False)
    blocks: list[dict[str, Any]] = []
    for front in ("材料/申报书.docx ", "材料/附1.pdf 第1页 ", "材料/附1.pdf 第2页 "):
        blocks.append({"type": "paragraph", "text": "标题", "where": f"{front}段落1"})
        blocks += [block | {"where": f"{front}表1"} for block in document("字")["blocks"] if block["type"] == "table"]
    result.documents = {ONE: {"blocks": blocks}}
    write_district(result, tmp_path)
    tab.goto(f"{(tmp_path / 'index.html').as_uri()}#item/1")
    playwright.expect(tab.locator(".paper .tag")).to_have_count(4)
    playwright.expect(tab.locator(".paper h4.file")).to_have_text(["材料/申报书.docx", "材料/附1.pdf"])
    holders = tab.evaluate(
        "[...document.querySelectorAll('.paper .hit')].map((n) => [n.tagName, n.querySelector('.tag').textContent])"
    )
    assert holders == [["P", "C01"], ["TD", "C02"], ["P", "C15"], ["TR", "C10"]]
    playwright.expect(tab.locator(".paper table").nth(2).locator("tr.hit")).to_have_count(1)
    playwright.expect(tab.locator(".finding button.goto")).to_have_count(
        4
    )  # what is about the file as a whole leads nowhere


def test_the_paragraph_that_has_the_words_is_framed(make: Make, tmp_path: Path, tab: Any) -> None:
    """A chapter is named by its first paragraph."""
    built = make(1, [finding(1, ONE, where="段落1", evidence="有误的字")])
    texts = ("先写别的话。", "接着写的是有误的字。", "再写一段，也有有误的字。")
    blocks = [{"type": "paragraph", "text": t, "where": f"段落{n}"} for n, t in enumerate(texts, 1)]
    built.documents = {ONE: document("别处", 1) | {"blocks": blocks}}
    write_district(built, tmp_path)
    tab.goto(f"{(tmp_path / 'index.html').as_uri()}#item/1")
    hit = tab.locator(".paper p.hit")
    playwright.expect(hit).to_have_count(1)
    playwright.expect(hit.locator("mark")).to_have_text("有误的字")
    playwright.expect(hit).to_have_text(re.compile("^接着写的"))


def test_documents_beside_the_page_are_loaded_when_opened(make: Make, tmp_path: Path, tab: Any) -> None:
    address = write(make, tmp_path, count=6, cells=60_000 // 6)
    assert (tmp_path / "index_files" / "001.js").exists()
    tab.goto(f"{address}#item/1")
    playwright.expect(tab.locator(".paper td.hit")).to_have_count(1)


def test_the_keyboard_is_enough(make: Make, tmp_path: Path, tab: Any) -> None:
    tab.goto(write(make, tmp_path))
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.goto(f"{tab.url.split('#')[0]}#item/1")
    tab.keyboard.press("ArrowRight")
    playwright.expect(tab.locator("main h2")).to_contain_text("002")


def test_light_dark_and_print(make: Make, tmp_path: Path, tab: Any) -> None:
    tab.emulate_media(color_scheme="dark")
    tab.goto(f"{write(make, tmp_path)}#item/1")
    playwright.expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    tab.click("#theme")
    playwright.expect(tab.locator("html")).to_have_attribute("data-theme", "light")
    tab.emulate_media(media="print")
    playwright.expect(tab.locator("#tabs")).to_be_hidden()
    playwright.expect(tab.locator(".paper td.hit")).to_be_visible()
    assert len(tab.pdf()) > 5_000


def test_hostile_text_runs_nothing(make: Make, tmp_path: Path, tab: Any) -> None:
    result = make(submissions=[application(1, text=EVIL)], findings=[finding(1, ONE, message=EVIL, where=EVIL)])
    result.documents = {ONE: document(EVIL)}
    write_district(result, tmp_path)
    tab.on("dialog", lambda _: pytest.fail("a script of an applicant ran"))
    for view in ("overview", "items", "findings", "unsure", "coverage", "rules", "item/1", "item/99", "nonsense"):
        tab.goto(f"{(tmp_path / 'index.html').as_uri()}#{view}")
        tab.reload()
    playwright.expect(tab.locator("img")).to_have_count(0)


def test_five_hundred_applications_do_not_lag(make: Make, tmp_path: Path, tab: Any) -> None:
    findings = [
        finding(
            n, f"{DISTRICT}/{n % 500 + 1:03d}.docx", field=f"f{n}", message=f"第{n}个问题，文字有一定长度，便于检索"
        )
        for n in range(5000)
    ]
    items = [application(n) for n in range(1, 501)]
    result = make(submissions=items, findings=findings, table=False, broken=False)
    write_district(result, tmp_path)
    assert (tmp_path / "index.html").stat().st_size < 5_000_000
    tab.goto(f"{(tmp_path / 'index.html').as_uri()}#findings")
    playwright.expect(tab.locator(".filters .count")).to_have_text("5000处问题")
    playwright.expect(tab.locator("tbody tr")).to_have_count(150)  # the rest when it is asked for
    tab.fill("input[name=q]", "第4321个")
    playwright.expect(tab.locator(".filters .count")).to_have_text("1处问题")
    playwright.expect(tab.locator("tbody tr")).to_have_count(1)


def test_copied_passages_lead_to_both_documents(catalog: Catalog, tmp_path: Path, tab: Any) -> None:
    results = [ruled(catalog, copies(), d) for d in (DISTRICT, "嘉定区")]
    for result in results:
        write_district(result, tmp_path / result.district)
    write_round(views(results, tmp_path), tmp_path / "全市")
    tab.goto((tmp_path / "全市" / "index.html").as_uri())
    tab.click("main >> text=雷同文字")
    for word in ("机组", "窑炉"):
        playwright.expect(tab.locator(".copied em", has_text=word).first).to_be_visible()
    tab.click(".copied >> text=上海示例002机械有限公司")
    playwright.expect(tab.locator("main h2")).to_contain_text("002")
    tab.click(".finding >> text=打开对方的申报书")
    playwright.expect(tab.locator("main h2")).to_contain_text("001")
    playwright.expect(tab.locator("#title")).to_contain_text(DISTRICT)


def test_the_round_page(make: Make, tmp_path: Path, tab: Any) -> None:
    results = [make(2, [finding(1, ONE)]), make(1, district="临港新片区")]
    for result in results:
        write_district(result, tmp_path / result.district)
    write_round(views(results, tmp_path), tmp_path / "全市")
    tab.goto((tmp_path / "全市" / "index.html").as_uri())
    playwright.expect(tab.locator("main")).to_contain_text("尚未收到材料的推荐单位17个")
    tab.click("nav >> text=覆盖")
    playwright.expect(tab.locator(".heat tbody tr")).to_have_count(2)
    tab.click("nav >> text=概览")
    tab.click("main >> text=浦东新区")
    playwright.expect(tab.locator("#title")).to_contain_text("浦东新区")
