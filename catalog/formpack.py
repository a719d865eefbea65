"""The forms of a pack: assembled from their own file and ``common.toml``, validated, and checked against themselves.

A fault is reported where it was written: in the form's file or in common.toml, by its entry there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from catalog.assembly import assemble, columns_of
from catalog.errors import CatalogError, from_pydantic
from catalog.forms import BOUNDED, OPTIONED, Asked, Condition, Form, FormField, FormTable
from catalog.lists import NoticeList
from catalog.pack import MISSING, PackFile

COMMON = "common"
_Asked = TypeVar("_Asked", bound=Asked)
_PARTS = ("fields", "tables", "sections")


def load_forms(notice: PackFile, files: dict[str, PackFile], lists: Mapping[str, NoticeList]) -> dict[str, Form]:
    """The forms by name, in the order of notice.toml's ``forms``. ``files`` are those of ``forms/``, common.toml among them,
    whose fields and tables the others may take over; a choice without options of its own has the entries of its list. Raises CatalogError."""
    common = files.get(COMMON)
    names = notice.strings("forms")
    for name in names:
        if name not in files:
            raise CatalogError(notice.path, "forms", f"没有 forms/{name}.toml 这个文件，请补上，或从 forms 中删去")
    for name in files:
        if name not in names and name != COMMON:
            raise CatalogError(notice.path, "forms", f"没有列出 forms/{name}.toml，请列入，或删去这个文件")
    return {name: _with_options(_FormSource(name, files[name], common).form(), lists) for name in names}


def _with_options(form: Form, lists: Mapping[str, NoticeList]) -> Form:
    def filled(asked: _Asked) -> _Asked:
        found = lists.get(asked.in_list) if asked.type in OPTIONED and not asked.options else None
        if found is None:
            return asked
        aliases = {item.name: item.aliases for item in found.items if item.aliases}
        return asked.model_copy(update={"options": found.names, "option_aliases": aliases})

    tables = [t.model_copy(update={"columns": tuple(map(filled, t.columns))}) for t in form.tables]
    return form.model_copy(update={"fields": tuple(map(filled, form.fields)), "tables": tuple(tables)})


_NO_CONDITION = '只有栏目可以写条件；这里写 true、false 或 "conditional"（由某条规则另行判断）'


class _FormSource:
    """One form's file with the common one, and where in them each entry stands."""

    def __init__(self, name: str, own: PackFile, common: PackFile | None) -> None:
        self.name = name
        self.own = own
        self.common = common
        self.files = [own] if common is None else [own, common]
        for file in self.files:
            for part in _PARTS:
                for index, raw in enumerate(file.raws(part, required=False), 1):
                    if not isinstance(raw.get("key"), str):
                        raise CatalogError(file.path, f"{part}[{index}].key", MISSING)

    def form(self) -> Form:
        try:
            raw = assemble(self.name, self.own.data, self.common.data if self.common else {})
        except KeyError as error:
            at = str(error.args[0])
            message = "order 与所列栏目对不上：每个栏目都要定义，且都要列入 order"
            if at.endswith(".columns"):
                message = '应写作 { 键的后缀 = ["列名"] }，或年份的列表，如 [2030, 2031]'
            raise CatalogError(self.own.path, at, message) from None
        try:
            form = Form.model_validate(raw)
        except ValidationError as error:
            raise self._fault(raw, error) from None
        self._verify(form)
        return form

    def place(self, part: str, key: str) -> tuple[PackFile, str]:
        """The file and the entry (``fields[4]``) that define ``key``."""
        for file in self.files:
            for index, raw in enumerate(file.raws(part, required=False), 1):
                if key in (raw["key"], *(one["key"] for one in columns_of(raw))):
                    return file, f"{part}[{index}]"
        return self.own, part

    def _fault(self, raw: dict[str, Any], error: ValidationError) -> CatalogError:
        match error.errors()[0]["loc"]:
            case (str(part), int(number), *_) if part in _PARTS:
                file, key = self.place(part, raw[part][number]["key"])
                return from_pydantic(file.path, key, error, skip=2)
        return from_pydantic(self.own.path, "", error)

    def _wrong(self, part: str, key: str, within: str, message: str) -> CatalogError:
        file, at = self.place(part, key)
        return CatalogError(file.path, f"{at}.{within}", message)

    def _verify(self, form: Form) -> None:
        if form.name != self.name:
            raise CatalogError(self.own.path, "name", f"“{form.name}”与文件名不符，应为“{self.name}”")
        for file in self.files:
            for part in _PARTS:
                unique(file, part, "key", [raw["key"] for raw in file.raws(part, required=False)])
        keys = {f.key for f in form.fields}
        for field in form.fields:
            self._verify_asked("fields", field.key, "", field)
            if field.of_field and field.of_field not in keys:
                raise self._wrong("fields", field.key, "of_field", f"“{field.of_field}”不是本表的栏目")
            self._verify_required(form, field)
        for stars in form.stars:
            if not stars.isdigit():
                raise CatalogError(self.own.path, f"stars.{stars}", '应为星号的个数，如 1 = "required"')
        for table in form.tables:
            self._verify_table(form, table)
            if isinstance(table.required, Condition):
                raise self._wrong("tables", table.key, "required", _NO_CONDITION)
        for section in form.sections:
            if isinstance(section.required, Condition):
                raise self._wrong("sections", section.key, "required", _NO_CONDITION)

    def _verify_asked(self, part: str, key: str, within: str, asked: Asked) -> None:
        """What a field or column declares fits its type."""
        if within and isinstance(asked.required, Condition):
            raise self._wrong(part, key, f"{within}required", _NO_CONDITION)
        if asked.type in OPTIONED and not (asked.options or asked.in_list):
            raise self._wrong(part, key, f"{within}options", f"“{asked.label}”是选择项，请列出选项")
        for option in asked.option_aliases:
            if option not in asked.options:
                raise self._wrong(part, key, f"{within}option_aliases", f"“{option}”不在 options 中")
        for name, bound in (("min", asked.min), ("max", asked.max)):
            if bound is None:
                continue
            if asked.type not in BOUNDED:
                can = "、".join(sorted(BOUNDED))
                raise self._wrong(part, key, f"{within}{name}", f"{asked.type} 没有大小，只能用于：{can}")
            dated = asked.type in ("date", "period")
            if not isinstance(bound, str) and isinstance(bound, dt.date) != dated:
                raise self._wrong(part, key, f"{within}{name}", "应为日期" if dated else "应为数")

    def _verify_table(self, form: Form, table: FormTable) -> None:
        columns = [c.key for c in table.columns]
        twice = next((key for key in columns if columns.count(key) > 1), None)
        if twice:
            raise self._wrong("tables", table.key, "columns", f"列“{twice}”出现两次，请改其一")
        for column in table.columns:
            self._verify_asked("tables", table.key, f"columns.{column.key}.", column)
        for key in table.example:
            if key not in columns:
                raise self._wrong("tables", table.key, "example", f"“{key}”不是本表的列")
        if table.max_rows is not None and table.max_rows < table.min_rows:
            raise self._wrong("tables", table.key, "max_rows", f"{table.max_rows}少于 min_rows，请核对")
        if table.each:
            name, _, own = table.each.partition(".")
            other = form.table(name)
            if other is None or other is table or own not in other.keys:
                raise self._wrong("tables", table.key, "each", f"“{table.each}”应为本表另一张表格的列，写作 表格.列")
            if not table.per:
                raise self._wrong("tables", table.key, "each", "还要写 per：表上面写明它属于哪一行的那一栏的名称")

    def _verify_required(self, form: Form, field: FormField) -> None:
        if field.one_of and [f.one_of for f in form.fields].count(field.one_of) == 1:
            raise self._wrong("fields", field.key, "one_of", f"“{field.one_of}”只有这一栏，请给其余栏目写上同一名称")
        condition = field.required
        if not isinstance(condition, Condition):
            return
        if condition.kinds != 1:
            raise self._wrong("fields", field.key, "required", "when、value、says、by_year 须写且只写一项")
        if condition.when:
            if condition.field:
                raise self._wrong("fields", field.key, "required.field", "写了 when 就不写 field：条件里直接写栏目")
            return
        other = form.field(condition.field)
        if other is None:
            raise self._wrong("fields", field.key, "required.field", f"“{condition.field}”不是本表的栏目")
        options = (True, False) if other.type == "yesno" else other.options
        if condition.value is not None and condition.value not in options:
            can = "true、false" if other.type == "yesno" else "、".join(other.options) or "（该栏没有选项）"
            raise self._wrong("fields", field.key, "required.value", f"“{condition.value}”不是该栏的选项：{can}")


def unique(file: PackFile, items: str, key: str, values: list[str]) -> None:
    """Raise CatalogError where a value of ``[[items]].key`` stands twice."""
    seen: set[str] = set()
    for index, value in enumerate(values, 1):
        if value in seen:
            raise CatalogError(file.path, f"{items}[{index}].{key}", f"“{value}”出现两次，请改其一")
        seen.add(value)
