"""Parts of a Word package made smaller before they are parsed: what only says how text looks is left out.

Two thirds of a form's document.xml are fonts, sizes, alignments and borders, and nine tenths of many a styles.xml are table
styles; none of them changes what is read, and every element costs its parsing. What is cut is only what these modules never
look at, and only where the bytes can be cut safely: the prefix ``w`` bound once, no CDATA, no comment, no processing
instruction, so that ``<w:`` can be nothing but the start of an element.
"""

from __future__ import annotations

import re

from extractors.word.names import W

_BINDING = b"xmlns:w="
_BOUND = tuple(b"xmlns:w=" + quote + W.encode() + quote for quote in (b'"', b"'"))
_LOOKS = [
    "jc",
    "spacing",
    "ind",
    "snapToGrid",
    "widowControl",
    "keepNext",
    "keepLines",
    "textAlignment",
    "adjustRightInd",
    "autoSpaceDE",
    "autoSpaceDN",
    "topLinePunct",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "contextualSpacing",
    "pageBreakBefore",
    "tcW",
    "vAlign",
    "noWrap",
    "hideMark",
    "tcFitText",
    "shd",
    "cantSplit",
    "trHeight",
    "wAfter",
    "wBefore",
    "szCs",
    "sz",
    "bCs",
    "b",
    "iCs",
    "i",
    "color",
    "kern",
    "lang",
    "w",
    "position",
    "highlight",
    "noProof",
    "bdr",
    "u",
    "proofErr",
    "lastRenderedPageBreak",
]


def _one_of(names: list[str]) -> str:
    """A pattern for any of ``names`` that looks at each letter once: twice as fast as trying name after name."""
    by_letter: dict[str, list[str]] = {}
    for name in names:
        by_letter.setdefault(name[:1], []).append(name[1:])
    ends = "" in by_letter
    tails = [re.escape(letter) + _one_of(rest) for letter, rest in sorted(by_letter.items()) if letter]
    if not tails:
        return ""
    return f"(?:{'|'.join(tails)}){'?' if ends else ''}"


_GROUNDS = frozenset(("shd", "color", "highlight", "bdr"))
_STRESS = frozenset(("b", "i", "u"))
_LOOK, _LOOK_BUT_GROUNDS, _LOOK_BUT_STRESS = (
    re.compile(rf"<w:{_one_of([name for name in _LOOKS if name not in kept])}[ /][^>]*(?<=/)>".encode())
    for kept in (frozenset(), _GROUNDS, _GROUNDS | _STRESS)
)
_EMPTY_BOX = re.compile("□|☐|○".encode())
_RUN = re.compile(rb"<w:r[ >](?:(?!</w:r>).)*</w:r>", re.DOTALL)
_STRESSED = re.compile(rb"<w:(?:b|i)/>|<w:[biu] [^>]*w:val=[\"'](?!none|0|false|off)")
_LETTERS = re.compile(rb">[^<>]*[\xe4-\xe9][\x80-\xbf]{2}[^<>]*</w:t>")
"""A text with Chinese characters (UTF-8)."""

_SET_OFF = re.compile(
    rb"<w:(?:(?:highlight|bdr|em|color) [^>]*w:val=[\"'](?!none|nil|auto|000000|[Ff]{6}|white)"
    rb"|shd [^>]*w:fill=[\"'](?!auto|[Ff]{6}))"
)
"""Characters with a ground, a frame or a colour of their own: so options are chosen that nobody ticks."""
_BORDERS = re.compile(rb"<w:(?:tcBorders>.*?</w:tcBorders>|tcMar>.*?</w:tcMar>|tabs>.*?</w:tabs>)", re.DOTALL)
_RUNS = re.compile(rb"</w:t></w:r><w:r(?: w:rsid\w*=\"[0-9A-F]*\")*><w:t(?: xml:space=\"preserve\")?>")
"""Where a run of text ends and the next begins with nothing between: editors part a word into many."""
_HOLDERS = (b"<w:tcBorders>", b"<w:tcMar>", b"<w:tabs>")
_EMPTY = (b"<w:pPr></w:pPr>", b"<w:tcPr></w:tcPr>", b"<w:rPr></w:rPr>", b"<w:trPr></w:trPr>")
_TELLING = (b"vanish", b"ingdings", b"Webdings", b"Symbol", b"rPrChange")
"""Run properties that change what is read: hidden text, symbol fonts, changes."""
_STRUCK = re.compile(rb"strike(?:\s+[\w:]*val=[\"'](?:1|true|on)[\"'])?\s*/?>")
"""Struck out; many programs write into every run that it is not."""
_RAISED = re.compile(rb"superscript[\"']\s?/>(?:<w:[^<>]*/>)*</w:rPr><w:t[ >]")
"""A text raised above the line: of some it must be seen whether it is a note's mark."""
_UNSEEN = re.compile(
    b"\xc2\xad|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa4\xa6-\xa9]|\xef\xbb\xbf"
    b"|&#(?:173|820[3-7]|823[4-8]|828[89]|829[0-2]|829[4-7]|65279|x0*(?:ad|200[b-f]|202[a-e]|206[0-9]|feff));",
    re.IGNORECASE,
)
"""Characters of no width (:data:`records.signs.UNSEEN`) in a part as it is stored."""
_MARKS = (b"<w:ins", b"<w:del", b"<w:move")
"""Run properties of a paragraph mark that was inserted, deleted or moved."""


def _tells(part: bytes) -> bool:
    """Whether the look of some characters tells what they are: raised ones, and options that are set off."""
    return _RAISED.search(part) is not None or _stresses_options(part)


def _stresses_options(part: bytes) -> bool:
    """Whether of the words beside an empty box some are bold, italic or underlined and some are not: so an option may be chosen
    that nobody ticks."""
    at = 0
    while (box := _EMPTY_BOX.search(part, at)) is not None:
        start, end = part.rfind(b"<w:p>", at, box.start()), part.find(b"</w:p>", box.end())
        start = max(start, part.rfind(b"<w:p ", at, box.start()), at)
        at = end if end >= 0 else len(part)
        runs = [run for run in _RUN.findall(part, start, at) if _LETTERS.search(run)]
        stressed = sum(1 for run in runs if _STRESSED.search(run))
        if 0 < stressed < len(runs):
            return True
    return False


def lean_body(part: bytes, hidden_styles: bool) -> tuple[bytes, bool]:
    """A part of text without what only says how it looks, and whether its runs' properties say nothing else.

    ``hidden_styles``: some style hides text, so that the style of a run matters.
    """
    if not _safe(part):
        return part, not _tells(part) and _only_looks(part) and not hidden_styles
    bare = False
    stressed = _stresses_options(part)
    tells = stressed or _RAISED.search(part) is not None
    without, properties = _split(part, b"<w:rPr>", b"</w:rPr>")
    if without is None:
        only_looks = not tells and _only_looks(part) and not hidden_styles
    else:
        only_looks = not tells and _only_looks(properties) and not hidden_styles
        if only_looks and not any(mark in properties for mark in _MARKS) and b"showingPlcHdr" not in without:
            part, bare = without, True
    looks = _LOOK_BUT_STRESS if stressed else _LOOK_BUT_GROUNDS
    part = (_LOOK if only_looks else looks).sub(b"", part)
    if any(holder in part for holder in _HOLDERS):
        part = _BORDERS.sub(b"", part)
    for empty in _EMPTY:
        part = part.replace(empty, b"")
    return _RUNS.sub(b"", part) if bare else part, only_looks


def _only_looks(properties: bytes) -> bool:
    """Whether XML (UTF-8) holds no run property that changes what is read."""
    if b"\x00" in properties[:64] or any(word in properties for word in _TELLING):
        return False
    if _SET_OFF.search(properties) is not None:
        return False
    return b"strike" not in properties or _STRUCK.search(properties) is None


def _split(part: bytes, opened: bytes, closed: bytes) -> tuple[bytes | None, bytes]:
    """What stands outside of all elements of a name, and the different contents of these; (None, b"") where some are nested
    or written in another way."""
    first, *rest = part.split(opened)
    outside, inside = [first], set()
    for piece in rest:
        content, found, after = piece.partition(closed)
        if not found:
            return None, b""
        outside.append(after)
        inside.add(content)
    without = b"".join(outside)
    return (None, b"") if closed in without or opened[:-1] + b" " in without else (without, b" ".join(inside))


def lean_styles(part: bytes) -> bytes:
    """styles.xml without its table styles and the list of styles that it does not hold."""
    if not _safe(part):
        return part
    start, end = part.find(b"<w:latentStyles"), part.find(b"</w:latentStyles>")
    if 0 <= start < end:
        part = part[:start] + part[end + len(b"</w:latentStyles>") :]
    close = b"</w:style>"
    first, *rest = part.split(close)
    if not rest:
        return part
    # what stands before the first style comes with it; after the last one nothing but the end
    return close.join([first, *(piece for piece in rest[:-1] if not _is_table_style(piece)), rest[-1]])


def _is_table_style(piece: bytes) -> bool:
    at = piece.find(b"<w:style ")
    return at >= 0 and b'w:type="table"' in piece[at : piece.find(b">", at)]


def _safe(part: bytes) -> bool:
    bound = part.find(_BINDING)
    # One byte is found a hundred times faster than two: ? and ! are rare.
    declared = part.find(b"?>", 0, 400) + 2
    return (
        0 <= bound == part.rfind(_BINDING)
        and any(name in part[:8192] for name in _BOUND)
        # no processing instruction but the declaration
        and not (part.find(b"?", declared) >= 0 and part.count(b"?>") > 1)
        and not (b"!" in part and b"<!" in part)  # no comment, no CDATA
    )


def without_unseen(part: bytes) -> bytes:
    """A part without characters of no width, where it is UTF-8 (as all but everything is)."""
    head = part[:100].lower()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"encoding=" in head and b"utf-8" not in head):
        return part
    return _UNSEEN.sub(b"", part)
