"""``shenbao notice list``, ``new`` and ``diff``: what they print, how they end, and that nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import catalog
from samples.formbuilder import build
from tests.flows.command.test_notice_draft import Run, shenbao

__all__ = ["shenbao"]


def test_the_packs_are_listed(shenbao: Run) -> None:
    code, out, _ = shenbao("notice", "list")
    head, *rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert head == ["名称", "编号", "年度", "标题", "所在", "轮次：收件 → 输出"]
    assert [row[5] for row in rows] == [""] * len(rows)
    assert [row[0] for row in rows] == catalog.built_in()
    pack = catalog.load("2023")
    assert rows[catalog.built_in().index("2023")][1:4] == [pack.id, str(pack.year), pack.title]


def test_the_rounds_of_packs_are_listed(shenbao: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shenbao("notice", "new", str(tmp_path / "2031"), "--from", "2023")[0] == 0
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shenbao.toml").write_text('notice = "2031"\ninbox = "收件"\nout = "输出"\n', "utf-8")
    code, out, _ = shenbao("notice", "list")
    assert code == 0
    assert out.splitlines()[-1].split("\t")[1::4] == ["2031", "收件 → 输出"]
    (tmp_path / "shenbao.toml").write_text('notice = "2032"\n', "utf-8")
    assert shenbao("notice", "list")[0] == 2


def test_a_copy_has_its_own_id_and_says_where_it_comes_from(shenbao: Run, tmp_path: Path) -> None:
    target = tmp_path / "round-2031"
    assert shenbao("notice", "new", str(target), "--from", "2023")[0] == 0
    copied, origin = catalog.load_dir(target), catalog.load("2023")
    assert copied.id == "round-2031"
    assert copied.forms == origin.forms
    told = (target / "来源.md").read_text("utf-8")
    assert origin.id in told
    assert origin.version in told
    code, out, _ = shenbao("notice", "diff", "2023", str(target), "--format", "jsonl")
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"change": "changed", "what": "notice", "place": [], "name": "", "attribute": "id", "before": origin.id, "after": copied.id}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "origin", "says"),
    [
        ("there", "2023", "没有改动"),
        ("通知包", "2023", "小写字母"),
        ("2023", "2023", "已用于别的通知包"),
        ("shanghai-2023-643", "2023", "已用于别的通知包"),
        ("2031", "1999", "没有“1999”"),
        ("there/inside", "there", "notice.toml"),
    ],
)
def test_what_cannot_be_copied_changes_nothing(
    shenbao: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, origin: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.md").write_text("mine", encoding="utf-8")
    code, out, err = shenbao("notice", "new", name, "--from", origin)
    assert (code, out) == (2, "")
    assert says in err
    assert [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*"))] == ["there", "there/mine.md"]


def test_a_pack_is_not_copied_into_itself(shenbao: Run, tmp_path: Path) -> None:
    pack = tmp_path / "2031"
    assert shenbao("notice", "new", str(pack), "--from", "2023")[0] == 0
    code, _, err = shenbao("notice", "new", str(pack / "lists" / "2032"), "--from", str(pack))
    assert code == 2
    assert "它自己里面" in err
    assert not (pack / "lists" / "2032").exists()


def test_the_text_of_a_difference(shenbao: Run, tmp_path: Path) -> None:
    pack = tmp_path / "2031"
    shenbao("notice", "new", str(pack), "--from", "2023")
    for file, old, new in (
        ("notice.toml", "applicants = 2023-08-19", "applicants = 2023-08-18"),
        ("forms/scene.toml", 'label = "场景实例建设投资"', 'label = "场景实例建设总投入"'),
    ):
        text = (pack / file).read_text("utf-8")
        (pack / file).write_text(text.replace(old, new, 1), "utf-8")
    code, out, _ = shenbao("notice", "diff", "2023", str(pack))
    assert code == 0
    assert out.splitlines() == [
        "修改 通知 编号：shanghai-2023-643 → 2031",
        "修改 通知 期限 applicants：2023-08-19 → 2023-08-18",
        "【智能制造试点示范项目申报书（优秀场景）】",
        "  改名 栏目“场景实例建设投资” → “场景实例建设总投入”",
        "改名1处，修改2处",
    ]
    assert shenbao("notice", "diff", "2023", "2023")[1] == "没有不同。\n"


def test_a_blank_and_a_pack(shenbao: Run, tmp_path: Path) -> None:
    blank = tmp_path / "空白.docx"
    blank.write_bytes(build("summary", None))
    assert shenbao("notice", "diff", str(blank), "2023")[:2] == (0, "没有不同。\n")
    assert shenbao("notice", "diff", "2023", str(blank))[:2] == (0, "没有不同。\n")
    code, _, err = shenbao("notice", "diff", str(blank), str(blank))
    assert code == 2
    assert "两个都是文件" in err
    assert shenbao("notice", "diff", "2023", str(tmp_path / "没有"))[0] == 2
