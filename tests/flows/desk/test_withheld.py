"""What a file with a secrecy marking says, or one that shares a passage with it, is at the desk for nobody: no page, interface,
picture or download has a word of it, also where the marking came after others had worked on it."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from flows.desk.desk import Desk
from flows.desk.letters import letters_of
from flows.desk.pictures import Picture
from flows.desk.rendering import key_of
from flows.desk.site import make_site
from flows.run import core
from flows.run.drawn import folder_of
from flows.settings import Settings
from tests.flows import test_withheld as marked
from tests.flows.desk.addresses import routes
from tests.flows.desk.conftest import ADDRESS
from tests.flows.rounds import settings as settings_of

OFFICES = ("浦东新区", "静安区")
MARKED, OLDER, COPYING, OTHER = "浦东新区/密件.docx", "浦东新区/密件旧稿.docx", "静安区/抄录.docx", "静安区/无关.docx"


@pytest.fixture
def round_(tmp_path: Path) -> Settings:
    marked.fill(tmp_path / "inbox", "秘密★1年")
    given = settings_of(tmp_path)
    assert core.review(given).failures == []
    return given


def opened(given: Settings) -> tuple[Desk, TestClient]:
    """The desk for one person who may see and do all."""
    desk = Desk.at(given, open_=True)
    client = TestClient(make_site(desk), base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False)
    client.headers["X-Token"] = desk.only.token
    return desk, client


def addresses(desk: Desk, office: str) -> Iterator[str]:
    """Every page and interface that is read, for every document and letter of an office."""
    result = desk.office(office).result
    keys = [key_of(i.document) for i in (*result.items, *result.summaries)]
    for method, path, _ in routes(desk):
        if method != "GET" or path == "/static/{name}":
            continue
        for key in keys if "{key}" in path else ("",):
            for letter in [x.id for x in letters_of(desk, office)] if "{letter}" in path else ("",):
                filled = path.replace("{office}", quote(office)).replace("{key}", key).replace("{letter}", letter)
                assert "{" not in filled, filled
                yield filled


def said(content: bytes) -> str:
    """All the text of an answer, that of a Word file in it too."""
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as package:
            return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    text = content.decode("utf-8", "replace")
    return text + re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text)


def leaks(given: Settings) -> list[str]:
    """What the desk says of the marked files, as "address: word"."""
    desk, client = opened(given)
    try:
        found = []
        for office in OFFICES:
            for address in [*addresses(desk, office), f"/o/{quote(office)}/?q={quote(marked.OWN['project_name'][:3])}"]:
                answer = client.get(address)
                assert answer.status_code != 500, (address, answer.text[:500])
                text = said(answer.content)
                words = [w for w in marked.SENTINELS if w in text and not (w == "乙字号" and "?q=" in address)]
                found += [f"{address}: {w}" for w in words]
        return found
    finally:
        desk.close()


def test_no_answer_has_a_word_of_a_withheld_file(round_: Settings) -> None:
    assert leaks(round_) == []


def test_neither_the_file_nor_a_picture_of_it_is_given(round_: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, client = opened(round_)
    monkeypatch.setattr(desk.pictures, "page", lambda *given: Picture(1, 1, [], b"\x89PNG of " + given[0][:4]))
    for document in (MARKED, OLDER, COPYING, OTHER):
        at = f"/o/{quote(document.partition('/')[0])}/a/{key_of(document)}"
        expected = 200 if document == OTHER else 403
        for what in ("original", "page", "page?facts=true"):
            answer = client.get(f"{at}/{what}")
            assert answer.status_code == expected, (document, what)
            assert expected == 200 or "保密" in answer.text
        assert ("下载原件" in client.get(at).text) == (document == OTHER)
    desk.close()


def test_without_the_marking_the_desk_says_it_all(tmp_path: Path) -> None:
    """The search finds what is to be found: else it would prove nothing."""
    marked.fill(tmp_path / "inbox", "正式稿")
    core.review(settings_of(tmp_path))
    found = leaks(settings_of(tmp_path))
    assert {leak.rpartition(": ")[2] for leak in found} == set(marked.SENTINELS)
    assert any("/original: " in leak for leak in found)


def test_what_was_done_before_the_marking_came_is_shown_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked.fill(tmp_path / "inbox", "正式稿")
    given = settings_of(tmp_path)
    core.review(given)
    desk, client = opened(given)
    office, key = OFFICES[0], key_of(MARKED)
    at = f"/api/offices/{quote(office)}"
    finding = next(f for i in desk.office(office).result.items if i.document == MARKED for f in i.findings)
    words = f"原文为“{marked.OWN['contact_name']}”"
    for what, told in (
        (f"applications/{key}/findings/{finding.id}", {"act": "confirm", "reason": words}),
        (f"applications/{key}/findings", {"level": "fix", "message": words}),
        (f"applications/{key}/corrections", {"place": "project_name", "text": marked.OWN["project_name"] + "一期"}),
        (
            f"letters/{letters_of(desk, office)[0].id}/issue",
            {"number": "一号", "due": "2999-12-31", "contact": "王小明", "phone": "021-55550000"},
        ),
    ):
        answer = client.post(f"{at}/{what}", json={**told, "seen": desk.decisions.now().seq})
        assert answer.status_code == 200, answer.text
    kept = _draw(desk, tmp_path / "inbox", [MARKED, OTHER])
    desk.close()
    assert leaks(given) != []

    data = marked.secret("上海密件制造有限公司", "秘密★1年")
    (tmp_path / "inbox" / MARKED).write_bytes(data)
    assert core.review(given).failures == []
    assert leaks(given) == []
    assert [path.is_file() for path in kept] == [False, True]
    desk, _ = opened(given)
    letter = next(x for x in letters_of(desk, office) if x.withheld)
    desk.close()
    for name in ("decisions.jsonl", "progress.json"):
        text = (tmp_path / "out" / office / name).read_text("utf-8")
        assert [w for w in marked.SENTINELS if w in text and w not in words] == [], name

    # The file leaves the inbox: what was written of it stays where it is.
    for path in (MARKED, OLDER):
        (tmp_path / "inbox" / path).unlink()
    (tmp_path / "inbox" / office / "别的.docx").write_bytes(marked.form(3, uscc=marked.code(94)))
    assert core.review(given).failures == []
    desk, client = opened(given)
    assert letters_of(desk, office)
    assert [x.withheld for x in letters_of(desk, office) if x.id == letter.id] == [True]
    assert client.get(f"/o/{quote(office)}/letters/{letter.id}/file").status_code == 403
    desk.close()


def _draw(desk: Desk, inbox: Path, documents: list[str]) -> list[Path]:
    """Pictures of pages as the desk keeps them."""
    found = []
    for document in documents:
        sha256 = hashlib.sha256((inbox / document).read_bytes()).hexdigest()
        found.append(folder_of(desk.settings.out, sha256) / "x.page")
        desk.pictures._keep(found[-1], b"picture")
    return found


def test_an_output_of_before_records_said_so_is_kept_back_too(round_: Settings) -> None:
    for office in OFFICES:
        path = round_.out / office / "records.jsonl"
        path.write_text(path.read_text("utf-8").replace(',"withheld":true', ""), "utf-8")
    assert leaks(round_) == []


def test_a_copy_stays_withheld_when_the_marked_file_has_gone(tmp_path: Path) -> None:
    """Whoever finds the marking takes the file away, as told: what shared its text is still there, and what people said of it."""
    marked.fill(tmp_path / "inbox", "正式稿")
    given = settings_of(tmp_path)
    core.review(given)
    desk, client = opened(given)
    at = f"/api/offices/{quote(OFFICES[0])}/applications/{key_of(MARKED)}"
    for what, told in (
        ("findings", {"level": "fix", "message": f"原文为“{marked.OWN['contact_name']}”"}),
        ("corrections", {"place": "project_name", "text": marked.OWN["project_name"] + "一期"}),
    ):
        answer = client.post(f"{at}/{what}", json={**told, "seen": desk.decisions.now().seq})
        assert answer.status_code == 200, answer.text
    desk.close()
    (tmp_path / "inbox" / MARKED).write_bytes(marked.secret("上海密件制造有限公司", "秘密★1年"))
    core.review(given)
    assert leaks(given) == []

    (tmp_path / "inbox" / MARKED).unlink()
    for _ in range(2):
        assert core.review(given).failures == []
        assert leaks(given) == []
