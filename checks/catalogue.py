"""Group M: 环节 and 场景 against the catalog (附件1).

M04 and M05 stand in checks/kinds.py, M06 to M08 in checks/coverage.py, M10 in checks/fit.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.models import Catalog
from checks.closest import closest_link, closest_scene
from checks.entries import Entry, Named, entries
from checks.names import fold
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten

_NOTHING = NotApplicable("附1没有场景实例（见C07）")


def _where(named: Named) -> str:
    return named.value.where if named.value is not None else ""


def _key(entry: Entry, column: str) -> str:
    return f"{column}_name" if entry.number is None else f"scenes.{column}"


def _about(entry: Entry, column: str) -> str:
    return f"{column}_name" if entry.number is None else f"{column}:{entry.identity}"


def meant_link(catalog: Catalog, entry: Entry) -> str | None:
    """The 环节 an unknown name is meant for: the closest name, else that of the entry's 场景."""
    by_scene = {s.link for s in catalog.scenes if s.name in entry.scene.known}
    closest = closest_link(catalog, entry.link.text)
    return closest or (by_scene.pop() if len(by_scene) == 1 else None)


def _advice(closest: str | None, what: str) -> str:
    named = f"，最接近的是“{closest}”" if closest else ""
    return f"{named}。请改用目录中的名称；确属新的{what}的，请在备注中注明“新{what}”。"


@rule(
    "M01",
    "fix",
    "附件1",
    "环节不在目录所列之中",
    reads=("link_name", "scenes.link", "scenes.remark"),
)
def link(ctx: Context) -> Iterator[Result]:
    """环节名称应为《智能制造典型场景参考指引》（附件1）所列16个环节之一，名称前的序号不影响。写错的指出最接近的环节。在单元格或
    备注中注明是新环节、新场景或新增的，不作为错误（见M09）。

    触发示例：环节名称写“环保管理”（应为“环保管控”）。
    不触发：“8.环保管控”“（8）环保管控”；“碳足迹管理（新环节）”。
    如何补正：改用目录中的名称；确属新环节的，在备注中注明“新环节”。
    局限：名称相差很远时不给出最接近的环节。
    """
    found = entries(ctx)
    if not found:
        yield _NOTHING
    for entry in found:
        if entry.link.doubtful and not entry.link.known:
            yield CannotTell(f"{entry.place}的环节名称没有读清")
        if not entry.link.unknown:
            continue
        closest = meant_link(ctx.catalog, entry)
        yield Trip(
            f"{entry.place}的环节名称“{shorten(entry.link.text)}”不是《智能制造典型场景参考指引》所列的"
            f"{len(ctx.catalog.links)}个环节之一" + _advice(closest, "环节"),
            about=_about(entry, "link"),
            field=_key(entry, "link"),
            row=entry.number,
            where=_where(entry.link),
            evidence=entry.link.text,
            expected=closest or "附件1所列环节之一",
        )


@rule(
    "M02",
    "fix",
    "附件1",
    "场景不在目录所列之中",
    reads=("scene_name", "scenes.scene", "scenes.remark"),
)
def scene(ctx: Context) -> Iterator[Result]:
    """场景名称应为《智能制造典型场景参考指引》（附件1）所列45个典型场景之一，名称前的序号不影响。写错的指出最接近的场景。在单元格或
    备注中注明是新环节、新场景或新增的，不作为错误（见M09）。

    触发示例：场景名称写“智能仓库”（应为“智能仓储”）。
    不触发：“（29）智能仓储”；备注注明“新场景”的“产品碳足迹核算”。
    如何补正：改用目录中的名称；确属新场景的，在备注中注明“新场景”。
    局限：名称和用词都不相近时不给出最接近的场景。
    """
    found = entries(ctx)
    if not found:
        yield _NOTHING
    for entry in found:
        if entry.scene.doubtful and not entry.scene.known:
            yield CannotTell(f"{entry.place}的场景名称没有读清")
        if not entry.scene.unknown:
            continue
        under = entry.link.known[0] if entry.link.known else ""
        closest = closest_scene(ctx.catalog, entry.scene.text, under)
        yield Trip(
            f"{entry.place}的场景名称“{shorten(entry.scene.text)}”不是《智能制造典型场景参考指引》所列的"
            f"{len(ctx.catalog.scenes)}个典型场景之一" + _advice(closest, "场景"),
            about=_about(entry, "scene"),
            field=_key(entry, "scene"),
            row=entry.number,
            where=_where(entry.scene),
            evidence=entry.scene.text,
            expected=closest or "附件1所列场景之一",
        )


@rule(
    "M03",
    "fix",
    "附件1",
    "场景不属于所填的环节",
    reads=("link_name", "scene_name", "scenes.link", "scenes.scene"),
)
def scene_of_link(ctx: Context) -> Iterator[Result]:
    """场景应填在它在附件1中所属的环节之下。场景在目录中、但属于另一个环节的，指出应属的环节。

    触发示例：环节填“设备管理”，场景填“智能仓储”（属于“仓储物流”）。
    不触发：环节填“仓储物流”，场景填“智能仓储”；环节是注明的新环节。
    如何补正：改正环节名称，或改选该环节下的场景。
    局限：环节名称本身有误时只报M01。
    """
    found = entries(ctx)
    if not found:
        yield _NOTHING
    of = {s.name: s.link for s in ctx.catalog.scenes}
    for entry in found:
        if not (entry.link.known and entry.scene.known):
            if entry.link.doubtful or entry.scene.doubtful:
                yield CannotTell(f"{entry.place}的环节或场景名称没有读清")
            continue
        wrong = [s for s in entry.scene.known if of[s] not in entry.link.known]
        if not wrong:
            continue
        values = (entry.link.value, entry.scene.value)
        if any(v is not None and not v.certain for v in values):
            yield CannotTell(f"{entry.place}的环节或场景名称没有读清")
            continue
        right = of[wrong[0]]
        yield Trip(
            f"{entry.place}把场景“{wrong[0]}”填在环节“{'、'.join(entry.link.known)}”之下，附件1中它属于环节“{right}”。"
            f"请将环节改为“{right}”，或改选该环节之下的场景。",
            about=_about(entry, "scene"),
            field=_key(entry, "link"),
            row=entry.number,
            where=_where(entry.link) or _where(entry.scene),
            evidence=f"{entry.link.text}—{entry.scene.text}",
            expected=right,
        )


@rule(
    "M09",
    "note",
    "附件1, 附件3",
    "填写了新的环节或场景",
    reads=("link_name", "scene_name", "scenes.link", "scenes.scene", "scenes.remark"),
)
def put_forward(ctx: Context) -> Iterator[Result]:
    """通知鼓励申报主体填写新的环节或场景。在单元格或备注中注明为新环节、新场景、新增的，列出来供审阅，不影响申报。

    触发示例：场景名称写“产品碳足迹核算（新场景）”；备注写“新环节”。
    不触发：备注写“新增3台设备”；注明了“新场景”、名称却在目录之中。
    如何补正：无须补正，由人判断是否确为新的环节或场景。
    局限：只认注明的字样，没有注明的按写错处理（M01、M02）。
    """
    found = entries(ctx)
    if not found:
        yield _NOTHING
    seen: set[str] = set()
    for entry in found:
        for column, what, named in (("link", "环节", entry.link), ("scene", "场景", entry.scene)):
            about = f"{column}:{fold(named.text)}"
            if not named.new or about in seen:
                continue
            if named.doubtful:
                yield CannotTell(f"{entry.place}的{what}名称没有读清")
                continue
            seen.add(about)
            near = closest_link(ctx.catalog, named.text) if column == "link" else closest_scene(ctx.catalog, named.text)
            yield Trip(
                f"{entry.place}提出新的{what}“{shorten(named.text)}”，通知鼓励填写新的环节或场景，请审阅是否确为新的{what}"
                + (f"（目录中相近的是“{near}”）。" if near else "。"),
                about=about,
                field=_key(entry, column),
                row=entry.number,
                where=_where(named),
                evidence=named.text,
                expected="",
            )
