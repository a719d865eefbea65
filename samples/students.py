"""Makes the files of the second programme, a students' innovation training of an invented province: its blank forms
and cases (catalog/students) and a small round (samples/students-inbox), which the cases are taken from.

    python -m samples.students

Everything is invented. The texts stand in samples/students.toml; the same texts give the same bytes.
"""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Pt

SAMPLES = Path(__file__).resolve().parent
ROOT = SAMPLES.parent
BLANKS = ROOT / "catalog" / "students" / "blanks"
INBOX = SAMPLES / "students-inbox"
Answers = Mapping[str, Any]
_AT = (2031, 1, 1, 0, 0, 0)
"""The time that stands in the files, so that they are the same on every run."""

COVER = (
    ("项目名称", "project"),
    ("申报团队", "team"),
    ("推荐学校", "university"),
    ("申报日期", "filed_on"),
)
BASICS: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    "innovation": (
        (("团队名称", "team_name"), ("项目级别", "level")),
        (("学科门类", "category"), ("一级学科", "discipline")),
        (("项目负责人", "leader"), ("负责人学号", "leader_id")),
        (("负责人手机", "mobile"), ("负责人邮箱", "email")),
        (("指导教师", "adviser"), ("指导教师邮箱", "adviser_email")),
        (("项目起止时间", "period"), ("申请经费（元）", "grant")),
        (("经费总预算（元）", "budget_total"), ("自筹经费（元）", "own_funds")),
    ),
    "startup": (
        (("团队名称", "team_name"), ("项目级别", "level")),
        (("学科门类", "category"), ("一级学科", "discipline")),
        (("项目负责人", "leader"), ("负责人学号", "leader_id")),
        (("负责人手机", "mobile"), ("负责人邮箱", "email")),
        (("校内导师", "adviser"), ("校内导师邮箱", "adviser_email")),
        (("校外导师", "mentor"), ("校外导师手机", "mentor_mobile")),
        (("项目起止时间", "period"), ("申请经费（元）", "grant")),
        (("经费总预算（元）", "budget_total"), ("自筹经费（元）", "own_funds")),
    ),
}
TITLES = {
    "innovation": "大学生创新训练项目申报书",
    "startup": "大学生创业训练项目申报书",
    "summary": "大学生创新创业训练计划项目推荐汇总表",
}
CHAPTERS = {
    "innovation": (
        ("三、研究内容与方案", "plan", "（写明研究目标、内容、方法和进度安排）"),
        ("四、项目创新点", "novelty", "（不超过800字）"),
    ),
    "startup": (
        ("三、商业计划", "plan", "（写明产品或服务、市场、盈利方式和进度安排）"),
        ("四、风险与对策", "risks", "（不超过800字）"),
    ),
}
LEVELS = ("国家级", "省级")
MEMBERS = (("序号", "seq"), ("姓名", "name"), ("学号", "student_id"), ("专业", "major"), ("分工", "task"))
COSTS = (("科目", "item"), ("金额（元）", "amount"), ("用途", "purpose"))
RANKED = (("序号", "seq"), ("申报团队", "team"), ("项目名称", "project"), ("联系人", "contact"), ("手机", "mobile"))
PARTS = {"innovation": "创新训练项目", "startup": "创业训练项目"}
BLANK_NAMES = {
    "附件1创新训练项目申报书.docx": "innovation",
    "附件2创业训练项目申报书.docx": "startup",
    "附件3推荐汇总表.docx": "summary",
}


def files() -> dict[Path, bytes]:
    """Every file by its path."""
    made = {BLANKS / name: build(form, {}) for name, form in BLANK_NAMES.items()}
    for path, form, answers in _round():
        made[INBOX / path] = build(form, answers)
    return made


def pack_files() -> dict[str, bytes]:
    """The blanks and the cases of the pack, by their paths in it; the cases are the round's applications and tables."""
    told = tomllib.loads((SAMPLES / "students.toml").read_text(encoding="utf-8"))
    raws = [*told["application"], *({"form": "summary", **raw} for raw in told["summary"])]
    made = {f"blanks/{name}": build(form, {}) for name, form in BLANK_NAMES.items()}
    out = [
        "# 样例：samples/students-inbox 的各份文件，每份应当发现什么。由 python -m samples.make_pack students 生成，内容都是虚构的。"
    ]
    for raw, (path, form, answers) in zip(raws, _round(), strict=True):
        university, _, file = path.rpartition("/")
        name = f"{university}-{file}"
        made[f"cases/{name}"] = build(form, answers)
        found = ", ".join(f'"{code}"' for code in raw.get("finds", ()))
        out += ["", "[[case]]", f'file = "{name}"', f'form = "{form}"', f'recommender = "{university}"']
        out += [f"found = [{found}]"] * bool(found) + ["only = true"]
        if "why" in raw:
            out.append(f'why = "{raw["why"]}"')
    made["cases/expected.toml"] = ("\n".join(out) + "\n").encode()
    return made


def _round() -> Iterator[tuple[str, str, Answers]]:
    """Each file of the round: path below the inbox, form, answers. What an application leaves out is as ``common`` has it."""
    told = tomllib.loads((SAMPLES / "students.toml").read_text(encoding="utf-8"))
    common = told["common"]
    for raw in told["application"]:
        answers = {
            **common,
            **common[raw["form"]],
            **{k: v for k, v in raw.items() if k not in ("form", "path", "why", "finds")},
        }
        answers.setdefault("team_name", answers["team"])
        answers["abstract"] *= answers.pop("abstract_times", 1)
        yield raw["path"], raw["form"], answers
    for raw in told["summary"]:
        yield raw["path"], "summary", raw


def build(form: str, answers: Answers) -> bytes:
    """A form as a Word file; blank where there are no answers."""
    word = Document()
    word.styles["Normal"].font.name = "宋体"
    word.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    word.styles["Normal"].font.size = Pt(10.5)
    _heading(word, TITLES[form])
    (_summary if form == "summary" else _application)(word, form, answers)
    return _stored(word)


def _heading(word: Word, text: str, size: int = 18) -> None:
    run = word.add_paragraph().add_run(text)
    run.bold = True
    run.font.size = Pt(size)


def _application(word: Word, form: str, answers: Answers) -> None:
    for label, key in COVER:
        blank = "2031年  月  日" if key == "filed_on" else "______________"
        word.add_paragraph(f"{label}：{answers.get(key) or blank}")
    word.add_page_break()
    _heading(word, "一、项目基本信息", 14)
    table = word.add_table(rows=0, cols=4, style="Table Grid")
    for row in BASICS[form]:
        cells = table.add_row().cells
        for at, (label, key) in enumerate(row):
            cells[2 * at].text = label
            cells[2 * at + 1].text = _answer(key, answers)
    _wide(table, "是否获得其他资助", _funded(answers))
    _wide(table, "项目简介（不超过800字）", str(answers.get("abstract", "")))
    _heading(word, "二、项目成员（不含负责人）", 14)
    _rows(word, MEMBERS, answers.get("members", []), 5)
    for heading, key, hint in CHAPTERS[form]:
        _heading(word, heading, 14)
        word.add_paragraph(str(answers.get(key) or hint))
    _heading(word, "五、经费预算", 14)
    _rows(word, COSTS, answers.get("costs", []), 4)
    _heading(word, "六、项目负责人承诺", 14)
    word.add_paragraph("本人承诺所填内容真实，研究成果没有知识产权争议，按计划完成项目。")
    word.add_paragraph("项目负责人（签字）：")
    word.add_paragraph(f"承诺日期：{answers.get('promised_on') or '2031年  月  日'}")


def _answer(key: str, answers: Answers) -> str:
    if key == "level":
        return "  ".join(f"{'☑' if option in answers.get(key, ()) else '□'}{option}" for option in LEVELS)
    return str(answers.get(key, ""))


def _funded(answers: Answers) -> str:
    yes, name = answers.get("funded"), answers.get("funder") or "      "
    return f"{'☑' if yes is True else '□'}是（资助名称：{name}）  {'☑' if yes is False else '□'}否"


def _wide(table: Any, label: str, text: str) -> None:
    cells = table.add_row().cells
    cells[0].text = label
    cells[1].merge(cells[3]).text = text


def _summary(word: Word, _form: str, answers: Answers) -> None:
    word.add_paragraph(f"推荐学校（盖章）：{answers.get('university') or '______________'}")
    for form, title in PARTS.items():
        _heading(word, title, 12)
        _rows(word, RANKED, answers.get(form, []), 3)
    word.add_paragraph(answers.get("dated") or "2031年  月  日")


def _rows(word: Word, columns: tuple[tuple[str, str], ...], rows: list[Any], blank: int) -> None:
    table = word.add_table(rows=1, cols=len(columns), style="Table Grid")
    for cell, (label, _) in zip(table.rows[0].cells, columns, strict=True):
        cell.text = label
    for row in rows or [()] * blank:
        for cell, text in zip(table.add_row().cells, row or [""] * len(columns), strict=True):
            cell.text = str(text)


def _stored(word: Word) -> bytes:
    raw, made = io.BytesIO(), io.BytesIO()
    word.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(zipfile.ZipInfo(info.filename, _AT), old.read(info), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def main() -> None:
    for path, content in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
