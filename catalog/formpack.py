"""The forms of a pack: assembled from their own file and ``common.toml``, validated, and checked against themselves.

A fault is reported where it was written: in the form's file or in common.toml, by its entry there.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from catalog.errors import CatalogError, from_pydantic
from catalog.forms import Condition, Form, FormField, assemble
from catalog.pack import MISSING, PackFile

COMMON = "common"
_PARTS = ("fields", "tables", "sections")


def load_forms(notice: PackFile, files: dict[str, PackFile]) -> dict[str, Form]:
    """The forms by name, in the order of notice.toml's ``forms``. ``files`` are those of ``forms/``, common.toml among them,
    whose fields and tables the others may take over. Raises CatalogError."""
    common = files.get(COMMON)
    names = notice.strings("forms")
    for name in names:
        if name not in files:
            raise CatalogError(notice.path, "forms", f"没有 forms/{name}.toml 这个文件，请补上，或从 forms 中删去")
    for name in files:
        if name not in names and name != COMMON:
            raise CatalogError(notice.path, "forms", f"没有列出 forms/{name}.toml，请列入，或删去这个文件")
    return {name: _FormSource(name, files[name], common).form() for name in names}


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
            message = "order 与所列栏目对不上：每个栏目都要定义，且都要列入 order"
            raise CatalogError(self.own.path, str(error.args[0]), message) from None
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
                if raw["key"] == key:
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
            if field.type == "choice" and not field.options:
                raise self._wrong("fields", field.key, "options", f"“{field.label}”是选择项，请列出选项")
            for option in field.option_aliases:
                if option not in field.options:
                    raise self._wrong("fields", field.key, "option_aliases", f"“{option}”不在 options 中")
            if field.of_field and field.of_field not in keys:
                raise self._wrong("fields", field.key, "of_field", f"“{field.of_field}”不是本表的栏目")
            self._verify_required(form, field)
        for table in form.tables:
            columns = [c.key for c in table.columns]
            twice = next((key for key in columns if columns.count(key) > 1), None)
            if twice:
                raise self._wrong("tables", table.key, "columns", f"列“{twice}”出现两次，请改其一")
            for key in table.example:
                if key not in columns:
                    raise self._wrong("tables", table.key, "example", f"“{key}”不是本表的列")
            if table.max_rows is not None and table.max_rows < table.min_rows:
                raise self._wrong("tables", table.key, "max_rows", f"{table.max_rows}少于 min_rows，请核对")

    def _verify_required(self, form: Form, field: FormField) -> None:
        if field.one_of and [f.one_of for f in form.fields].count(field.one_of) == 1:
            raise self._wrong("fields", field.key, "one_of", f"“{field.one_of}”只有这一栏，请给其余栏目写上同一名称")
        condition = field.required
        if not isinstance(condition, Condition):
            return
        other = form.field(condition.field)
        if other is None:
            raise self._wrong("fields", field.key, "required.field", f"“{condition.field}”不是本表的栏目")
        if condition.kinds != 1:
            raise self._wrong("fields", field.key, "required", "value、says、by_year 须写且只写一项")
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
