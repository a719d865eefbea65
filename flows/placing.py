"""To whom each document belongs: the folder's recommender, at the root the one named in the document itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.models import Catalog
from catalog.names import find_recommender
from flows.reading import ReadInput
from records.models import Reading, Submission

UNASSIGNED = "未归口"
"""Where applications go whose recommender is none of the catalog's (the output's folder of that name)."""

_APPLICATIONS = ("scene", "factory")
_FILE_FAULTS = frozenset({"F01", "F02", "F09"})


@dataclass(slots=True)
class Placed:
    """``submissions`` are sorted by (district, document). ``annexes`` maps the document of a file that is no form to
    the document of the application it was found beside."""

    submissions: list[Submission] = field(default_factory=list)
    annexes: dict[str, str] = field(default_factory=dict)


def place(reads: Iterable[ReadInput], catalog: Catalog) -> Placed:
    """Give every reading its district, and every annex its application."""
    reads = list(reads)
    placed = Placed(annexes=_annexes(reads, catalog))
    for done in reads:
        home = _folder_district(done, catalog)
        for reading in done.readings:
            document = reading.record.source.path
            if document in placed.annexes:
                continue
            placed.submissions.append(
                Submission(
                    district=home or _named_district(reading, catalog),
                    document=document,
                    reading=reading,
                    modified=done.input.modified_ns / 1e9,
                )
            )
    placed.submissions.sort(key=lambda s: (s.district, s.document))
    return placed


def _folder_district(done: ReadInput, catalog: Catalog) -> str:
    """The recommender an inbox folder stands for, "" where it stands for none (then the document says)."""
    found = find_recommender(catalog, done.input.folder) if done.input.folder else None
    return found.name if found else ""


def _named_district(reading: Reading, catalog: Catalog) -> str:
    """The recommender a document names, :data:`UNASSIGNED` where that is none of the catalog's."""
    found = find_recommender(catalog, reading.record.text("recommender"))
    return found.name if found else UNASSIGNED


def _annexes(reads: list[ReadInput], catalog: Catalog) -> dict[str, str]:
    """Files that are no form (a licence, a certificate) in a folder which holds one application: they belong to it, and
    are listed there instead of being found fault with."""
    applications: dict[str, list[Reading]] = {}
    for done in reads:
        if not _is_own_folder(done, catalog):
            continue
        for reading in done.readings:
            if reading.record.form in _APPLICATIONS:
                applications.setdefault(done.input.parent, []).append(reading)
    annexes: dict[str, str] = {}
    for done in reads:
        owner = _owner(done.input.parent, applications)
        if owner is None:
            continue
        for reading in done.readings:
            record = reading.record
            if record.form == "unknown" and not any(n.code in _FILE_FAULTS for n in record.notes):
                annexes[record.source.path] = owner.record.source.path
                owner.annexes.append(record.source.path)
    return annexes


def _is_own_folder(done: ReadInput, catalog: Catalog) -> bool:
    """True for a folder below the district's (or below the root, where the first folder is no district)."""
    depth = done.input.document.count("/")
    return depth >= 2 or (depth == 1 and not _folder_district(done, catalog))


def _owner(folder: str, applications: dict[str, list[Reading]]) -> Reading | None:
    """The one application of the folder or of the nearest folder above it that holds any."""
    while folder:
        if folder in applications:
            found = applications[folder]
            return found[0] if len(found) == 1 else None
        folder = folder.rpartition("/")[0]
    return None
