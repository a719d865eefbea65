"""A notice as data: ``load("2023")``, by name, id or path, gives the typed :class:`catalog.models.Catalog` of ``catalog/2023``."""

from __future__ import annotations

from catalog.errors import CatalogError
from catalog.load import DEFAULT, beside, built_in, find, load, load_dir
from catalog.models import Catalog

__all__ = ["DEFAULT", "Catalog", "CatalogError", "beside", "built_in", "find", "load", "load_dir"]
