"""Fields of WordprocessingML (ISO/IEC 29500-1 §17.16): their cached results are read, their codes are not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from extractors.word.fields.equations import drawn
from extractors.word.names import VAL, w
from extractors.word.paragraphs import Text
from extractors.word.styles import is_on
from records.numbers import whole
from records.signs import OVER_A_BOX, UNTICKED

_OUTSIDE = re.compile(r"^\s*(?:INCLUDEPICTURE|INCLUDETEXT|LINK|DDE|DDEAUTO|RD)\b", re.IGNORECASE)
_OVER_A_BOX = OVER_A_BOX + "☑"
"""A field lays a ticked box over the empty one too."""
_ANSWERS = ("是", "否", "有", "无")
"""Answers that people ring: the one meant."""
_TYPE = w("fldCharType")


@dataclass(slots=True)
class Fields:
    """The fields open at a place. ``outside``: codes met that fetch text or pictures from other files (rule S03)."""

    outside: list[str] = field(default_factory=list)
    open: list[list[str] | None] = field(default_factory=list)
    """The code gathered so far, or None once the field's result has begun."""
    unclosed: bool = False
    """A field of the part has no end: what is not written as code is text."""

    @property
    def in_code(self) -> bool:
        """Whether what comes is code, not text."""
        return not self.unclosed and any(code is not None for code in self.open)

    def code(self, text: str) -> None:
        """A w:instrText."""
        if self.open and self.open[-1] is not None:
            self.open[-1].append(text)

    def read(self, node: etree._Element, out: Text, silent: bool) -> None:
        """A w:fldChar: a field begins, its result begins, or it ends. ``silent``: nothing here is shown."""
        kind = node.get(_TYPE)
        if kind == "begin":
            shown = not self.in_code and not silent
            data = node.find(w("ffData"))
            if data is not None and shown:
                _form_field(data, out)
            self.open.append([])
        elif kind == "separate" and self.open and self.open[-1] is not None:
            code = "".join(self.open[-1])
            self._note(code)
            # a drop-down's result stands in its data, and an equation is drawn from the code itself; what follows
            # the separator would repeat them, or is empty
            own = "FORMDROPDOWN" in code or "FORMCHECKBOX" in code or drawn(code) is not None
            self.open[-1] = [code] if own else None
        elif kind == "end" and self.open:
            code_left = self.open.pop()
            if code_left:
                self._note("".join(code_left))
                if not (silent or self.in_code):
                    _draw("".join(code_left), out)

    def _note(self, code: str) -> None:
        if _OUTSIDE.match(code):
            self.outside.append(code.strip())


def _draw(code: str, out: Text) -> None:
    """An EQ field, of which Word keeps no result. A tick over a box is that box ticked, and so is a ring around an answer."""
    equation = drawn(code)
    if equation is None:
        return
    ringed = len(equation.over) > 1 and equation.over[0] in UNTICKED
    if ringed and equation.over[-1] in _OVER_A_BOX:
        out.tick(True, "field")
    elif ringed and equation.over[-1] in _ANSWERS:
        out.tick(True, "field")
        out.add(equation.over[-1])
    else:
        out.add(equation.text)


def _form_field(data: etree._Element, out: Text) -> None:
    box = data.find(w("checkBox"))
    if box is not None:
        state = box.find(w("checked"))
        state = box.find(w("default")) if state is None else state
        out.tick(is_on(state), "field")
    choices = data.find(w("ddList"))
    if choices is not None:
        entries = [e.get(VAL, "") for e in choices.iterfind(w("listEntry"))]
        chosen = choices.find(w("result"))
        chosen = choices.find(w("default")) if chosen is None else chosen
        index = whole(chosen.get(VAL)) if chosen is not None else 0
        if 0 <= index < len(entries):
            out.add(entries[index])
