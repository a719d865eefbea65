"""Programs that a file of Word or Excel carries (rule F04): told of, never run."""

from __future__ import annotations

import re

from extractors.office.package import Package
from records.models import Note

_ACTIVE = re.compile(r"\.(exe|dll|bat|cmd|com|scr|js|vbs|ps1|msi|jar|hta)$", re.IGNORECASE)


def carried(package: Package, folder: str) -> dict[str, str]:
    """Macros, controls and programs by what they are, each with its first part; ``folder`` holds the package's main part."""
    found: dict[str, str] = {}
    for name in package.names:
        low = name.lower()
        if low.endswith(("vbaproject.bin", "vbadata.xml")):
            found.setdefault("宏", name)
        elif low.startswith(f"{folder}/activex/") and low.endswith((".bin", ".xml")):
            found.setdefault("ActiveX 控件", name)
        elif _ACTIVE.search(low):
            found.setdefault("程序文件", name)
    return found


def told(found: dict[str, str]) -> list[Note]:
    """The notes on what a file carries, by what it is."""
    return [
        Note(code="F04", message=f"文件中含有{kind}，本系统不予运行", where=name, evidence=name)
        for kind, name in sorted(found.items())
    ]
