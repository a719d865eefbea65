"""Nothing leaves the machine, whatever is read: every format, the models and LibreOffice included."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from extractors.office import libreoffice
from extractors.pdf.read import open_pdf, render
from extractors.scan import read as scan
from samples.formbuilder import build
from tests.forms import clean_scene
from tests.offline import watch

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="what watches is of POSIX")]

SAMPLES = Path(__file__).parents[2] / "samples" / "inbox"
ODD = Path(__file__).parents[1] / "extractors" / "data" / "odd.doc"
RTF = r"{\rtf1\ansi\deff0{\fonttbl{\f0 SimSun;}}\u39033?\u30446?\u21517?\u31216?\par}"
HTML = "<html><head><link rel=stylesheet href='https://example.org/a.css'></head><body><p>项目名称</p><img src='http://example.org/a.png'></body></html>"
FODT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">'
    "<office:body><office:text><text:p>项目名称<draw:frame><draw:image xlink:href='http://example.org/b.png'/></draw:frame>"
    "</text:p></office:text></office:body></office:document>"
)


def test_no_format_makes_the_review_reach_beyond_the_machine(tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "浦东新区"
    folder.mkdir(parents=True)
    for name, data in _files().items():
        (folder / name).write_bytes(data)
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    out = tmp_path / "out"
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "XDG_", "ORT_")) and k not in ("CI", "DO_NOT_TRACK")},
        "HOME": str(home),
        "TMPDIR": str(temporary),
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "flows.command.cli",
        "review",
        "--quiet",
        "--inbox",
        str(folder.parent),
        "--out",
        str(out),
    ]
    seen = watch(command, environment)
    assert seen.code == 0
    read = (out / "run.json").read_text("utf-8")
    assert all(name in read for name in _files())
    assert (seen.asked, seen.reached) == ([], [])
    # What the runtime of the models would queue for its maker.
    assert [p for p in (home, temporary) if list(p.rglob("*.ses")) or list(p.rglob("*onnxruntime*"))] == []


def _files() -> dict[str, bytes]:
    form = build("scene", clean_scene())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("甲公司/申报书.docx", form)
    files = {
        "甲.docx": form,
        "乙.doc": ODD.read_bytes(),
        "丙.rtf": RTF.encode("ascii"),
        "丁.html": HTML.encode(),
        "戊.pdf": next(SAMPLES.glob("*/*.pdf")).read_bytes(),
        "己.zip": archive.getvalue(),
    }
    if libreoffice.find_soffice():
        files["庚.fodt"] = FODT.encode()
    if scan.available():
        files.update(_pictures(files["戊.pdf"]))
    return files


def _pictures(pdf: bytes) -> dict[str, bytes]:
    """The first pages of a PDF as a scan and as a picture."""
    from PIL import Image

    with open_pdf(pdf) as opened:
        pages = [Image.fromarray(render(opened, number, 150)) for number in range(1, min(3, len(opened) + 1))]
    scanned, picture = io.BytesIO(), io.BytesIO()
    pages[0].save(scanned, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    pages[0].save(picture, "PNG")
    return {"辛.pdf": scanned.getvalue(), "壬.png": picture.getvalue()}
