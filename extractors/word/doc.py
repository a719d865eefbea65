"""Word 97-2003 files (.doc, .dot, and the .wps and .wpt of WPS Writer) → Document. They are read, never run.

Read here directly, in a hundredth of the time LibreOffice needs to start, which is the second route: for what cannot be
read this way, and for what was read with doubt, where it is installed.
"""

from __future__ import annotations

import io
import re
import struct

import olefile

from extractors.document.errors import Protected, Unreadable
from extractors.document.model import Document
from extractors.word.binary import fib
from extractors.word.binary.convert import convert
from extractors.word.binary.pieces import Word97
from extractors.word.second_opinion import links, read_by_libreoffice, settle
from records.models import Note

_OF_AN_OBJECT = 3
"""Steps of the path of an object's stream: ObjectPool, its storage, the stream."""
_STTB_LEAST = 8
"""Bytes of a string table that holds anything: its head and the length of one string ([MS-DOC] 2.2.4)."""
_LOCKED = "文件设有密码，无法读取；请去除密码后重新报送"
_DAMAGE = (struct.error, IndexError, ValueError, KeyError, OverflowError)
_EQUATION = re.compile(rb"e\0?q\0?u\0?a\0?t\0?i\0?o\0?n|m\0?a\0?t\0?h\0?t\0?y\0?p\0?e", re.IGNORECASE)


class _Older(Exception):
    """The format of Word 6 or 95, which only LibreOffice reads."""


def read_doc(data: bytes) -> Document:
    """Read a Word 97-2003 file. Raises Protected where it is encrypted, Unreadable where it is damaged and LibreOffice
    does not read it either, Unavailable where it is older than Word 97 and LibreOffice is not installed."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {"/".join(path): path for path in ole.listdir()}
            notes = _notes(ole, streams)
            word = _open(ole)
            converted = convert(word)
            template = _template(word)
    except Unreadable:
        raise
    except _Older as error:
        return read_by_libreoffice(data, "doc-95", error=error)
    except (*_DAMAGE, OSError, AttributeError, TypeError, RecursionError) as error:
        return read_by_libreoffice(data, "doc", "文件已损坏，无法读取", error)
    return settle(data, "doc", converted, notes + links(converted.codes, template))


def _open(ole: olefile.OleFileIO) -> Word97:
    main = ole.openstream("WordDocument").read()  # in any case
    magic, version = struct.unpack_from("<HH", main, 0)
    flags = struct.unpack_from("<H", main, 10)[0]
    if magic != fib.MAGIC or version < fib.WORD_97:
        raise _Older
    if flags & fib.ENCRYPTED:
        raise Protected(_LOCKED)
    table = "1Table" if flags & fib.TABLE_1 else "0Table"
    rest = ole.openstream("Data").read() if ole.exists("Data") else b""
    return Word97.load(main, ole.openstream(table).read(), rest)


# ---------------------------------------------------------------------------------------------------- what was noticed
def _notes(ole: olefile.OleFileIO, streams: dict[str, list[str]]) -> list[Note]:
    """Macros and embedded objects (rule F04); equations are neither."""
    found: dict[str, str] = {}
    objects: dict[str, list[str]] = {}
    for name, path in streams.items():
        low = name.lower()
        if low.endswith(("/vba/dir", "_vba_project")) or low == "macros/project":
            found.setdefault("宏", path[0])
        elif path[0] == "ObjectPool" and len(path) >= _OF_AN_OBJECT:
            objects.setdefault(path[1], []).append(name)
    for storage, names in objects.items():
        kinds = [n for n in names if n.endswith(("\x01CompObj", "\x03OCXNAME"))]
        about = b"".join(ole.openstream(streams[n]).read(4096) for n in kinds)
        if not _EQUATION.search(about):
            found.setdefault("嵌入的对象", f"ObjectPool/{storage}")
    return [
        Note(code="F04", message=f"文件中含有{kind}，本系统不予运行", where=where, evidence=where)
        for kind, where in sorted(found.items())
    ]


def _template(word: Word97) -> str:
    """The path of the attached template (SttbfAssoc); "" where the file names none."""
    raw = word.part(fib.ASSOCIATED)
    if len(raw) < _STTB_LEAST or raw[:2] != b"\xff\xff":
        return ""
    at, names = 6, []
    for _ in range(2):
        size = struct.unpack_from("<H", raw, at)[0] if at + 2 <= len(raw) else 0
        names.append(raw[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "replace"))
        at += 2 + 2 * size
    return names[1]
