"""The drafts of the blank forms that come with the program, as forms of a pack."""

from __future__ import annotations

import functools
import tomllib

import catalog
from catalog.assembly import assemble
from catalog.forms import Form
from catalog.models import Catalog
from extractors import read_document
from extractors.drafting import DraftForm, draft
from extractors.drafting.layout import form_toml
from samples.formbuilder import build

NAMES = ("scene", "factory", "summary")


@functools.cache
def drafted(name: str) -> DraftForm:
    """The draft of one blank, which holds one form."""
    [form] = draft(read_document(build(name, None), f"{name}.docx"))
    form.name = name
    return form


def as_form(form: DraftForm) -> Form:
    """A draft through its file, as the pack's loader takes it."""
    return Form.model_validate(assemble(form.name, tomllib.loads(form_toml(form)), {}))


@functools.cache
def drafted_catalog() -> Catalog:
    """The notice with drafted forms in place of those that a person defined."""
    forms = {name: as_form(drafted(name)) for name in NAMES}
    return catalog.load().model_copy(update={"forms": forms, "version": "drafted"})
