"""A notice as data: ``load("2023")`` gives the typed :class:`catalog.models.Catalog` of ``catalog/2023``."""

from __future__ import annotations

from catalog.errors import CatalogError
from catalog.load import DEFAULT_YEAR, load, load_dir, years
from catalog.models import Catalog

__all__ = ["DEFAULT_YEAR", "Catalog", "CatalogError", "load", "load_dir", "years"]
