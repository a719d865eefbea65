"""From bytes to readings: what a file is, which reader reads it, which files of an archive are one application.

A file that cannot be read gives a Reading of form "unknown" whose note says why (F01, F02, F09; UNREAD where this
installation lacks a part); it is never an exception, and never nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from catalog.models import Catalog
from extractors.archive.applications import Probe, group_members
from extractors.document.errors import NotRead, Protected, Unreadable, one_document
from extractors.document.model import Document
from extractors.fitting.fit import fit_each
from extractors.formats import Sniffed, reader_of, sniff
from extractors.own import own_output
from extractors.together import (
    Keep,
    Opened,
    alone,
    assemble,
    format_name,
    not_read,
    part_data,
    part_path,
    probed,
    source_of,
)
from records.models import ARCHIVES, Note, Reading, Record, Source

if TYPE_CHECKING:
    from extractors.archive.read import Member

_SYSTEM = re.compile(r"(?:^|/)__MACOSX(?=/)", re.IGNORECASE)
MAX_BYTES = 500 * 1024 * 1024


Before = Callable[[str], str]
"""Told of each file of several (by the path to show) before it is opened, and of each page that is a picture (the path,
NUL, its number): gives why the file must not be opened, "" where it may. For those who watch how long each takes."""


def read_document(
    data: bytes, name: str, kind: Sniffed | None = None, page: Callable[[int], object] | None = None
) -> Document:
    """The Document of one file that is no archive; ``kind`` where it is known already; ``page`` is told the number of each
    page that is a picture before it is read. Raises Unreadable, Unavailable."""
    kind = kind or sniff(data, name)
    document = _read(data, kind, page)
    note = kind.note()
    if note is not None:
        document.notes.insert(0, note)
    return document


def _pages(shown: str, before: Before | None) -> Callable[[int], object] | None:
    return None if before is None else lambda number: before(f"{shown}\0{number}")


def refuse_size(size: int) -> None:
    """Raises Unreadable where a file of ``size`` bytes is too large to be opened."""
    if size > MAX_BYTES:
        raise Unreadable(f"文件超过{MAX_BYTES // 1048576} MB，未予打开；请压缩图片后重新报送")


def _read(data: bytes, kind: Sniffed, page: Callable[[int], object] | None) -> Document:
    if kind.format == "encrypted":
        raise Protected("文件设有打开密码，无法读取；请去除密码后重新报送")
    if kind.format == "empty":
        raise Unreadable("文件是空的（0 字节）；请核对后重新报送")
    if kind.format == "pdf":
        return _read_pdf(data, page)
    reader = reader_of(kind.format)
    if reader is None:
        raise Unreadable(f"不是可以受理的文件类型（{kind.kind}）；请提交 Word 文档、PDF 或扫描件")
    return reader(data)


def _read_pdf(data: bytes, page: Callable[[int], object] | None) -> Document:
    from extractors.page.picture import Picture
    from extractors.pdf.read import read_pdf

    def read_picture(image: object, number: int) -> Picture:
        from extractors.scan.read import read_page  # loads the models: only for pages that are pictures

        if page is not None:
            page(number)
        return read_page(image, number)

    document = read_pdf(data, read_picture)
    if document.by_ocr:
        document.format = "scan"
    return document


Aside = Callable[[str, str], None]
"""Told the path of each file that this program wrote itself or that belongs to another notice, and that in Chinese: it gets
no reading. Where nobody wants to be told, such a file is read like any other."""


def read_bytes(
    data: bytes,
    catalog: Catalog,
    name: str,
    *,
    keep: Keep | None = None,
    aside: Aside | None = None,
    before: Before | None = None,
) -> list[Reading]:
    """One Reading a document: one for a file, one an application for an archive. ``name`` is the path to show (below
    the inbox)."""
    kind = sniff(data, name)
    if kind.format in ARCHIVES:
        return _read_archive(data, catalog, name, kind, keep, aside, before)
    if aside is not None and (why := own_output(data, kind, name)):
        aside(name, why)
        return []
    return _read_file(data, catalog, name, kind, keep, aside, before)


def read_folder(
    files: Mapping[str, bytes],
    catalog: Catalog,
    *,
    keep: Keep | None = None,
    aside: Aside | None = None,
    before: Before | None = None,
) -> list[Reading]:
    """The files of one folder, by the path to show: an application may lie in several of them.

    One Reading an application, under the path of its first part, its other parts and annexes named in it; files that
    belong to no application are read one by one, archives too.
    """
    files = _others(files, aside)
    archives = {p for p, data in files.items() if sniff(data, p).format in ARCHIVES}
    opened, parts = _open_members({p: files[p] for p in sorted(files) if p not in archives}, catalog, before)
    files = {**files, **parts}
    foreign = _taken_out(opened)
    readings = _told_of(foreign, lambda path: source_of(files[path], path, "", None), aside)
    placed: set[str] = set()
    for application in group_members(o.probe for o in opened.values()):
        if application.parts:
            placed |= {p for p in (*application.parts, *application.annexes) if not opened[p].must_be_told}
            held_in = application.path.rpartition("!/")[0] if application.path in parts else None
            source = source_of(files[application.path], application.path, "", held_in)
            readings.append(assemble(application, opened, source, catalog, keep))
    for path, data in sorted(files.items()):
        if path in archives:
            readings += read_bytes(data, catalog, path, keep=keep, aside=aside, before=before)
        elif path not in placed and path not in foreign:
            readings.append(alone(opened[path], source_of(data, path, "", None), keep))
    return sorted(readings, key=lambda r: r.record.source.path)


def _taken_out(opened: dict[str, Opened]) -> dict[str, Opened]:
    """Take the files that belong to other notices out of ``opened``: they are no part and no annex of an application."""
    return {path: opened.pop(path) for path in list(opened) if opened[path].elsewhere}


def _told_of(
    foreign: Mapping[str, Opened], source: Callable[[str], Source], aside: Aside | None, below: str = ""
) -> list[Reading]:
    """Tell ``aside`` of each; where nobody wants to be told, the readings that say so."""
    if aside is None:
        return [alone(file, source(path), None) for path, file in foreign.items()]
    for path, file in foreign.items():
        aside(below + path, file.elsewhere)
    return []


def _others(files: Mapping[str, bytes], aside: Aside | None, below: str = "") -> dict[str, bytes]:
    """The files that are not our own, by path; of those that are, ``aside`` is told."""
    found = dict(files)
    if aside is None:
        return found
    for path, data in files.items():
        if why := own_output(data, sniff(data, path), path):
            aside(below + path, why)
            del found[path]
    return found


def _open_members(
    contents: Mapping[str, bytes], catalog: Catalog, before: Before | None, above: str = ""
) -> tuple[dict[str, Opened], dict[str, bytes]]:
    """The files by path, opened; a file that holds several applications is as many, with bytes of their own. ``before``
    is told of each below ``above``."""
    opened: dict[str, Opened] = {}
    parts: dict[str, bytes] = {}
    for path, data in contents.items():
        try:
            if before is not None and (why_not := before(above + path)):
                raise Unreadable(why_not)
            with one_document():
                document = read_document(data, PurePosixPath(path).name, page=_pages(above + path, before))
                each = list(fit_each(document, catalog, Source(path=path, sha256="", format=document.format)))
                for number, (part, reading) in enumerate(each, 1):
                    own = path if number == 1 else part_path(path, number, reading.record, catalog)
                    opened[own] = probed(own, part, reading, catalog)
                    if number > 1:
                        parts[own] = part_data(data, own)
        except NotRead as error:
            opened[path] = Opened(Probe(path), format_name(sniff(data, path)), error=error)
    return opened, parts


def _read_file(
    data: bytes,
    catalog: Catalog,
    name: str,
    kind: Sniffed,
    keep: Keep | None,
    aside: Aside | None,
    before: Before | None,
) -> list[Reading]:
    try:
        with one_document():
            document = read_document(data, name, kind, _pages(name, before))
            each = list(fit_each(document, catalog, source_of(data, name, document.format, None, document.pages)))
            for number, (part, reading) in enumerate(each, 1):
                if number > 1:
                    path = part_path(name, number, reading.record, catalog)
                    reading.record.source = source_of(
                        part_data(data, path), path, document.format, name, document.pages
                    )
                if keep is not None and not reading.elsewhere:
                    keep(reading.record.source.path, part)
    except NotRead as error:
        return [not_read(source_of(data, name, format_name(kind), None), error)]
    if aside is not None and (elsewhere := each[0][1].elsewhere):
        aside(name, elsewhere)
        return []
    return [reading for _, reading in each]


def _read_archive(
    data: bytes,
    catalog: Catalog,
    name: str,
    kind: Sniffed,
    keep: Keep | None,
    aside: Aside | None,
    before: Before | None,
) -> list[Reading]:
    from extractors.archive.read import open_archive

    whole = source_of(data, name, kind.format, None)
    try:
        members = open_archive(data, name)
    except NotRead as error:
        return [not_read(whole, error)]
    if not members:
        return [not_read(whole, Unreadable("压缩包是空的，里面没有文件；请核对后重新报送"))]
    _told_of_system_files(members, name, aside)
    sound = {m.path: m.data for m in members if not m.passed_over and m.error is None}
    ours = sound.keys() - (sound := _others(sound, aside, f"{name}!/")).keys()
    contents = {m.path: m.data for m in members if not m.passed_over and m.path not in ours}
    if ours and not contents and aside is not None:
        aside(name, "压缩包中都是本程序写出的文件，不是申报材料")
        return []
    opened, parts = _open_members(sound, catalog, before, f"{name}!/")
    contents |= parts
    opened |= {
        m.path: Opened(Probe(m.path), sniff(m.data, m.path).format, error=m.error)
        for m in members
        if not m.passed_over and m.error is not None
    }
    foreign = _taken_out(opened)
    applications = [a for a in group_members(o.probe for o in opened.values()) if a.parts]

    def member(path: str) -> Source:
        return source_of(contents[path], f"{name}!/{path}", "", name)

    placed = {p for a in applications for p in (*a.parts, *a.annexes)}
    failed = [
        alone(o, member(p), keep)
        for p in contents
        if p not in foreign and ((o := opened[p]).must_be_told or (o.error is not None and p not in placed))
    ]
    if foreign and not applications and not failed and aside is not None:
        aside(name, f"压缩包中的材料{next(iter(foreign.values())).elsewhere}")
        return []
    failed += _told_of(foreign, member, aside, f"{name}!/")
    if not applications:
        note = Note(code="F06", message="压缩包中没有本通知的申报书或推荐汇总表")
        return failed or [Reading(record=Record(source=whole, notes=[note]), annexes=sorted(contents))]
    only_one = len(applications) == 1
    readings = [assemble(a, opened, whole if only_one else member(a.path), catalog, keep) for a in applications]
    if (misnamed := kind.note()) is not None:
        readings[0].record.notes.insert(0, misnamed)  # of the archive: once, however many applications it holds
    return readings + failed


def _told_of_system_files(members: list[Member], name: str, aside: Aside | None) -> None:
    """Tell ``aside`` of the files of an archive that are of no concern, of a folder of the system's once."""
    if aside is None:
        return
    found = {
        m.path[: end[0].end()] if (end := list(_SYSTEM.finditer(m.path))) else m.path: m
        for m in members
        if m.passed_over
    }
    for path, member in found.items():
        aside(f"{name}!/{path}", member.passed_over)
