"""Word files with what Word leaves in them: changes, comments, hidden text, fields, controls, text boxes, several forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests import forms
from tests.extractors import wordml
from tests.golden import writers
from tests.golden.case import Case, Files
from tests.golden.sheets import Para, Sheet, grid, sheet, short

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAME = "上海澄驰精密传动有限公司"


def _small() -> Sheet:
    return sheet("scene", short(forms.clean_scene()))


def _body(blocks: Sheet | None = None, **edits: tuple[str, str]) -> str:
    body = writers._word_body(blocks or _small(), writers.runs)
    for name, (old, new) in edits.items():
        assert old in body, name
        body = body.replace(old, new)
    return body


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{text}</w:t>'


def _run(text: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{_text(text)}</w:r>"


def _tracked() -> bytes:
    mobile, author = _run("13900000101"), 'w:id="1" w:author="甲" w:date="2023-08-01T00:00:00Z"'
    deleted = f"<w:del {author}><w:r><w:delText>13900000000</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom {author}>{_run('旧地址')}</w:moveFrom>"
    return wordml.package(_body(
        tracked=(mobile, f"{deleted}<w:ins {author}>{mobile}</w:ins>"),
        moved=(_run("上海市浦东新区康桥镇秀沿西路9988号"), moved + _run("上海市浦东新区康桥镇秀沿西路9988号")),
    ))  # fmt: skip


def _commented() -> bytes:
    comments = f'<w:comments {_W}><w:comment w:id="0"><w:p>{_run("请核对")}</w:p></w:comment></w:comments>'
    mark = (
        '<w:commentRangeStart w:id="0"/>'
        + _run(NAME)
        + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    )
    return wordml.package(
        _body(comment=(_run(NAME), mark)),
        {"word/comments.xml": comments},
        wordml.relation("c1", "comments", "comments.xml"),
    )


def _hidden() -> bytes:
    return wordml.package(_body(
        hidden=(_run("1280"), _run("99999", "<w:vanish/>") + _run("1280")),
        struck=(_run("顾望舒"), _run("旧法人", "<w:strike/>") + _run("顾望舒")),
    ))  # fmt: skip


def _fields() -> bytes:
    name = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    code = "<w:r><w:instrText> DATE </w:instrText></w:r>"
    field = name("begin") + code + name("separate") + _run("2012年5月18日") + name("end")
    simple = f'<w:fldSimple w:instr=" DOCPROPERTY x ">{_run("周岚")}</w:fldSimple>'
    ruby = f"<w:r><w:ruby><w:rt>{_run('pu')}</w:rt><w:rubyBase>{_run('智能')}</w:rubyBase></w:ruby></w:r>"
    return wordml.package(_body(
        field=(_run("2012年5月18日"), field), simple=(_run("周岚"), simple), ruby=(_run("智能制造部部长"), ruby + _run("制造部部长"))
    ))  # fmt: skip


def _controls() -> bytes:
    def control(inner: str, properties: str = "") -> str:
        return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    body = _body(
        line=(_run(NAME), control(_run(NAME))),
        grey=(_run("陆星河"), control(_run("单击此处输入文字"), "<w:showingPlcHdr/>")),
    )
    first = body.index("<w:tr>")
    end = body.index("</w:tr>", first) + len("</w:tr>")
    return wordml.package(body[:first] + control(body[first:end]) + body[end:])


def _text_box() -> bytes:
    box = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p>{_run('推荐单位：嘉定区经委')}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    link = f'<w:hyperlink r:id="h1">{_run("zhou.lan@chengchi-example.cn")}</w:hyperlink>'
    return wordml.package(
        f"<w:p>{box}</w:p>" + _body(mail=(_run("zhou.lan@chengchi-example.cn"), link)),
        {},
        wordml.relation("h1", "hyperlink", "file://server/share/a.xlsx", external=True),
    )


def _macros() -> bytes:
    return wordml.package(
        _body(), {"word/vbaProject.bin": b"\0" * 64, "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 60},
        wordml.relation("v1", "vbaProject", "vbaProject.bin") + wordml.relation("o1", "oleObject", "embeddings/oleObject1.bin"),
    )  # fmt: skip


def _grid_left_out() -> bytes:
    """No table grid, no span: widths alone, rows that begin and end inside their table."""
    body = _body()
    at = body.index("<w:tblGrid>")
    end = body.index("</w:tblGrid>", at) + len("</w:tblGrid>")
    body = body[:at] + body[end:]
    before = body.index("<w:tr>", end)
    return wordml.package(body[:before] + '<w:tr><w:trPr><w:gridAfter w:val="2"/></w:trPr>' + body[before + 6 :])


def _two_forms() -> bytes:
    return writers.docx([*_small(), *sheet("factory", short(forms.clean_factory()))])


def _twice_the_same_form() -> bytes:
    other = forms.changed(short(forms.clean_scene()), {"project_name": "第二个项目", "investment": 99, "company_name": "上海乙制造有限公司",
                                                       "applicant": "上海乙制造有限公司"})  # fmt: skip
    return writers.docx([*_small(), *sheet("scene", other)])


def _form_and_summary() -> bytes:
    return writers.docx([*sheet("summary", forms.clean_summary()), *_small()])


def _other_programme() -> bytes:
    rows = grid(("企业名称", "上海甲公司"), ("统一社会信用代码", "x"), ("联系人", "张三"), ("成立时间", "2001年"))
    return writers.docx([Para("专精特新企业申请书", 1), rows])


def _letter() -> bytes:
    return writers.docx(
        [Para("关于报送智能制造试点示范项目的函", 1), Para("现将我区有关材料报上，请审阅。"), Para("联系人：张三")]
    )


def _ticks(text: str) -> Callable[[], bytes]:
    def make() -> bytes:
        blocks = _small()
        for block in blocks:
            if not isinstance(block, Para):
                for cell in block.cells:
                    if "民营企业" in cell.text and "三资企业" in cell.text:
                        cell.text = text
        return writers.docx(blocks)

    return make


TICKS = {
    "options on lines": "☐中央企业\n☐地方国企\n☒民营企业\n☐三资企业",
    "brackets": "中央企业（ ） 地方国企（ ） 民营企业（√） 三资企业（ ）",
    "round": "○中央企业 ○地方国企 ●民营企业 ○三资企业",
    "square brackets": "[ ]中央企业 [ ]地方国企 [x]民营企业 [ ]三资企业",
    "plain answer": "民营企业",
    "number": "3",
    "two": "☑中央企业 □地方国企 ☑民营企业 □三资企业",
    "none": "□中央企业 □地方国企 □民营企业 □三资企业",
    "crossed out": "×中央企业 ×地方国企 √民营企业 ×三资企业",
    "between": "中央企业 地方国企 √ 民营企业 三资企业",
    "box behind": "中央企业□ 地方国企□ 民营企业☑ 三资企业□",
    "hand": "□中央企业 □地方国企 民营企业（选择） □三资企业",
    "other": "□中央企业 □地方国企 □民营企业 □三资企业 ☑其他：混合所有制",
}
FILES: dict[str, Callable[[], bytes]] = {
    "tracked changes": _tracked,
    "comment": _commented,
    "hidden and struck": _hidden,
    "fields and ruby": _fields,
    "controls": _controls,
    "text box and link": _text_box,
    "macros and objects": _macros,
    "no grid": _grid_left_out,
    "two forms": _two_forms,
    "same form twice": _twice_the_same_form,
    "summary and form": _form_and_summary,
    "other programme": _other_programme,
    "letter": _letter,
    **{f"ticks {name}": _ticks(text) for name, text in TICKS.items()},
}


def cases() -> Iterator[Case]:
    for name, make in FILES.items():
        yield Case("word", name, lambda m=make: _named("申报书.docx", m))
    yield Case("word", "wrong extension", lambda: _named("申报书.pdf", _commented))


def _named(name: str, make: Callable[[], bytes]) -> Files:
    return {name: make()}
