"""What is worked out of a pack's models once belongs to that model alone, and lives no longer than it."""

from __future__ import annotations

import gc
import weakref

import catalog
from catalog.forms import Form


def test_a_copy_with_other_fields_knows_its_own() -> None:
    form = catalog.load().forms["factory"]
    assert form.field("project_name") is not None
    table = form.tables[0]
    assert table.naming
    other = form.model_copy(update={"fields": form.fields[:1]})
    assert [other.field(f.key) for f in form.fields] == [form.fields[0], *[None] * (len(form.fields) - 1)]
    assert not table.model_copy(update={"columns": ()}).naming


def test_a_copy_with_other_lists_knows_its_own() -> None:
    pack = catalog.load()
    assert pack.list_by_role("link") is not None
    bare = pack.model_copy(update={"forms": {}})
    assert bare.list_by_role("link") is None
    assert pack.list_by_role("link") is not None


def test_a_pack_asked_for_its_lists_is_not_kept_alive() -> None:
    pack = catalog.load().model_copy(update={"forms": {"one": _form()}})
    assert pack.list_by_role("link") is None
    gone = weakref.ref(pack.forms["one"])
    del pack
    gc.collect()
    assert gone() is None


def _form() -> Form:
    return Form(name="one", title="申请表", annex="附件1", title_marks=("申请",))
