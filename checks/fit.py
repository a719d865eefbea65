"""Rule M10: does the text of a 场景实例 fit the 场景 it claims.

TF-IDF over jieba's words, against the 45 scenes (name, text of 附件1, and the form's printed 示例 for the scene it
belongs to). The margin stands in the catalog (``limits.scene_similarity``). It was set on the 67 texts written for
known scenes in tests/checks/data/fit_texts.toml: the claimed scene wins with 63, and M10 is wrong with none; of claims
under a wrong 环节 it finds 94 in 100, and names the right scene for 96 in 100 of these. On 83 rows by another hand, on
which nothing was set, 79 win, none is wrong, and 90 in 100 are found (tests/checks/test_fit.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.closest import scene_index
from checks.entries import Entry, entries
from checks.names import text_of
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.terms import TfIdf
from checks.text import count_words

COLUMNS = ("instance", "description", "pain_points", "solution", "results")
"""What says of which scene a row is; 保障要素, 其他 and 经济性 read the same for every scene."""
ENOUGH = 60
"""Characters below which a text says too little."""


@rule("M10", "note", "附件1", "文字与另一场景明显更相符", reads=tuple(f"scenes.{c}" for c in ("scene", *COLUMNS)))
def better_fit(ctx: Context) -> Iterator[Result]:
    """附1每行的场景实例名称、描述、痛点、技术方案和成效，与附件1的45个场景文字逐一比对用词（TF-IDF余弦，0至1）。另一场景的相符
    程度明显高于所填场景的，给出提示，两个分数都写明。

    触发示例：场景填“智能仓储”，文字写的是能源管理系统、负荷预测和用能优化调度。
    不触发：文字与所填场景最相符，或与另一场景相差不大。
    如何补正：无须补正；由人核对场景是否选错。
    局限：只比用词，不懂意思；文字太短、场景名称有误（见M02）或注明为新场景的不比。
    """
    index = scene_index(ctx.catalog)
    judged = False
    for entry in entries(ctx, basics=False):
        if not entry.scene.known:
            continue
        values = [entry.row[c] for c in COLUMNS if c in entry.row]
        text = "。".join(text_of(v) for v in values if v.value is not None)
        if count_words(text) < ENOUGH:
            continue
        judged = True
        trip = _judge(ctx, entry, index, text)
        if trip is not None and not all(v.certain for v in (entry.row["scene"], *values)):
            yield CannotTell(f"{entry.place}的文字识别没有把握")
        elif trip is not None:
            yield trip
    if not judged:
        yield NotApplicable("附1没有场景名称在目录之中、文字又足够长的场景实例")


def _judge(ctx: Context, entry: Entry, index: TfIdf, text: str) -> Trip | None:
    scores = index.scores(text)
    best = next(iter(scores))
    claimed = max(entry.scene.known, key=lambda name: scores[name])
    if scores[best] - scores[claimed] < ctx.catalog.limits.scene_similarity:
        return None
    link = next(s.link for s in ctx.catalog.scenes if s.name == best)
    common = ctx.catalog.words.get("stop_terms", ())
    shared = "”“".join([w for w in index.reasons(text, best) if w not in common][:5])
    return Trip(
        f"{entry.place}所填场景为“{claimed}”，而文字用词与环节“{link}”的场景“{best}”明显更相符"
        f"（相符程度{scores[best]:.2f}，所填场景{scores[claimed]:.2f}；共同用词“{shared}”）。请核对场景是否选错。",
        about=entry.identity,
        field="scenes.scene",
        row=entry.number,
        where=entry.row["scene"].where,
        evidence=claimed,
        expected=best,
    )
