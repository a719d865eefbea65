"""The forms of a notice as data: every field, column and chapter with the words by which it is found.

Loaded from ``catalog/<year>/forms/<form>.toml``. The reader fits these onto a Document; the rules read what is
required, how long it may be and which options a choice has. Nothing here is about layout: a field is known by its
labels and, where a label occurs more than once (姓名, 电话, 2021年), by its group and column.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, field_validator

from catalog.frozen import Frozen

ValueType = Literal[
    "text",
    "long_text",
    "code",
    "date",
    "period",
    "percent",
    "money",
    "number",
    "choice",
    "choices",
    "yesno",
    "phone",
    "mobile",
    "email",
    "url",
    "uscc",
    "id_number",
    "postcode",
    "instances",
]
"""``choices`` are several ticks, a list of options; ``uscc`` a 统一社会信用代码, ``id_number`` a citizen's identity number, ``code`` any other."""
OPTIONED: frozenset[ValueType] = frozenset(("choice", "choices"))
BOXED: frozenset[ValueType] = OPTIONED | {"yesno"}
"""Types whose answer is a tick."""
PHONES: frozenset[ValueType] = frozenset(("phone", "mobile"))
CODES: frozenset[ValueType] = frozenset(("code", "uscc", "id_number", "postcode"))
SHAPED: frozenset[ValueType] = frozenset(("mobile", "uscc", "id_number", "postcode", "url"))
"""Types that are read as text of a certain look."""
BOUNDED: frozenset[ValueType] = frozenset(("number", "money", "percent", "date", "period"))
"""Types that may have a least and a most."""
MONEY_UNIT = "万元"
"""The unit of every amount in a record."""
Bound = Annotated[int | float | dt.date | str, Field(union_mode="left_to_right")]
"""A number, a date, or the name of one: ``params.NAME``, ``deadlines.NAME``."""
_NAMED_BOUND = re.compile(r"(params|deadlines)\.[a-z][a-z0-9_]*")
Role = Literal[
    "applicant", "applicant_again", "project", "task", "class", "recommender", "date", "credit_code", "contact", "mobile",
    "phone", "email", "address", "commitment", "industry", "link", "scene", "instance", "person",
]  # fmt: skip
"""What a field is for the program: ``applicant_again`` is the applicant's name where the form asks for it once more, ``task`` what
an application is about beside its project, ``link`` and ``scene`` the upper and lower level of the notice's list of scenes, ``person`` anybody's name."""
PEOPLE: frozenset[Role] = frozenset(("contact", "person"))
ColumnRole = Literal["seq", "link", "scene", "instance", "instances", "company", "task", "contact", "mobile"]


class _Strict(Frozen):
    model_config = ConfigDict(populate_by_name=True)


class Condition(_Strict):
    """On which it hangs whether a field is required. ``when`` is a condition in CEL over the form's answers; the others look at
    the answer of one ``field``: it is ``value`` (true or false of a yes or no, else an option); it says nothing but words of
    the list ``says`` (words.toml), no organisation's name beside them; its date is in the year ``by_year`` or before.
    ``unless`` turns it round."""

    field: str = ""
    when: str = ""
    value: bool | str | None = None
    says: str = ""
    by_year: int | None = None
    unless: bool = False
    remedy: str = ""
    """In words, what may be written in place of an answer (如为自建，请写明)."""

    @property
    def kinds(self) -> int:
        """How many of the four it has: one, in a pack that fits."""
        return sum((bool(self.when), self.value is not None, bool(self.says), self.by_year is not None))


def _plain(raw: object) -> object:
    return {True: "required", False: "optional"}[raw] if isinstance(raw, bool) else raw


def _requirement(raw: object) -> str:
    return "[word]" if isinstance(raw, str) else "[condition]"


Requirement = Annotated[
    Annotated[Literal["required", "optional", "conditional"], Tag("[word]")] | Annotated[Condition, Tag("[condition]")],
    Discriminator(_requirement),
    BeforeValidator(_plain),
]
"""``true`` and ``false`` are words for the first two. ``conditional``: a rule of its own says when."""


class Asked(_Strict):
    """What a field of a form and a column of its tables may declare. ``limit`` counts characters as Word does; ``pattern`` is a
    regular expression that the whole answer has to match, and ``pattern_says`` what it asks for, in words."""

    key: str
    label: str
    type: ValueType = "text"
    required: Requirement = "optional"
    aliases: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    option_aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    in_list: str = Field(default="", alias="in")
    """The list of the pack (a level of one, by its name) that an answer is chosen from."""
    unit: str = ""
    limit: int | None = Field(default=None, ge=1)
    min: Bound | None = None
    max: Bound | None = None
    pattern: str = ""
    pattern_says: str = ""
    star: int = Field(default=0, ge=0)
    """How many stars the form prints at the label; the form's ``stars`` say what they ask."""
    hints: tuple[str, ...] = ()

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(f"不是正则表达式（{error}）") from None
        return text

    @field_validator("min", "max")
    @classmethod
    def _named(cls, bound: Bound | None) -> Bound | None:
        if isinstance(bound, str) and _NAMED_BOUND.fullmatch(bound) is None:
            raise ValueError("应为数、日期，或写作 params.名、deadlines.名")
        return bound

    @property
    def own_unit(self) -> str:
        """The unit of its amounts, "" where they are as records have them (万元), or it holds none."""
        return self.unit if self.type == "money" and self.unit != MONEY_UNIT else ""


class FormField(Asked):
    """A field of the cover or of the basic-information table (a key of record.md).

    ``label`` is the form's wording; ``aliases`` other wordings met or likely. ``group`` holds the labels of the row or
    block the field belongs to (联系人, 法人代表/负责人): needed where ``label`` alone is ambiguous. ``column`` holds the
    head of the column the value stands under (2020年). ``after_option`` names the option in whose brackets the
    value stands (是（事故名称： ）). ``hints`` are instructions that the blank form prints in the value's place.
    """

    part: str
    """One of the form's parts; ``cover`` holds lines of a cover, ``commitment`` what is signed."""
    one_of: str = ""
    """The name that fields have in common of which one is enough (电话 or 手机); findings are known by it."""
    group: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    role: Role | None = None
    """What it is for rules and reports, whatever the form calls it."""
    after_option: str = ""
    of_field: str = ""
    """The choice or yes/no field in whose cell an ``after_option`` value stands."""
    clause: str = ""


class FormColumn(Asked):
    """A column of a table of the form."""

    printed: str = ""
    """The head as the form prints it, where that is more than its label."""
    role: ColumnRole | None = None
    parts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Of an ``instances`` column: link, scene, instance → the heads of the columns it may be split into."""
    merged: bool = False
    """True for a grouping column (环节, 种类): a cell merged downwards counts for every row it spans."""

    @property
    def names_row(self) -> bool:
        """It says in a few words which row it is."""
        return self.role in ("seq", "link", "scene", "instance", "company")


OWNER = "instance"
"""The key under which a row of a table that stands ``per`` row of another says which row that is."""


class FormTable(_Strict):
    """A table of the form. ``titles`` are the headings it stands under; ``per`` is the label of the line that names
    the scene instance an 附2 table belongs to; ``each`` the column (``table.column``) of which every row has such a table;
    ``example`` the printed 示例 row (column key → text)."""

    key: str
    annex: str
    titles: tuple[str, ...] = ()
    columns: tuple[FormColumn, ...]
    required: Requirement = "optional"
    min_rows: int = 0
    max_rows: int | None = None
    per: tuple[str, ...] = ()
    each: str = ""
    called: str = ""
    """What people call it in a word (装备); its first title where nothing is said."""
    note: str = ""
    """What the form prints beneath it."""
    of_class: str = ""
    """Of a table that recommends: the class of applications that it lists."""
    example: dict[str, str] = Field(default_factory=dict)
    hints: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        return self.called or next(iter(self.titles), self.annex)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that a row may have."""
        return (*((OWNER,) if self.per else ()), *(c.key for c in self.columns))

    @cached_property
    def naming(self) -> frozenset[str]:
        """The columns that say which row it is."""
        return frozenset(c.key for c in self.columns if c.names_row)

    @property
    def named_by(self) -> tuple[str, ...]:
        """The columns that name a row to a person, the best first; the first required one where none has such a role."""
        naming: tuple[ColumnRole, ...] = ("instance", "scene", "task", "company")
        named = tuple(c.key for role in naming if (c := self.by_role(role)) is not None)
        return named or tuple(c.key for c in self.columns if c.required == "required")[:1]

    def by_role(self, role: ColumnRole) -> FormColumn | None:
        return next((c for c in self.columns if c.role == role), None)


_CHAPTER = re.compile(r"([一二三四五六七八九十]+)(（.+）)?")


class FormSection(_Strict):
    """A chapter of prose. ``number`` is as printed (二, 七（一）); ``parent`` the chapter a sub-chapter belongs to."""

    key: str
    number: str
    heading: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    required: Requirement = "required"
    limit: int | None = None
    hints: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands, as people say it: 第三部分（二）; number and heading where the number is of another kind."""
        numbered = _CHAPTER.fullmatch(self.number)
        return f"第{numbered[1]}部分{numbered[2] or ''}" if numbered else f"{self.number}{self.heading}"


class Form(_Strict):
    """One form of the notice. ``headings`` are chapters and titles that hold no value but end one (五、…)."""

    name: str
    kind: Literal["application", "summary"] = "application"
    """What an applicant fills in, or the table in which a recommender puts applications forward."""
    called: str = ""
    """What people call it in half a line (优秀场景申报书); its title where nothing is said."""
    of_class: str = ""
    """The class of applications that an application form is for (优秀场景)."""
    title: str
    annex: str
    title_marks: tuple[str, ...]
    """Words of which each alone tells this form from the others when it stands in a title (优秀场景)."""
    fields: tuple[FormField, ...] = ()
    tables: tuple[FormTable, ...] = ()
    sections: tuple[FormSection, ...] = ()
    headings: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    parts: dict[str, str] = Field(default_factory=dict)
    """Part → its heading as the form prints it."""
    listed: tuple[str, ...] = ()
    """Fields that lists of applications show, in their order."""
    stars: dict[str, Requirement] = Field(default_factory=dict)
    """How many stars (``1``, ``2``) → what the form asks of the fields that have as many and say nothing else."""

    @property
    def short(self) -> str:
        return self.called or self.title

    def by_role(self, role: Role) -> FormField | None:
        return next((f for f in self.fields if f.role == role), None)

    def instances(self) -> FormTable | None:
        """The table whose rows are the instances of an application, None where the form has none."""
        return next((t for t in self.tables if not t.per and t.by_role("instance") is not None), None)

    def field(self, key: str) -> FormField | None:
        return self.fields_by_key.get(key)

    def asked(self, key: str) -> Asked | None:
        """The field, or with ``table.column`` the column, of a key."""
        table, dot, column = key.partition(".")
        if not dot:
            return self.field(key)
        found = self.table(table)
        return next((c for c in found.columns if c.key == column), None) if found is not None else None

    def table(self, key: str) -> FormTable | None:
        return self.tables_by_key.get(key)

    def section(self, key: str) -> FormSection | None:
        return self.sections_by_key.get(key)

    @cached_property
    def fields_by_key(self) -> dict[str, FormField]:
        return {f.key: f for f in reversed(self.fields)}

    @cached_property
    def tables_by_key(self) -> dict[str, FormTable]:
        return {t.key: t for t in reversed(self.tables)}

    @cached_property
    def sections_by_key(self) -> dict[str, FormSection]:
        return {s.key: s for s in reversed(self.sections)}


def words_of(forms: Iterable[Form]) -> set[str]:
    """The lists of words.toml that the forms' conditions name."""
    conditions = [f.required for form in forms for f in form.fields if isinstance(f.required, Condition)]
    return {c.says for c in conditions if c.says}


def limits_of(forms: Sequence[Form]) -> dict[str, object]:
    """The limits that the forms declare, in characters: by field and chapter, and of a table by column. Where forms differ,
    each once (``500、800``)."""
    found: dict[str, dict[str, None]] = {}
    columns: dict[str, dict[str, dict[str, None]]] = {}
    for form in forms:
        every = [(f.key, f.limit) for f in form.fields] + [(s.key, s.limit) for s in form.sections]
        for key, limit in every:
            if limit is not None:
                found.setdefault(key, {})[str(limit)] = None
        for table in form.tables:
            for column in table.columns:
                if column.limit is not None:
                    columns.setdefault(table.key, {}).setdefault(column.key, {})[str(column.limit)] = None
    return {
        **{key: "、".join(limits) for key, limits in found.items()},
        **{key: {name: "、".join(limits) for name, limits in of.items()} for key, of in columns.items()},
    }
