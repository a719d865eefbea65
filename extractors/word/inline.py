"""What stands in a paragraph of WordprocessingML: runs, fields, controls, drawings, changes (ISO/IEC 29500-1 §17.3).

Read as a person sees it with all changes accepted: insertions are text, deletions are not; of an alternate content the
first choice; of a field its cached result; of ruby its base; of a content control what it shows, unless that is Word's
grey prompt. Hidden text and prompts are kept apart (:attr:`Inline.hidden`), never mixed into values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from extractors.document.model import TICKED, UNTICKED, Paragraph
from extractors.document.symbols import is_symbol_font, symbol, translate
from extractors.word.fields.results import Fields
from extractors.word.names import (
    DELETED,
    INSERTED,
    OUTLINE_LEVELS,
    PPR,
    RPR,
    RUN,
    SDT,
    SDTCONTENT,
    SDTPR,
    SYM,
    TCPR,
    VAL,
    P,
    T,
    w,
)
from extractors.word.numbering import Numbering
from extractors.word.paragraphs import Text
from extractors.word.styles import Styles, is_on
from extractors.word.wrappers import ALT, chosen, shows_prompt
from records.numbers import whole

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_V = "urn:schemas-microsoft-com:vml"
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_BR, _CR, _FLDCHAR, _INSTR, _TXBX = (w(n) for n in ("br", "cr", "fldChar", "instrText", "txbxContent"))
_MATHS = frozenset((f"{{{_M}}}oMath", f"{{{_M}}}oMathPara"))
_THROUGH = frozenset(
    w(n)
    for n in (
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "customXml",
        "bdo",
        "dir",
        "fldSimple",
        "sdtContent",
        "rubyBase",
    )
)
_DRAWN = frozenset((w("drawing"), w("pict"), w("object")))
_PICTURES = frozenset((f"{{{_A}}}blip", f"{{{_V}}}imagedata"))
_SHAPES = frozenset((*(f"{{{_V}}}{n}" for n in ("oval", "roundrect", "shape", "line")), f"{{{_WPS}}}wsp"))
_CHANGED = frozenset(w(n) for n in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "cellIns", "cellDel"))
_PARAGRAPH_LOOKS = frozenset(
    w(n)
    for n in (
        "jc", "spacing", "ind", "snapToGrid", "widowControl", "keepNext", "keepLines", "textAlignment", "adjustRightInd",
        "autoSpaceDE", "autoSpaceDN", "topLinePunct", "kinsoku", "wordWrap", "overflowPunct", "contextualSpacing", "tabs",
    )
)  # fmt: skip
_NOTHING = frozenset(w(n) for n in ("proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak"))
_PSTYLE, _NUMPR, _OUTLINE, _FONTS, _VANISH, _RSTYLE, _RUBY = (
    w(n) for n in ("pStyle", "numPr", "outlineLvl", "rFonts", "vanish", "rStyle", "ruby")
)
_STRIKES = (w("strike"), w("dstrike"))
_GROUNDS = {w("highlight"): VAL, w("bdr"): VAL, w("em"): VAL, w("color"): VAL, w("shd"): w("fill")}
"""What sets characters off, and the attribute that says how."""
_STRESS = frozenset((w("b"), w("i"), w("u")))
_UNSET = frozenset(("none", "nil", "auto", "000000", "ffffff", "white", ""))
_ASCII, _HANSI, _TYPE, _NOBREAK, _RAISED = (w(n) for n in ("ascii", "hAnsi", "type", "noBreakHyphen", "vertAlign"))
_FONT, _CHAR = w("font"), w("char")
_TABS = (w("tab"), w("ptab"))
_PROMPT = re.compile(
    r"^\s*(?:单击|点击|请单击|请点击|Click|Choose an item|选择一项|选择日期|单击或点击).{0,40}$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class Inline:
    """Reads the paragraphs of one document; what it noticed on the way stands in it."""

    styles: Styles
    numbering: Numbering
    hidden: list[Paragraph] = field(default_factory=list)
    prompts: list[Paragraph] = field(default_factory=list)
    changed: bool = False
    struck: list[str] = field(default_factory=list)
    """What was struck out: a person reads it as deleted."""
    fields: Fields = field(default_factory=Fields)
    plain_runs: bool = False
    """No run of the part says anything but how it looks, and no character is of a symbol font: neither need be looked at."""
    prompting: int = 0
    """Content controls around the place being read that show their prompt."""
    _silent: int = 0

    def paragraph(self, node: etree._Element) -> Text:
        """A paragraph with its automatic number, marks and text boxes."""
        out = Text()
        hidden = False
        num: tuple[str, int] | None = None
        for first in node:
            if first.tag == PPR:
                hidden, num = self._paragraph_properties(first, out)
            break
        if num is not None and num[0] not in ("", "0"):
            label = self.numbering.label(*num)
            if label:
                out.numbering = label
                if label[0] in (TICKED, UNTICKED):
                    out.tick(label[0] == TICKED, "sym")
                else:
                    out.add(label)
        if hidden:
            self._silent += 1
            self.inline(node, out)
            self._silent -= 1
        else:
            self.inline(node, out)
        return out

    def plain_cell(self, children: list[etree._Element]) -> str | None:
        """The text of a cell of plain paragraphs, by far the commonest; None where any of it is more than that, or may not be
        read as such: a field, prompt or hidden stretch is open."""
        if not self.plain_runs or self.prompting or self._silent or self.fields.open:
            return None
        lines: list[str] = []
        for child in children:
            tag = child.tag
            if tag == P:
                text = self._plain(child)
                if text is None:
                    return None
                lines.append(text)
            elif tag != TCPR:
                return None
        return lines[0] if len(lines) == 1 else "\n".join(lines)

    def _plain(self, node: etree._Element) -> str | None:
        """The text of a paragraph of plain runs; None where it holds anything that needs care, which :meth:`paragraph` then
        reads."""
        found = ""
        for child in node:
            tag = child.tag
            if tag == RUN:
                for piece in child:
                    kind = piece.tag
                    if kind == T:
                        found += piece.text or ""
                    elif kind != RPR:
                        return None
            elif tag == PPR:
                for prop in child:
                    name = prop.tag
                    if name == RPR:
                        if any(mark.tag in _CHANGED for mark in prop):
                            return None
                    elif name == _PSTYLE:
                        if prop.get(VAL) in self.styles.telling:
                            return None
                    elif name not in _PARAGRAPH_LOOKS:
                        return None
            elif tag not in _NOTHING:
                return None
        return found

    def _paragraph_properties(self, properties: etree._Element, out: Text) -> tuple[bool, tuple[str, int] | None]:
        hidden = False
        num: tuple[str, int] | None = None
        for child in properties:
            tag = child.tag
            if tag == _PSTYLE:
                style = child.get(VAL, "")
                out.level = out.level or self.styles.levels.get(style, 0)
                hidden = style in self.styles.hidden
                out.contents = style in self.styles.contents
                num = num or self.styles.numbered.get(style)
            elif tag == _NUMPR:
                num = _number_of(child, num)
            elif tag == _OUTLINE:
                level = whole(child.get(VAL), OUTLINE_LEVELS)
                out.level = level + 1 if 0 <= level < OUTLINE_LEVELS else 0
            elif tag == RPR:
                for mark in child:
                    if mark.tag in DELETED:
                        out.joins = True
                        self.changed = True
                    elif mark.tag in INSERTED:
                        self.changed = True
            elif tag in _CHANGED:
                self.changed = True
        return hidden, num

    def inline(self, parent: etree._Element, out: Text) -> None:
        """The text of runs and of everything that wraps them."""
        for node in parent:
            tag = node.tag
            if tag == RUN:
                self._run(node, out)
            elif tag in _THROUGH:
                if tag in INSERTED:
                    self.changed = True
                self.inline(node, out)
            elif tag == SDT:
                self._inline_control(node, out)
            elif tag in DELETED:
                self.changed = True
            elif tag == ALT:
                for choice in chosen(node):
                    self.inline(choice, out)
            elif tag in _MATHS:
                self._say("".join(t.text or "" for t in node.iter(f"{{{_M}}}t")), out)

    def _run(self, run: etree._Element, out: Text) -> None:
        font: str | None = None
        hidden = struck = lit = stressed = raised = False
        style: str | None = None
        for node in run:
            tag = node.tag
            if tag == T:
                text = node.text
                if text and not (self.fields.open and self.fields.in_code):
                    if not self.plain_runs:
                        text = translate(text, font)
                    if struck and text.strip():
                        self._strike(text, out)
                        continue
                    if raised and not (self.prompting or self._hushed(hidden)):
                        out.raise_text(text)
                        continue
                    start = out.size
                    self._say(text, out, hidden, style)
                    if lit and out.size > start:
                        out.light(start)
                    if stressed and out.size > start:
                        out.stress(start)
            elif tag == RPR:
                if self.plain_runs and not self.prompting:
                    continue
                for prop in node:
                    name = prop.tag
                    if name == _FONTS:
                        found = prop.get(_ASCII) or prop.get(_HANSI)
                        font = found if is_symbol_font(found) else None
                    elif name == _VANISH:
                        hidden = is_on(prop)
                    elif name == _RSTYLE:
                        style = prop.get(VAL)
                        hidden = hidden or style in self.styles.hidden
                    elif name in _STRIKES:
                        struck = struck or is_on(prop)
                    elif name in _GROUNDS:
                        lit = lit or _is_seen(prop)
                    elif name in _STRESS:
                        stressed = stressed or (is_on(prop) and prop.get(VAL) != "none")
                    elif name == _RAISED:
                        raised = prop.get(VAL) == "superscript"
                    elif name in _CHANGED:
                        self.changed = True
            elif struck and tag == SYM:
                self._strike("", out)
            elif tag in _TABS:
                self._say("\t", out, hidden, style)
            elif tag == _BR:
                if node.get(_TYPE) not in ("page", "column"):
                    self._say("\n", out, hidden, style)
            else:
                self._rare(node, out, hidden, style)

    def _rare(self, node: etree._Element, out: Text, hidden: bool, style: str | None) -> None:
        tag = node.tag
        if tag == _FLDCHAR:
            self.fields.read(node, out, self._silent > 0)
        elif tag == _INSTR:
            self.fields.code(node.text or "")
        elif tag == SYM:
            font, code = node.get(_FONT), node.get(_CHAR, "")
            sign = symbol(int(code, 16), font) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else ""
            if sign in (TICKED, UNTICKED, "☒") and not self._hushed(hidden):
                out.tick(sign != UNTICKED, "sym")
            else:
                self._say(sign, out, hidden, style)
        elif tag == _CR:
            self._say("\n", out, hidden, style)
        elif tag == _NOBREAK:
            self._say("-", out, hidden, style)
        elif tag in _DRAWN:
            self._drawn(node, out)
        elif tag == ALT:
            for choice in chosen(node):
                for child in choice:
                    if child.tag in _DRAWN:
                        self._drawn(child, out)
                    else:
                        self._rare(child, out, hidden, style)
        elif tag == _RUBY:
            base = node.find(w("rubyBase"))
            if base is not None:
                self.inline(base, out)

    def _strike(self, text: str, out: Text) -> None:
        """Leave away what is struck out."""
        if not self._hushed(False):
            self.struck.append(text)
            out.struck = True

    def _hushed(self, hidden: bool) -> bool:
        return hidden or self._silent > 0 or (self.fields.in_code)

    def _say(self, text: str, out: Text, hidden: bool = False, style: str | None = None) -> None:
        """Put text where it belongs: into the paragraph, or apart if hidden or a prompt."""
        if not text or (self.fields.open and self.fields.in_code):
            return
        if hidden or self._silent:
            self.set_aside(text)
        elif self.prompting and (style in self.styles.placeholder or _PROMPT.match(text)):
            self.prompts.append(Paragraph(text, len(self.prompts) + 1, place="hidden"))
        else:
            out.add(text)

    def set_aside(self, text: str) -> None:
        """Text that no program shows."""
        if text.strip():
            self.hidden.append(Paragraph(text, len(self.hidden) + 1, place="hidden"))

    # ---------------------------------------------------------------------------------------------- controls, drawings
    def _inline_control(self, node: etree._Element, out: Text) -> None:
        properties, content = node.find(SDTPR), node.find(SDTCONTENT)
        box = properties.find(f"{{{_W14}}}checkbox") if properties is not None else None
        if box is not None:
            state = box.find(f"{{{_W14}}}checked")
            ticked = state is not None and state.get(f"{{{_W14}}}val", "1") not in ("0", "false")
            if not self._hushed(False):
                out.tick(ticked, "control")
            return
        if content is not None:
            with_prompt = shows_prompt(properties)
            self.prompting += with_prompt
            self.inline(content, out)
            self.prompting -= with_prompt

    def _drawn(self, node: etree._Element, out: Text) -> None:
        """Pictures and text boxes of a drawing. Text boxes follow the paragraph they are anchored in."""
        if self._hushed(False):
            return
        stack = [node]
        held, shape = (len(out.boxes), out.pictures), False
        while stack:
            here = stack.pop()
            tag = here.tag
            shape = shape or tag in _SHAPES
            if tag == _TXBX:
                out.boxes.append(here)
                continue
            if tag in _PICTURES:
                out.pictures += 1
            if tag == ALT:
                stack.extend(reversed(chosen(here)))
            else:
                stack.extend(reversed(here))
        out.ringed = out.ringed or (shape and held == (len(out.boxes), out.pictures))


def _is_seen(look: etree._Element) -> bool:
    """Whether a ground, frame or colour of characters sets them off from plain text."""
    return look.get(_GROUNDS[look.tag], "").lower() not in _UNSET


def _number_of(node: etree._Element, before: tuple[str, int] | None) -> tuple[str, int] | None:
    ref, ilvl = node.find(w("numId")), node.find(w("ilvl"))
    num = ref.get(VAL, "") if ref is not None else (before[0] if before else "")
    return num, whole(ilvl.get(VAL)) if ilvl is not None else 0
