"""``make load``: twenty people at the desk at once over 3,000 applications of ten offices, 10,000 requests in all.

The round is made from the records of a few applications that are read once; who asks is as many clients as people, each thinking
between two requests. Printed: how long each page took, and the server's memory on the way. Nothing is asserted: look, and judge.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from catalog import load
from flows.desk.desk import people_url
from flows.desk.people import People
from flows.desk.rights import Role
from flows.run import core
from flows.settings import Settings

_ROOT = Path(__file__).parents[2]
_SAMPLES = _ROOT / "samples" / "inbox" / "浦东新区"
_BASES = ("01澄驰", "02沪芯", "04启衡", "05昱能")
_PASSWORD = "correct horse battery"
_EACH_MEMORY = 1000
"""Requests between two looks at the server's memory."""


def make_round(folder: Path, offices: int, each: int) -> None:
    """A round in ``folder``: a few applications are read, and multiplied as records."""
    first = Settings(inbox=folder / "first", out=folder / "read", workers=0)
    home = "浦东新区"
    (first.inbox / home).mkdir(parents=True)
    for path in _SAMPLES.iterdir():
        if path.name.startswith(_BASES):
            shutil.copy(path, first.inbox / home / path.name)
    if core.review(first).failures:
        sys.exit("样例没有读成")
    given = Settings(inbox=folder / "inbox", out=folder / "out")
    given.out.mkdir()
    for name in [r.name for r in load().recommenders][:offices]:
        _multiply(first, home, given, name, each)
    for name in ("ledger.sqlite", "decisions.sqlite", "run.json"):
        shutil.copy(first.out / name, given.out / name)


def _make_people(out: Path, offices: int) -> None:
    with People(people_url(Settings(out=out))) as people:
        for number in range(20):
            role = Role.CITY if number >= 18 else Role.LEAD if number % 2 else Role.REVIEWER
            office = "" if role is Role.CITY else _office(number, offices)
            people.add(f"p{number}", role, office, _PASSWORD)


def _office(number: int, offices: int) -> str:
    return [r.name for r in load().recommenders][number // 2 % offices]


def _multiply(first: Settings, home: str, given: Settings, office: str, each: int) -> None:
    out, inbox = given.out / office, given.inbox / office
    inbox.mkdir(parents=True)
    (out / "补正通知").mkdir(parents=True)
    rows = {
        name: [json.loads(line) for line in (first.out / home / name).read_text("utf-8").splitlines()]
        for name in ("records.jsonl", "findings.jsonl", "assessments.jsonl")
    }
    state = json.loads((first.out / home / "progress.json").read_text("utf-8"))
    letters = list(state["letters"].values())
    bases = [r["source"]["path"] for r in rows["records.jsonl"]]
    lines: dict[str, list[str]] = {name: [] for name in rows}
    kept: dict[str, Any] = {}
    for number in range(each):
        base = bases[number % len(bases)]
        document, company = f"{office}/{number:04d}.docx", f"上海{office}第{number}制造有限公司"
        os.link(first.inbox / base, given.inbox / document)
        own = [f["applicant"] for f in rows["findings.jsonl"] if f["document"] == base][:1]
        swaps = {base: document, **dict.fromkeys(own, company)}

        lines["records.jsonl"] += [
            _another(r, swaps, office) for r in rows["records.jsonl"] if r["source"]["path"] == base
        ]
        for name in ("findings.jsonl", "assessments.jsonl"):
            lines[name] += [_another(r, swaps, office) for r in rows[name] if r["document"] == base]
        letter = letters[number % len(letters)]
        file = f"{company}.docx"
        os.link(first.out / home / "补正通知" / letter["file"], out / "补正通知" / file)
        points = [f"{p.partition('-')[0]}-{_hash(p, document)[:12]}" for p in letter["points"]]
        kept[file] = letter | {"file": file, "applicant": company, "points": points}
    for name, found in lines.items():
        (out / name).write_text("\n".join(found) + "\n", "utf-8")
    (out / "progress.json").write_text(json.dumps(state | {"letters": kept}, ensure_ascii=False), "utf-8")


def _another(row: dict[str, Any], swaps: dict[str, str], office: str) -> str:
    """A line of a record, a finding or an outcome as another application has it."""
    text = json.dumps(row, ensure_ascii=False)
    for old, new in swaps.items():
        text = text.replace(old, new)
    found: dict[str, Any] = json.loads(text)
    if "id" in found:
        found |= {"id": f"{found['code']}-{_hash(found['id'], found['document'])[:12]}", "district": office}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass
class Crowd:
    """Those who ask. ``took``: page → seconds of each request; ``memory``: (requests so far, MB)."""

    address: str
    server: int
    think: float
    most: int
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    memory: list[tuple[int, float]] = field(default_factory=list)
    asked: int = 0

    async def run(self, offices: int) -> None:
        await asyncio.gather(*(self._person(n, "" if n >= 18 else _office(n, offices), offices) for n in range(20)))

    async def _person(self, number: int, office: str, offices: int) -> None:
        chance = random.Random(number)
        rest = httpx.Limits(keepalive_expiry=3)  # shorter than the server keeps a connection
        async with httpx.AsyncClient(base_url=self.address, timeout=120, trust_env=False, limits=rest) as client:
            await client.post("/login", data={"name": f"p{number}", "password": _PASSWORD})
            keys: list[str] = []
            while self.asked < self.most:
                await asyncio.sleep(chance.expovariate(1 / self.think) if self.think else 0)
                page, path = _next(chance, office or _office(chance.randrange(18), offices), keys, city=not office)
                answer = await self._timed(client, page, path)
                if page == "接口：申报书" and answer.status_code == 200:
                    keys = [row["key"] for row in answer.json()]
                if page == "申报书" and office and chance.random() < 0.15:
                    await self._decide(client, chance, answer.text)

    async def _decide(self, client: httpx.AsyncClient, chance: random.Random, page: str) -> None:
        import re

        forms = re.findall(r'<form class="acts" method="post" action="([^"]+/findings/[^"]+)"', page)
        token, seen = re.search(r'data-token="([^"]+)"', page), re.search(r'name="seen" value="(\d+)"', page)
        if not forms or token is None or seen is None:
            return
        told = {"act": "confirm", "token": token[1], "seen": seen[1]}
        await self._timed(client, "维持一个问题", chance.choice(forms), told)

    async def _timed(self, client: httpx.AsyncClient, page: str, path: str, told: Any = None) -> httpx.Response:
        began = time.perf_counter()
        heads = {"HX-Request": "true"} if told else {}
        answer = await client.request("POST" if told else "GET", path, data=told, headers=heads)
        self.took[page].append(time.perf_counter() - began)
        if answer.status_code not in (200, 303, 409):
            self.wrong[f"{page} {answer.status_code}"] += 1
        self.asked += 1
        if self.asked % _EACH_MEMORY == 1:
            self.memory.append((self.asked, _memory_mb(self.server)))
        return answer


def _next(chance: random.Random, office: str, keys: list[str], *, city: bool) -> tuple[str, str]:
    o = f"/o/{quote(office)}"
    if not keys and not city:
        return "接口：申报书", f"/api/offices/{quote(office)}/applications"
    pages = [
        (30, "申报书", f"{o}/a/{chance.choice(keys)}" if keys else f"{o}/"),
        (20, "申报书列表", f"{o}/?sort={chance.choice(['number', 'open', 'status'])}&page={chance.randint(1, 3)}"),
        (10, "列表查找", f"{o}/?q={chance.randint(1, 300)}"),
        (10, "通知书", f"{o}/letters"),
        (6, "推荐次序", f"{o}/recommendation"),
        (6, "统计", f"{o}/figures"),
        (4, "下载原件", f"{o}/a/{chance.choice(keys)}/original" if keys else f"{o}/"),
        (2, "接口：申报书", f"/api/offices/{quote(office)}/applications"),
    ]
    if city:
        pages = [(40, "全市", "/city"), (20, "接口：全市事项", "/api/matters"), (20, "操作记录", "/audit"), *pages[1:6]]
    _, page, path = chance.choices(pages, [p[0] for p in pages])[0]
    return page, path


def _memory_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--think", type=float, default=2.0, help="seconds between two requests of a person, on average")
    parser.add_argument("--offices", type=int, default=10)
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--round", type=Path, help="a folder for the round; one that is there is used again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = given.round or Path(passing)
        began = time.monotonic()
        if not (folder / "out").is_dir():
            make_round(folder, given.offices, given.each)
            _make_people(folder / "out", given.offices)
        print(f"{given.offices} 个单位各 {given.each} 份，准备用时 {time.monotonic() - began:.0f} 秒", flush=True)
        command = [sys.executable, "-P", "-m", "flows", "desk", "--out", folder / "out", "--inbox", folder / "inbox"]
        env = {**os.environ, "PYTHONPATH": str(_ROOT), "SHENBAO_DESK_PORT": "0"}
        server = subprocess.Popen([str(c) for c in command], env=env, stderr=subprocess.PIPE, text=True, cwd=folder)
        try:
            assert server.stderr is not None
            line = next(text for text in server.stderr if "http://" in text)
            threading.Thread(target=server.stderr.read, daemon=True).start()  # a full pipe would stop it
            address = line[line.index("http://") :].partition("（")[0].strip().rstrip("/")
            crowd = Crowd(address, server.pid, given.think, given.requests)
            print(f"全部单位读入 {_read_in(address):.0f} 秒", flush=True)
            began, used = time.monotonic(), _cpu_seconds(server.pid)
            asyncio.run(crowd.run(given.offices))
            show(crowd, time.monotonic() - began, _cpu_seconds(server.pid) - used)
        finally:
            server.terminate()
            server.wait(20)


def _read_in(address: str) -> float:
    """How long the first look at the whole round takes, after which all is at hand."""
    with httpx.Client(base_url=address, timeout=300, trust_env=False) as client:
        client.post("/login", data={"name": "p19", "password": _PASSWORD})
        began = time.monotonic()
        client.get("/city").raise_for_status()
        return time.monotonic() - began


def show(crowd: Crowd, seconds: float, used: float) -> None:
    """The figures as docs/performance.md has them. ``used``: what the server took of the processors, in seconds."""
    every = [s for found in crowd.took.values() for s in found]
    print(
        f"\n20 人，共 {len(every)} 次，{seconds:.0f} 秒，每秒 {len(every) / seconds:.0f} 次，服务进程每次用处理器 {1000 * used / len(every):.0f} 毫秒\n"
    )
    print("| 页面 | 次数 | 中位数（毫秒） | 99% 不超过（毫秒） | 最长（毫秒） |\n|---|---|---|---|---|")
    for page, found in sorted([("全部", every), *crowd.took.items()], key=lambda row: -len(row[1])):
        figures = (1000 * f for f in (statistics.median(found), _at(found, 0.99), max(found)))
        print(f"| {page} | {len(found)} | {' | '.join(f'{f:.0f}' for f in figures)} |")
    print("\n内存（MB）：" + "、".join(f"{n} 次 {mb:.0f}" for n, mb in crowd.memory))
    if crowd.wrong:
        print(f"没有答好的：{dict(crowd.wrong)}")


def _at(found: list[float], share: float) -> float:
    return sorted(found)[min(len(found) - 1, int(share * len(found)))]


if __name__ == "__main__":
    main()
