"""Pages whose characters are no text: codes of fonts that the file does not explain, or explains wrongly."""

from __future__ import annotations

import re

from extractors.pdf.settings import GARBLED

_CHINESE = re.compile("[\u4e00-\u9fff]")
_COMMON = re.compile(
    "[的一是在不了有和人中大为上个国以年月日业企工制造智能设备生产管理系统数据技术项目公司质量方案实现信息]"
)
"""Of the characters of a page of any application more than a tenth are these."""
_STRANGE = re.compile("[\u0250-\u036f\u0400-\u1fff\u2c00-\u2dff\u2e80-\u2fff\u3400-\u4dbf\ua000-\ud7ff\ue000-\uf8ff]")
"""Scripts of other languages, rare Chinese characters, and codes of no meaning."""
_ACCENTED = re.compile("[\u00a1-\u024f]")


def is_garbled(text: str, unmapped: int) -> bool:
    """Whether ``text``, the characters of a page without blanks, makes no sense in any language; ``unmapped`` counts those without a code.

    Programs that print through PostScript leave bare codes; a font's numbers taken for characters are of many scripts; where the
    file explains a font wrongly, all is Chinese, but not as people write it.
    """
    shown = len(text)
    found = _CHINESE.findall(text)
    chinese = len(found)
    strange = len(_STRANGE.findall(text))
    if strange > max(GARBLED.strange, GARBLED.strange_share * shown):
        return True
    if unmapped > GARBLED.unmapped and chinese < GARBLED.chinese_share * shown:
        return unmapped + len(_ACCENTED.findall(text)) > GARBLED.accented_share * (shown + unmapped)
    return (
        chinese >= GARBLED.enough
        and len(_COMMON.findall(text)) < GARBLED.common_share * chinese
        and len(set(found)) >= GARBLED.enough
    )
