"""The forms that rules are about, by name, once for all rules."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.models import Catalog
from records.models import UNKNOWN


def applied_for(catalog: Catalog, form: str) -> str:
    """What is applied for with a form (优秀场景): its class of applications."""
    return catalog.forms[form].of_class or catalog.forms[form].short


def names(catalog: Catalog, forms: Iterable[str]) -> list[str]:
    """What people call the forms, in the notice's order; 其他文件 is what is none of them."""
    wanted = set(forms)
    found = [form.short for name, form in catalog.forms.items() if name in wanted]
    return [*found, "其他文件"] if UNKNOWN in wanted else found
