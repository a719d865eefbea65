"""Options of which none is ticked: one is set off by its ground, its frame or its colour, or the others are struck out."""

from __future__ import annotations

import pytest

from extractors.fitting.fit import fit
from extractors.read import read_document
from extractors.word.docx import read_docx
from records.models import Record, Source
from tests import forms
from tests.extractors import wordml

_BASICS = (
    ("企业名称", "上海甲公司"),
    ("环节名称", "生产作业"),
    ("场景名称", "智能协同作业"),
    ("销售增长率（%）", "12"),
)
_LIT = '<w:highlight w:val="yellow"/>'


def _run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _record(*rows: tuple[str, str]) -> Record:
    cells = [
        wordml.cell(k) + wordml.cell(v if v.startswith("<") else wordml.paragraph(v)) for k, v in (*_BASICS, *rows)
    ]
    title = wordml.paragraph("智能制造试点示范项目申报书（优秀场景）")
    document = read_docx(wordml.package(title + wordml.table(*cells, widths=(2000, 6000))))
    return fit(document, forms.CATALOG, Source(path="a.docx", sha256="0", format="docx")).record


def _sizes(*looks: str) -> str:
    names = ("大型企业", "中型企业", "小型企业", "微型企业")
    return f"<w:p>{''.join(_run('□') + _run(n, k) for n, k in zip(names, looks, strict=True))}</w:p>"


@pytest.mark.parametrize(
    "look",
    [
        _LIT,
        '<w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/>',
        '<w:bdr w:val="single" w:sz="4" w:space="0" w:color="auto"/>',
        '<w:color w:val="FF0000"/>',
        "<w:em w:val='dot'/>",
        "<w:b/>",
        '<w:u w:val="single"/>',
    ],
)
def test_the_option_that_is_set_off_is_the_one_meant_and_never_certain(look: str) -> None:
    found = _record(("企业类型", _sizes("", look, "", ""))).fields["size"]
    assert (found.value, found.doubts) == ("中型企业", ("chosen_by_look",))


def test_a_yes_or_no_is_told_by_its_ground_with_the_name_behind_it() -> None:
    said = f"<w:p>{_run('□是（事故名称：甲事故）', _LIT)}{_run('  □否')}</w:p>"
    fields = _record(("企业近三年是否发生过重大安全生产事故、重大环境事故", said)).fields
    assert fields["had_major_accident"].value is True
    assert not fields["had_major_accident"].certain
    assert fields["accident_name"].value == "甲事故"


def test_a_look_that_all_options_share_says_nothing() -> None:
    found = _record(("企业类型", _sizes(_LIT, _LIT, _LIT, _LIT))).fields["size"]
    assert (found.value, found.certain) == (None, True)


def test_an_option_that_is_lit_among_bold_ones_is_the_one_meant() -> None:
    found = _record(("企业类型", _sizes("<w:b/>", "<w:b/>" + _LIT, "<w:b/>", "<w:b/>"))).fields["size"]
    assert (found.value, found.doubts) == ("中型企业", ("chosen_by_look",))


def test_a_line_beneath_the_blank_for_a_name_says_nothing_of_the_answer() -> None:
    beneath = '<w:u w:val="single"/>'
    said = f"<w:p>{_run('□是（事故名称：')}{_run('      ', beneath)}{_run('） □否')}</w:p>"
    found = _record(("企业近三年是否发生过重大安全生产事故、重大环境事故", said)).fields["had_major_accident"]
    assert (found.value, found.certain) == (None, True)


@pytest.mark.parametrize(
    "look",
    ["background:yellow", "background:#ffff00", "color:#ff0000", "font-weight:bold", "text-decoration:underline"],
)
def test_a_web_pages_option_that_is_set_off(look: str) -> None:
    looks = {"中型企业": look}
    options = "".join(f'<span style="{looks.get(n, "")}">□{n}</span> ' for n in ("大型企业", "中型企业", "小型企业"))
    rows = "".join(f"<tr><td>{k}</td><td>{v}</td></tr>" for k, v in (*_BASICS, ("企业类型", options)))
    page = f"<html><meta charset=utf-8><body><p>智能制造试点示范项目申报书（优秀场景）</p><table>{rows}</table></body></html>"
    document = read_document(page.encode(), "甲.doc")
    found = fit(document, forms.CATALOG, Source(path="甲.doc", sha256="0", format="doc")).record.fields["size"]
    assert (found.value, found.doubts) == ("中型企业", ("chosen_by_look",))


def test_an_option_highlighted_in_rtf() -> None:
    def said(text: str) -> str:
        return "".join(f"\\u{ord(c)}?" for c in text)

    options = f"{said('□大型企业 ')}{{\\highlight7 {said('□中型企业')}}}{said(' □小型企业')}"
    rows = [(said(k), said(v)) for k, v in _BASICS] + [(said("企业类型"), options)]
    body = "".join(f"\\trowd\\cellx2000\\cellx8000\\intbl {k}\\cell {v}\\cell\\row" for k, v in rows)
    data = f"{{\\rtf1\\ansi {said('智能制造试点示范项目申报书（优秀场景）')}\\par {body}\\pard\\par}}".encode()
    document = read_document(data, "甲.rtf")
    found = fit(document, forms.CATALOG, Source(path="甲.rtf", sha256="0", format="doc")).record.fields["size"]
    assert (found.value, found.doubts) == ("中型企业", ("chosen_by_look",))


def test_two_options_that_are_set_off_are_in_doubt() -> None:
    found = _record(("企业类型", _sizes(_LIT, _LIT, "", ""))).fields["size"]
    assert (found.value, found.doubts) == (None, ("tick_not_told",))


@pytest.mark.parametrize(
    "look", ["", '<w:color w:val="auto"/>', '<w:highlight w:val="none"/>', '<w:shd w:val="clear" w:fill="auto"/>']
)
def test_a_tick_or_a_plain_look_is_read_as_ever(look: str) -> None:
    empty = _record(("企业类型", _sizes("", look, "", ""))).fields["size"]
    assert (empty.value, empty.certain) == (None, True)
    lit = f"<w:p>{_run('□大型企业  ', _LIT)}{_run('☑小型企业', look)}</w:p>"
    ticked = _record(("企业类型", lit)).fields["size"]
    assert (ticked.value, ticked.certain) == ("小型企业", True)


def test_the_option_left_when_the_others_are_struck_out() -> None:
    gone = "<w:strike/>"
    found = _record(("企业类型", _sizes(gone, "", gone, gone))).fields["size"]
    assert (found.value, found.doubts) == ("中型企业", ("beside_struck_out",))


@pytest.mark.parametrize(
    "drawn",
    [
        '<w:pict><v:oval style="position:absolute" filled="f"/></w:pict>',
        "<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp/></a:graphicData></a:graphic></wp:anchor></w:drawing>",
    ],
)
def test_a_ring_drawn_over_the_options_leaves_them_in_doubt(drawn: str) -> None:
    boxes = "".join(_run(f"□{name}  ") for name in ("大型企业", "中型企业", "小型企业", "微型企业"))
    found = _record(("企业类型", f"<w:p><w:r>{drawn}</w:r>{boxes}</w:p>")).fields["size"]
    assert (found.value, found.doubts) == (None, ("tick_not_told",))
