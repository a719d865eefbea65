"""Records as the last run wrote them, their values read when somebody looks at them: an office has hundreds, and its list shows four
values of each."""

from __future__ import annotations

from typing import Any

from pydantic import PrivateAttr, ValidationError
from pydantic_core import from_json

from catalog.forms import Role
from catalog.models import Catalog
from catalog.oserror import cause
from checks.withheld import whose_keys
from records.compact import built
from records.models import Note, Record, Source, Value
from records.roles import key_of

_NAMED: tuple[Role, ...] = ("applicant", "applicant_again", "project", "instance")
"""What lists show, and what decisions hang on."""
_LATER = frozenset({"fields", "tables", "sections"})


class NoRound(Exception):
    """There is nothing to show yet, or what stands there cannot be read; the message is Chinese and says what to do."""

    @classmethod
    def unreadable(cls, office: str, problem: Exception) -> NoRound:
        why = cause(problem) if isinstance(problem, OSError) else "内容不完整或已损坏"
        return cls(f"“{office}”的审查结果读不出（{why}），请负责人或运维人员在“审查运行”页重新运行审查")


class KeptRecord(Record):
    """A record of which only the head and the names have been read; the first look at anything else reads it whole, and raises
    :class:`NoRound` where it is none."""

    _line: bytes | None = PrivateAttr(None)
    _names: dict[str, Value | None] = PrivateAttr({})
    _office: str = PrivateAttr("")

    def __getattr__(self, name: str) -> Any:
        if name not in _LATER:
            return super().__getattr__(name)  # type: ignore[misc]
        self._read_whole()
        return self.__dict__[name]

    def get(self, key: str) -> Value | None:
        return self._names[key] if key in self._names else super().get(key)

    def model_dump_json(self, **how: Any) -> str:
        self._read_whole()
        return super().model_dump_json(**how)

    def model_dump(self, **how: Any) -> dict[str, Any]:
        self._read_whole()
        return super().model_dump(**how)

    def _read_whole(self) -> None:
        line = self._line
        if line is None:  # somebody else has just done it
            return
        try:
            whole = Record.model_validate_json(line)
        except ValidationError as problem:
            raise NoRound.unreadable(self._office, problem) from problem
        held = whole.__dict__ | {name: value for name, value in self.__dict__.items() if name not in _LATER}
        object.__setattr__(self, "__dict__", held)
        self._line = None


def kept(catalog: Catalog, office: str, line: bytes) -> KeptRecord:
    """The record in a line of records.jsonl. Raises ValueError, TypeError or KeyError where it is none."""
    facts = from_json(line)
    form, fields = str(facts["form"]), dict(facts["fields"])
    head = {
        "schema_": str(facts["schema"]),
        "form": form,
        "source": Source.model_validate(facts["source"]),
        "notes": [Note.model_validate(note) for note in facts["notes"]],
        # Records of before they said so themselves: there is nothing in an application but whose it is.
        "withheld": bool(facts.get("withheld")) or _is_bare(catalog, form, facts),
    }
    record = built(KeptRecord, _EVERY, head)
    names = {key: _value(fields.get(key)) for role in _NAMED if (key := key_of(catalog, form, role))}
    object.__setattr__(record, "__pydantic_private__", {"_line": line, "_names": names, "_office": office})
    return record


_EVERY = set(Record.model_fields)


def _value(facts: Any) -> Value | None:
    return None if facts is None else Value.model_validate(facts)


def _is_bare(catalog: Catalog, form: str, facts: dict[str, Any]) -> bool:
    if form not in catalog.applications or facts["tables"] or facts["sections"]:
        return False
    return not set(facts["fields"]) - whose_keys(catalog, form)
