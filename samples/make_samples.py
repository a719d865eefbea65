"""Makes every file of samples/blank and samples/inbox.

    python -m samples.make_samples            write the Word files and the archive
    python -m samples.make_samples --pdf      the PDF too (needs soffice; its bytes differ from run to run)

The texts stand in samples/applications and samples/rounds.toml, the drawing in samples/formbuilder. But for the PDF
the same texts give the same bytes.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from samples.formbuilder import build
from samples.formbuilder.data import application, names

SAMPLES = Path(__file__).resolve().parent
BLANK = {
    "附件3-1优秀场景申报书.docx": "scene",
    "附件3-2示范工厂申报书.docx": "factory",
    "附件4推荐汇总表.docx": "summary",
}
EARLIER = ("qiyuan", "启元机器人-优秀场景申报书（8月5日稿）.docx", "2023-08-05")
"""An application that was handed in twice: file and cover date of the earlier version."""
DAMAGED = ("浦东新区", "06森越家居用品-优秀场景申报书.docx", "上海森越家居用品有限公司")
PROVEN = {"hexin"}
"""Applications with a picture as proof of the maturity level."""
FORM_IN_ARCHIVE = "示范工厂申报书.docx"


def files() -> dict[str, bytes]:
    """Every sample that is the same on each run: path below samples/ → bytes."""
    made = {f"blank/{name}": build(form, None) for name, form in BLANK.items()}
    for name in names():
        data = application(name)
        path = f"inbox/{data['district']}/{data['file']}"
        if path.endswith(".pdf"):
            continue
        word = drawn(name)
        made[path] = archive(Path(data["file"]).stem, word) if path.endswith(".zip") else word
    name, file, date = EARLIER
    data = application(name)
    made[f"inbox/{data['district']}/{file}"] = drawn(name, application_date=date)
    for row in _summaries():
        made[f"inbox/{row['district']}/{row['file']}"] = build("summary", summary(row))
    district, file, company = DAMAGED
    made[f"inbox/{district}/{file}"] = damaged(company)
    return made


def drawn(name: str, **fields: Any) -> bytes:
    """The Word file of an application, with ``fields`` in place of its own."""
    data = application(name)
    data["fields"] |= fields
    layout = data.get("layout", {}) | ({"proof": certificate()} if name in PROVEN else {})
    return build(data["form"], data, **layout)


def summary(row: dict[str, Any]) -> dict[str, Any]:
    """The data of an 附件4 from its entry in rounds.toml."""
    tables = {}
    for form in ("scene", "factory"):
        rows = [_recommended(entry, str(at)) for at, entry in enumerate(row.get(form, []), start=1)]
        tables[f"{form}_recommendations"] = rows
    return {"form": "summary", "fields": {"recommender": row["recommender"]}, "tables": tables, "sections": {}}


def _recommended(entry: dict[str, Any], seq: str) -> dict[str, Any]:
    own = {key: value for key, value in entry.items() if key != "application"}
    if "application" not in entry:
        return {"seq": seq} | own
    data = application(entry["application"])
    fields, scenes = data["fields"], data["tables"]["scenes"]
    row = {
        "seq": seq,
        "company": fields["company_name"],
        "factory": fields.get("task_name"),
        "instances": [{key: one[key] for key in ("link", "scene", "instance")} for one in scenes],
        "contact": fields["contact_name"],
        "mobile": fields["contact_mobile"],
    }
    return row | own


def _summaries() -> Iterator[dict[str, Any]]:
    with (SAMPLES / "rounds.toml").open("rb") as file:
        yield from tomllib.load(file)["summary"]


def certificate() -> bytes:
    """A picture that stands for a scanned certificate."""
    return (SAMPLES / "certificate.png").read_bytes()


def archive(folder: str, word: bytes) -> bytes:
    """A zip as a Chinese Windows packs it: names in GBK without a mark. Holds the form and a picture of a licence.

    zipfile writes names that are not ASCII as UTF-8; so they go in under ASCII names of the same length, which are
    replaced in the finished bytes."""
    members = {f"{folder}/{FORM_IN_ARCHIVE}": word, f"{folder}/营业执照.png": certificate()}
    out = io.BytesIO()
    stand_ins: dict[bytes, bytes] = {}
    with zipfile.ZipFile(out, "w") as target:
        for at, (name, content) in enumerate(members.items()):
            gbk = name.encode("gbk")
            stand_in = f"@{at}".ljust(len(gbk), "@")
            stand_ins[stand_in.encode()] = gbk
            entry = zipfile.ZipInfo(stand_in, (2023, 8, 18, 16, 30, 0))
            entry.create_system, entry.compress_type = 0, zipfile.ZIP_STORED
            target.writestr(entry, content)
    data = out.getvalue()
    for ascii_name, gbk_name in stand_ins.items():
        data = data.replace(ascii_name, gbk_name)
    return data


def damaged(company: str) -> bytes:
    """The first three fifths of a Word file, as a broken-off upload leaves it."""
    fields = {"project_name": "定制家具柔性生产", "applicant": company, "company_name": company}
    whole = build("scene", {"form": "scene", "fields": fields})
    return whole[: len(whole) * 3 // 5]


def make_pdf() -> None:
    """The applications that were handed in as PDF, by LibreOffice."""
    soffice = shutil.which("soffice")
    if soffice is None:
        raise SystemExit("soffice is not installed: the PDF cannot be made")
    for name in names():
        data = application(name)
        target = SAMPLES / "inbox" / data["district"] / data["file"]
        if target.suffix != ".pdf":
            continue
        with tempfile.TemporaryDirectory() as folder:
            word = Path(folder) / f"{target.stem}.docx"
            word.write_bytes(drawn(name))
            command = [soffice, f"-env:UserInstallation={Path(folder).as_uri()}/profile", "--headless"]
            subprocess.run(  # noqa: S603 - our own file, a program found on the path
                [*command, "--convert-to", "pdf", "--outdir", folder, str(word)], check=True, timeout=120
            )
            target.write_bytes(word.with_suffix(".pdf").read_bytes())


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make the sample forms and the sample inbox.")
    parser.add_argument("--pdf", action="store_true", help="make the PDF too (needs soffice)")
    chosen = parser.parse_args(arguments)
    for path, content in files().items():
        target = SAMPLES / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    if chosen.pdf:
        make_pdf()
    print(f"{sum(1 for _ in SAMPLES.glob('inbox/**/*.*'))} files in {SAMPLES / 'inbox'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
