"""People as applicants write them down: on lines, side by side, with posts the form does not ask for."""

from __future__ import annotations

import functools

import pytest

from extractors.document.model import Paragraph
from records.models import Value
from tests.extractors import small
from tests.extractors.small import TITLE, read

_table = functools.partial(small.table, spread=True)
PART = Paragraph("一、申报主体和优秀场景基本信息", 2)
REST = (("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12"))


def _lines(*lines: str) -> dict[str, Value]:
    return read(TITLE, PART, *(Paragraph(t, n) for n, t in enumerate(lines, 3)), _table(1, *REST)).record.fields


def _rows(*rows: tuple[str, ...]) -> dict[str, Value]:
    return read(
        TITLE, PART, _table(1, ("企业名称", "上海甲公司")), small.table(2, *rows), _table(3, *REST)
    ).record.fields


@pytest.mark.parametrize(
    "lines",
    [
        ("法人代表/负责人：王伟 电话：021-50000001；联系人：李强 电话：021-50000002；手机：13900000000",),
        ("法定代表人：王伟，联系电话：021-50000001", "项目联系人：李强，电话：021-50000002，手机：13900000000"),
        ("一、企业联系人", "姓名：李强", "电话：021-50000002", "手机：13900000000", "二、法定代表人", "姓名：王伟", "电话：021-50000001"),
        ("法人代表：姓名：王伟；职务：董事长；电话：021-50000001", "联系人：姓名：李强；电话：021-50000002；手机：13900000000"),
    ],
)  # fmt: skip
def test_people_on_lines(lines: tuple[str, ...]) -> None:
    fields = _lines(*lines)
    keys = ("legal_rep_name", "legal_rep_phone", "contact_name", "contact_phone", "contact_mobile")
    assert [fields[k].value for k in keys] == ["王伟", "021-50000001", "李强", "021-50000002", "13900000000"]
    assert fields["contact_title"].value is None


def test_a_name_with_post_and_telephone_on_a_line_is_parted_but_not_certain() -> None:
    fields = _lines("联系人：李强，总经理，13900000000", "法人代表/负责人：王伟（电话：021-50000000）")
    assert [fields[k].value for k in ("contact_name", "contact_title", "contact_phone")] == [
        "李强",
        "总经理",
        "13900000000",
    ]
    assert [fields[k].value for k in ("legal_rep_name", "legal_rep_phone")] == ["王伟", "021-50000000"]
    assert not fields["contact_name"].certain


@pytest.mark.parametrize("name", ["李强（总经理）", "李强、王芳", "李强 先生13"])
def test_more_than_a_name_is_not_certain(name: str) -> None:
    assert not _rows(("联系人", "姓名", name)).get("contact_name", Value()).certain


@pytest.mark.parametrize("name", ["李强", "李 强", "欧阳娜娜", "买买提·艾力", "John Smith"])
def test_a_name_alone_is_certain(name: str) -> None:
    assert _rows(("联系人", "姓名", name))["contact_name"].certain


def test_the_post_of_the_legal_representative_is_not_the_contacts() -> None:
    fields = _rows(("法人代表/负责人", "姓名", "王伟", "职务", "董事长"), ("联系人", "姓名", "李强", "职务", ""))
    assert fields["contact_name"].value == "李强"
    assert fields["contact_title"].value is None


def test_two_people_side_by_side() -> None:
    fields = _rows(
        ("法人代表/负责人", "姓名", "王伟", "联系人", "姓名", "李强"),
        ("", "电话", "021-50000001", "", "电话", "021-50000002"),
    )
    keys = ("legal_rep_name", "legal_rep_phone", "contact_name", "contact_phone")
    assert [fields[k].value for k in keys] == ["王伟", "021-50000001", "李强", "021-50000002"]


def test_heads_with_a_word_that_is_no_item_among_them() -> None:
    fields = _rows(
        ("联系人", "姓名", "部门", "职务", "电话", "手机"),
        ("", "李强", "信息部", "部长", "021-50000000", "13900000000"),
    )
    keys = ("contact_name", "contact_title", "contact_phone", "contact_mobile")
    assert [fields[k].value for k in keys] == ["李强", "部长", "021-50000000", "13900000000"]


def test_a_date_behind_a_name_on_the_cover_is_no_part_of_it() -> None:
    fields = read(TITLE, Paragraph("申报单位：上海甲公司    2023年8月1日", 2), PART, _table(1, *REST)).record.fields
    assert fields["applicant"].value == "上海甲公司"


def test_a_text_on_lines_goes_on_until_the_next_item() -> None:
    blocks = (
        "一、申报主体和优秀场景基本信息", "企业名称：上海甲公司", "成立时间：", "企业简介：公司主要从事减速器制造。", "成立时间：2005年；联系人：见封面。",
        "产品销往全国。", "工厂地址：上海市嘉定区丰登路1号",
    )  # fmt: skip
    fields = read(TITLE, *(Paragraph(t, n) for n, t in enumerate(blocks, 2)), _table(1, *REST)).record.fields
    assert fields["company_profile"].value == "\n".join(
        ("公司主要从事减速器制造。", "成立时间：2005年；联系人：见封面。", "产品销往全国。")
    )
    assert not fields["company_profile"].certain
    assert fields["founded_on"].value is None
    assert fields["factory_address"].value == "上海市嘉定区丰登路1号"


@pytest.mark.parametrize("label", ["企业简介：", "企业简介"])
def test_a_text_beneath_its_label_on_a_line(label: str) -> None:
    fields = _lines("企业名称：上海甲公司", label, "公司主要从事减速器制造。", "产品销往全国。")
    assert fields["company_profile"].value == "公司主要从事减速器制造。\n产品销往全国。"


def test_the_items_of_a_person_go_on_in_the_table_beneath() -> None:
    first = (("企业名称", "上海甲公司"), ("联系人", "姓名", "李强", "职务", "经理"))
    second = (
        ("", "电话", "021-61801253", "手机", "13900000000"),
        ("场景名称", "智能协同作业"),
        ("场景实例建设系统解决方案供应商名称", "乙公司"),
    )
    rows = ("联系人", "王芳", "联系电话", "021-39653191")
    fields = read(TITLE, _table(1, *first), _table(2, *second, rows, *REST)).record.fields
    keys = ("contact_phone", "contact_mobile", "provider_contact", "provider_phone")
    assert [fields[k].value for k in keys] == ["021-61801253", "13900000000", "王芳", "021-39653191"]
    assert all(fields[k].certain for k in keys[1:])


def test_the_suppliers_contact_on_lines_is_not_the_companys() -> None:
    fields = _lines(
        "联系人：李强", "手机：13900000000", "（二）申报优秀场景基本信息", "场景实例建设系统解决方案供应商名称：上海乙公司", "联系人：王芳    联系电话：13900000001"
    )  # fmt: skip
    keys = ("contact_name", "contact_mobile", "provider_contact", "provider_phone")
    assert [fields[k].value for k in keys] == ["李强", "13900000000", "王芳", "13900000001"]


def test_a_contact_named_in_the_cell_of_its_label_is_not_the_suppliers() -> None:
    rows = (("联系人：王伟", "联系人电话：021-50000001"), ("职务：经理", "手机：13900000001"))
    supplier = ("联系人", "李强", "联系电话", "13900000000")
    second = _table(3, REST[0], ("场景实例建设系统解决方案供应商名称", "甲公司"), supplier)
    fields = read(TITLE, PART, _table(1, ("企业名称", "上海甲公司")), small.table(2, *rows), second).record.fields
    keys = ("contact_name", "contact_mobile", "provider_contact", "provider_phone")
    assert [fields[k].value for k in keys] == ["王伟", "13900000001", "李强", "13900000000"]
    assert all(fields[k].certain for k in keys)
