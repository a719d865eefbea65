"""An OOXML package: its parts, relationships and XML, opened without trusting any of it.

Zip packages (docx, docm, dotx, dotm, xlsx, xlsm), flat OPC (one XML file with ``pkg:part`` elements) and Strict documents
(ISO/IEC 29500 Strict namespaces, mapped onto the Transitional ones) all give the same parts.
"""

from __future__ import annotations

import base64
import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from extractors.document.errors import BROKEN_ZIP, Protected, Unreadable

PKG = "http://schemas.microsoft.com/office/2006/xmlPackage"

MAX_PART = 200 * 1024 * 1024
MAX_RATIO = 500
"""Bytes a part may inflate to, and by how much: real forms inflate up to 32 times."""
RATIO_FROM = 4 * 1024 * 1024
MAX_PARTS = 10_000
"""Parts of a package; a form with a picture on each of a thousand pages has some two thousand."""

_OPEN, _ISO = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
_STRICT = (
    (_ISO + b"officeDocument/relationships", _OPEN + b"officeDocument/2006/relationships"),
    (_ISO + b"wordprocessingml/main", _OPEN + b"wordprocessingml/2006/main"),
    (_ISO + b"spreadsheetml/main", _OPEN + b"spreadsheetml/2006/main"),
    (_ISO + b"drawingml/", _OPEN + b"drawingml/2006/"),
    (_ISO + b"officeDocument/math", _OPEN + b"officeDocument/2006/math"),
)
WORD, EXCEL = "Word", "Excel"


class Relationship(NamedTuple):
    kind: str
    """The last step of the relationship type (header, hyperlink, attachedTemplate …)."""
    target: str
    external: bool


@dataclass(slots=True)
class Package:
    """``names`` lists every part. Parts are inflated only when asked for. ``program`` is the one that a person opens it with."""

    names: list[str]
    program: str = WORD
    _zip: zipfile.ZipFile | None = None
    _flat: dict[str, bytes] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """A part's bytes. Raises Unreadable where it is damaged or inflates beyond reason."""
        if self._zip is None:
            return self._flat[name]
        try:
            info = self._zip.getinfo(name)
        except KeyError as error:  # two names that are one
            raise damaged(self.program) from error
        if info.file_size > MAX_PART or (
            info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size)
        ):
            raise Unreadable(
                f"文件内部的“{name}”展开后过大（{info.file_size // 1048576} MB），疑为恶意文件，未予打开；请重新制作后报送"
            )
        try:
            return self._zip.read(info)
        except NotImplementedError as error:
            raise damaged(self.program) from error
        except BROKEN_ZIP as error:
            raise damaged(self.program) from error
        except RuntimeError as error:  # zipfile's way of saying that a member is encrypted
            raise Protected("文件设有密码，无法读取；请去除密码后重新报送") from error

    def xml(self, name: str) -> etree._Element | None:
        """A part parsed, None where there is no such part. Raises Unreadable where it is no XML."""
        if name not in self.names:
            return None
        return parse_xml(self.read(name), self.program)

    def _named(self, target: str) -> str:
        """A part as the package names it: names that differ in case alone are one (ISO/IEC 29500-2, 6.2.2.3)."""
        if target in self.names:
            return target
        low = target.lower()
        return next((name for name in self.names if name.lower() == low), target)

    def related(self) -> list[str]:
        """The parts that have relationships, the package itself as ""."""
        owners = (name.rpartition("_rels/") for name in self.names if name.endswith(".rels"))
        return [folder + base.removesuffix(".rels") for folder, within, base in owners if within]

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Id → relationship of a part; targets as package paths, external ones as they stand."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", name + ".rels"))
        found: dict[str, Relationship] = {}
        for node in root if root is not None else ():
            if not isinstance(node.tag, str):
                continue
            external = node.get("TargetMode") == "External"
            target = node.get("Target", "")
            if not external:
                target = self._named(
                    posixpath.normpath(posixpath.join(folder, target)) if not target.startswith("/") else target[1:]
                )
            found[node.get("Id", "")] = Relationship(node.get("Type", "").rsplit("/", 1)[-1], target, external)
        return found


def damaged(program: str = WORD) -> Unreadable:
    """A file that its own program has to save anew."""
    return Unreadable(f"文件已损坏，无法打开；请用 {program} 或 WPS 打开原件另存后重新报送")


def parse_xml(data: bytes, program: str = WORD) -> etree._Element:
    """XML of a package: no DTD, no entities, no network. Raises Unreadable."""
    if b"purl.oclc.org/ooxml" in data[:8192]:
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
    if b"<!DOCTYPE" in data[:2048] or b"<!ENTITY" in data[:4096]:
        raise Unreadable("文件内部含有不允许的 XML 声明（DOCTYPE），疑为恶意文件，未予打开；请重新制作后报送")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise damaged(program) from error


def open_package(data: bytes, program: str = WORD) -> Package:
    """The package in ``data`` (zip or flat OPC). Raises Unreadable."""
    head = data[:1024].lstrip()
    if head.startswith((b"<?xml", b"<pkg:package", b"\xef\xbb\xbf<?xml")):
        return _open_flat(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*BROKEN_ZIP, NotImplementedError) as error:
        raise damaged(program) from error
    if len(archive.infolist()) > MAX_PARTS:
        raise Unreadable(f"文件由超过{MAX_PARTS}个部件组成，疑为恶意文件，未予打开；请重新制作后报送")
    for info in archive.infolist():
        if "\\" in info.filename:  # as older .NET libraries write them
            info.filename = info.filename.replace("\\", "/")
            archive.NameToInfo[info.filename] = info
    return Package(
        [i.filename for i in archive.infolist() if i.filename and not i.filename.endswith("/")], program, archive
    )


def _open_flat(data: bytes) -> Package:
    root = parse_xml(data)
    if root.tag != f"{{{PKG}}}package":
        raise Unreadable("文件不是 Word 文档（XML 内容不是 Word 的格式）；请另存为 .docx 后重新报送")
    parts: dict[str, bytes] = {}
    for part in root.iter(f"{{{PKG}}}part"):
        name = part.get(f"{{{PKG}}}name", "").lstrip("/")
        for holder in part:
            if holder.tag == f"{{{PKG}}}xmlData" and len(holder):
                parts[name] = etree.tostring(holder[0])
            elif holder.tag == f"{{{PKG}}}binaryData":
                try:
                    parts[name] = base64.b64decode(re.sub(r"\s+", "", holder.text or ""))
                except ValueError as error:
                    raise damaged() from error
    return Package(list(parts), _flat=parts)
