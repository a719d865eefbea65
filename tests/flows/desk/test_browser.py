"""A whole round in a real browser: two who review, the lead, the city; from findings to issued letters and an order."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn

from flows.desk.desk import Desk
from flows.desk.register import letters_of
from flows.desk.rendering import key_of
from flows.desk.rights import Role
from flows.desk.serving import bound
from flows.desk.site import make_site
from reports.results.posting import FOLDER
from tests.flows.desk.conftest import HERE, PASSWORD
from tests.flows.desk.test_letters import changed_in_word

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
Tab = Any
WAIT = 30_000


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with closing(bound("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(make_site(desk), log_level="error", proxy_headers=False, lifespan="off"))
        serving = threading.Thread(target=server.run, args=([listening],), daemon=True)
        serving.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        serving.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def tab_of(browser: Any, address: str) -> Iterator[Callable[[Role], Tab]]:
    """Somebody in a role at a tab of their own, signed in. An error of a page, or a request to elsewhere, fails the test."""
    troubles: list[str] = []
    contexts = []

    def open_(role: Role) -> Tab:
        context = browser.new_context(viewport={"width": 1100, "height": 768}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: troubles.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith(address) else troubles.append(r.url))
        page.goto(f"{address}/login")
        page.fill("input[name=name]", role.value)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#tabs")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def test_a_round_from_findings_to_issued_letters(desk: Desk, tab_of: Callable[[Role], Tab]) -> None:
    reviewer, lead, city = tab_of(Role.REVIEWER), tab_of(Role.LEAD), tab_of(Role.CITY)

    # The reviewer goes through the findings by keyboard alone.
    reviewer.click("#list tbody a >> nth=0")
    cards = reviewer.locator(".card[data-finding]")
    count = cards.count()
    assert count >= 2
    reviewer.keyboard.press("j")
    reviewer.keyboard.press("c")
    reviewer.wait_for_selector(".card >> nth=0 >> text=已维持")
    reviewer.keyboard.press("j")
    reviewer.focus(".card.chosen input[name=reason]")
    reviewer.keyboard.type("执照已核，名称一致")
    reviewer.click(".card.chosen button[value=withdraw]")
    reviewer.wait_for_selector(".card >> nth=1 >> text=已撤销")
    state = desk.decisions.now().of(HERE)
    assert sorted(d.action for d in state.findings.values()) == ["撤销", "维持"]

    # The lead orders the list, sees both decisions, decides, and issues the letter.
    lead.click("text=推荐次序")
    lead.click("text=保存次序 >> nth=0")
    lead.wait_for_selector("text=人工排定")
    lead.click("nav >> text=申报书")
    lead.click("#list tbody a >> nth=0")
    assert "执照已核，名称一致" in lead.inner_text(".own")
    lead.select_option("select[name=verdict]", "退回补正")
    lead.fill(".verdict input[name=reason]", "名称和环节须改正")
    lead.click("text=作出结论")
    lead.wait_for_selector(".verdict >> text=名称和环节须改正")
    lead.click("text=通知书")
    (letter,) = letters_of(desk, HERE)
    changed_in_word(desk.settings.out / HERE / FOLDER / letter.file)
    lead.check("input[name=letter] >> nth=0")
    lead.fill("#batch input[name=number]", "浦经函〔2023〕{n}号")
    lead.fill("#batch input[name=due]", "2999-12-31")
    lead.fill("#batch input[name=contact]", "王小明")
    lead.fill("#batch input[name=phone]", "021-55550000")
    lead.click("#batch button.go")
    lead.wait_for_selector("td >> text=浦经函〔2023〕1号")
    (letter,) = letters_of(desk, HERE)
    assert letter.step == "issue"

    # The city sees every office, and what was decided there.
    assert HERE in city.inner_text("main")
    city.click(f"th >> text={HERE}")
    city.click("#list tbody a >> nth=0")
    assert "退回补正" in city.inner_text(".verdict")
    assert city.locator("button[value=confirm]").count() == 0
    assert desk.decisions.book.verify() is None


def test_the_second_is_told_and_loses_nothing(desk: Desk, address: str, tab_of: Callable[[Role], Tab]) -> None:
    item = desk.office(HERE).result.items[0]
    page = f"{address}/o/{quote(HERE)}/a/{key_of(item.document)}"
    first, second = tab_of(Role.REVIEWER), tab_of(Role.LEAD)
    first.goto(page)
    second.goto(page)
    first.click(".card >> nth=0 >> button[value=confirm]")
    first.wait_for_selector(".card >> nth=0 >> text=已维持")
    second.fill(".card >> nth=0 >> input[name=reason]", "不成立")
    second.click(".card >> nth=0 >> button[value=withdraw]")
    second.wait_for_selector(".card >> nth=0 >> text=没有记下")
    second.click(".card >> nth=0 >> text=刷新")
    second.wait_for_selector(".card >> nth=0 >> text=已维持")


def test_the_picture_of_the_page_frames_the_place(desk: Desk, address: str, tab_of: Callable[[Role], Tab]) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("no LibreOffice on this machine (Debian: apt install libreoffice-writer-nogui)")
    tab = tab_of(Role.REVIEWER)
    tab.click("#list tbody a >> nth=0")
    tab.click(".card >> nth=1")
    tab.keyboard.press("p")
    tab.set_default_timeout(120_000)
    tab.wait_for_selector("#frames rect", state="attached")
    assert "页，共" in tab.inner_text("#page-number")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_serious_stands_in_anybodys_way(
    desk: Desk, address: str, tab_of: Callable[[Role], Tab], dark: bool
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    office, item = quote(HERE), desk.office(HERE).result.items[0]
    lead, city, engineer = tab_of(Role.LEAD), tab_of(Role.CITY), tab_of(Role.ENGINEER)
    places = [
        (lead, f"/o/{office}/{p}") for p in ("", f"a/{key_of(item.document)}", "letters", "recommendation", "figures")
    ]
    places += [(lead, "/account"), (city, "/city"), (engineer, "/runs")]
    found = {}
    for tab, place in places:
        tab.emulate_media(color_scheme="dark" if dark else "light")
        tab.goto(address + place)
        response = axe.Axe().run(tab).response
        bad = [v for v in response["violations"] if v["impact"] in ("serious", "critical")]
        if bad:
            found[place] = [(v["id"], [n["html"][:160] for n in v["nodes"][:2]]) for v in bad]
    assert found == {}
