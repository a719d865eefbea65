"""What the prose says against what the form's fields say (rules K08 and K13). Both are heuristics and only notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from checks.library import ColumnKey, FieldKey, Params, Say, Words, check
from checks.meaning.answers import Answers, label_of
from checks.meaning.names import digits, empty, fold, means_blank, nfkc, same, text_of, without_number
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Row, Value

_UP = "提升|提高|增长|增加|上升"
_DOWN = "下降|降低|缩短|减少|压缩|减低"
_BEFORE = (
    r"(?:^|[,。;:、!?()\[\]《》“”\s]|其中|使得?|将|把|让|令|且|并|和|及|实现|整体|平均"
    r"|公司|企业|工厂|车间|产线|全厂|产品)"
)
_BETWEEN = (
    r"(?:(?:较|比|同比|相比|与)[^,。;:]{0,14}?)?"
    r"(?:平均|整体|累计|总体|综合|预计|可|将|已|实现|进一步|有效|大幅|显著|明显|了)*"
)
_HEDGE = r"(?P<hedge>约为?|大约|近|超过|超|不低于|不少于|大于|高于|达到?|为|率|幅度|比例|了|>=?|≥|:)*"
_PERCENT = r"(?P<number>\d+(?:\.\d+)?)%(?P<after>以上|左右|以下|以内)?"
_AT_LEAST = ("超过", "超", "不低于", "不少于", "大于", "高于", ">", "≥", "以上")
_ABOUT = ("约", "大约", "近", "左右")
LOOSE = 0.1
"""Share by which a figure given as 约 or 近 may differ."""
_COMPANY = 4
"""Characters of the shortest name of a company with its ending."""
_COMPANY_OF = re.compile(r"^(.+公司)[\u4e00-\u9fff]{2,4}$")
"""A company with a person's name behind it."""


def _pattern(stem: str, label: str) -> re.Pattern[str]:
    """How a text speaks of a measure: 生产效率较改造前提升了约30%; a level for what is a level (联网率达到85%)."""
    change = _UP if re.search(_UP, label) else _DOWN if re.search(_DOWN, label) else ""
    verb = f"(?:{change})" if change else "(?:达到|达|为|:)"
    return re.compile(f"{_BEFORE}{re.escape(stem)}{_BETWEEN}{verb}{_HEDGE}{_PERCENT}")


def _contradicts(match: re.Match[str], stated: float) -> bool:
    """True where the figure of the text and that of the table cannot both be right."""
    words = match[0][match[0].rfind(match["number"]) - 6 :] if match["number"] in match[0] else match[0]
    number = float(match["number"])
    if any(w in words for w in _AT_LEAST):
        return stated < number
    if any(w in words for w in _ABOUT):
        return abs(stated - number) > LOOSE * max(stated, number)
    if match["after"]:
        return stated > number
    decimals = min(_decimals(match["number"]), _decimals(f"{stated:.10g}"))
    return round(stated, decimals) != round(number, decimals) and abs(stated - number) > 0.5 * 10**-decimals


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


class AboutRows(Params):
    """``column`` is a text of a table's rows. A form may say in ``row_field`` which row it is about, by the name that stands
    in ``row_column``; a form without that field is about all of them."""

    column: ColumnKey
    row_field: FieldKey | None = None
    row_column: ColumnKey


def _declared(ctx: Context, told: AboutRows) -> list[tuple[int, Row]] | None:
    """The rows that the form is about, with their number from 1; None where that cannot be told."""
    rows = list(enumerate(ctx.reading.record.tables.get(told.column.partition(".")[0], []), 1))
    form = ctx.catalog.forms.get(ctx.form)
    if len(rows) <= 1 or told.row_field is None or form is None or form.field(told.row_field) is None:
        return rows
    column = told.row_column.partition(".")[2]
    name = text_of(ctx.reading.record.get(told.row_field))
    found = [(n, r) for n, r in rows if same(without_number(name), without_number(text_of(r.get(column))))]
    return found or None


class TextFigures(AboutRows):
    """``measures`` has the fields that give a figure in percent, and the words by which a text speaks of it, the longest
    first."""

    measures: dict[FieldKey, tuple[str, ...]]
    says: ClassVar[Mapping[str, str]] = {
        "differs": "row said label figure",
        "expected": "label",
        "which_row": "",
        "no_text": "",
        "unread": "label row",
    }


@check("text_figures", TextFigures)
def text_figures(ctx: Context, told: TextFigures, say: Say) -> Iterator[Result]:
    """A text names another figure of a measure than its field does."""
    rows = _declared(ctx, told)
    column = told.column.partition(".")[2]
    if rows is None:
        yield CannotTell(say("which_row"))
        return
    if not any(text_of(r.get(column)) for _, r in rows):
        yield NotApplicable(say("no_text"))
        return
    form, record = ctx.catalog.forms.get(ctx.form), ctx.reading.record
    for key, stems in told.measures.items():
        value = record.get(key)
        if value is None or not isinstance(value.value, (int, float)):
            continue
        label = label_of(form, key)
        cells = [(n, cell) for n, r in rows if (cell := r.get(column)) is not None]
        found = _first_contradiction(cells, stems, label, float(value.value))
        if found is None:
            continue
        number, cell, match = found
        if not (value.certain and cell.certain):
            yield CannotTell(say("unread", label=label, row=number))
            continue
        said = match[0].strip(",。;:、 ")
        figure = value.raw or value.value
        yield Trip(
            say("differs", row=number, said=said, label=label, figure=figure),
            about=key,
            field=told.column,
            row=number,
            where=cell.where,
            evidence=f"{said}；{label}{figure}",
            expected=say("expected", label=label),
        )


def _first_contradiction(
    cells: list[tuple[int, Value]], stems: tuple[str, ...], label: str, stated: float
) -> tuple[int, Value, re.Match[str]] | None:
    """The first figure of a measure that contradicts; None where one agrees or none is named."""
    wrong = None
    for number, cell in cells:
        for stem in stems:
            for match in _pattern(stem, label).finditer(nfkc(text_of(cell))):
                if not _contradicts(match, stated):
                    return None
                if wrong is None:
                    wrong = (number, cell, match)
    return wrong


_WORK = "负责|进行|提供|实施|承建|承担|建设|集成|开发|总承包|总包|完成|改造"
_BUILDER = "(?:总?集成商|系统集成商|解决方案供应商|承建商|承建单位|实施商|实施单位|总包商|总包单位|总包方|开发商)"
_BY = re.compile(
    rf"(?P<subject>[^,。;:]{{0,12}})(?:由|委托|聘请)(?P<who>[^,。;:由]{{4,60}}?)(?P<verb>{_WORK})(?P<object>[^,。;]{{0,12}})"
)
_SUPPLIER = re.compile(
    rf"(?P<subject>(?:系统|方案|解决方案|集成)[^,。;:]{{0,6}}供应商|{_BUILDER})(?:为|是|:|选用|选择)(?P<who>[^,。;:]{{4,60}})"
)
_AS_BUILDER = re.compile(
    rf"(?P<subject>)(?P<who>[^,。;:、]{{4,40}}?(?:公司|院|所))(?:作为|担任|是|为)[^,。;:]{{0,8}}?{_BUILDER}"
)
_ONLY_A_PART = re.compile(r"设备|硬件|传感器|仪表|机器人|算法|云资源|咨询|软件|零部件|材料|服务器")
_ONLY_A_PART_OWN = re.compile(rf"{_ONLY_A_PART.pattern}|模型|知识库|代码|接口|程序|模块")
_NOBODY_ELSE = re.compile(
    r"(?:无|没有|未(?:使用|采用|聘请|委托|引入)|不(?:使用|采用|依赖))(?:任何|其他)?(?:外部|第三方|外单位)的?"
    r"(?:系统|方案|解决方案)?(?:供应商|集成商|服务商|厂商|单位|公司|团队)"
)
_OWN = re.compile(r"^(?:我|本|该)?(?:公司|单位|企业|集团|厂)|自主|自行|项目组|信息(?:部|中心)|团队|部门?$")


class Provider(AboutRows):
    """``field`` names who built what the application is about: words of ``self_built`` say that the applicant did itself,
    words of ``built`` what is built.
    ``contact`` and ``phone`` are the provider's; ``own_names``, ``own_contact`` and ``own_phones`` the applicant's. Names of
    companies end in words of ``endings``."""

    field: FieldKey
    contact: FieldKey | None = None
    phone: FieldKey | None = None
    own_names: tuple[FieldKey, ...]
    own_contact: FieldKey | None = None
    own_phones: tuple[FieldKey, ...] = ()
    self_built: Words
    built: Words
    endings: Words
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "contact_outside": "provider company",
        "text_outside": "provider row said",
        "contact_own": "provider contact",
        "text_own": "provider row said",
        "expected_contact_outside": "company",
        "expected_text_outside": "company",
        "expected_contact_own": "",
        "expected_text_own": "",
        "blank": "",
        "unread": "",
    }


@check("provider", Provider)
def provider(ctx: Context, told: Provider, say: Say) -> Iterator[Result]:
    """The provider is the applicant itself, while the text or the contact names a supplier; or the reverse."""
    value = ctx.reading.record.get(told.field)
    if value is None or empty(value) or means_blank(text_of(value), ctx.catalog.words[told.blank]):
        yield NotApplicable(say("blank"))
        return
    said = _Said(ctx, told, say, value)
    own = Answers.of(ctx).only_says(told.field, told.self_built, told.endings)
    for trip, values in said.outside() if own else said.inside():
        if all(v is None or v.certain for v in (value, *values)):
            yield trip
        else:
            yield CannotTell(say("unread"))


_Doubt = tuple[Trip, tuple[Value | None, ...]]
"""What is found, and the values that it hangs on."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the contact and the text say of the provider that the form names."""

    ctx: Context
    told: Provider
    say: Say
    value: Value

    def get(self, key: str | None) -> Value | None:
        return self.ctx.reading.record.get(key) if key else None

    def own_names(self) -> set[str]:
        return {fold(text_of(self.get(k))) for k in self.told.own_names} - {""}

    def texts(self) -> Iterator[tuple[int, Value, str]]:
        """(row, cell, its text) of the rows that the application is about."""
        for number, row in _declared(self.ctx, self.told) or []:
            cell = row.get(self.told.column.partition(".")[2])
            if cell is not None:
                yield number, cell, nfkc(text_of(cell))

    def company(self, text: str) -> str:
        """The outside company a phrase names, "" where it names none: it ends as companies' names do and is not the
        applicant's own."""
        name = re.sub(r"^(?:这一解决方案是|是|主要|我公司与|本公司与|公司与|联合)", "", text).strip()
        name = re.split(r"(?:共同|联合|与我公司|和我公司)", name)[0].strip()
        name = re.sub(r"\([^()]*\)$", "", name)
        folded = fold(name)
        endings = sorted({fold(w) for w in self.ctx.catalog.words[self.told.endings]}, key=len, reverse=True)
        ending = next((e for e in endings if folded.endswith(e)), "")
        if len(folded) < _COMPANY or not ending or folded == ending or _OWN.search(name):
            return ""
        stem = folded.removesuffix(ending)
        return "" if any(stem in own or own in folded for own in self.own_names()) else name

    def companies(self, text: str) -> Iterator[str]:
        """The outside companies that a contact's cell names, beside a person or with its name behind theirs."""
        for word in re.split(r"[\s,、;/:]+", nfkc(text)):
            for part in (word, *re.split(r"[()]+", word), *_COMPANY_OF.findall(word)):
                if company := self.company(part):
                    yield company

    def named_suppliers(self) -> Iterator[tuple[int, Value, str, str]]:
        """(row, cell, the outside company, the phrase) of the rows that the application is about."""
        for number, cell, text in self.texts():
            for pattern in (_BY, _SUPPLIER, _AS_BUILDER):
                for match in pattern.finditer(text):
                    around = match["subject"] + (match.groupdict().get("object") or "")
                    company = self.company(match["who"])
                    if company and not _ONLY_A_PART.search(around):
                        yield number, cell, company, match[0].strip(",。;: ")

    def outside(self) -> Iterator[_Doubt]:
        """自建, while the contact or the text names a supplier."""
        told, say, value = self.told, self.say, self.value
        said = text_of(value)
        cells = (self.get(told.contact), self.get(told.phone))
        named = next(((c, company) for c in cells for company in self.companies(text_of(c))), None)
        if named is not None:
            contact, company = named
            yield (
                Trip(
                    say("contact_outside", provider=said, company=company),
                    about=told.contact or "",
                    field=told.field,
                    where=value.where,
                    evidence=f"{value.raw}；{text_of(contact)}",
                    expected=say("expected_contact_outside", company=company),
                ),
                (contact,),
            )
        for number, cell, company, phrase in self.named_suppliers():
            yield (
                Trip(
                    say("text_outside", provider=said, row=number, said=shorten(phrase)),
                    about=told.column.partition(".")[2],
                    field=told.field,
                    row=number,
                    where=value.where,
                    evidence=f"{value.raw}；{phrase}",
                    expected=say("expected_text_outside", company=company),
                ),
                (cell,),
            )
            return

    def inside(self) -> Iterator[_Doubt]:
        """An outside supplier, while the text says 自建 or the contact is the applicant's own."""
        told, say, value = self.told, self.say, self.value
        provider = text_of(value)
        if any(o in fold(provider) for o in self.own_names()):
            return
        contact, own, phone = self.get(told.contact), self.get(told.own_contact), self.get(told.phone)
        phones = {digits(text_of(self.get(k))) for k in told.own_phones} - {""}
        if same(text_of(contact), text_of(own)) and digits(text_of(phone)) in phones:
            yield (
                Trip(
                    say("contact_own", provider=shorten(provider), contact=text_of(contact)),
                    about=told.contact or "",
                    field=told.contact,
                    where=contact.where if contact is not None else "",
                    evidence=f"{text_of(contact)}，{text_of(phone)}",
                    expected=say("expected_contact_own"),
                ),
                (contact, own, phone),
            )
        words = self.ctx.catalog.words[told.self_built]
        if any(fold(w) in fold(provider) for w in words) or any(True for _ in self.named_suppliers()):
            return
        rows = [(number, cell, self.all_self_built(text)) for number, cell, text in self.texts() if text.strip()]
        names = {fold(p) for p in re.split(r"[、,;/]", nfkc(provider))} - {""}
        if not rows or any(name in fold(text) for name in names for _, _, text in self.texts()):
            return
        number, _, phrase = rows[0]
        if not all(phrase for _, _, phrase in rows):
            return
        yield (
            Trip(
                say("text_own", provider=shorten(provider), row=number, said=phrase),
                about=told.column.partition(".")[2],
                field=told.field,
                row=number,
                where=value.where,
                evidence=f"{value.raw}；{phrase}",
                expected=say("expected_text_own"),
            ),
            tuple(cell for _, cell, _ in rows),
        )

    def all_self_built(self, text: str) -> str:
        """The phrase by which a text says that the applicant built the whole itself, "" where it does not."""
        words = "|".join(map(re.escape, self.ctx.catalog.words[self.told.self_built]))
        built = "|".join(map(re.escape, self.ctx.catalog.words[self.told.built]))
        whole = re.search(
            rf"(?:{built})[^,。;:]{{0,6}}?(?:由|为|系|是)(?:我|本)?(?:公司|企业|单位)?(?:{words})"
            r"(?![^,。;]{0,200}(?:软件|算法|知识库))",
            text,
        ) or _NOBODY_ELSE.search(text)
        if whole is not None:
            return whole[0]
        clauses = (c for c in re.split(r"[,。;:\n]", text) if not _ONLY_A_PART_OWN.search(c))
        everything = re.compile(rf"[^,。;:]{{0,20}}(?:全部|均|都|完全|整体|整套)[^,。;:]{{0,16}}?(?:{words})")
        return next((m[0] for c in clauses if (m := everything.search(c))), "")
