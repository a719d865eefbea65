"""Dates and periods as people write them → ISO, as precise as they are written.

What is no date of the calendar gives None, never a guess.
"""

from __future__ import annotations

import datetime as dt
import re

from records.normalise import NOTHING, Typed, is_blank, squeeze
from records.numbers import DIGITS, NUMERALS, VALUES, counted

_CHINESE_YEAR = re.compile(rf"([○零Oo◯{DIGITS}]{{4}})年")
_CHINESE_SMALL = re.compile(rf"([〇零{NUMERALS}廿卅]{{1,3}})(月|日|号)")


def _chinese_dates(text: str) -> str:
    """二〇二三年八月十八日 → 2023年8月18日."""

    def year(match: re.Match[str]) -> str:
        return "".join(str(VALUES[c]) for c in match[1]) + "年"

    def small(match: re.Match[str]) -> str:
        return f"{counted(match[1])}{match[2]}"

    return _CHINESE_SMALL.sub(small, _CHINESE_YEAR.sub(year, text))


_AROUND_A_DATE = re.compile(r"[年月日号\s()（）。.,，:：]|成立|注册|设立|于|前|左右")
_DATE = re.compile(
    r"(?<![\d.])(?P<y>(?:18|19|20)\d{2})"
    r"(?:年(?:(?P<m1>\d{1,2})月?(?:份)?(?:(?P<d1>\d{1,2})(?!\d)(?:日|号)?)?)?"
    r"|(?P<s>[-./、。_])(?P<m2>\d{1,2})(?:(?P=s)(?P<d2>\d{1,2})|月(?P<d3>\d{1,2})日|月)?(?!\d)"
    r"|(?P<m4>0[1-9]|1[0-2])(?P<d4>0[1-9]|[12]\d|3[01])?(?!\d)"
    r"|(?!\d))(?:日|号)?"
)
_DASHES = str.maketrans("—–－‐‑‒―−﹣─～〜∼﹏〰", "-" * 10 + "~" * 5)


_MONTHS = {
    m: n for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_ENGLISH = re.compile(
    rf"(?<![A-Za-z\d])(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?[-./,]?)?(?P<m>{'|'.join(_MONTHS)})[a-z]{{0,6}}"
    r"[-./,]*+(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?[-./,]*+)?(?P<y>(?:18|19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)
"""8 Jan 1986, January 8th, 1986, Jan. 1986, without their blanks."""


def _english_date(match: re.Match[str]) -> str:
    day = match["d1"] or match["d2"]
    return f"{match['y']}年{_MONTHS[match['m'].lower()]}月{f'{day}日' if day else ''}"


def in_english(text: str) -> bool:
    """Whether a text is a date written in English and nothing else."""
    return _ENGLISH.fullmatch(squeeze(text)) is not None


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    try:
        dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([year] + [f"{int(part):02d}" for part in (month, day) if part])


def _from_match(match: re.Match[str]) -> str | None:
    month = match["m1"] or match["m2"] or match["m4"]
    day = match["d1"] or match["d2"] or match["d3"] or match["d4"]
    return _iso(match["y"], month, day)


def no_such_day(text: str) -> bool:
    """Whether a text holds a date that no calendar has (2023年2月30日)."""
    return any(_from_match(m) is None for m in _DATE.finditer(_prepare(text)))


_CLOCK = re.compile(r"\s{1,20}\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?\s*$")


def _prepare(text: str) -> str:
    text = _CLOCK.sub("", text)  # before the blank goes: 2017-8-3 0:00:00 is no 30th
    bare = _ENGLISH.sub(_english_date, squeeze(text))
    return re.sub(r"(?:00:00(?::00)?|T00:00:00Z?)$", "", _chinese_dates(bare).translate(_DASHES))


def date(text: str) -> Typed:
    """An ISO date, as precise as it is written: 2021年3月 → 2021-03, 二〇二一年三月 → 2021-03. What is no date of the
    calendar, or holds two dates, gives None."""
    if is_blank(text):
        return NOTHING
    bare = _prepare(text)
    values = {_from_match(m) for m in _DATE.finditer(bare)}
    another = len(values) > 1
    if another:  # 2013年10月4日（2019年6月更名）
        values = {_from_match(m) for m in _DATE.finditer(_IN_BRACKETS.sub("", bare))}
    if len(values) != 1 or None in values:
        return NOTHING
    rest = _DATE.sub("", bare)
    plain = not another and not _DIGIT.search(rest) and not _AROUND_A_DATE.sub("", rest)
    return Typed(values.pop(), () if plain else ("date_in_words",))


_DIGIT = re.compile(r"\d")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_ENDS = 2
"""Dates of a period."""
_TO_THE_MONTH = len("2022-03")
_MONTHS_OF_A_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})([./])(\d{1,2})-(\d{1,2})(?![\d./年月])")
_YEARS_ALONE = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年度?)?[-~至到]+((?:19|20)\d{2})(?!\d|[-./年月]\d)")
_BENEATH = re.compile(r"(?<=[\d０-９月日号])[^\S\n]*\n\s*(?=[\d０-９]{4}|[○零〇O一二][○零〇Oo一二三四五六七八九]{3}年)")
"""Between two dates beneath one another."""
_WORDS = re.compile(r"[^\W\d_年月日号起止自从由至到期间开始结束时建设]")
"""What is said of a date beyond that a period begins or ends there."""
_OPEN_END = re.compile(r"至今|迄今|现在|目前|今$|至现今|持续")


def period(text: str) -> Typed:
    """``{"start", "end"}``. ``2022.3-12`` → 2022-03 to 2022-12; 至今 gives an end of None; one date alone gives None."""
    if is_blank(text):
        return NOTHING
    bare = _prepare(_BENEATH.sub("~", text))
    # "2022.3-12": the last part is a month of the same year, not a day
    bare = _YEARS_ALONE.sub(r"\1年~\2年", _MONTHS_OF_A_YEAR.sub(r"\1年\3月~\1年\4月", bare))
    found = list(_DATE.finditer(bare))
    values = [_from_match(m) for m in found]
    if not found or None in values or len(found) > _ENDS:
        return NOTHING
    if len(found) == _ENDS:
        between = bare[found[0].end() : found[1].start()]
        rest = bare[: found[0].start()] + between + bare[found[1].end() :]
        plain = not _DIGIT.search(_IN_BRACKETS.sub("", rest)) and not re.search(r"半年|季|[初底末旬]", rest)
        plain = plain and not (
            str(values[0]) > str(values[1]) and _WORDS.search(rest)
        )  # 2021年3月完成（2019年3月立项）
        return Typed({"start": values[0], "end": values[1]}, () if plain else ("period_in_words",))
    after = bare[found[0].end() :]
    if _OPEN_END.search(after):
        return Typed({"start": values[0], "end": None})
    later = re.match(r"(?:起)?[-~至到]+(\d{1,2})(?:月份?|[.])?(?:(\d{1,2})日?)?(?:止|底|末)?$", after)
    if later and values[0] and len(values[0]) >= _TO_THE_MONTH:
        end = _iso(found[0]["y"], later[1], later[2])
        if end:
            return Typed({"start": values[0], "end": end})
    return NOTHING
