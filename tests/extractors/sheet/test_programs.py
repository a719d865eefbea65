"""附件4 as programs save it: what LibreOffice writes, and what reporting systems write under the name of a workbook."""

from __future__ import annotations

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractors.document.errors import Unavailable, Unreadable
from extractors.office import libreoffice
from extractors.read import read_document
from extractors.sheet.read import read_xls
from tests.extractors.sheet.books import INSTANCES, OFFICE, ROWS, SCENES, TITLE, TRUE, read, said, table

office = pytest.mark.skipif(libreoffice.find_soffice() is None, reason="LibreOffice is not installed")
XML = f"""<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="附件4"><Table><Row><Cell ss:MergeAcross="4"><Data ss:Type="String">{TITLE}</Data></Cell></Row>
<Row>{"".join(f'<Cell><Data ss:Type="String">{h}</Data></Cell>' for h in SCENES)}</Row>
<Row>{"".join(f'<Cell><Data ss:Type="String">{str(v).replace(chr(10), "&#10;")}</Data></Cell>' for v in ROWS[0])}</Row>
</Table></Worksheet></Workbook>"""


def _changed(_: Workbook, sheet: Worksheet) -> None:
    sheet.row_dimensions[7].hidden = True
    sheet["H6"] = "=E6+1"
    sheet["H7"], sheet["H7"].number_format = 0.128, "0.0%"
    sheet.oddHeader.center.text = "内部资料"
    sheet.oddFooter.center.text = "页脚文字"


@office
@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "to"),
    [
        ("xls", "xls:MS Excel 97"),
        ("ods", "ods:calc8"),
        ("xlsx", "xlsx:Calc MS Excel 2007 XML"),
    ],
)
def test_what_libreoffice_saves(kind: str, to: str) -> None:
    made = libreoffice.convert([("f.xlsx", table(_changed))], to=to)["f.xlsx"]
    assert isinstance(made, bytes)
    reading = read(made, f"附件4.{kind}")
    assert reading.record.source.format == kind
    assert reading.record.fields["recommender"].value == OFFICE
    assert said(reading) == TRUE
    assert {v.doubts for v in reading.record.tables["scene_recommendations"][1].values()} == {("hidden_cell",)}
    assert [n.code for n in reading.record.notes] == ["S03"]
    found = {line.text: line.place for line in reading.lines}
    assert found["13900001502"] == "cell"
    assert {"12.8%", "12.80%"} & set(found)
    assert found.get("内部资料") == "header"


@office
@pytest.mark.slow
def test_an_old_workbook_that_leads_in_circles_is_told_of() -> None:
    """A directory of a compound file whose entry is its own neighbour."""
    made = libreoffice.convert([("f.xlsx", table())], to="xls:MS Excel 97")["f.xlsx"]
    assert isinstance(made, bytes)
    at = made.index("Workbook".encode("utf-16-le"))
    number = (at - 512 * (int.from_bytes(made[48:52], "little") + 1)) // 128
    circle = made[: at + 68] + number.to_bytes(4, "little") * 2 + made[at + 76 :]
    with pytest.raises(Unreadable):
        read_xls(circle)


@office
@pytest.mark.slow
def test_a_workbook_written_as_xml() -> None:
    reading = read(XML.encode(), "附件4.xls")
    assert said(reading)["scene_recommendations"] == TRUE["scene_recommendations"][:1]
    assert [n.code for n in reading.record.notes] == ["F11"]


def test_what_libreoffice_alone_reads_is_unread_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find_soffice", lambda: None)
    with pytest.raises(Unavailable):
        read_document(XML.encode(), "附件4.xml")


def test_a_web_page_under_the_name_of_a_workbook() -> None:
    rows = [SCENES, ("1", ROWS[0][1], INSTANCES.replace("\n", "<br>"), "宁采臣", "13900001501")]
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    page = f"<html><head><meta charset=gbk></head><body><p>{TITLE}</p><table border=1>{cells}</table></body></html>"
    reading = read(page.encode("gb18030"), "附件4.xls")
    assert said(reading)["scene_recommendations"] == TRUE["scene_recommendations"][:1]
    assert [n.code for n in reading.record.notes] == ["F11"]
