"""The words of RTF 1.9.1 by what they are, and what its reader keeps while it reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from extractors.word.binary.properties import ParaProps, TableCell
from extractors.word.binary.tables import TableStack
from extractors.word.markup import Look
from records.signs import BULLET_BOXES

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n\0]+)|[\r\n\0]+|\\", re.DOTALL
)
PLAIN = 6
"""The group of :data:`TOKEN` that is text."""
MAX_DEPTH = 500
CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254", 204: "cp1251"}
CODE_PAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8", 10008: "gb18030"}
SYMBOL_CHARSET = 2
EQUATION = re.compile(r"equation|mathtype", re.IGNORECASE)
HEADING = re.compile(r"(?<!\s)\s*+(?:heading|标题)\s*+([1-9])\s*+;", re.IGNORECASE)
BULLET = re.compile(rf"[^\w\s{BULLET_BOXES}（(〔①-⓿]")
SILENT = frozenset((
    "colortbl", "info", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "pnseclvl",
    "nonshppict", "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "mmathPr",
    "shprslt", "nonesttables", "objdata", "ffname", "ffentrymcr", "ffexitmcr", "ffhelptext", "ffstattext",
    "ffdeftext", "ffformat", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atnref", "atndate", "atnparent",
    "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "filetbl", "picprop", "background", "fldtype",
    "datafield", "upr", "pgptbl", "docvar", "userprops", "passwordhash", "xe", "tc", "tcn", "private", "panose",
    "falt",
))  # fmt: skip
"""Groups whose text is no text of the document."""
MARGINS = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header",
    "footer": "footer", "footerl": "footer", "footerr": "footer", "footerf": "footer",
}  # fmt: skip
SIGNS = {
    "tab": "<w:tab/>", "line": "<w:br/>", "page": '<w:br w:type="page"/>', "column": '<w:br w:type="column"/>',
}  # fmt: skip
CHARACTERS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
}  # fmt: skip


@dataclass(slots=True)
class Group:
    """What a group restores when it closes. ``nest`` is within the definition of a nested row."""

    dest: str = "text"
    look: Look = field(default_factory=Look)
    para: ParaProps = field(default_factory=ParaProps)
    font: int = -1
    skip: int = 1
    style: int = 0
    nest: bool = False

    def copy(self) -> Group:
        return replace(self, look=replace(self.look), para=replace(self.para))


@dataclass(slots=True)
class Story:
    """Text being gathered: the body, a note, a text box, a header. ``depth`` is that of the group that holds it."""

    kind: str
    depth: int
    stack: TableStack
    inline: list[str] = field(default_factory=list)
    rows: dict[bool, ParaProps] = field(default_factory=lambda: {False: ParaProps(), True: ParaProps()})
    cell: TableCell = field(default_factory=TableCell)


@dataclass(slots=True)
class Field:
    """An open field: the depth of its group, and where it began, so that form data can be put there."""

    depth: int
    inline: list[str]
    slot: int
    code: list[str] = field(default_factory=list)
    in_code: bool = True
    kind: int = 0
    result: int = -1
    default: int = 0
    entries: list[str] = field(default_factory=list)
