"""Programs that a file of Word or Excel carries (rule F04): told of, never run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from extractors.document.errors import Unreadable
from extractors.office.package import Package, Relationship
from records.models import Note

Everywhere = Mapping[str, Mapping[str, Relationship]]
"""Part → the relationships that it has."""
_ACTIVE = re.compile(r"\.(exe|dll|bat|cmd|com|scr|js|vbs|ps1|msi|jar|hta)$", re.IGNORECASE)
_EMBEDDED = re.compile(r"(?:^|/)embeddings/", re.IGNORECASE)
_EQUATION = re.compile(r"equation|mathtype", re.IGNORECASE)
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MACROS = ("vbaProject", "xlMacrosheet", "xlIntlMacrosheet")
_OBJECTS = ("oleObject", "package")
_CHARTS = ("chart", "chartEx")


def programs(package: Package, folder: str, everywhere: Everywhere) -> list[Note]:
    """The notes on macros, controls, programs and embedded objects, whichever part holds them or none does; ``folder`` holds the
    package's main part. Charts' own workbooks and equations are no programs."""
    found: dict[str, str] = {}
    for name in package.names:
        low = name.lower()
        if low.endswith(("vbaproject.bin", "vbadata.xml")):
            found.setdefault("宏", name)
        elif low.startswith(f"{folder}/activex/") and low.endswith((".bin", ".xml")):
            found.setdefault("ActiveX 控件", name)
        elif _ACTIVE.search(low):
            found.setdefault("程序文件", name)
    for relation in (r for relations in everywhere.values() for r in relations.values()):
        if relation.kind in _MACROS:
            found.setdefault("宏", relation.target)
    if embedded := next(iter(_objects(package, everywhere)), ""):
        found["嵌入的对象"] = embedded
    return told(found)


def told(found: Mapping[str, str]) -> list[Note]:
    """The notes on what a file carries: kind → the first part of it."""
    return [
        Note(code="F04", message=f"文件中含有{kind}，本系统不予运行", where=name, evidence=name)
        for kind, name in sorted(found.items())
    ]


def _objects(package: Package, everywhere: Everywhere) -> list[str]:
    """The parts of embedded objects: those that some part holds as such, then those that lie where programs put them."""
    charts = {r.target for relations in everywhere.values() for r in relations.values() if r.kind in _CHARTS}
    objects: list[str] = []
    harmless: set[str] = set()
    for part, relations in everywhere.items():
        held = {
            k: r for k, r in relations.items() if r.kind in _OBJECTS and not r.external and r.target in package.names
        }
        equations = _equation_ids(package, part) if held and part not in charts else set()
        for key, relation in held.items():
            if part in charts or key in equations:
                harmless.add(relation.target)
            else:
                objects.append(relation.target)
    return objects + [n for n in package.names if _EMBEDDED.search(n) and n not in harmless]


def _equation_ids(package: Package, part: str) -> set[str]:
    """The relationships of a part that lead to equations."""
    try:
        root = package.xml(part)
    except Unreadable:  # a drawing of old, which need be no XML
        return set()
    nodes = root.iter("{*}OLEObject", "{*}oleObject") if root is not None else ()
    return {n.get(_ID, "") for n in nodes if _EQUATION.search(n.get("ProgID") or n.get("progId") or "")}
