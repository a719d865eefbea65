"""The rules that every notice has a use for, from usual_rules.toml, for the forms of a draft: all of them notes, until a person says
how grave each is and by which clause."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from extractors.drafting.model import DraftForm
from extractors.drafting.toml_text import Value, lines

_SAID = """
# 以下是每份通知都用得上的规则，标题、说明、用语都有现成的。现在一律是提示（note）、依据“工作要求”：
# 请逐条定级别（reject、fix、note）和条款（clause），不用的删去；再写本通知自己的条件。名额（Q01）、期限（E02）在 notice.toml 写好以后才起作用。
"""


def usual_rules(forms: Sequence[DraftForm]) -> str:
    """The entries of rules.toml, as text."""
    out = [_SAID]
    for entry in _entries():
        told = _told(entry, forms)
        if told is not None:
            out += ["[[use]]", *lines(told), ""]
    return "\n".join(out)


@functools.cache
def _entries() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((files(__package__) / "usual_rules.toml").read_text("utf-8"))["rule"])


def _told(entry: dict[str, Any], forms: Sequence[DraftForm]) -> dict[str, Value] | None:
    """What a rule is told, None where the notice has no form for it."""
    kinds = {"applications": ("application",), "summary": ("summary",)}.get(entry["of"], ("application", "summary"))
    meant = [f for f in forms if f.kind in kinds]
    told: dict[str, Value] = dict(entry.get("told", {}))
    if "role" in entry:
        meant, keys = _with_one_key(meant, [r for r in (entry["role"], entry.get("other", "")) if r])
        told |= dict(zip((entry["key"], "other"), keys, strict=False))
    if entry.get("names"):
        told["names"] = list(dict.fromkeys(k for f in meant if (k := _key(f, "project") or _key(f, "applicant"))))
    if not meant or (entry.get("names") and not told["names"]):
        return None
    names = [f.name for f in meant] + (["unknown"] if entry["of"] == "received" else [])
    all_applications = [f.name for f in forms if f.kind == "application"]
    return {
        "code": entry["code"], "check": entry["check"], "level": "note", "clause": "工作要求",
        "forms": [] if names == all_applications else names, **told,
    }  # fmt: skip


def _with_one_key(forms: Sequence[DraftForm], roles: Sequence[str]) -> tuple[list[DraftForm], list[str]]:
    """The forms that have fields of the roles, under the keys that the first of them has."""
    for form in forms:
        keys = [_key(form, role) for role in roles]
        if all(keys):
            return [f for f in forms if [_key(f, role) for role in roles] == keys], keys
    return [], []


def _key(form: DraftForm, role: str) -> str:
    return next(_keys(form, role), "")


def _keys(form: DraftForm, role: str) -> Iterator[str]:
    return (f.key for f in form.fields if f.role is not None and f.role.name == role)
