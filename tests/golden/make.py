"""Makes the files of other programs in made/ again: ``python -m tests.golden.make`` (needs LibreOffice, Chromium, a Chinese
font and pypdfium2). Their bytes differ from run to run and machine to machine, so they are kept as they are: run this only to
replace one, then accept what is read from it.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tests import forms, scanpages
from tests.golden import writers
from tests.golden.cases import MADE
from tests.golden.layouts import distributed
from tests.golden.sheets import Para, sheet, short


def _office(data: bytes, suffix: str, to: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"form.{suffix}")
        path.write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        kind = {"doc": "doc:MS Word 97"}.get(to, to)
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, str(path)], check=True
        )
        return path.with_suffix(f".{to}").read_bytes()


def _browser(data: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "form.html").write_bytes(data)
        out = Path(folder, "form.pdf")
        chromium = shutil.which("chromium") or "chromium"
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
        ]
        subprocess.run([chromium, *options, f"--print-to-pdf={out}", f"{folder}/form.html"], check=True)
        return out.read_bytes()


def _scan(data: bytes, pages: tuple[int, ...], dpi: int = 130, *, seal: bool = True) -> bytes:
    """Pages of a PDF as a scanner gives them, the first with a seal."""
    import pypdfium2
    from PIL import Image

    images = []
    with pypdfium2.PdfDocument(data) as document:
        for number in pages:
            drawn = np.asarray(document[number].render(scale=dpi / 72).to_pil().convert("RGB"))
            sealed = scanpages.stamped(drawn, 560, 640, 100) if seal and not images else drawn
            scanned: Any = scanpages.scanned(sealed, 0.5, 2.0)
            images.append(Image.fromarray(scanned))
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=dpi, quality=30)
    return out.getvalue()


def _small(form: str, **layout: Any) -> bytes:
    data = short(forms.clean_scene() if form == "scene" else forms.clean_factory())
    return forms.fill(form, data, **layout)


def _first_part() -> bytes:
    blocks = sheet("scene", short(forms.clean_scene()))
    end = next(n for n, b in enumerate(blocks) if isinstance(b, Para) and b.text.startswith("二、"))
    return writers.page(distributed(blocks[:end]))


def _print_of_office() -> bytes:
    return _office(_small("scene"), "docx", "pdf")


FILES = {
    "office-scene.doc": lambda: _office(_small("scene", tick="■"), "docx", "doc"),
    "office-factory.doc": lambda: _office(_small("factory", split=True), "docx", "doc"),
    "browser-scene.pdf": lambda: _browser(_first_part()),
    "scan-scene.pdf": lambda: _scan(_print_of_office(), (0, 1)),
    "scan-cover.pdf": lambda: _scan(_print_of_office(), (0,), 100, seal=False),
}


def main(wanted: list[str]) -> None:
    MADE.mkdir(exist_ok=True)
    for name, make in FILES.items():
        if not wanted or name in wanted:
            (MADE / name).write_bytes(make())


if __name__ == "__main__":
    main(sys.argv[1:])
