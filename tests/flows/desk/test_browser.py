"""A whole round in a real browser: two who review, the lead, the city; from the inbox to signed letters and a settled
recommendation. Every page that they see is one that axe has nothing to say on."""

from __future__ import annotations

import base64
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn
from docx import Document

from flows.desk import pictures
from flows.desk.desk import Desk
from flows.desk.letters import letters_of
from flows.desk.rendering import key_of
from flows.desk.rights import Role
from flows.desk.running import Running
from flows.desk.serving import bound
from flows.desk.site import make_site
from flows.run import core
from flows.settings import Settings
from reports.outgoing import issued_at
from reports.results.posting import FOLDER
from tests.flows.desk.conftest import HERE, PASSWORD

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
Tab = Any
Look = Callable[[Tab], None]
SECOND = "陈审"
TERMS = {
    "number": "浦经函〔2023〕{n}号",
    "date": "2023-08-12",
    "due": "2999-12-31",
    "contact": "王小明",
    "phone": "021-55550000",
}
_SENT = (
    f"{HERE}/02沪芯微光电子-优秀场景申报书.docx",
    f"{HERE}/03柏川医疗器械-优秀场景申报书.docx",
    f"{HERE}/01澄驰精密传动-优秀场景申报书.docx",
    "临港新片区/沪芯微光电子-示范工厂申报书.docx",
)
_SAMPLES = Path(__file__).parents[3] / "samples" / "inbox"
WAIT = 180_000
"""Milliseconds: a machine with much else to do takes many times as long; where nothing is wrong nobody waits so long."""
playwright.expect.set_options(timeout=WAIT)
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that look at colours."""


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round in which two offices put forward the same company."""
    folder = tmp_path_factory.mktemp("desk")
    for name in _SENT:
        (folder / "inbox" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_SAMPLES / name, folder / "inbox" / name)
    assert not core.review(Settings(inbox=folder / "inbox", out=folder / "out", workers=0)).failures
    return folder


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
def tab_of(browser: Any, address: str) -> Iterator[Callable[..., Tab]]:
    """Somebody at a tab of their own, signed in; ``by_keyboard``: they do that themselves. An error of a page, or a request to elsewhere, fails the test."""
    troubles: list[str] = []
    contexts = []

    def open_(name: str = "", *, by_keyboard: bool = False) -> Tab:
        context = browser.new_context(viewport={"width": 1100, "height": 768}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: troubles.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith(address) else troubles.append(r.url))
        page.goto(f"{address}/login")
        if by_keyboard:
            return page
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", PASSWORD)
        _led(page, lambda: page.keyboard.press("Enter"))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def test_a_round_from_the_inbox_to_signed_letters_and_a_settled_recommendation(
    desk: Desk, tab_of: Callable[..., Tab]
) -> None:
    desk.people.add(SECOND, Role.REVIEWER, HERE, PASSWORD)
    desk.running = Running(desk.settings)
    bad: dict[str, Any] = {}

    def look(tab: Tab) -> None:
        bad.update(amiss(tab))

    lead = tab_of(Role.LEAD)
    look(lead)
    _assign(lead, 0, Role.REVIEWER.value)
    _assign(lead, 1, SECOND)
    _review_by_keyboard(tab_of(by_keyboard=True), look)
    state = desk.decisions.now().of(HERE)
    assert sorted(d.action for d in state.findings.values()) == ["", "撤销", "维持"]
    assert [a.message for a in state.added.values()] == ["公章看不清"]
    _review_by_mouse(tab_of(SECOND), look)
    assert not desk.decisions.now().of(HERE).corrections

    _run_again(lead, look)  # the withdrawn goes from the letter, the added comes in
    for name in ("沪芯", "柏川"):
        _decide(lead, name)
    _issue_all(desk, lead, look)
    _settle(tab_of(Role.CITY), look)
    _order(lead, look)
    assert not core.review(desk.settings, [HERE]).failures
    for letter in letters_of(desk, HERE):
        kept = issued_at(desk.settings.out, letter.sha256).read_bytes()
        assert (letter.step, letter.draft) == ("send", True)
        assert (desk.settings.out / HERE / FOLDER / letter.file).read_bytes() == kept
    assert f"由{HERE}推荐" in (desk.settings.out / HERE / "index.html").read_text("utf-8")
    for place in ("figures", "audit", "account"):
        lead.goto(place_of(lead, place))
        look(lead)
    assert bad == {}
    assert desk.decisions.book.verify() is None


def _led(tab: Tab, act: Callable[[], None]) -> None:
    """Do what leads to another page, or to this one made anew, and wait until all of it is there and its scripts have run: what is
    done before may meet the old page, or half of the new one, or go unheard."""
    with tab.expect_navigation(wait_until="load"):
        act()


def _follow(tab: Tab, what: str) -> None:
    _led(tab, lambda: tab.click(what))


def place_of(tab: Tab, name: str) -> str:
    """The address of one of the office's pages, or of everybody's."""
    root = "/".join(tab.url.split("/")[:3])
    return (
        f"{root}/o/{quote(HERE)}/{name}" if name in ("", "figures", "letters", "recommendation") else f"{root}/{name}"
    )


def amiss(tab: Tab) -> dict[str, Any]:
    """What axe finds on a page in the light, and of its colours in the dark: nothing else is other there."""
    found = {}
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        tab.evaluate(
            "dark => { if (dark) document.documentElement.dataset.theme = 'dark'; else delete document.documentElement.dataset.theme; }",
            scheme == "dark",
        )
        options = {"resultTypes": ["violations"]} | ({"runOnly": COLOURS} if scheme == "dark" else {})
        response = axe.Axe().run(tab, options=options).response
        if response["violations"]:
            told = [(v["id"], [n["html"][:160] for n in v["nodes"][:2]]) for v in response["violations"]]
            found[f"{tab.url} {scheme}"] = told
    return found


def _assign(lead: Tab, nth: int, name: str) -> None:
    lead.check(f"#list tbody input >> nth={nth}")
    lead.select_option("#some select", name)
    _follow(lead, "text=分派选中的")
    lead.wait_for_selector(f"#list td >> text={name}")


def _review_by_keyboard(tab: Tab, look: Look) -> None:
    """A reviewer who has no mouse."""
    keys = tab.keyboard
    look(tab)
    keys.type(Role.REVIEWER.value)
    keys.press("Tab")
    keys.type(PASSWORD)
    _led(tab, lambda: keys.press("Enter"))
    for _ in range(60):
        keys.press("Tab")
        if tab.evaluate("document.activeElement.closest('#list tbody td a') !== null"):
            break
    _led(tab, lambda: keys.press("Enter"))
    keys.press("j")
    keys.press("c")
    tab.wait_for_selector(".card >> nth=0 >> text=已维持")
    keys.press("j")
    keys.press("x")
    keys.type("执照已核，名称一致")
    keys.press("Enter")
    tab.wait_for_selector(".card >> nth=1 >> text=已撤销")
    keys.press("j")
    keys.press("n")
    keys.type("已电话告知")
    keys.press("Enter")
    tab.wait_for_selector(".card >> nth=2 >> text=已电话告知")
    keys.press("a")
    keys.type("公章看不清")
    _led(tab, lambda: keys.press("Control+Enter"))
    tab.wait_for_selector(".card >> text=公章看不清")
    look(tab)
    _led(tab, lambda: keys.press("]"))
    tab.wait_for_selector("h1:has-text('柏川')")


def _review_by_mouse(tab: Tab, look: Look) -> None:
    tab.select_option("select[name=assigned]", SECOND)
    tab.wait_for_selector("text=共1份")
    _follow(tab, "#list tbody a >> nth=0")
    cards = tab.locator(".card[data-finding]").count()
    for n in range(cards):
        tab.click(f".card[data-finding] >> nth={n} >> button[data-key=c]")
        tab.wait_for_selector(f".card[data-finding] >> nth={n} >> text=已维持")
    tab.fill(".card.open input[name=reason]", "营业执照已看，上海注册")
    _follow(tab, ".card.open button")
    tab.wait_for_selector("text=已核对：营业执照已看")
    tab.click("text=更正读出的值")
    tab.select_option("#correct select", index=3)
    tab.fill("#correct textarea", "原件上的字")
    _follow(tab, "#correct button")
    tab.wait_for_selector("text=下次审查时生效")
    look(tab)
    tab.fill(".corrected input[name=reason]", "看错了行")
    _follow(tab, "text=收回更正")
    playwright.expect(tab.locator(".corrected")).to_have_count(0)


def _run_again(lead: Tab, look: Look) -> None:
    """The office's own review, from the page."""
    lead.goto(place_of(lead, "runs"))
    _follow(lead, f"text=审查{HERE}")
    lead.wait_for_selector("#now b >> text=完成", timeout=4 * WAIT)
    look(lead)


def _decide(lead: Tab, name: str) -> None:
    lead.goto(place_of(lead, ""))
    _follow(lead, f"#list tbody a >> text={name}")
    lead.select_option("select[name=verdict]", "退回补正")
    lead.fill(".verdict input[name=reason]", "名称和环节须改正")
    _follow(lead, "text=作出结论")
    lead.wait_for_selector(".verdict >> text=名称和环节须改正")


def _issue_all(desk: Desk, lead: Tab, look: Look) -> None:
    _follow(lead, "nav >> text=通知书")
    look(lead)
    lead.check("input.all")
    for name, text in TERMS.items():
        lead.fill(f"#batch input[name={name}]", text)
    _follow(lead, "#batch button.go")
    lead.wait_for_selector("td >> text=浦经函〔2023〕2号")
    with lead.expect_download() as given:
        lead.click("tbody a >> nth=0")
    document = "\n".join(p.text for p in Document(str(given.value.path())).paragraphs)
    letter = letters_of(desk, HERE)[0]
    assert letter.number in document
    assert "请于2999年12月31日前" in document
    assert "联系人：王小明　联系电话：021-55550000" in document
    lead.check("input.all")
    _follow(lead, "button[value=send]")
    assert [x.step for x in letters_of(desk, HERE)] == ["send", "send"]
    look(lead)


def _settle(city: Tab, look: Look) -> None:
    look(city)
    matter = "article.card:has-text('D02')"
    choice = city.locator(f"{matter} select option", has_text=f"保留{HERE}").get_attribute("value")
    city.select_option(f"{matter} select", choice)
    city.fill(f"{matter} input[name=words]", "厂址在此")
    _follow(city, f"{matter} button")
    city.wait_for_selector(f"text=由{HERE}推荐")
    look(city)
    _follow(city, f"th >> text={HERE}")
    _follow(city, "#list tbody a >> text=沪芯")
    playwright.expect(city.locator(".verdict")).to_contain_text("退回补正")
    playwright.expect(city.locator("button[value=confirm]")).to_have_count(0)


def _order(lead: Tab, look: Look) -> None:
    lead.goto(place_of(lead, "recommendation"))
    names = lead.locator("form.order >> nth=0 >> tbody th").all_inner_texts()
    lead.click("form.order >> nth=0 >> button[data-by='1'] >> nth=0")
    _follow(lead, "text=保存次序 >> nth=0")
    lead.wait_for_selector("text=人工排定")
    playwright.expect(lead.locator("form.order >> nth=0 >> tbody th")).to_have_text([*names[1:2], names[0], *names[2:]])
    look(lead)


def _application_with(desk: Desk, address: str, *, more_than: int) -> str:
    """The address of an application with more findings than so many."""
    item = next(i for i in desk.office(HERE).result.items if len(i.findings) > more_than)
    return f"{address}/o/{quote(HERE)}/a/{key_of(item.document)}"


def test_the_second_is_told_and_loses_nothing(desk: Desk, address: str, tab_of: Callable[..., Tab]) -> None:
    page = _application_with(desk, address, more_than=1)
    first, second = tab_of(Role.REVIEWER), tab_of(Role.LEAD)
    first.goto(page)
    second.goto(page)
    first.click(".card >> nth=0 >> button[value=confirm]")
    first.wait_for_selector(".card >> nth=0 >> text=已维持")
    second.fill(".card >> nth=0 >> input[name=reason]", "不成立")
    second.click(".card >> nth=0 >> button[value=withdraw]")
    second.wait_for_selector(".card >> nth=0 >> text=没有记下")
    _follow(second, ".card >> nth=0 >> text=刷新")
    second.wait_for_selector(".card >> nth=0 >> text=已维持")


def test_keys_that_come_faster_than_the_answers_meet_what_they_were_meant_for(
    desk: Desk, address: str, tab_of: Callable[..., Tab]
) -> None:
    tab = tab_of(Role.REVIEWER)
    tab.goto(_application_with(desk, address, more_than=2))
    tab.route("**/findings/*", lambda route: (time.sleep(0.5), route.continue_()))
    for key in "jcjcjc":
        tab.keyboard.press(key)
    for n in range(3):
        tab.wait_for_selector(f".card >> nth={n} >> text=已维持")
    playwright.expect(tab.locator(".wrong")).to_have_count(0)
    assert len(desk.decisions.now().of(HERE).findings) == 3


def test_a_key_between_an_answer_and_its_being_told_goes_on_from_the_same_finding(
    desk: Desk, address: str, tab_of: Callable[..., Tab]
) -> None:
    tab = tab_of(Role.REVIEWER)
    tab.goto(_application_with(desk, address, more_than=1))
    tab.keyboard.press("j")
    tab.evaluate("card => card.replaceWith(card.cloneNode(true))", tab.query_selector(".card.chosen"))
    tab.keyboard.press("j")
    assert tab.evaluate("[...document.querySelectorAll('.card')].indexOf(document.activeElement)") == 1


def test_the_picture_of_the_page_frames_the_place(
    desk: Desk, tab_of: Callable[..., Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_SECONDS", WAIT / 1000)
    if shutil.which("soffice") is None:
        pytest.skip("no LibreOffice on this machine (Debian: apt install libreoffice-writer-nogui)")
    tab = tab_of(Role.REVIEWER)
    _follow(tab, "#list tbody a >> nth=0")
    tab.click(".card >> nth=1 >> .head")
    tab.keyboard.press("p")
    tab.wait_for_selector("#frames rect", state="attached")
    playwright.expect(tab.locator("#page-number")).to_contain_text("页，共")


def test_a_picture_that_takes_long_says_that_it_is_being_drawn(tab_of: Callable[..., Tab]) -> None:
    tab = tab_of(Role.REVIEWER)
    waiting: list[Any] = []
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
    )

    def answer(route: Any) -> None:
        if "facts" in route.request.url:
            waiting.append(route)
        else:
            route.fulfill(content_type="image/png", body=pixel)

    _follow(tab, "#list tbody a >> nth=0")
    tab.click(".card >> nth=1 >> .head")
    tab.route(re.compile(r"/page\?"), answer)
    # The page says so before its request has come here.
    with tab.expect_request(lambda request: "facts" in request.url):
        tab.keyboard.press("p")
    tab.wait_for_selector("#page-number >> text=正在把文件转成页面")
    playwright.expect(tab.locator("#page-drawing")).to_be_visible()
    while not waiting:
        tab.wait_for_timeout(20)
    waiting[0].fulfill(json={"number": 1, "pages": 2, "frames": []})
    tab.wait_for_selector("#page-number >> text=第1页，共2页")
    playwright.expect(tab.locator("#page-drawing")).not_to_be_visible()
