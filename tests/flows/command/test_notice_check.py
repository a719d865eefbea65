"""``shenbao notice check``: what is wrong with a pack is told with its place, and ends with 1; what cannot be loaded, with 2."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import catalog
from samples import make_pack
from samples.formbuilder import build
from tests.extractors.drafting import invented
from tests.flows.command.test_notice_draft import Run, shenbao
from tests.samples.test_samples import members

__all__ = ["shenbao"]
STUDENTS = Path(catalog.__file__).parent / "students"
PACK = Path(catalog.__file__).parent / "2023"
BLANK = "blanks/附件4推荐汇总表.docx"
RIGHT, WRONG = "cases/优秀场景-无误.docx", "cases/优秀场景-三处有误.docx"
MOBILE = (
    'label = "联系方式（手机号）"\naliases = ["联系方式", "手机号", "手机", "联系电话", "手机号码", "联系方式（手机）"]',
    'label = "座机"',
)
"""The label of a column and all that it may be called, and one that the blank does not print."""
Copy = Callable[..., Path]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_WORKERS", "0")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of the pack with ``files`` of its blanks and cases alone, and ``edits`` (file, old, new)."""

    def made(*files: str, edits: tuple[tuple[str, str, str], ...] = ()) -> Path:
        target = tmp_path / "pack"
        shutil.copytree(PACK, target, ignore=shutil.ignore_patterns("blanks", "cases"))
        for name in files:
            (target / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(PACK / name, target / name)
        for file, old, new in edits:
            text = (target / file).read_text("utf-8") if old else ""
            assert old in text
            (target / file).parent.mkdir(exist_ok=True)
            (target / file).write_text(text.replace(old, new, 1) if old else new, "utf-8")
        return target

    return made


def case(name: str, **told: object) -> tuple[str, str, str]:
    lines = [f'file = "{Path(name).name}"', *(f"{k} = {_toml(v)}" for k, v in told.items())]
    return ("cases/expected.toml", "", "[[case]]\n" + "\n".join(lines) + "\n")


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).replace("'", '"')


@pytest.mark.parametrize("pack", catalog.built_in())
def test_a_pack_that_comes_with_the_program_has_nothing_to_mend(shenbao: Run, pack: str) -> None:
    code, out, _ = shenbao("notice", "check", pack)
    assert (code, [line for line in out.splitlines() if line.startswith("须改正")]) == (0, [])
    assert "cases/ 里没有样例" not in out


def test_what_else_is_told_of_a_pack(shenbao: Run) -> None:
    code, out, _ = shenbao("notice", "check", "2023")
    assert code == 0
    assert out.endswith("核对完毕，没有须改正之处。\n")
    assert not [line for line in out.splitlines() if "blanks/" in line or "cases/" in line]
    assert "职务（contact_title）" in out
    assert "没有规则落实的条款：一（四）" in out


@pytest.mark.parametrize("pack", catalog.built_in())
def test_blanks_and_cases_are_what_the_script_makes(pack: str) -> None:
    folder, made = make_pack.CATALOG / pack, make_pack.files(pack)
    for path, content in made.items():
        stands = (folder / path).read_bytes()
        assert content == stands or members(content) == members(stands), path
    there = {p.relative_to(folder).as_posix() for f in ("blanks", "cases") for p in (folder / f).iterdir()}
    assert there == {*made, "cases/expected.toml"}


@pytest.mark.parametrize(
    ("files", "edits", "says"),
    [
        ([BLANK], [("forms/summary.toml", *MOBILE)], "印有列“联系方式（手机号）”，forms/summary.toml 里没有"),
        ([BLANK], [("forms/summary.toml", *MOBILE)], "没有印列“座机”，forms/summary.toml 里有"),
        ([BLANK], [("forms/summary.toml", 'label = "联系方式（手机号）"\naliases', 'label = "联系方式（座机号）"\nhints')],
         "印作“联系方式（手机号）”，forms/summary.toml 里是“联系方式（座机号）”；请改 label，或列入 aliases"),
        ([WRONG], [case(WRONG, found=["E01", "E02"])], "应当发现 E02"),
        ([WRONG], [case(WRONG, not_found=["K06"])], "不应发现 K06"),
        ([WRONG], [case(WRONG, found=["E01", "K06"], only=True)], "不应发现 C03"),
        ([RIGHT], [case(RIGHT, form="'factory'")], "应当读作 factory，实际读作 scene"),
        ([], [("words.toml", "[words]", '[words]\nnobody = ["无人"]')], "没有规则用到“nobody”"),
        ([], [("lists/more.toml", "", 'title = "另一目录"\n[[levels]]\nkey = "more"\nwhat = "项"\n[[more]]\nname = "甲"\n')],
         "没有栏目或规则用到“more”"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(
    shenbao: Run, copy: Copy, files: list[str], edits: list[tuple[str, str, str]], says: str
) -> None:
    code, out, _ = shenbao("notice", "check", str(copy(*files, edits=tuple(edits))))
    wrong = [line for line in out.splitlines() if line.startswith("须改正　")]
    assert code == 1
    assert [line for line in wrong if says in line] != []
    assert out.splitlines()[-1] == f"须改正 {len(wrong)} 处。"


def test_a_draft_fits_the_blanks_that_it_was_drafted_from(shenbao: Run, tmp_path: Path) -> None:
    for name in ("reservoir", "band", "midterm", "summary"):
        (tmp_path / f"{name}.docx").write_bytes(getattr(invented, name)())
    blanks = [str(p) for p in sorted(tmp_path.glob("*.docx"))]
    assert shenbao("notice", "draft", *blanks, "--out", str(tmp_path / "draft"))[0] == 0
    code, out, _ = shenbao("notice", "check", str(tmp_path / "draft"))
    assert (code, [line for line in out.splitlines() if line.startswith("须改正")]) == (0, [])


def test_a_blank_of_another_notice(shenbao: Run, copy: Copy) -> None:
    pack = copy(BLANK)
    (pack / "blanks" / "水库.docx").write_bytes(invented.reservoir())
    code, out, _ = shenbao("notice", "check", str(pack))
    assert code == 1
    assert "blanks/水库.docx：没有认出是本包的哪张表" in out


def test_a_blank_that_was_filled_in(shenbao: Run, copy: Copy) -> None:
    pack = copy(BLANK)
    data = {"fields": {"recommender": "某区经济委员会"}, "tables": {}, "sections": {}}
    (pack / BLANK).write_bytes(build("summary", {"form": "summary", **data}))
    code, out, _ = shenbao("notice", "check", str(pack))
    assert code == 1
    assert "“某区经济委员会”被读成了 recommender 的答案" in out


@pytest.mark.parametrize(
    ("files", "edits", "says"),
    [
        ([], [("rules.toml", 'check = "filled"', 'check = "felled"')], "没有名为“felled”的核对"),
        ([], [("notice.toml", "issuer", "isuer")], "不认识这个键"),
        ([RIGHT], [case("别的.docx")], "cases/ 里没有“别的.docx”"),
        ([RIGHT, WRONG], [case(WRONG)], "没有列出“优秀场景-无误.docx”"),
        ([RIGHT], [], "expected.toml"),
        ([RIGHT], [case(RIGHT, found=["X99"])], "没有规则“X99”"),
        ([RIGHT], [case(RIGHT, finds=["E01"])], "不认识这个键"),
        ([RIGHT], [case(RIGHT, found=["E01"], not_found=["E01"])], "也写在 found 中"),
        ([RIGHT], [case(RIGHT, recommender="'某区'")], "不是本包的推荐单位"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded(
    shenbao: Run, copy: Copy, files: list[str], edits: list[tuple[str, str, str]], says: str
) -> None:
    code, out, err = shenbao("notice", "check", str(copy(*files, edits=tuple(edits))))
    assert (code, out) == (2, "")
    assert says in err


def test_columns_are_found_by_their_use_and_one_that_the_table_lacks_is_not_blank(shenbao: Run, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(STUDENTS, pack)
    summary = pack / "forms" / "summary.toml"
    text = summary.read_text("utf-8")
    summary.write_text(
        text.replace('key = "contact"', 'key = "person"').replace('key = "mobile"', 'key = "handset"'), "utf-8"
    )
    code, out, _ = shenbao("notice", "check", str(pack))
    assert (code, "须改正" in out.replace("没有须改正之处", "")) == (0, False)
    without = shutil.copytree(pack, tmp_path / "without")
    lacking = text.replace('role = "contact"\n', "").replace('role = "mobile"\n', "")
    (without / "forms" / "summary.toml").write_text(lacking, "utf-8")
    code, out, _ = shenbao("notice", "check", str(without))
    assert [
        line for line in out.splitlines() if line.startswith("须改正") and "Q04" in line and "没有发现" not in line
    ] == []


def test_an_opinion_that_the_applicant_does_not_fill_in_may_be_left_out(shenbao: Run, tmp_path: Path) -> None:
    blank = tmp_path / "申报书.docx"
    blank.write_bytes(invented.signed_at_the_end())
    shenbao("notice", "draft", str(blank), "--out", str(tmp_path / "draft"))
    [form] = (tmp_path / "draft" / "forms").iterdir()
    text = form.read_text("utf-8")
    key = re.search(r'key = "(\w+)"\n[^\[]*label = "推荐单位意见"', text)
    assert key is not None
    blocks = [b for b in text.split("\n\n") if 'label = "推荐单位意见"' not in b]
    without = "\n\n".join(blocks).replace(f'"{key[1]}", ', "")
    form.write_text(without, "utf-8")
    code, out, _ = shenbao("notice", "check", str(tmp_path / "draft"))
    assert (code, "印有栏目“推荐单位意见”" in out) == (1, True)
    mended = shutil.copytree(tmp_path / "draft", tmp_path / "mended")
    named = without.replace("placeholders = []", 'placeholders = ["推荐单位意见"]')
    (mended / "forms" / form.name).write_text(named, "utf-8")
    code, out, _ = shenbao("notice", "check", str(mended))
    assert (code, "推荐单位意见" in out) == (0, False)
