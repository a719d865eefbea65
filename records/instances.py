"""The instances column of 附件4 in its notations: 环节—场景—实例, numbered or not, one a line or run together."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from records.normalise import NOTHING, Typed, fold, fold_text, is_blank
from records.numbers import NUMERALS
from records.signs import TICKED, UNTICKED

_SEPARATOR = re.compile(
    r"\s{0,20}(?:—+|–+|―+|─+|－+|-{1,9}>|={1,9}>|→|➔|⟶|>+|＞|-+|/|／|\||｜|~|～|·|[\ue000-\uf8ff]+)\s*"
)
"""Also a dash of a font's own that the file does not name."""
_MARK = re.compile(r"\s{0,20}[（(]\s*(?:环节|场景|实例|场景实例)(?:名称?)?(?:\s*[)）]|(?<=名)$)")
_NUMBER = re.compile(
    r"(?:(?<=^)|(?<=[\s;；。,，]))(?:[(（](\d{1,2})[)）]|(\d{1,2})\s*[.、．)）:：](?!\d)|([①-⑳])|\d{1,2}[.．]\d{1,2}[.．、]?(?=\s*[\u4e00-\u9fff])"
    rf"|[(（][{NUMERALS}]{{1,3}}[)）]|[{NUMERALS}]{{1,3}}\s*[、.．])\s*"
)
_COUNTED = re.compile(r"\s{0,20}(?:合计|总计|共计?|涉及)\s*\d{1,2}\s*[个项条][^\d—\-]{0,12}[:：]\s*")
"""共3个：, before the list"""
_LAST = re.compile(r"\n\s{0,20}\d{1,2}\s*+[.、．)）]\s*+$")
"""The number of an item that was not written."""
_RUN_ON = re.compile(r"(?:[(（](\d{1,2})[)）]|(\d{1,2})\s*[.、．)）](?!\d)|([①-⑳]))\s*(?=[\u4e00-\u9fff])")


_PARTED = r"(?:[;；,，、]|(?:(?<!\s)|(?<=[:：]\s))\s)\s*+"
"""What parts the names of an instance; of a run of blanks its first is tried alone."""
_WITHIN = re.compile(r"[\u4e00-\u9fff)）]\s*\d{1,2}[.、．]\s*[\u4e00-\u9fff]")
"""The number of an item within another one: where they part was lost."""
_NAMED_EACH = re.compile(
    rf"环节(?:名称?)?\s*+[:：](.{{1,60}}?){_PARTED}场景(?:名称?)?\s*+[:：](.{{1,60}}?){_PARTED}(?:场景)?实例(?:名称?)?\s*+[:：](.{{1,300}}?)"
    r"(?:(?:(?<![;；,，。\s])|(?<=[:：].))"
    r"(?=[;；,，。\s]*+(?:(?:[(（]?\d{1,2}[.、)）]|[①-⑳])\s*+)?环节(?:名称?)?\s*+[:：])|$)",
    re.DOTALL,
)
_FRAMED = re.compile(r"[【\[〔]([^】\]〕]{2,20})[】\]〕]\s*")
"""【环节】场景—实例"""
_LONG_DASH = re.compile(r"(?<=[^\s—–―─－])\s?[—–―─－]{1,4}\s?(?=[^\s—–―─－])")
"""A dash within a name may be one of its own; several are those of a further item."""
_BETWEEN = 2
"""Separators of an item: 环节—场景—实例."""


def _value(match: re.Match[str]) -> int:
    digits = match[1] or match[2]
    return int(digits) if digits else ord(match[3]) - 0x2460 + 1


def _items(text: str) -> list[str]:
    """The text of each instance, its number dropped."""
    starts: list[tuple[int, int]] = []
    expected = 1
    for match in _RUN_ON.finditer(text):
        # counting up, and a separator since the last number: "MES2.系统" is no number
        since = text[starts[-1][1] : match.start()] if starts else ""
        if _value(match) == expected and (not starts or len(_SEPARATOR.findall(since)) >= _BETWEEN):
            starts.append((match.start(), match.end()))
            expected += 1
    if starts and not text[: starts[0][0]].strip():
        ends = [s for s, _ in starts[1:]] + [len(text)]
        return [text[b:e] for (_, b), e in zip(starts, ends, strict=True)]
    made: list[str] = []
    for line in re.split(r"\n|(?<=[^\d])[;；]", text):
        bare = _NUMBER.sub("", fold(line), count=1) if _NUMBER.match(fold(line)) else fold(line)
        if not bare:
            continue
        if (
            made
            and len(_SEPARATOR.findall(bare)) < _BETWEEN
            and (not _NUMBER.match(fold(line)))
            and len(_SEPARATOR.findall(made[-1])) >= 1
        ):
            made[-1] += bare
        else:
            made.append(bare)
    return made


def instances(text: str) -> Typed:
    """A list of ``{"link", "scene", "instance"}``. Parts that an item lacks are ""; text without any separator gives the
    instance alone, with a doubt."""
    if is_blank(text):
        return NOTHING
    text = _LAST.sub("", _COUNTED.sub("", text, count=1) if _COUNTED.match(text) else text)
    found = []
    doubts: dict[str, None] = {}
    named_all = list(_NAMED_EACH.finditer(text))
    if named_all:
        made = [
            {"link": m[1].strip(), "scene": m[2].strip(), "instance": fold_text(m[3]).strip("；;。,， ")}
            for m in named_all
        ]
        whole = len(made) == len(re.findall(r"环节(?:名称?)?\s*[:：]", text))
        return Typed(made, () if whole else ("instances_missed",))
    for item in _items(unicodedata.normalize("NFKC", text) if "　" in text else text):
        plain = re.sub(r"\s{0,20}\d{1,2}[.、]?\s*[….]{2,200}\s*+$", "", fold_text(item)).strip("；;。,， ")
        if not plain or re.fullmatch(r"[….。·\s]+", plain) or plain in ("示例", "示例：", "示例:"):
            continue
        framed = _FRAMED.match(plain)
        if framed is not None:
            rest = _SEPARATOR.split(plain[framed.end() :], maxsplit=1)
            if rest[1:]:
                found.append({"link": framed[1].strip(), "scene": rest[0].strip(), "instance": rest[1].strip()})
                continue
        parts = [_MARK.sub("", p).strip() for p in _SEPARATOR.split(plain, maxsplit=_BETWEEN)]
        if len(parts) > _BETWEEN:
            if parts[0][2:].endswith("环节") or parts[1][2:].endswith("场景"):  # 生产作业环节—人机协同制造场景—…
                parts[:2] = parts[0].removesuffix("环节"), parts[1].removesuffix("场景")
                doubts["kind_left_out"] = None
            found.append({"link": parts[0], "scene": parts[1], "instance": parts[2].lstrip("-—–")})
            if len(_LONG_DASH.findall(parts[2])) >= _BETWEEN:
                doubts["instances_missed"] = None
        elif parts[1:]:
            found.append({"link": "", "scene": parts[0], "instance": parts[1]})
            doubts["parts_left_out"] = None
        else:
            found.append({"link": "", "scene": "", "instance": parts[0]})
            doubts["instance_alone"] = None
    if any(_WITHIN.search(part) for item in found for part in item.values()):
        doubts["instances_missed"] = None
    return Typed(found or None, tuple(doubts))


_JOINT = r"(?:\s*[—–―─－_\->＞=→➔⟶/／|｜~～·:：、,，\ue000-\uf8ff]+\s*|\s*一\s*|\s+)"
"""What may stand between the parts of an item, also what a reader of pictures makes of a dash."""
_JOINED_ON = re.compile(rf"(?:{_JOINT}(?<!一)|\s*一(?![体键站线码物次种级期般致])\s*)+")
"""Of a double dash a picture's reader makes —一, too; 一体化, 一次合格 … begin with a word."""
_NUMBER_AHEAD = re.compile(
    rf"(?<![\s;；。,，])[\s;；。,，]*+(?:[(（](\d{{1,2}})[)）]|(\d{{1,2}})\s*+[.、．)）:：]?|([①-⑳])|([{TICKED}{UNTICKED}]))\s*+$"
)
"""A number in a ring may be read as a box."""


@functools.lru_cache(maxsize=8)
def _pairs(links: tuple[str, ...], scenes: tuple[str, ...]) -> re.Pattern[str]:
    def either(names: tuple[str, ...]) -> str:
        each = sorted({"".join(n.split()) for n in names}, key=lambda n: (-len(n), n))
        return "|".join(r"\s?".join(map(re.escape, n)) for n in each)  # a line may end within a name

    return re.compile(rf"({either(links)}){_JOINT}({either(scenes)})")


def _squeezed(text: str, names: Iterable[str]) -> str:
    """The one of ``names`` that a text is but for white space."""
    bare = "".join(text.split())
    return next(n for n in names if "".join(n.split()) == bare)


def by_names(text: str, links: Iterable[str], scenes: Iterable[str]) -> list[dict[str, str]] | None:
    """The instances of a text in which the names of the 环节 and 场景 show where the parts end, whatever stands between them
    (in a picture a dash is read as 一). None where other text stands before the first, or one has no name of its own."""
    plain = _MARK.sub("", fold_text(unicodedata.normalize("NFKC", text)))
    found = list(_pairs(tuple(links), tuple(scenes)).finditer(plain))
    made: list[dict[str, str]] = []
    end = 0
    numbered = False
    as_one = any("一" in plain[m.end(1) : m.start(2)] for m in found)
    for match in found:
        between = plain[end : match.start()]
        counted = _NUMBER_AHEAD.search(between)
        if counted is not None and (counted[4] or _value(counted) == len(made) + 1):
            between, numbered = between[: counted.start()], True
        elif numbered:
            continue  # a numbered item's own text names a scene
        if made:
            made[-1]["instance"] = _own(between, as_one)
        elif between.strip():
            return None
        made.append({"link": _squeezed(match[1], links), "scene": _squeezed(match[2], scenes), "instance": ""})
        end = match.end()
    if made:
        made[-1]["instance"] = _own(plain[end:], as_one)
    return made if made and all(item["instance"] for item in made) else None


def runs_on(item: dict[str, str], links: Iterable[str], scenes: Iterable[str]) -> bool:
    """Whether the name of an instance goes on with the names of a further one, parted as items are: the line ended where its cell did."""
    pair = _pairs(tuple(links), tuple(scenes)).search(item["instance"])
    if pair is None:
        return False
    between, behind = item["instance"][pair.end(1) : pair.start(2)], item["instance"][pair.end() :]
    return bool(_SEPARATOR.fullmatch(between) and _SEPARATOR.match(behind))


def _own(text: str, as_one: bool) -> str:
    """What stands behind a joint. Where other dashes of the text were read as 一, that of 优化一线控制动 is one, too."""
    text = re.sub(r"^\s*一(?=线)", "—", text) if as_one else text
    joint = _JOINED_ON.match(text)
    return text[joint.end() :].strip("；;。,， \n") if joint is not None else ""
