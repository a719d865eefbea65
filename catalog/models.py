"""A notice as typed data. Everything a rule or a reader knows of the notice comes from here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from catalog.forms import Bound, Form
from catalog.frozen import Frozen
from catalog.letters import Letters, Sender
from catalog.lists import Entry, NoticeList
from catalog.rules import Actor, RuleEntry, RuleGroup


class Clause(Frozen):
    """A clause of the notice: its place (``一（一）``, ``附件3 一``, ``附件3 附1`` …), what papers call it
    (《通知》第一条第（一）项; the place where nothing is said), and its wording."""

    ref: str
    called: str = ""
    text: str


class Quota(Frozen):
    """How many applications of each class recommenders of a kind may put forward; with a ``flag`` those alone that carry it.
    ``condition`` says in words what the flag stands for, ``threshold`` is the number in it, where the notice gives one."""

    kind: str
    numbers: dict[str, int]
    flag: str = ""
    condition: str = ""
    threshold: int | None = None


class Industry(Frozen):
    """One of the four industries. ``subindustries`` are the 细分领域 that annex 2 names; ``process`` says whether it is
    a process industry; ``divisions`` and ``groups`` are the GB/T 4754-2017 codes (two and three digits) that belong to
    it; a group tells more than its division, and may stand in several industries where each can be defended."""

    name: str
    full_name: str
    process: bool
    subindustries: tuple[str, ...]
    subindustry_aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """细分领域 → other words for the same."""
    subindustry_members: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """细分领域 → narrower fields within it, which the notice does not name but its open lists (等) allow."""
    divisions: tuple[str, ...]
    groups: tuple[str, ...] = ()
    option_aliases: tuple[str, ...] = ()
    text: str = ""


class Recommender(Frozen):
    """A district or 管委会. ``name`` is the short name used for folders (浦东新区, 临港新片区); ``codes`` the GB/T 2260
    code in force, ``retired_codes`` those of districts merged into it; ``aliases`` the ways in which offices write it;
    ``address_words`` what in an address tells that a place lies in it; ``lies_in`` the districts a 管委会 lies in."""

    name: str
    full_name: str
    kind: str
    codes: tuple[str, ...] = ()
    retired_codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    address_words: tuple[str, ...] = ()
    lies_in: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    """What an office says of itself, by which another quota holds for it."""
    quota: dict[str, int] = Field(default_factory=dict)
    """By class of applications; its own where the notice gives one."""
    sender: Sender = Sender()
    """What stands in its letters."""


class Region(Frozen):
    """Where applicants are from, all blank where the notice says nothing of it: the digits that their codes' division digits
    begin with, and the division digits of the national register, of which the code alone does not tell the place."""

    name: str = ""
    code: str = ""
    code_prefix: str = ""
    national_codes: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The name as people say it (浙江, 上海)."""
        return re.sub("(?:省|市|自治区)$", "", self.name)

    @property
    def whole(self) -> str:
        """What all of its recommenders together are called (全市, 全省)."""
        level = re.search("(省|市|区|县|国)$", self.name)
        return f"全{level[1]}" if level else "全部"


class Division(Frozen):
    """A GB/T 4754-2017 division (大类) or group (中类)."""

    code: str
    name: str
    section: str


class Section(Frozen):
    code: str
    name: str


Param = bool | int | float | dt.date | str | tuple[str, ...] | tuple[float, ...]
"""A number, text, date or list that rules name as ``params.NAME``; true and false too."""


class Catalog(Frozen):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Tells this round from every other."""
    year: int
    version: str
    """SHA-256 of the pack's files: what was read with another version is read again."""
    number: str
    title: str
    issuer: str
    deadlines: dict[str, dt.date] = Field(default_factory=dict)
    """By name; the first is the one by which applications are due."""
    letter: str = ""
    """What a letter asks for beside the points that it lists."""
    clauses: tuple[Clause, ...]
    lists: dict[str, NoticeList] = Field(default_factory=dict)
    industries: tuple[Industry, ...] = ()
    recommenders: tuple[Recommender, ...]
    quotas: tuple[Quota, ...] = ()
    kinds: dict[str, str] = Field(default_factory=dict)
    """Kind of recommenders → what it is called."""
    region: Region = Region()
    years: tuple[int, ...] = ()
    """The years whose figures the form asks for, in order."""
    sections: tuple[Section, ...] = ()
    divisions: tuple[Division, ...] = ()
    groups: tuple[Division, ...] = ()
    params: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Param] = Field(default_factory=dict)
    """What the notice's rules name as ``params.NAME``."""
    labels: dict[str, str] = Field(default_factory=dict)
    """What ``params.NAME`` and ``deadlines.NAME`` are called where people read them."""
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Word lists a rule needs: branch, new_mark, self_built, blank, central_enterprise, secrecy, example …"""
    keys: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Lists of keys of the record a rule reads together: cut_metrics, bounded_metrics, yearly_money …"""
    forms: dict[str, Form]
    rules: tuple[RuleEntry, ...] = ()
    rule_groups: tuple[RuleGroup, ...] = ()
    letters: Letters
    rules_file: str = ""
    """Where the rules stand, for what is wrong with them."""
    neighbours: tuple[Catalog, ...] = ()
    """Other notices whose applications may come in by mistake (:func:`catalog.load.beside`); no part of the version."""

    def bound(self, bound: Bound | None) -> float | dt.date | None:
        """A bound that a field declares, by its name where it is named; None where there is none, or none of that name."""
        if not isinstance(bound, str):
            return bound
        of, _, name = bound.partition(".")
        found = self.deadlines.get(name) if of == "deadlines" else self.params.get(name)
        return found if isinstance(found, (int, float, dt.date)) and not isinstance(found, bool) else None

    def list_by_role(self, role: Literal["link", "scene"]) -> NoticeList | None:
        """The list that the fields and columns in a role are chosen from, None where no form has any."""
        return self.lists_by_role.get(role)

    def items_by_role(self, role: Literal["link", "scene"]) -> tuple[Entry, ...]:
        """The entries of that list, none where there is none."""
        found = self.list_by_role(role)
        return found.items if found is not None else ()

    @cached_property
    def lists_by_role(self) -> dict[str, NoticeList]:
        """Of each role that is chosen from a list, that list: asked for at every cell."""
        return {role: self.lists[name] for role, name in reversed(list(_chosen_from(self.forms)))}

    @property
    def applications(self) -> tuple[str, ...]:
        """The forms that applicants fill in, in the notice's order."""
        return tuple(name for name, form in self.forms.items() if form.kind == "application")

    @property
    def summaries(self) -> tuple[str, ...]:
        """The tables in which recommenders put applications forward."""
        return tuple(name for name, form in self.forms.items() if form.kind == "summary")

    def clause(self, ref: str) -> str:
        """The wording of a clause, "" where the pack does not hold it. Several refs (``附件1, 附件3``) give their
        wordings one a line; "" where any of them is not in the pack."""
        found = self._clauses(ref)
        return "\n".join(c.text for c in found if c is not None) if all(found) else ""

    def clause_called(self, ref: str) -> str:
        """A clause, or several, as papers call it: 《通知》第一条第（一）项、第（二）项. ``ref`` itself where the pack does not hold it."""
        found = self._clauses(ref)
        return "、".join(c.called or c.ref for c in found if c is not None) if all(found) else ref

    def _clauses(self, ref: str) -> list[Clause | None]:
        """The clause, else each of the clauses, that ``ref`` names; None for what is none."""
        whole = self._clause(ref)
        return [whole] if whole is not None else [self._clause(r) for r in re.split(r"[,，、]", ref)]

    def _clause(self, ref: str) -> Clause | None:
        return self.clauses_by_ref.get(re.sub(r"\s", "", ref))

    @cached_property
    def clauses_by_ref(self) -> dict[str, Clause]:
        """The clauses by their places, without white space."""
        return {re.sub(r"\s", "", c.ref): c for c in reversed(self.clauses)}

    def flagged(self, recommender: Recommender) -> Quota | None:
        """The quota that holds for recommenders of its kind where they carry a flag, None where there is none."""
        return next((q for q in self.quotas if q.kind == recommender.kind and q.flag), None)

    def codes(self, *checks: str) -> frozenset[str]:
        """The codes of the rules that use these checks."""
        return frozenset(r.code for r in self.rules if r.check in checks)

    def actor(self, code: str) -> Actor:
        """Who has to act on a finding of this rule; the applicant where the pack has no such rule."""
        rule = self.rule(code)
        return rule.actor if rule is not None else "applicant"

    def rule(self, code: str) -> RuleEntry | None:
        return self.rules_by_code.get(code)

    @cached_property
    def rules_by_code(self) -> dict[str, RuleEntry]:
        """The rules by their codes: asked for at every finding."""
        return {r.code: r for r in reversed(self.rules)}

    def recommender(self, name: str) -> Recommender | None:
        return next((r for r in self.recommenders if r.name == name), None)


def _chosen_from(forms: dict[str, Form]) -> Iterator[tuple[str, str]]:
    """(role, list) of every field and column that is chosen from a list."""
    for form in forms.values():
        yield from ((f.role, f.in_list) for f in form.fields if f.role and f.in_list)
        yield from ((c.role, c.in_list) for t in form.tables for c in t.columns if c.role and c.in_list)
