"""What somebody typed into a form that was not taken: it is shown again, to be sent again. Nothing typed is lost, whether the session
was over, somebody else was faster, or the words were too long."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from fastapi import Request

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LABELS = {
    "reason": "理由或说明",
    "message": "问题",
    "place": "位置",
    "text": "原件上的文字",
    "words": "说明",
    "number": "文号",
    "first": "起始号",
    "date": "日期",
    "due": "期限",
    "contact": "联系人",
    "phone": "联系电话",
}
"""What people call the fields that they type in."""
_NEVER = frozenset({"token", "held", "password", "old", "new"})
_NOT_FROM = frozenset({"/login", "/logout", "/account"})
_CONTROLS = frozenset(map(chr, range(0x80, 0xA0)))
GARBLED = "所填内容含有不是 UTF-8 的字节或者无法识别的字符（显示为 \N{REPLACEMENT CHARACTER}），请改正后再提交（未作任何改动）"


@dataclass(frozen=True)
class Typed:
    """The fields of a form in their order, but its token, and where it goes: a path of ours, percent-encoded."""

    address: str
    fields: tuple[tuple[str, str], ...]
    wants: str = ""
    """The field that was left blank and must not be."""

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """(name, label, text) of what was typed, and of what is still to be."""
        return [(n, LABELS[n], text) for n, text in self.fields if n in LABELS and (text.strip() or n == self.wants)]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the page put in the form beside."""
        shown = {(n, text) for n, _, text in self.shown}
        return [f for f in self.fields if f not in shown]

    def seeing(self, seen: int | None) -> Typed:
        """The same by somebody who has seen the book up to ``seen``."""
        if seen is None:
            return self
        return replace(self, fields=tuple((n, str(seen) if n == "seen" else text) for n, text in self.fields))

    def wanting(self, name: str) -> Typed:
        """The same with a field still to be filled in, where its form has such."""
        return replace(self, wants=name)

    def dump(self) -> str:
        return json.dumps([self.address, self.fields], ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> Typed | None:
        """What :meth:`dump` gave, None where it is nothing of the kind, or leads elsewhere than to a page of ours."""
        try:
            address, fields = json.loads(text)
            found = tuple((str(n), str(value)) for n, value in fields)
        except (ValueError, TypeError):
            return None
        return cls(address, found) if is_ours(address) and not any(n in _NEVER for n, _ in found) else None


def is_ours(address: Any) -> bool:
    """Whether an address is a path on this server."""
    return isinstance(address, str) and address.startswith("/") and address[1:2] not in {"/", "\\"}


async def typed_in(request: Request) -> Typed | None:
    """What was typed into the form of a page of ours that a request brings; None where it brings none."""
    if not _is_form(request) or request.url.path in _NOT_FROM:
        return None
    form = await request.form()
    fields = tuple((n, str(value)) for n, value in form.multi_items() if n not in _NEVER)
    return Typed(quote(request.url.path), fields)


def _is_form(request: Request) -> bool:
    return request.method == "POST" and request.headers.get("content-type", "").startswith(FORMS)


def is_garbled(texts: Iterable[str]) -> bool:
    """Whether any text came of bytes that are no UTF-8, or holds signs that stand for such."""
    return any("\N{REPLACEMENT CHARACTER}" in t or not _CONTROLS.isdisjoint(t) for t in texts)


def wrongs(errors: Iterable[Any]) -> str:
    """What is wrong with the fields of a request, as Pydantic tells it, in words of those who filled them in."""
    said = []
    for error in errors:
        name = next((str(p) for p in reversed(error["loc"]) if isinstance(p, str)), "")
        label = f"“{LABELS.get(name, name)}”"
        kind, facts = error["type"], error.get("ctx") or {}
        if kind == "string_too_long":
            given = error.get("input")
            length = f"有{len(given)}个字，" if isinstance(given, str) else ""
            said.append(f"{label}{length}最多{facts.get('max_length')}个字，请删减")
        elif kind == "missing":
            said.append(f"没有填写{label}")
        elif kind == "json_invalid":
            said.append("不是完好的 JSON")
        else:
            said.append(f"{label}填写有误")
    return f"{'；'.join(dict.fromkeys(said)) or '请求的内容有误'}（未作任何改动）"
