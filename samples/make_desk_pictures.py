"""Write the pictures of the review desk again, for the README and docs/desk.md: a desk over a copy of what the demo wrote, used by
invented people.

    make demo && python -m samples.make_desk_pictures     # needs Chromium, fonts for Chinese, LibreOffice

Each takes at most 150 kB, as those of :mod:`samples.make_pictures`.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image

from flows.desk.desk import Desk
from flows.desk.rights import Role
from flows.desk.serving import LOOPBACK, bound
from flows.desk.site import make_site
from flows.settings import Settings
from samples.make_pictures import OFFICE, PICTURES, ROOT, _keep, _tool

PASSWORD = "correct horse battery"  # noqa: S105 - of people who are invented
PEOPLE = (
    ("王审", Role.REVIEWER, OFFICE),
    ("陈审", Role.REVIEWER, OFFICE),
    ("李主任", Role.LEAD, OFFICE),
    ("市经信委", Role.CITY, ""),
    ("运维", Role.ENGINEER, ""),
)
COMPANY = "上海柏川医疗器械有限公司"
_WIDE, _HIGH, _COLOURS = 1280, 800, 160
_DRAWN_MS = 120_000


def main() -> int:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out"
    if not (out / "run.json").is_file():
        sys.stderr.write(f"{out} holds no review: run make demo first\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "out"
        shutil.copytree(out, copy)
        with _served(copy) as address:
            for name, picture in _pictures(address).items():
                _keep(picture, PICTURES / f"desk-{name}.png", _COLOURS)
    return 0


@contextmanager
def _served(out: Path) -> Iterator[str]:
    import uvicorn

    desk = Desk.at(Settings(inbox=ROOT / "samples" / "inbox", out=out).absolute())
    for name, role, office in PEOPLE:
        desk.people.add(name, role, office, PASSWORD)
    with bound(LOOPBACK, 0) as listening:
        server = uvicorn.Server(uvicorn.Config(make_site(desk), log_level="error", proxy_headers=False))
        serving = threading.Thread(target=server.run, args=([listening],), daemon=True)
        serving.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        server.should_exit = True
        serving.join(10)


def _pictures(address: str) -> dict[str, Image.Image]:
    from playwright.sync_api import sync_playwright

    found: dict[str, Image.Image] = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_tool("chromium"), args=["--no-sandbox", "--lang=zh-CN"])

        def somebody(name: str) -> Any:
            page = browser.new_page(viewport={"width": _WIDE, "height": _HIGH}, locale="zh-CN")
            page.goto(f"{address}/login")
            page.fill("input[name=name]", name)
            page.fill("input[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("#tabs")
            return page

        def keep(name: str, page: Any) -> None:
            found[name] = Image.open(io.BytesIO(page.screenshot()))

        lead, reviewer, city = somebody("李主任"), somebody("王审"), somebody("市经信委")
        _share(lead)
        _review(reviewer, keep)
        _lead(lead, address, keep)
        keep("city", city)
        browser.close()
    return found


def _share(lead: Any) -> None:
    for nth, name in ((0, "王审"), (1, "王审"), (2, "陈审"), (3, "陈审")):
        lead.check(f"#list tbody input >> nth={nth}")
        lead.select_option("#some select", name)
        lead.click("text=分派选中的")
        lead.wait_for_load_state()


def _review(page: Any, keep: Any) -> None:
    page.click(f"#list a >> text={COMPANY}")
    page.wait_for_selector(".beside")
    keys = page.keyboard
    keys.press("j")
    keys.press("c")
    page.wait_for_selector(".card >> nth=0 >> text=已维持")
    keys.press("j")
    keys.press("j")
    keep("application", page)
    keys.press("p")
    page.wait_for_selector("#frames rect", state="attached", timeout=_DRAWN_MS)
    page.wait_for_timeout(800)
    keep("picture", page)


def _lead(page: Any, address: str, keep: Any) -> None:
    page.goto(f"{address}/o/{quote(OFFICE)}/")
    page.click(f"#list a >> text={COMPANY}")
    page.select_option("select[name=verdict]", "退回补正")
    page.fill(".verdict input[name=reason]", "成效指标须补正")
    page.click("text=作出结论")
    page.wait_for_selector(".verdict >> text=成效指标须补正")
    page.goto(f"{address}/o/{quote(OFFICE)}/letters")
    page.check("tbody input >> nth=2")
    for name, text in (
        ("number", "浦经函〔2026〕{n}号"),
        ("due", "2999-12-31"),
        ("contact", "王小明"),
        ("phone", "021-55550000"),
    ):
        page.fill(f"#batch input[name={name}]", text)
    page.click("#batch button.go")
    page.wait_for_selector("td >> text=浦经函〔2026〕1号")
    keep("letters", page)
    page.goto(f"{address}/o/{quote(OFFICE)}/")
    keep("queue", page)
    page.goto(f"{address}/o/{quote(OFFICE)}/recommendation")
    keep("recommendation", page)


if __name__ == "__main__":
    sys.exit(main())
