"""The book of decisions: nothing in it is lost, doubled or changed, whoever writes and whatever fails."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from records.book.events import FIRST, Entry, Event, Proof, broken, digest
from records.book.keeping import Book, BookDamaged, Moved, Taken
from records.book.state import followed, present
from tests.flows.postgres import Server

OFFICE, FINDING = "浦东新区", "C02-0123456789ab"


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/decisions.sqlite"


def entry(what: str = "confirm", target: str = FINDING, **more: Any) -> Entry:
    return Entry(**{"who": "张三", "office": OFFICE, "what": what, "target": target, "source": "desk", **more})


def rewrite(folder: Path, *statements: str) -> None:
    """Change the file as somebody would who knows SQLite: the triggers that keep it go first."""
    with sqlite3.connect(folder / "decisions.sqlite") as connection:
        for name in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS decisions_no_{name}")
        for statement in statements:
            connection.execute(statement)


def test_an_event_has_the_keys_of_the_contract_and_the_hash_of_all_others(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        first, second = book.append([entry(reason="核对过"), entry("assign", "A-1", after={"to": "李四"})])
        (_, body), _ = book.bodies()
        facts = json.loads(body)
    keys = ["seq", "at", "who", "office", "what", "target", "before", "after", "reason", "source", "previous", "hash"]
    assert list(facts) == keys
    assert facts["hash"] == digest(facts) == first.hash
    assert (first.seq, first.previous, second.seq, second.previous) == (1, FIRST, 2, first.hash)


def test_what_was_put_down_is_there_for_the_next_who_opens_it(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry(reason="一\0二\ud800")])
    with Book.open(url(tmp_path)) as book:
        assert [e.reason for e in book.events()] == ["一二?"]
        assert book.verify() is None


@pytest.mark.parametrize("statement", ["UPDATE decisions SET body = ''", "DELETE FROM decisions"])
def test_the_database_itself_refuses_a_change(tmp_path: Path, statement: str) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry()])
    with sqlite3.connect(tmp_path / "decisions.sqlite") as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute(statement)


BODY = "(SELECT body FROM decisions WHERE seq = 2)"
TAMPERED = {
    "a word changed": ("UPDATE decisions SET body = replace(body, '理由2', '理由9')", 2, "第2条的内容"),
    "one deleted": ("DELETE FROM decisions WHERE seq = 2", 2, "第2条不见了"),
    "the first deleted": ("DELETE FROM decisions WHERE seq = 1", 1, "第1条不见了"),
    "the last deleted": ("DELETE FROM decisions WHERE seq = 3", 3, "末尾缺少记录"),
    "two exchanged": (f"UPDATE decisions SET body = {BODY} WHERE seq = 3", 3, "第3条的内容"),
    "no JSON": ("UPDATE decisions SET body = '{' WHERE seq = 1", 1, "第1条不是完整的记录"),
}


@pytest.mark.parametrize(("statement", "seq", "why"), TAMPERED.values(), ids=TAMPERED)
def test_a_change_behind_the_books_back_is_seen_where_it_was_made(
    tmp_path: Path, statement: str, seq: int, why: str
) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry(reason=f"理由{n}") for n in (1, 2, 3)])
        anchor = book.head()
    rewrite(tmp_path, statement)
    with Book.open(url(tmp_path)) as book:
        found = book.verify([anchor])
    assert found is not None
    assert found.seq == seq
    assert why in found.why


def test_a_chain_made_anew_is_seen_by_what_the_last_run_noted(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry(reason="真"), entry(reason="又")])
        anchor = book.head()
        forged, previous = list[Event](), FIRST
        for e in book.events():
            again = Entry(**{**e.model_dump(include=set(Entry.model_fields)), "reason": "假"})
            forged.append(Event.make(again, seq=e.seq, at=e.at, previous=previous))
            previous = forged[-1].hash
    rewrite(tmp_path, *(f"UPDATE decisions SET body = '{e.body()}' WHERE seq = {e.seq}" for e in forged))
    with Book.open(url(tmp_path)) as book:
        assert book.verify() is None
        found = book.verify([anchor])
    assert found is not None
    assert "整体重写" in found.why


def test_the_second_of_two_people_sees_that_the_first_changed_it(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as one, Book.open(url(tmp_path)) as two:
        seen = one.head()[0]
        one.append([entry("withdraw", reason="执照已核", who="张三")], seen=seen, about=["A-1", FINDING])
        with pytest.raises(Moved) as met:
            two.append([entry("confirm", who="李四")], seen=seen, about=["A-1", FINDING])
        assert [(e.who, e.what) for e in met.value.events] == [("张三", "withdraw")]
        assert len(two.events()) == 1
        two.append([entry("confirm", "C02-ffffffffffff", who="李四")], seen=seen)  # of another thing
        two.append([entry("confirm", who="李四")], seen=two.head()[0])  # who has looked again
        one.append([entry("correct", "A-1#uscc", after={"text": "1"})], seen=0)
        with pytest.raises(Moved):  # a field of the application belongs to it
            two.append([entry("decide", "A-1", after={"verdict": "通过"})], seen=0)
        assert [e.who for e in one.events()] == ["张三", "李四", "李四", "张三"]


def test_another_offices_decision_on_the_same_finding_is_no_conflict(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry(office="静安区")])
        book.append([entry()], seen=0)
        assert len(book.events()) == 2


def test_what_is_put_down_twice_for_the_same_thing_stands_once(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        assert len(book.append([entry(), entry(reason="二")], keys=["a", "b"])) == 2
        assert [e.reason for e in book.append([entry(), entry(reason="三")], keys=["a", "c"])] == ["三"]
        assert [e.reason for e in book.events()] == ["", "二", "三"]
        assert book.verify() is None


def test_all_entries_or_none(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry()])
        rewrite_ok = sqlite3.connect(tmp_path / "decisions.sqlite")
        rewrite_ok.execute(
            "CREATE TRIGGER full BEFORE INSERT ON decisions WHEN NEW.seq = 3 BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        rewrite_ok.commit()
        with pytest.raises(DatabaseError, match="disk full"):
            book.append([entry(reason="二"), entry(reason="三")], keys=["x", "y"])
        assert len(book.events()) == 1
        rewrite_ok.execute("DROP TRIGGER full")
        rewrite_ok.commit()
        rewrite_ok.close()
        assert len(book.append([entry(reason="二"), entry(reason="三")], keys=["x", "y"])) == 2
        assert book.verify() is None


def test_a_full_disk_loses_nothing_and_takes_nothing_half(tmp_path: Path) -> None:
    """SQLite's own limit of pages stands for a disk that has no room."""
    with Book.open(url(tmp_path)) as book:
        book.append([entry(reason="有地方时写的")])
        with book.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        from sqlalchemy import event

        @event.listens_for(book.engine, "checkout")
        def small(connection: Any, *_: Any) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(DatabaseError, match="full"):
            book.append([entry(reason="放不下" * 5_000)], keys=["k"])
        event.remove(book.engine, "checkout", small)
    with Book.open(url(tmp_path)) as book:
        assert [e.reason for e in book.events()] == ["有地方时写的"]
        assert len(book.append([entry(reason="放不下" * 5_000)], keys=["k"])) == 1
        assert book.verify() is None


def test_a_damaged_file_is_told_of_and_stays_as_it_is(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry(reason=f"{n}" * 3_000) for n in range(40)])
    path = tmp_path / "decisions.sqlite"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)

    def use() -> None:
        with Book.open(url(tmp_path)) as book:
            book.events()

    with pytest.raises(BookDamaged, match="备份"):
        use()
    assert path.read_bytes()[4096:] == data[4096:]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


WRITER = """
import sys
from records.book.events import Entry
from records.book.keeping import Book
url, who, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Book.open(url) as book:
    for n in range(count):
        book.append([Entry(who=who, office="o", what="note", target=f"A-{who}-{n}-{k}", source="desk") for k in "ab"])
        print(n, flush=True)
"""


def writer(address: str, who: str, count: int, to: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, address, who, str(count)], stdout=to)


def complete(book: Book, who: str) -> int:
    """How many pairs of a writer are there; each must be whole."""
    mine = [e.target for e in book.events() if e.who == who]
    assert mine == [f"A-{who}-{n}-{k}" for n in range(len(mine) // 2) for k in "ab"]
    return len(mine) // 2


def test_writers_at_once_leave_one_chain(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        running = [writer(url(tmp_path), who, 15, to=subprocess.DEVNULL) for who in "xyz"]
        with ThreadPoolExecutor(3) as threads:
            for n in range(15):
                threads.submit(book.append, [entry("note", f"A-{n}", who="self")])
        assert [w.wait(120) for w in running] == [0, 0, 0]
        assert [complete(book, who) for who in "xyz"] == [15, 15, 15]
        assert sum(e.who == "self" for e in book.events()) == 15
        assert book.verify() is None


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_at_any_moment_what_was_confirmed_is_there_and_nothing_is_half(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        for round_ in range(4):
            who = f"w{round_}"
            with writer(url(tmp_path), who, 100_000) as process:
                assert process.stdout is not None
                confirmed = [process.stdout.readline() for _ in range(3 + 5 * round_)]
                time.sleep(0.003 * round_)
                process.send_signal(signal.SIGKILL)
                rest = process.stdout.read().splitlines()
            assert complete(book, who) >= len([line for line in [*confirmed, *rest] if line.strip()])
        assert book.verify() is None


def test_a_later_program_is_not_let_in(tmp_path: Path) -> None:
    Book.open(url(tmp_path)).close()
    with sqlite3.connect(tmp_path / "decisions.sqlite") as connection:
        connection.execute("INSERT INTO book_version VALUES (99)")
    with pytest.raises(BookDamaged, match="99"):
        Book.open(url(tmp_path))


def test_words_that_say_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="理由"):
        entry("withdraw")
    with pytest.raises(ValueError, match="不予推荐"):
        entry("decide", "A-1", after={"verdict": "同意"})


@pytest.fixture(scope="module")
def server() -> Any:
    found = Server.find()
    if found is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("psycopg")
    with found as address:
        yield address


@pytest.mark.slow
def test_on_a_server_each_output_has_its_own_book_and_machines_share_it(server: str) -> None:
    with Book.open(server, out="/a") as one, Book.open(server, out="/b") as other:
        one.append([entry(reason="甲")])
        assert other.events() == []
        with Book.open(server, out="/elsewhere/a", mark=one.id) as moved:
            assert [e.reason for e in moved.events()] == ["甲"]
        running = [subprocess.Popen([sys.executable, "-c", WRITER, server, who, "10"]) for who in "xy"]
        assert [w.wait(120) for w in running] == [0, 0]
        with Book.open(server) as shared:
            assert [complete(shared, who) for who in "xy"] == [10, 10]
            assert shared.verify() is None
        with one.engine.connect() as connection, pytest.raises(DatabaseError, match="never changed"):
            connection.exec_driver_sql("DELETE FROM decisions")
    with pytest.raises(BookDamaged, match="没有本输出目录的决定簿"):
        Book.open(server, out="/a", mark="lost")


def test_the_present_follows_from_the_events_alone(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        made = book.append(
            [
                entry("withdraw", reason="执照已核", after={"evidence_mark": "m"}),
                entry("restore", who="李四"),
                entry("add", "A-1", after={"id": "P00-1", "level": "fix", "place": "封面", "message": "缺章"}),
                entry("correct", "A-1#uscc", before={"raw": "9I"}, after={"text": "91"}),
                entry("decide", "A-1", who="王五", after={"verdict": "退回补正"}, reason="缺章"),
                entry("rank", f"{OFFICE}/scene", after={"order": ["A-2", "A-1"]}),
                entry("settle", "A-1|A-3", office="全市", after={"stands": [OFFICE, "A-1"]}),
            ]
        )
        whole = present(book.events())
    state = whole.of(OFFICE)
    words = state.findings[FINDING]
    assert (words.action, words.by, words.history) == ("", "", ["撤销（张三）：执照已核"])
    assert state.added["P00-1"].message == "缺章"
    assert state.corrections["A-1#uscc"].text == "91"
    assert (state.verdicts["A-1"].verdict, state.verdicts["A-1"].who) == ("退回补正", "王五")
    assert state.ranks == {"scene": ("A-2", "A-1")}
    assert whole.settled["A-1|A-3"].stands == (OFFICE, "A-1")
    assert present(made[4:], present(made[:4])) == whole
    assert whole.mark(OFFICE) != present(made[:-1]).mark(OFFICE)


def test_words_against_words_hold_neither_until_a_person_settles_it() -> None:
    with Book.in_memory() as book:
        book.append(
            [
                entry("withdraw", reason="不成立"),
                entry("note", source="workbook", after={"against": "台账：维持（李四）"}),
            ]
        )
        state = present(book.events()).of(OFFICE)
        assert state.findings[FINDING].disputed == ["工作台：撤销（张三）：不成立", "台账：维持（李四）"]
        book.append([entry("confirm", who="王五")])
        settled = present(book.events()).of(OFFICE).findings[FINDING]
    assert (settled.action, settled.by, settled.disputed) == ("维持", "王五", [])
    assert any("李四" in h for h in settled.history)


def test_a_copy_of_the_file_alone_has_all_that_was_put_down(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry(), entry("assign", "A-1", after={"to": "李四"})])
        (tmp_path / "copy").mkdir()
        shutil.copy(tmp_path / "decisions.sqlite", tmp_path / "copy")
        with Book.open(url(tmp_path / "copy")) as copied:
            assert copied.head() == book.head()


def test_what_is_to_be_new_is_put_down_once_or_not_at_all(tmp_path: Path) -> None:
    with Book.open(url(tmp_path)) as book:
        book.append([entry("issue", "L-1", after={})], keys=["number:1"], all_new=True)
        with pytest.raises(Taken, match="number:1"):
            book.append([entry("issue", "L-2", after={})] * 2, keys=["number:2", "number:1"], all_new=True)
        assert book.head()[0] == 1
        assert not book.knows("number:2")


def test_a_state_goes_on_without_changing_under_those_who_look_at_it(tmp_path: Path) -> None:
    every = [
        entry("note", "A-1", reason="一"),
        entry("add", "A-1", after={"id": "P-1", "level": "fix", "message": "缺章"}),
        entry("issue", "L-1", after={"number": "1"}),
        entry("settle", "X|Y", office="全市", after={"words": "保留"}),
        entry("note", "A-1", reason="二"),
        entry("send", "L-1", after={}),
        entry("confirm", office="静安区"),
        entry("settle", "X|Y", office="全市", after={"words": "不保留"}),
    ]
    with Book.open(url(tmp_path)) as book:
        made = book.append(every)
    for at in range(len(made)):
        before = present(made[:at])
        assert followed(before, made[at:]) == present(made)
        assert before == present(made[:at])


def test_a_chain_proven_again_is_proven_whole_at_the_cost_of_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof, checked = Proof(), []
    monkeypatch.setattr("records.book.events.digest", lambda facts: checked.append(facts["seq"]) or digest(facts))
    with Book.open(url(tmp_path)) as book:
        book.append([entry(reason=str(n)) for n in range(5)])
        assert proof.broken(book.bodies()) is None
        last = book.append([entry(reason="后来的")])[0]
        checked.clear()
        for known in ([], [(3, book.events()[2].hash)], [(6, last.hash)]):
            assert proof.broken(book.bodies(), known) is None
        assert checked == [6]
        sound = book.bodies()
        other = [(seq, body.replace('"后来的"', '"别的"')) for seq, body in sound]
        early = [(seq, body.replace('"reason":"1"', '"reason":"9"')) for seq, body in sound]
        for bodies, known in (
            (other, []),
            (early, []),
            (sound[:4], [(6, last.hash)]),
            (sound[1:], []),
            ([sound[1], sound[0], *sound[2:]], []),
            (sound, [(2, FIRST)]),
            (sound, [(7, FIRST)]),
            (sound, [(6, last.hash)]),
            ([], []),
        ):
            found = proof.broken(bodies, known)
            assert found == broken(bodies, known), (bodies, known)
            assert proof.broken(sound) is None
