"""The text of a web page: alone or in a single file (MHT), in whatever encoding it says or does not say."""

from __future__ import annotations

import codecs
import email
import email.message
import email.policy
import re

from extractors.document.errors import Unreadable

_MAX_HEAD = 64 * 1024
"""Bytes of the headers of a single-file page before which a blank line must stand."""
_MAX_PARTS = 4000
_UNLIKE = frozenset(
    ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape")
)
"""Codecs of Python's that no page is written in; they fail in ways of their own."""
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def page_of(data: bytes) -> bytes | None:
    """The first HTML part of a single-file web page (RFC 2557)."""
    data = data.lstrip()
    head = re.split(rb"\r?\n\r?\n", data[:_MAX_HEAD], maxsplit=1)[0]
    if len(head) == _MAX_HEAD or data.count(b"\n--") > _MAX_PARTS:
        raise Unreadable("单个文件网页的文件头过长或部件过多，疑为恶意文件，未予打开；请重新制作后报送")
    try:
        # Headers as they stand: the parsers of the newer policies descend into each bracket of them.
        parts = list(email.message_from_bytes(data, policy=email.policy.compat32).walk())
    except RecursionError as error:
        raise Unreadable("单个文件网页嵌套过深，疑为恶意文件，未予打开；请重新制作后报送") from error
    for part in parts:
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            charset = _charset_of(part)
            if isinstance(content, bytes) and content.strip():
                known = charset and not _CHARSET.search(content[:2048])
                return content.decode(_codec(charset or ""), "replace").encode() if known else content
    return None


def _charset_of(part: email.message.Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (LookupError, ValueError):  # it names an encoding for its own name, which is none
        return ""


def decode(data: bytes) -> str:
    """A page's text: by its mark, by what it says of itself, as UTF-8, as GB 18030."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _without_declaration(data.decode("utf-16", "replace"))
    told = _CHARSET.search(data[:4096])
    names = [_codec(told[1].decode("ascii"))] if told else []
    for name in [*names, "utf-8-sig", "gb18030"]:
        try:
            return _without_declaration(data.decode(name))
        except UnicodeError:
            continue
    return _without_declaration(data.decode(names[0] if names else "gb18030", "replace"))


def _without_declaration(text: str) -> str:
    # lxml refuses text that declares an encoding of its own
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1)


def _codec(name: str) -> str:
    """A Python codec for a charset; Chinese ones as the superset that pages really use."""
    if name.lower() in ("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936"):
        return "gb18030"
    try:
        b"    ".decode(name, "ignore")  # raises where it is a codec, but none of texts (hex, zlib)
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if known in _UNLIKE else known
