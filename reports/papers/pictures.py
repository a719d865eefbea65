"""Pictures in a Word file that is filled in from a template: what stands in the text, and the parts of the package."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from reports.charts.picture import Picture
from reports.safe.atomic import repack

_EMU = 36_000
"""Office's units in a millimetre."""
_A = "http://schemas.openxmlformats.org/drawingml/2006"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Placed:
    """A picture as a template's value: ``{{ 图 }}`` puts it where that stands. ``number`` from 1, one of its own in a file."""

    number: int
    picture: Picture

    @property
    def relation(self) -> str:
        return f"rIdPicture{self.number}"

    def __html__(self) -> str:
        """For jinja, which escapes everything else: the run is closed, the picture put, and a run opened again."""
        size = f'cx="{round(self.picture.width * _EMU)}" cy="{round(self.picture.height * _EMU)}"'
        about = f'id="{9000 + self.number}" name="图{self.number}" descr={quoteattr(self.picture.words)}'
        return (
            f'</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="{_A}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent {size}/><wp:docPr {about}/><a:graphic xmlns:a="{_A}/main"><a:graphicData uri="{_A}/picture">'
            f'<pic:pic xmlns:pic="{_A}/picture"><pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            f'<a:blip xmlns:r="{_RELATION}" r:embed="{self.relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
            '<w:r><w:t xml:space="preserve">'
        )


def with_pictures(data: bytes, part: str, pictures: Sequence[Placed]) -> bytes:
    """The package ``data`` with those of the pictures that its ``part`` refers to."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    used = [p for p in pictures if f'"{p.relation}"'.encode() in parts[part]]
    if not used:
        return data
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    more = ""
    for one in used:
        media = f"media/chart{one.number}.png"
        parts[f"{folder}/{media}"] = one.picture.data
        more += f'<Relationship Id="{one.relation}" Type="{_RELATION}/image" Target="{media}"/>'
    parts[relations] = parts[relations].replace(b"</Relationships>", f"{more}</Relationships>".encode())
    types = parts["[Content_Types].xml"]
    if not re.search(rb'Extension="png"', types, re.I):
        kind = b'<Default Extension="png" ContentType="image/png"/>'
        parts["[Content_Types].xml"] = re.sub(rb"(<Types\b[^>]*>)", rb"\1" + kind, types, count=1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for member, content in parts.items():
            package.writestr(member, content)
    return repack(buffer.getvalue())
