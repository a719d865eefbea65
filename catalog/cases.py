"""A pack's cases (``cases/``): applications, right ones and wrong ones, and what must be found in each (``expected.toml``)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from catalog.errors import CatalogError
from catalog.pack import read_file

FOLDER = "cases"
EXPECTED = "expected.toml"


class Case(BaseModel):
    """A file of ``cases/``. ``found`` are the codes of rules that must find something in it, ``not_found`` those that must not;
    with ``only`` no other rule than ``found`` may find what has to be corrected (notes aside). Cases with a ``recommender``
    are one round, under it; the others are taken alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    form: str = ""
    """The form that it must be read as; "" where that is not said."""
    recommender: str = ""
    found: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    only: bool = False
    why: str = ""
    """What is wrong with it, for people."""


def load_cases(
    pack: Path, *, forms: Collection[str], codes: Collection[str], recommenders: Collection[str]
) -> tuple[Case, ...]:
    """The cases of the pack in the folder, () where it has none. Raises CatalogError where a file is not listed or not there,
    or where a case names what the pack does not have."""
    folder = pack / FOLDER
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if _is_case(p)} if folder.is_dir() else set()
    path = folder / EXPECTED
    if not there and not path.exists():
        return ()
    file = read_file(path, {"case"})
    cases = file.items("case", Case)
    seen: set[str] = set()
    for index, case in enumerate(cases, 1):
        at = f"case[{index}]（{case.file}）"
        if case.file not in there:
            raise CatalogError(path, f"{at}.file", f"cases/ 里没有“{case.file}”这个文件")
        if case.file in seen:
            raise CatalogError(path, f"{at}.file", f"“{case.file}”出现两次，请合为一条")
        seen.add(case.file)
        if case.form and case.form not in {*forms, "unknown"}:
            raise CatalogError(path, f"{at}.form", f"“{case.form}”不是本包的表；本包有：{'、'.join(forms)}、unknown")
        if case.recommender and case.recommender not in recommenders:
            raise CatalogError(path, f"{at}.recommender", f"“{case.recommender}”不是本包的推荐单位")
        for key, named in (("found", case.found), ("not_found", case.not_found)):
            for code in named:
                if code not in codes:
                    raise CatalogError(path, f"{at}.{key}", f"本包没有规则“{code}”")
        both = [code for code in case.found if code in case.not_found]
        if both:
            raise CatalogError(path, f"{at}.not_found", f"“{both[0]}”也写在 found 中，请删去其一")
    for name in sorted(there - seen):
        raise CatalogError(path, "case", f"没有列出“{name}”，请写明其中应当发现什么，或移走这个文件")
    return cases


def _is_case(path: Path) -> bool:
    return path.is_file() and path.name != EXPECTED and path.suffix != ".md" and not path.name.startswith((".", "~$"))
