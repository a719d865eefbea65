"""``shenbao notice draft``: a pack that loads at once, what must be decided told, nothing overwritten, nothing put in force."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

import catalog
from flows.command import cli
from samples.formbuilder import build
from tests.extractors.drafting import invented

Run = Callable[..., tuple[int, str, str]]
TEXT = """\
某市文化委文件
某文化〔2031〕7号
某市文化委关于开展群众乐团扶持项目申报工作的通知
各街道：
一、申报条件
（一）申报单位为在本市登记的群众乐团。演出计划控制在600字以内。
二、组织实施
（一）申报单位于2031年3月5日前提交申请表。
（二）每个街道推荐数量不超过4个。
联系人：某某，电话：000-00000000
附件：1.乐器目录
附件1
乐器目录
乐团所用乐器分为2个大类4个品种。
1.弦乐
（1）二胡。拉弦乐器。
（2）琵琶。弹拨乐器。
2.管乐
（1）笛。竹制。
（2）笙。簧管。
"""


@pytest.fixture
def shenbao(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["shenbao", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def blanks(tmp_path: Path) -> list[str]:
    out = []
    for name, data in (("申请表.docx", invented.band()), ("汇总表.docx", invented.summary())):
        (tmp_path / name).write_bytes(data)
        out.append(str(tmp_path / name))
    return out


def test_a_draft_loads_at_once(shenbao: Run, blanks: list[str], tmp_path: Path) -> None:
    code, out, _ = shenbao("notice", "draft", *blanks, "--out", str(tmp_path / "包"))
    assert code == 0
    pack = catalog.load_dir(tmp_path / "包")
    titles = {form.title for form in pack.forms.values()}
    assert {"群众乐团扶持项目申请表", "群众乐团扶持项目推荐汇总表"} <= titles
    assert sorted(p.name for p in (tmp_path / "包" / "blanks").iterdir()) == ["汇总表.docx", "申请表.docx"]
    assert (tmp_path / "包" / "blanks" / "申请表.docx").read_bytes() == Path(blanks[0]).read_bytes()
    assert "栏目 13，表 1，章节 1" in out


def test_the_program_s_own_blanks_load_too(shenbao: Run, tmp_path: Path) -> None:
    paths = []
    for name in ("scene", "factory", "summary"):
        (tmp_path / f"{name}.docx").write_bytes(build(name, None))
        paths.append(str(tmp_path / f"{name}.docx"))
    assert shenbao("notice", "draft", *paths, "--out", str(tmp_path / "pack"))[0] == 0
    pack = catalog.load_dir(tmp_path / "pack")
    assert pack.years == (2020, 2021, 2022)
    scene, factory, summary = pack.forms.values()
    assert [(f.kind, f.of_class) for f in (scene, factory, summary)] == [
        ("application", "优秀场景"), ("application", "示范工厂"), ("summary", ""),
    ]  # fmt: skip
    assert [(t.of_class, c.label if (c := t.by_role("company")) else "") for t in summary.tables] == [
        ("优秀场景", "申报企业名称"), ("示范工厂", ""),
    ]  # fmt: skip
    assert scene.instances() == scene.tables[0]
    assert {role: f.label for role in ("applicant", "mobile") if (f := scene.by_role(role))} == {
        "applicant": "申报单位", "mobile": "手机",
    }  # fmt: skip
    assert scene.parts == {
        "cover": "封面", "basic": "申报主体基本信息", "project": "申报优秀场景基本信息", "commitment": "真实性承诺",
    }  # fmt: skip


def test_what_must_be_decided_is_printed_and_written(shenbao: Run, blanks: list[str], tmp_path: Path) -> None:
    _, out, _ = shenbao("notice", "draft", *blanks, "--out", str(tmp_path / "包"))
    written = (tmp_path / "包" / "待定.md").read_text("utf-8")
    for told in ("“申请类别”处印有“新建/提升/巡演”", "“街道审核意见”由谁填写"):
        assert told in out
        assert told in written
    assert "表1 行17 列1" in written


def test_the_notice_s_text_gives_clauses_and_proposals_only(shenbao: Run, blanks: list[str], tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text(TEXT, encoding="gb18030")
    options = ("--text", str(tmp_path / "通知.txt"), "--out", str(tmp_path / "包"))
    assert shenbao("notice", "draft", *blanks, *options)[0] == 0
    pack = catalog.load_dir(tmp_path / "包")
    assert (pack.number, pack.title) == ("某文化〔2031〕7号", "某市文化委关于开展群众乐团扶持项目申报工作的通知")
    assert pack.clause("二（二）") == "每个街道推荐数量不超过4个。"
    written = (tmp_path / "包" / "待定.md").read_text("utf-8")
    for row in ("| 期限 | 2031-03-05 | 二（一） |", "| 数额 | 4 | 二（二） |", "| 字数 | 600字 | 一（一） |"):
        assert row in written
    notice = tomllib.loads((tmp_path / "包" / "notice.toml").read_text("utf-8"))
    assert "2031" not in str(notice["deadlines"])
    assert "quotas" not in notice
    assert "000-00000000" not in str(notice)
    assert pack.lists == {}
    (tmp_path / "包" / "lists").mkdir()
    (tmp_path / "包" / "待定" / "lists" / "list_1.toml").rename(tmp_path / "包" / "lists" / "list_1.toml")
    kinds, sorts = catalog.load_dir(tmp_path / "包").lists.values()
    assert (kinds.what, kinds.names) == ("大类", ("弦乐", "管乐"))
    assert (sorts.what, [(e.name, e.under, e.text) for e in sorts.items]) == (
        "品种",
        [
            ("二胡", "弦乐", "拉弦乐器。"),
            ("琵琶", "弦乐", "弹拨乐器。"),
            ("笛", "管乐", "竹制。"),
            ("笙", "管乐", "簧管。"),
        ],
    )


def test_the_number_may_stand_behind_the_title_and_a_table_may_be_a_catalogue(
    shenbao: Run, blanks: list[str], tmp_path: Path
) -> None:
    text = docx.Document()
    for line in (
        "某省林业局关于推荐2031年示范果园的通知",
        "（林果〔2031〕18号）",
        "各市：",
        "一、条件",
        "（一）面积不少于50亩。",
    ):
        text.add_paragraph(line)
    for line in ("附件4", "申报类别目录"):
        text.add_paragraph(line)
    rows = [
        ["大类", "编号", "名称"],
        ["仁果", "1.1", "苹果"],
        ["仁果", "1.2", "梨"],
        ["核果", "2.1", "桃"],
        ["核果", "2.2", "李"],
    ]
    invented.grid(text, rows)
    text.save(str(tmp_path / "通知.docx"))
    options = ("--text", str(tmp_path / "通知.docx"), "--out", str(tmp_path / "包"))
    assert shenbao("notice", "draft", *blanks, *options)[0] == 0
    pack = catalog.load_dir(tmp_path / "包")
    assert (pack.number, pack.issuer) == ("林果〔2031〕18号", "某省林业局")
    made = tomllib.loads((tmp_path / "包" / "待定" / "lists" / "list_1.toml").read_text("utf-8"))
    assert (made["title"], made["clause"]) == ("申报类别目录", "附件4")


def test_a_form_that_was_filled_in_drafts_nothing(shenbao: Run, tmp_path: Path) -> None:
    (tmp_path / "填过.docx").write_bytes(invented.filled())
    code, out, err = shenbao("notice", "draft", str(tmp_path / "填过.docx"), "--out", str(tmp_path / "包"))
    assert (code, out) == (2, "")
    assert "填写过" in err
    assert "13900000000" not in err
    assert not (tmp_path / "包").exists()


def test_nothing_is_overwritten(shenbao: Run, blanks: list[str], tmp_path: Path) -> None:
    (tmp_path / "包").mkdir()
    (tmp_path / "包" / "notice.toml").write_text("mine", encoding="utf-8")
    code, out, err = shenbao("notice", "draft", *blanks, "--out", str(tmp_path / "包"))
    assert (code, out) == (2, "")
    assert "没有改动" in err
    assert [p.read_text("utf-8") for p in (tmp_path / "包").iterdir()] == ["mine"]


@pytest.mark.parametrize("data", [None, b"", b"PK\x03\x04 broken", b"no document at all"])
def test_a_blank_that_cannot_be_read_drafts_nothing(shenbao: Run, tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "空.docx").write_bytes(data)
    code, out, err = shenbao("notice", "draft", str(tmp_path / "空.docx"), "--out", str(tmp_path / "包"))
    assert (code, out) == (2, "")
    assert "空.docx" in err
    assert not (tmp_path / "包").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other reasons")
def test_what_cannot_be_read_is_told_in_chinese(shenbao: Run, tmp_path: Path) -> None:
    for path, why in (
        (tmp_path, "是文件夹，不是文件"),
        (tmp_path / "没有.docx", "没有这个文件或文件夹"),
        (tmp_path / ("长" * 300), "名称太长"),
    ):
        code, _, err = shenbao("notice", "draft", str(path), "--out", str(tmp_path / "包"))
        assert (code, err.strip()) == (2, f"读不到文件：{path}（{why}）")
