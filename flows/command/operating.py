"""What the ledger tells those who run this: status, settings, and reading one document anew. Without Prefect."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from flows.exits import UsageFault
from flows.guarded import sandbox
from flows.run.ledger import open_store, reviewed_as, safe_url, told_of_damage, words_of
from flows.run.placing import folder_district
from flows.run.remember import Memory
from flows.run.waiting import Waiting, waiting_in
from flows.settings import FILE, Settings
from records.database import StoreError, sqlite_path
from records.ledger.store import Damaged, Store
from records.owners import is_gone

_OUTCOMES = {
    "done": "完成",
    "unchanged": "无变化",
    "failed": "部分失败",
    "interrupted": "中断",
    "running": "正在进行",
}
_DONE = ("checked", "reported")
_MEGABYTE = 1 << 20


def status(settings: Settings, *, last: int = 5) -> Iterator[str]:
    """The last runs, what waits, what was set aside and why, and what the ledger takes. Raises UsageFault where no run
    has been made yet, or the ledger cannot be reached."""
    with _opened(settings) as store:
        if store.put_aside is not None:
            yield told_of_damage(store.put_aside)
        yield from _runs(store, settings, last)
        inbox = str(settings.inbox.resolve())
        known = store.inputs(inbox)
        yield from _waiting(waiting_in(settings.inbox, known))
        aside = [r for r in known if r["state"] == "set_aside"]
        yield f"搁置：{len(aside)}个"
        yield from (f"  {r['document']}：{r['reason']}" for r in aside)
        yield f"已审查：{sum(r['state'] in _DONE for r in known)}个"
        count, size = store.size()
        yield f"台账：{safe_url(settings.ledger_url)}，保存{count}份读取结果，{size / _MEGABYTE:.1f} MB"
    yield sandbox.told(sandbox.held())


def _waiting(found: Waiting) -> Iterator[str]:
    yield f"等待下次审查：{len(found.known) + len(found.new)}个"
    yield from (f"  {document}：{why}" for document, why in sorted(found.known.items()))
    if found.new:
        yield f"  还没有读过的：{len(found.new)}个"
    yield from (f"  {p.path}：{p.reason}" for p in found.out_of_reach)


def _runs(store: Store, settings: Settings, last: int) -> Iterator[str]:
    out = reviewed_as(store, settings)
    runs = store.runs(out, last)
    moved = "" if out == str(settings.out.resolve()) else f"（在{out}；本目录是从那里移来或复制的）"
    yield f"最近{len(runs)}次审查{moved}：" if runs else "还没有审查过"
    for run in runs:
        outcome = _OUTCOMES.get(run["outcome"], run["outcome"])
        if run["outcome"] == "running" and is_gone(run["owner"]):
            outcome = "中断"
        counts = json.loads(run["counts"])
        scope = "全部" if run["scope"] == "*" else run["scope"]
        parts = [_clock(run["started"]), scope, outcome]
        if run["ended"] is not None:
            parts.append(f"用时{run['ended'] - run['started']:.1f}秒")
        if counts:
            parts.append(f"文件{counts['inputs']}个（{counts['recalled']}个此前已读过），失败{counts['failures']}处")
        yield f"  {'  '.join(parts)}"


def forget(settings: Settings, document: str) -> tuple[str, ...]:
    """Drop the reading of a document, so that the next run reads it again; the districts whose reports then change, ()
    for all. ``document`` is its path below the inbox (of an archive's member: the archive counts), or a path to it.

    Raises UsageFault where the inbox holds no such document.
    """
    import catalog

    name = _below(document.partition("!/")[0], settings.inbox)
    if not (settings.inbox / name).exists():
        raise UsageFault(f"收件目录中没有“{name}”（{settings.inbox}）")
    pack, _ = catalog.beside(catalog.load(settings.notice, settings.office), settings.neighbours)
    with _opened(settings) as store:
        inbox = str(settings.inbox.resolve())
        if (settings.inbox / name).is_file():
            store.forget(keys=Memory(settings, store, pack).keys_of(settings.inbox / name, name))
        # All files of a folder may have been read together, and the reading then stands under the first of them.
        folder = name.rpartition("/")[0]
        near = [r["document"] for r in store.inputs(inbox) if r["document"] == name or _beside(r["document"], folder)]
        store.forget(documents=[name, *near])
        store.forget_inputs(inbox, [name])
    district = folder_district(name, pack)
    return (district,) if district else ()


def _beside(document: str, folder: str) -> bool:
    """Whether a document may have been read together with those of ``folder``: an application's own folder, not a
    district's."""
    return folder.count("/") >= 1 and document.startswith(f"{folder.split('/')[0]}/{folder.split('/')[1]}/")


def describe(settings: Settings) -> Iterator[str]:
    """Every setting as it is in force, as TOML that could stand in shenbao.toml, with what it means."""
    yield f"# 依次取自命令行、环境变量 SHENBAO_…、{Path(FILE).resolve()}、默认值"
    for name, field in type(settings).model_fields.items():
        if name == "round":
            continue
        value = getattr(settings, name)
        if name in ("ledger", "book") and value:
            value = safe_url(value)
        text = _toml(value)
        yield f"{name} = {text}  # {field.description}" if text else f"# {name} =  # {field.description}"
    yield f"# [[round]]  # {type(settings).model_fields['round'].description}"
    for one in settings.round:
        yield "[[round]]"
        yield from (f"{key} = {_toml(value)}" for key, value in one if value is not None)


def _toml(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return json.dumps(str(value), ensure_ascii=False)


def _below(document: str, inbox: Path) -> str:
    path = Path(document)
    if path.is_absolute():
        return path.relative_to(inbox.resolve()).as_posix() if path.is_relative_to(inbox.resolve()) else document
    if not (inbox / path).exists() and path.exists() and path.resolve().is_relative_to(inbox.resolve()):
        return path.resolve().relative_to(inbox.resolve()).as_posix()
    return path.as_posix()


def _opened(settings: Settings) -> Store:
    path = sqlite_path(settings.ledger_url)
    if path is not None and not path.exists():
        raise UsageFault(f"还没有台账（{path}）：请先运行 shenbao review，或用 --out 指明输出目录")
    try:
        return open_store(settings)
    except (StoreError, Damaged) as problem:
        raise UsageFault(f"台账不可用：{safe_url(settings.ledger_url)}（{words_of(problem)}）") from problem


def _clock(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
