"""Radicals and compatibility ideographs that programs write for the characters people mean: ⽰例 is 示例.

Texts copied from PDF files hold them, and fonts name them for characters that look the same. Each stands for one character, so
places in a text stay what they are.
"""

from __future__ import annotations

import re
import struct
import unicodedata

from extractors.document.model import Document, Paragraph

_RADICALS = dict(
    zip(
        "⺁⺃⺄⺅⺇⺈⺉⺋⺌⺍⺏⺐⺑⺒⺓⺔⺖⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺨⺩⺫⺬⺭⺮⺯⺰⺱⺲⺵⺶⺷⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻭⻮⻯⻰⻲⻳",
        "厂乚乙亻几刀刂㔾小小尣尢尣巳幺彑忄扌攵旡日月歹母民氵水灬爪爫丬犭王目示礻竹糸纟罓网网羊羊耂肀聿月臼艹艹艹虎衤覀西见角讠贝车辶辶辶钅長镸长门阝青韦页风飞食饣首马骨鬼鱼鸟卤麦黄黾齐歯齿竜龙亀龟",
        strict=True,
    )
)
"""CJK radicals that NFKC leaves alone and the characters people write (Unicode's EquivalentUnifiedIdeograph)."""
_MEANT = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def meant(text: str) -> str:
    """``text`` with the characters people mean."""
    return _MEANT.sub(lambda found: _common(found[0]), text)


def _common(char: str) -> str:
    known = unicodedata.normalize("NFKC", _RADICALS.get(char, char))
    return known if len(known) == 1 else char


def beyond_basic(lead: tuple[int, float, float], trail: tuple[int, float, float]) -> str:
    """The character that a program gives as two at one place, the halves of its code in UTF-16 (code and place each); "" where they
    are none. Letters of formulas (𝑓) are the letters that people write."""
    if lead[1:] != trail[1:]:
        return ""
    try:
        char = struct.pack("<2H", lead[0], trail[0]).decode("utf-16-le")
    except UnicodeDecodeError:
        return ""
    return _common(char) if len(char) == 1 else ""


def read_as_meant(document: Document, text: str | None = None) -> None:
    """Put the characters people mean into every text of ``document``. ``text``: all of its body, where that is at hand."""
    body = "\n".join(document.texts()) if text is None else text
    if any(_MEANT.search(p.text) for p in document.aside) or _MEANT.search(body):
        for block in (*document.blocks, *document.aside):
            if isinstance(block, Paragraph):
                block.text, block.numbering = meant(block.text), meant(block.numbering)
        for table in document.tables():
            for cell in table.cells:
                cell.text = meant(cell.text)
