"""Whether a document belongs to another notice than the one it was received for: an application of another round that was put
into this one's folder. Where both could have it, it is this one's."""

from __future__ import annotations

from catalog.models import Catalog
from extractors.document.model import Document
from extractors.fitting.line_paragraphs import lines_apart
from extractors.fitting.recognise import Recognised, recognise
from extractors.fitting.settings import RECOGNITION
from records.models import FOREIGN


def recognised(document: Document, catalog: Catalog) -> tuple[Document, Recognised]:
    """The form a document is, with the document as it is then to be read."""
    found = recognise(document, catalog)
    document = lines_apart(document, [found.form] if found.form is not None else catalog.forms.values())
    return document, found if found.form is not None else recognise(document, catalog)


def belongs_elsewhere(document: Document, found: Recognised, catalog: Catalog) -> str:
    """To which of the neighbours a document belongs, and what to do, in Chinese; "" where it is this notice's, or nobody's."""
    for other in catalog.neighbours if found.share < RECOGNITION.surely_own else ():
        _, theirs = recognised(document, other)
        form = theirs.form
        if form is None or (found.form is not None and theirs.share < RECOGNITION.foreign * found.share):
            continue
        return (
            f"属于《{other.title}》（通知包 {other.id}）：{form.annex}《{form.title}》，{FOREIGN}；"
            "请移到该通知那一轮的收件目录，由那一轮审查"
        )
    return ""
