"""How what this program wrote is known again, wherever somebody drops it: a mark in its properties, and for a table that an
office may fill in and send back, a digest of what was written in it."""

from __future__ import annotations

import hashlib
import html
import re

MARK = "shenbao.output/1"
"""Stands among the keywords of every Word file and workbook, and in the head of every page."""
REPORT, WORKBOOK, DRAFT = "report", "workbook", "draft"
"""What is marked: what people read (reports, letters), what they work in, and the 推荐汇总表, which an office may make its own
by changing it. In ASCII: old formats keep keywords in whatever encoding their writer uses."""
MISPLACED = "其中写有意见的，请放进输出目录中该推荐单位的文件夹，意见才会收入"
"""What is said of a workbook that lies where nobody reads what people wrote into it."""

_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</(?:\w+:)?t>")
_KEYWORDS = re.compile(rf"{re.escape(MARK)}[,;\s]+([a-z]+)(?:[,;\s]+([0-9a-f]{{16}})\b)?")


def mark(what: str, digest: str = "") -> str:
    """The keywords of an output: ``what`` it is, and for :data:`DRAFT` the digest of its text."""
    return " ".join(part for part in (MARK, what, digest) if part)


def marked(keywords: str) -> tuple[str, str] | None:
    """(what, digest) from a file's keywords; None where they are not ours."""
    found = _KEYWORDS.search(keywords)
    return (found[1], found[2] or "") if found else None


def text_digest(body: bytes) -> str:
    """A digest of the text of a Word file's main part (XML), which saving it anew does not change: without white space and
    without regard to how it is divided into runs."""
    text = html.unescape(b"".join(_TEXT.findall(body)).decode("utf-8", "replace"))
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]
