"""The licences of everything in the locks, as ``docs/licences.md`` lists them. Run as a script it writes that page anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")
"""What a review needs, and what tests and checks need besides: the second holds all of the first."""
PAGE = ROOT / "docs" / "licences.md"

ELSEWHERE = {
    "async-timeout": "Apache-2.0",
    "backports-zstd": "PSF-2.0",
    "brotlicffi": "MIT",
    "pywin32": "PSF-2.0",
    "whenever": "MIT",
}
"""Packages that the lock wants on other systems or versions of Python only: their metadata is not at hand here."""

CHOSEN = {
    "cryptography": "Apache-2.0",
    "orjson": "MPL-2.0 AND Apache-2.0",
    "packaging": "Apache-2.0",
    "pycryptodomex": "BSD",
    "python-dateutil": "Apache-2.0",
    "sniffio": "Apache-2.0",
    "text-unidecode": "Artistic-1.0-Perl",
}
"""Where a package leaves a choice: the licence under which it is used here."""

_LINE = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.M)
_LONG = 80
_FORMS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License (GPL)": "GPL",
    "Artistic License": "Artistic-1.0-Perl",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


@dataclass(frozen=True)
class Licence:
    """A package of the lock: what it ``declares``, and what is ``used`` where it leaves a choice ("" elsewhere)."""

    package: str
    declares: str
    used: str


def locked() -> list[str]:
    """The names in the locks, sorted."""
    return sorted({name for lock in LOCKS for name in _LINE.findall(lock.read_text("utf-8"))})


def licences() -> Iterator[Licence]:
    """One for each package of the locks. Raises PackageNotFoundError where one is neither installed nor in ELSEWHERE."""
    for name in locked():
        yield Licence(name, ELSEWHERE.get(name) or _declared(metadata.metadata(name)), CHOSEN.get(name, ""))


def _declared(about: metadata.PackageMetadata) -> str:
    expression = about.get("License-Expression")
    if expression:
        return expression
    classifiers = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    named = [_FORMS.get(c, c) for c in classifiers if c != "OSI Approved"]
    if named:
        return "; ".join(dict.fromkeys(named))
    said = (about.get("License") or "").strip().partition("\n")[0]
    return said if len(said) <= _LONG else f"{said[:_LONG]}…"


def page() -> str:
    """The page in Chinese, one row a package."""
    rows = [f"| {x.package} | {x.declares} | {x.used} |" for x in licences()]
    return "\n".join(
        (
            "# 第三方组件的许可证",
            "",
            "本页列出 `requirements.lock` 和 `requirements-dev.lock` 中的全部组件，由 `make licences` 生成。组件允许在几种许可证中选择的，“采用”一栏写明本程序按哪一种使用。",
            "以 LGPL、MPL 发布的组件均未作修改，作为独立的软件包安装，可以单独替换。",
            "",
            "图表的字体 `reports/charts/font/ShenbaoSans.otf` 取自 Noto Sans CJK SC（思源黑体，Adobe），按 SIL Open Font License 1.1 随程序发布，许可证全文在旁边的 OFL.txt。",
            "",
            "| 组件 | 声明的许可证 | 采用 |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
