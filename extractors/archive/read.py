"""Archives (zip, 7z, rar, tar) opened in memory, nested ones too, none of their contents trusted (rule F09).

Every limit is checked against the declared sizes before anything is unpacked, and again against what really comes out,
since a declared size may lie. Nothing is written to a path that an archive names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.archive.limits import DAMAGED, Budget, Limits
from extractors.archive.openers import OPENERS
from extractors.document.errors import NotRead, Unreadable, Unsafe, one_document
from extractors.formats import sniff
from records.models import ARCHIVES

__all__ = ["Limits", "Member", "open_archive"]

_JUNK = re.compile(
    r"(?:^|/)(?:__MACOSX(?:/|$)|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$|~\$[^/]*$|\.~lock[^/]*$|~WRL\d+\.tmp$"
    r"|[^/]*\.(?:part|crdownload|tmp)$)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Member:
    """A file of an archive. ``path`` uses "/"; in a nested archive ``inner.zip!/b.docx``. ``error`` says why a nested
    archive (whose bytes are then ``data``) could not be opened, or why a member could not be unpacked (``data`` is then as
    it was packed). ``passed_over`` is why the file is of no concern (system files); its ``data`` is then empty."""

    path: str
    data: bytes
    error: NotRead | None = None
    passed_over: str = ""


def open_archive(data: bytes, name: str = "", limits: Limits | None = None) -> list[Member]:
    """Every file of an archive, sorted by path, nested archives opened in place.

    System files (``__MACOSX``, ``Thumbs.db`` …) are listed with ``passed_over`` set. A nested archive that is damaged
    or locked is a member with ``error`` set. Raises Unsafe (F09) where a limit is broken or a path leads out, Protected
    (F02) where the archive is locked, Unreadable (F01) where it is damaged, Unavailable where this machine cannot unpack it.
    """
    return _open(data, name, Budget(limits or Limits()), 1)


def _open(data: bytes, name: str, budget: Budget, depth: int) -> list[Member]:
    form = sniff(data, name).format
    opener = OPENERS.get(form)
    if opener is None:
        raise Unreadable(DAMAGED)
    if depth > budget.limits.depth:
        raise Unsafe(f"压缩包嵌套过深（超过{budget.limits.depth}层），未予打开；请解开内层压缩包后重新报送")
    members: list[Member] = []
    taken: set[str] = set()
    with one_document():
        for raw, content, error in opener(data, budget):
            path = _unique(raw, taken)
            if _JUNK.search(path):
                members.append(Member(path, b"", passed_over="系统或临时文件"))
            elif error is None and sniff(content, path).format in ARCHIVES:
                members.extend(_nested(path, content, budget, depth))
            else:
                members.append(Member(path, content, error=error))
    return sorted(members, key=lambda m: m.path)


def _nested(path: str, content: bytes, budget: Budget, depth: int) -> list[Member]:
    try:
        inner = _open(content, path, budget, depth + 1)
    except Unsafe:
        raise
    except NotRead as error:
        return [Member(path, content, error=error)]
    for member in inner:
        member.path = f"{path}!/{member.path}"
    return inner


def _unique(path: str, taken: set[str]) -> str:
    """Two members may carry one name: both are kept."""
    found, number = path, 2
    while found.casefold() in taken:
        stem, dot, suffix = path.rpartition(".")
        found = f"{stem}({number}).{suffix}" if dot and "/" not in suffix else f"{path}({number})"
        number += 1
    taken.add(found.casefold())
    return found
