"""To whom each document belongs: the folder's recommender, at the root the one named in the document itself."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.models import Catalog
from catalog.names import find_recommender
from flows.guarded.reading import ReadInput
from flows.settings import UNASSIGNED
from records.models import Submission


def place(reads: Iterable[ReadInput], catalog: Catalog) -> list[Submission]:
    """Every reading as a submission of its district, sorted by (district, document)."""
    submissions = []
    for done in reads:
        home = folder_district(done.input.document, catalog)
        for reading in done.shelved:
            submissions.append(
                Submission(
                    district=home or _named_district(reading.recommender, catalog),
                    document=reading.outline.source.path,
                    reading=reading,
                    modified=done.input.modified_ns / 1e9,
                )
            )
    return sorted(submissions, key=lambda s: (s.district, s.document))


def folder_district(path: str, catalog: Catalog) -> str:
    """The recommender whose folder a path below the inbox lies in, "" where its first folder is none's."""
    folder, slash, _ = path.partition("/")
    found = find_recommender(catalog, folder) if slash else None
    return found.name if found else ""


def _named_district(name: str, catalog: Catalog) -> str:
    found = find_recommender(catalog, name)
    return found.name if found else UNASSIGNED
