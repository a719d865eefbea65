"""Makes the font of the charts beside it from Noto Sans CJK SC: the characters of GB 2312, without hints and layout tables.

python -m reports.charts.make_font /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
"""

from __future__ import annotations

import sys
from pathlib import Path

from reports.charts.picture import FONT

_SIGNS = "，。、；：？！“”‘’（）〔〕【】《》—…·×％%℃≥≤→"
_NAMES = {
    1: "Shenbao Sans",
    2: "Regular",
    3: "Shenbao Sans Regular",
    4: "Shenbao Sans Regular",
    6: "ShenbaoSans-Regular",
}
_LICENCE = (0, 13, 14)
"""The names that say whose it is and on what terms."""


def characters() -> set[int]:
    """ASCII, GB 2312 and the punctuation of official papers."""
    found = {*range(0x20, 0x7F), *map(ord, _SIGNS)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            found.update(map(ord, bytes((high, low)).decode("gb2312", "ignore")))
    return found


def make(source: Path, target: Path = FONT) -> None:
    """Write the font from the collection ``source`` to ``target``."""
    from fontTools import subset
    from fontTools.ttLib import TTCollection

    font = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += ["vhea", "vmtx", "VORG", "GSUB", "GPOS", "BASE", "GDEF"]
    options.name_IDs = [*_LICENCE, *_NAMES]
    one = subset.Subsetter(options)
    one.populate(unicodes=characters())
    one.subset(font)
    for record in font["name"].names:
        record.string = _NAMES.get(record.nameID, str(record))
    font.save(target)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
