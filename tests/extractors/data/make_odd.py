"""Makes odd.docx, and odd.doc of it with LibreOffice: each thing that a .doc may hold and a reader may lose, once.

    python tests/extractors/data/make_odd.py

odd.doc is kept beside this script, so that the tests of the .doc reader need no LibreOffice. All names are invented.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

HERE = Path(__file__).parent
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000080000000808020000004b6d29dc000000114944415478da63fcffff3f0336c0c8300a00"
    "5fd80302cf3ecf490000000049454e44ae426082"
)
CHANGE = 'w:id="{0}" w:author="审稿人" w:date="2023-08-01T00:00:00Z"'


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def form(data: str, code: str, result: str = "") -> str:
    separate = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="f"/><w:enabled/>{data}</w:ffData></w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{separate}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def box(ticked: int) -> str:
    return form(
        f'<w:checkBox><w:sizeAuto/><w:default w:val="0"/><w:checked w:val="{ticked}"/></w:checkBox>', "FORMCHECKBOX"
    )


def cell(inside: str, properties: str = "", width: int = 1500) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{inside}</w:tc>'


def table(rows: list[str], columns: int) -> str:
    grid = '<w:gridCol w:w="1500"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    )


def text(value: str) -> str:
    return para(run(value))


def body() -> str:
    nested = table([cell(text("内一")) + cell(text("内二")), cell(text("内三")) + cell(text("内四"))], 2)
    merged = table(
        [
            cell(text("竖并"), '<w:vMerge w:val="restart"/>') + cell(text("横并"), '<w:gridSpan w:val="2"/>', 3000),
            cell(text(""), "<w:vMerge/>") + cell(text("乙")) + cell(text("丙一") + text("丙二")),
            cell(text(""), "<w:vMerge/>") + cell(text("前") + nested + text("后"), '<w:gridSpan w:val="2"/>', 3000),
        ],
        3,
    )
    ragged = table(
        [
            "<w:trPr><w:tblHeader/></w:trPr>" + "".join(cell(text(f"头{i}")) for i in "123"),
            cell(text("整行"), '<w:gridSpan w:val="3"/>', 4500),
        ],
        3,
    )
    picture = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="190500" cy="190500"/><wp:docPr id="1" name="图"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="图"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rPic"/><a:stretch>'
        '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="190500" cy="190500"/>'
        '</a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )
    textbox = (
        '<w:r><w:pict><v:shape style="position:absolute;width:200pt;height:40pt" filled="f"><v:textbox><w:txbxContent>'
        f"{text('框中文字')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    dropdown = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="甲项"/><w:listEntry w:val="乙项"/></w:ddList>'
    number = '<w:numPr><w:ilvl w:val="{0}"/><w:numId w:val="1"/></w:numPr>'
    return "".join(
        (
            para(run("第一章"), '<w:outlineLvl w:val="0"/>'),
            para(run("开头") + run("隐藏字", "<w:vanish/>") + run("结尾")),
            para(
                run("改前")
                + f"<w:del {CHANGE.format(1)}><w:r><w:delText>删去</w:delText></w:r></w:del>"
                + f"<w:ins {CHANGE.format(2)}><w:r><w:t>添上</w:t></w:r></w:ins>"
                + run("改后")
            ),
            para(
                '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
                + run("是 ")
                + '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
                + run("否")
            ),
            para(box(1) + run("大型") + box(0) + run("小型")),
            para(form("<w:textInput/>", "FORMTEXT", run("填写"))),
            para(form(dropdown, "FORMDROPDOWN") + run("之后")),
            para(run("编号一"), number.format(0)),
            para(run("编号二"), number.format(0)),
            para(run("下级"), number.format(1)),
            para(run("脚注") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("之后")),
            para(run("锚") + textbox),
            para(run("图") + picture),
            para(run("逐行") + "<w:r><w:br/></w:r>" + run("换行") + "<w:r><w:tab/></w:r>" + run("制表")),
            para(run("生僻字𠮷与①②—“”")),
            merged,
            text("表间"),
            ragged,
            text("文末"),
        )
    )


def parts() -> dict[str, str]:
    level = '<w:lvl w:ilvl="{0}"><w:start w:val="1"/><w:numFmt w:val="{1}"/><w:lvlText w:val="{2}"/></w:lvl>'
    levels = level.format(0, "chineseCounting", "（%1）") + level.format(1, "decimal", "%2.")
    note = '<w:footnote w:id="{0}" w:type="{1}"><w:p><w:r><w:{1}/></w:r></w:p></w:footnote>'
    kinds = ("header", "footer", "footnotes", "numbering")
    relations = "".join(f'<Relationship Id="r{k}" Type="{REL}/{k}" Target="{k}.xml"/>' for k in kinds)
    overrides = "".join(f'<Override PartName="/word/{k}.xml" ContentType="{TYPE}.{k}+xml"/>' for k in kinds)
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rheader"/><w:footerReference w:type="default" r:id="rfooter"/></w:sectPr>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return {
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"{head}<w:document {NS}><w:body>{body()}{section}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'{relations}<Relationship Id="rPic" Type="{REL}/image" Target="media/1.png"/></Relationships>',
        "word/header.xml": f"{head}<w:hdr {NS}>{text('页眉 内部资料')}</w:hdr>",
        "word/footer.xml": f"{head}<w:ftr {NS}>{text('页脚')}</w:ftr>",
        "word/footnotes.xml": f"{head}<w:footnotes {NS}>{note.format(0, 'separator')}{note.format(1, 'continuationSeparator')}"
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run("注释文字")}</w:p></w:footnote></w:footnotes>',
        "word/numbering.xml": f'{head}<w:numbering {NS}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
    }


def odd_docx() -> bytes:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts().items():
            package.writestr(name, content)
        package.writestr("word/media/1.png", PNG)
    return out.getvalue()


if __name__ == "__main__":
    from extractors.office.libreoffice import convert

    made = convert([("odd.docx", odd_docx())], to="doc:MS Word 97")["odd.docx"]
    if not isinstance(made, bytes):
        raise SystemExit(made.message)
    (HERE / "odd.doc").write_bytes(made)
