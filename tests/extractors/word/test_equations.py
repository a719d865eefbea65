"""EQ fields: what Word draws from a code, an argument ending at its own bracket."""

from __future__ import annotations

import pytest

from extractors.word.fields.equations import drawn
from tests.extractors.word.test_docx import read, texts


def _field(code: str, behind: str = "是 □否") -> str:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "end"))
    held = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    return f"<w:p>{begin}{held}{end}<w:r><w:t>{behind}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (r"EQ \o\ac(□,√)", "☑是 □否"),
        (r"eq \o\al(□；\s\up 2(√))", "☑是 □否"),
        (r"EQ \o\ac(○,是)", "☑是是 □否"),
        (r"EQ \o\ac(○,密)", "密是 □否"),
        (r"EQ \o\ac(○,(1))", "(1)是 □否"),
        (r"EQ \o(\s\up 5(a),\s\do 5(b))", "b是 □否"),
        (r"EQ \f(1,2)", "1/2是 □否"),
        (r"EQ \f(投入(万元),产出\,合计)", "投入(万元)/产出,合计是 □否"),
        (r"EQ \r(3,x+1)", "3√x+1是 □否"),
        (r"EQ \b\lc\{(\f(a,b))", "a/b是 □否"),
        (r"EQ \x(甲)", "甲是 □否"),
        (r'EQ \* jc0 \* "Font:Times New Roman" \* hps24 \o\ad(\s\up 11(zì),自)', "自是 □否"),
        (r"REF _Ref1 \h", "是 □否"),
    ],
)
def test_what_an_equation_shows(code: str, text: str) -> None:
    assert texts(read(_field(code))) == [text]


def test_codes_that_are_cut_off_or_crafted_end() -> None:
    assert drawn(r"EQ \f(1,") is not None
    for code in (
        "(" * 20_000,
        r"\o(" * 5_000,
        r"\f\al" * 5_000,
        "\\o\\ac" + " " * 20_000,
        "\\* " * 9_000,
        '\\* "' * 9_000,
    ):
        assert drawn(f"EQ {code}") is not None
    assert drawn("EQUIPMENT") is None
