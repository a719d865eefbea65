"""What stands around blocks and runs without being text: content controls, alternate content, changes, custom XML."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from extractors.word.names import INSERTED, SDT, SDTCONTENT, SDTPR, TBL, P, w
from extractors.word.styles import is_on

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ALT = f"{{{_MC}}}AlternateContent"
_CHOICE, _FALLBACK = f"{{{_MC}}}Choice", f"{{{_MC}}}Fallback"
_SHOWING_PROMPT = w("showingPlcHdr")
_BLOCKS = (P, TBL)
_THROUGH = INSERTED | {w("customXml"), SDTCONTENT, w("smartTag")}


def shows_prompt(properties: etree._Element | None) -> bool:
    """Whether a content control with these properties shows its prompt, not an answer."""
    return properties is not None and is_on(properties.find(_SHOWING_PROMPT))


def chosen(node: etree._Element) -> list[etree._Element]:
    """Of an mc:AlternateContent the first choice that holds anything, else the fallback: once, never both."""
    for choice in node.iterfind(_CHOICE):
        if len(choice):
            return [choice]
    fallback = node.find(_FALLBACK)
    return [fallback] if fallback is not None else []


def blocks_below(
    parent: etree._Element, around: Callable[[etree._Element | None, int], None]
) -> Iterator[etree._Element]:
    """The paragraphs and tables below ``parent``. ``around`` is told the properties of each control that is entered (1) and
    left (-1)."""
    for node in parent:
        tag = node.tag
        if tag in _BLOCKS:
            yield node
        elif tag == SDT:
            content = node.find(SDTCONTENT)
            if content is not None:
                properties = node.find(SDTPR)
                around(properties, 1)
                yield from blocks_below(content, around)
                around(properties, -1)
        elif tag in _THROUGH:
            yield from blocks_below(node, around)
        elif tag == ALT:
            for choice in chosen(node):
                yield from blocks_below(choice, around)
