"""The control words of RTF and what each of them does to the reader; an RTF document → WordprocessingML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.word.binary.properties import ParaProps
from extractors.word.markup import Converted, Look
from extractors.word.names import OUTLINE_LEVELS
from extractors.word.rtf.model import CODE_PAGES
from extractors.word.rtf.reader import Reader


def _set(where: str, name: str, value: Callable[[int | None], object]) -> Callable[[Reader, int | None], None]:
    """A word that sets ``name`` of what ``where`` leads to from the reader ("" is the reader itself)."""

    def put(reader: Reader, number: int | None) -> None:
        owner: object = reader
        for step in where.split("."):
            owner = getattr(owner, step) if step else owner
        setattr(owner, name, value(number))

    return put


def _on(number: int | None) -> bool:
    return number != 0


def _number(number: int | None) -> int:
    return number or 0


def _font(reader: Reader, number: int | None) -> None:
    reader.group.font = number or 0


def _charset(reader: Reader, number: int | None) -> None:
    if reader.group.dest == "fonttbl":
        reader.fonts[reader.group.font] = "", number or 0


def _plain_look(reader: Reader, _: int | None) -> None:
    reader.group.look, reader.group.font = Look(), reader.default_font


def _style(reader: Reader, number: int | None) -> None:
    reader.group.style = number or 0
    if reader.group.dest == "text":
        reader.group.para.outline = reader.outlines.get(number or 0, OUTLINE_LEVELS)


def _outline(reader: Reader, number: int | None) -> None:
    if reader.group.dest == "stylesheet":
        reader.outlines[reader.group.style] = number or 0
    else:
        reader.group.para.outline = number or 0


def _unicode_variant(reader: Reader, _: int | None) -> None:
    """The better one of two spellings of a text, the first of which was skipped."""
    if len(reader.groups) > 1:
        reader.group.dest = reader.groups[-2].dest


def _default_font(reader: Reader, number: int | None) -> None:
    reader.default_font = reader.group.font = number or 0


def _to(dest: str) -> Callable[[Reader, int | None], None]:
    def put(reader: Reader, _: int | None) -> None:
        reader.group.dest = dest

    return put


_WORDS: dict[str, Callable[[Reader, int | None], None]] = {
    "ansicpg": _set("", "codec", lambda n: CODE_PAGES.get(n or 0, "cp1252")),
    "deff": _default_font,
    "f": _font,
    "fcharset": _charset,
    "uc": _set("group", "skip", _number),
    "plain": _plain_look,
    "v": _set("group.look", "hidden", _on),
    "deleted": _set("group.look", "deleted", _on),
    "strike": _set("group.look", "struck", _on),
    "striked": _set("group.look", "struck", _on),
    "highlight": _set("group.look", "lit", _on),
    "b": _set("group.look", "stressed", _on),
    "ul": _set("group.look", "stressed", _on),
    "ulnone": _set("group.look", "stressed", lambda _: False),
    "super": _set("group.look", "raised", _on),
    "nosupersub": _set("group.look", "raised", lambda _: False),
    "sub": _set("group.look", "raised", lambda _: False),
    "revised": _set("group.look", "inserted", _on),
    "pard": _set("group", "para", lambda _: ParaProps()),
    "intbl": _set("group.para", "in_table", _on),
    "itap": _set("group.para", "depth", _number),
    "outlinelevel": _outline,
    "s": _style,
    "stylesheet": _to("stylesheet"),
    "par": Reader.par,
    "sect": Reader.sect,
    "cell": Reader.cell,
    "nestcell": Reader.nestcell,
    "row": Reader.row,
    "nestrow": Reader.nestrow,
    "trowd": Reader.trowd,
    "cellx": Reader.cellx,
    "trleft": _set("definition", "gap", _number),
    "trhdr": _set("definition", "header", _on),
    "clmrg": _set("last_cell", "merged", _on),
    "clvmgf": _set("last_cell", "starts", _on),
    "clvmrg": _set("last_cell", "below", _on),
    "nesttableprops": _set("group", "nest", lambda _: True),
    "field": Reader.field,
    "fldinst": Reader.fldinst,
    "fldrslt": Reader.fldrslt,
    "fftype": _set("form", "kind", _number),
    "ffres": _set("form", "result", _number),
    "ffdefres": _set("form", "default", _number),
    "pict": Reader.pict,
    "shpinst": _to("shape"),
    "sp": _to("shape"),
    "fonttbl": _to("fonttbl"),
    "shppict": lambda *_: None,
    "ud": _unicode_variant,
}
_WANTED: dict[str, Callable[[Reader, str], None]] = {
    "formfield": Reader.end_form,
    "ffl": Reader.end_entry,
    "listtext": Reader.end_label,
    "pntext": Reader.end_label,
    "objclass": Reader.end_class,
    "template": Reader.end_template,
}


@dataclass(frozen=True, slots=True)
class Rtf:
    """An RTF document put into Word's words. ``objects`` counts embedded programs' data, equations excepted; ``template``
    is the path of the attached template."""

    converted: Converted
    objects: int
    template: str


def convert(data: bytes) -> Rtf:
    """An RTF document as a Word package. Raises Unreadable where its groups are nested beyond reason."""
    reader = Reader(words=_WORDS, wanted=_WANTED)
    return Rtf(reader.read(data), reader.objects, reader.template)
