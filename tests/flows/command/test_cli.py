"""The command line as scripts see it: what it prints where, how it exits, and how quickly it starts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import catalog
import extractors
from catalog.models import Catalog
from flows.command import cli
from records.models import Reading
from samples.formbuilder import build
from tests.forms import clean_scene, reading_of, scene

ROOT = Path(__file__).parents[3]
HEAVY = ("prefect", "pandas", "sklearn", "jieba", "docx", "openpyxl", "pdfplumber", "sqlalchemy")


@pytest.fixture
def shenbao(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["shenbao", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Two files: one that reads as a clean form, one as a form with a blank."""
    data = {"clean": clean_scene(), "faulty": scene({"company_name": None})}

    def read_bytes(content: bytes, catalog: Catalog, name: str, **_: object) -> list[Reading]:
        return [reading_of(data[Path(name).stem], path=name)]

    monkeypatch.setattr(extractors, "read_bytes", read_bytes)
    monkeypatch.setenv("SHENBAO_WORKERS", "0")
    paths = {name: tmp_path / f"{name}.docx" for name in data}
    for path in paths.values():
        path.write_bytes(b"x")
    return paths


@pytest.mark.skipif(os.name == "nt", reason="Windows has other reasons")
@pytest.mark.parametrize("verb", ["extract", "read", "check"])
def test_what_is_no_file_is_told_as_what_it_is(shenbao, forms, tmp_path, verb) -> None:  # type: ignore[no-untyped-def]
    code, out, err = shenbao(verb, tmp_path, tmp_path / "没有.docx", tmp_path / ("长" * 300), forms["clean"])
    assert code == 2
    assert verb == "check" or out  # the others are read
    folder, absent, long = err.splitlines()
    assert folder.startswith(f"是文件夹，不是文件：{tmp_path}；")
    assert "review --inbox" in folder
    assert absent == f"找不到文件：{tmp_path / '没有.docx'}"
    assert long == f"打不开：{tmp_path / ('长' * 300)}（名称太长）；请检查路径和权限"


def test_extract_prints_one_record_a_line_and_nothing_else(shenbao, forms) -> None:  # type: ignore[no-untyped-def]
    code, out, err = shenbao("extract", forms["clean"], forms["faulty"])
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [r["schema"] for r in records] == ["shenbao.record/1"] * 2
    assert [r["source"]["path"] for r in records] == [forms["clean"].as_posix(), forms["faulty"].as_posix()]
    assert err == ""


def test_extract_prints_each_record_of_a_file_on_a_line_of_its_own(shenbao, forms, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def two(content: bytes, catalog: Catalog, name: str, **_: object) -> list[Reading]:
        return [reading_of(clean_scene(), path=f"{name}{part}") for part in ("", "!/第2份")]

    monkeypatch.setattr(extractors, "read_bytes", two)
    code, out, _ = shenbao("extract", forms["clean"])
    assert code == 0
    assert [json.loads(line)["form"] for line in out.splitlines()] == ["scene", "scene"]


def test_a_missing_file_is_2_and_the_others_are_still_printed(shenbao, forms) -> None:  # type: ignore[no-untyped-def]
    code, out, err = shenbao("extract", "没有.docx", forms["clean"])
    assert code == 2
    assert len(out.splitlines()) == 1
    assert "没有.docx" in err


def test_check_exits_1_only_when_asked_to(shenbao, forms) -> None:  # type: ignore[no-untyped-def]
    assert shenbao("check", forms["faulty"])[0] == 0
    assert shenbao("check", "--strict", forms["faulty"])[0] == 1
    assert shenbao("check", "--strict", forms["clean"])[0] == 0


def test_a_pack_lies_wherever_an_office_keeps_it(shenbao, forms, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Readers and rules run in folders of their own: a pack named by a path from here is found from there."""
    shutil.copytree(Path(catalog.__file__).parent / "2023", tmp_path / "packs" / "own")
    rules = tmp_path / "packs" / "own" / "rules.toml"
    rules.write_text(rules.read_text("utf-8").replace('code = "C02"', 'code = "C92"', 1), "utf-8")
    monkeypatch.chdir(tmp_path)
    _, out, err = shenbao("check", "--notice", "packs/own", forms["faulty"])
    assert ("C92", "company_name") in {(f["code"], f["field"]) for f in map(json.loads, out.splitlines())}, err


def test_check_prints_findings_for_programs_or_for_people(shenbao, forms) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = shenbao("check", "--format", "jsonl", forms["faulty"])
    findings = [json.loads(line) for line in out.splitlines()]
    assert ("C02", "company_name") in {(f["code"], f["field"]) for f in findings}
    assert {f["document"] for f in findings} == {forms["faulty"].as_posix()}
    _, out, _ = shenbao("check", "--format", "text", forms["faulty"], forms["clean"])
    assert "[需补正] C02" in out
    assert f"{forms['clean'].as_posix()}：未发现问题" in out


def test_a_rule_that_fails_is_3_and_the_rest_is_printed(shenbao, forms, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from checks import making, registry
    from tests.checks.extra import with_rules

    def broken(context: registry.Context):  # type: ignore[no-untyped-def]
        """Broken."""
        raise ZeroDivisionError

    bad = registry.Rule("C99", "fix", "一", "坏规则", ("scene",), (), "坏", broken)
    monkeypatch.setattr(making, "_MADE", with_rules(bad))
    code, out, err = shenbao("check", "--format", "jsonl", forms["faulty"])
    assert code == 3
    assert "C99" in err
    assert "C02" in out


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["check"], ["explain", "X99"], ["check", "--format", "xml", "a"], ["districts", "--notice", "1999"],
     ["review", "--inbox", "/没有这个目录"]],
)  # fmt: skip
def test_wrong_usage_is_2(shenbao, arguments: list[str]) -> None:  # type: ignore[no-untyped-def]
    code, out, err = shenbao(*arguments)
    assert code == 2
    assert out == ""
    assert err.strip()


def test_settings_come_from_the_line_then_the_environment_then_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.exits import UsageFault
    from flows.settings import load

    monkeypatch.chdir(tmp_path)
    (tmp_path / "shenbao.toml").write_text('inbox = "file"\nout = "file"\nbatch_size = 7\n', "utf-8")
    monkeypatch.setenv("SHENBAO_OUT", "env")
    monkeypatch.setenv("SHENBAO_BATCH_SIZE", "8")
    found = load(out=Path("line"), inbox=None)
    assert (str(found.inbox), str(found.out), found.batch_size) == ("file", "line", 8)
    (tmp_path / "shenbao.toml").write_text("bach_size = 7\n", "utf-8")
    with pytest.raises(UsageFault, match="bach_size"):
        load()
    (tmp_path / "shenbao.toml").write_text("inbox = ", "utf-8")
    with pytest.raises(UsageFault, match=r"shenbao\.toml"):
        load()


def test_the_books_are_printed(shenbao) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = shenbao("districts")
    assert code == 0
    assert any(line.split("\t")[:1] == ["浦东新区"] for line in out.splitlines())
    code, out, _ = shenbao("rules")
    assert code == 0
    assert {line.split("\t")[0] for line in out.splitlines()} >= {"F01", "C02", "E01", "M01"}
    code, out, _ = shenbao("explain", "c02")
    assert code == 0
    assert "C02" in out


@pytest.mark.parametrize(
    "arguments", [["--help"], ["extract", "--help"], ["read", "x"], ["check", "x"], ["extract", "x"]]
)
def test_quick_verbs_load_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no form at all")
    program = (
        "import sys; sys.argv = ['shenbao', *sys.argv[1:]]\n"
        "from flows.command.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', *(m for m in {HEAVY!r} if m in sys.modules), file=sys.stderr)\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program, *(str(tmp_path / a) if a == "x" else a for a in arguments)],
        capture_output=True, text=True, encoding="utf-8", env={"PYTHONPATH": str(root), "PATH": ""}, check=False,
    )  # fmt: skip
    assert done.stdout
    assert done.stderr.splitlines()[-1].split() == ["LOADED"], done.stderr


def test_modules_of_our_names_where_it_is_started_are_not_ours(tmp_path: Path) -> None:
    for name in ("catalog", "records", "reports"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('another program')\n")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONSAFEPATH"} | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "flows", "districts"], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert (done.returncode, "浦东新区" in done.stdout.decode()) == (0, True), done.stderr


@pytest.mark.skipif(os.name == "nt", reason="the reading job for tests uses signals of POSIX")
@pytest.mark.parametrize("verb", ["extract", "check", "read"])
def test_the_quick_verbs_have_the_limits_of_a_review(  # type: ignore[no-untyped-def]
    verb: str, shenbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that hangs or crashes is told of, and the others are printed."""
    from flows.guarded import careful
    from flows.guarded.guard import Job

    told = json.dumps({"notice": "2023", "office": None, "nap": 0})
    monkeypatch.setattr(careful.Limits, "job", property(lambda own: Job("tests.flows.slow_job", told, 4096, 200)))
    monkeypatch.setenv("SHENBAO_FILE_SECONDS", "6")
    monkeypatch.setenv("SHENBAO_WORKERS", "1")
    names = ["hang.docx", "crash.docx", "sound.docx"]
    for name in names:
        (tmp_path / name).write_bytes(build("scene", clean_scene()))
    code, out, _ = shenbao(verb, *(tmp_path / name for name in names))
    assert code == 0
    assert "用时超过6秒" in out
    assert "信号SIGSEGV" in out
    assert len(out.splitlines()) == 3 if verb != "check" else "hang.docx" in out
