"""Serving the desk until it is told to stop."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import webbrowser

from catalog.oserror import cause
from flows import interrupt
from flows.desk.desk import Desk
from flows.desk.pages import audit, city, queue
from flows.desk.register import show_issued
from flows.desk.site import make_site
from flows.exits import UsageFault
from flows.run import asked
from flows.settings import Settings

LOOPBACK = "127.0.0.1"
_WARM_SECONDS = 10.0
"""Between two looks whether a run has written anew."""
_LAST_SECONDS = 3.0
"""For answers that are being given when we are told to stop."""
_ASKED_FIRST = (queue.entries_of, city.standing_of, city.concerns_of)
"""What lists and the city's page show of an office."""
_THIS_MACHINE = frozenset({LOOPBACK, "localhost", "::1"})


def serve(settings: Settings, *, open_: bool = False, browser: bool = True) -> None:
    """Serve the round of an output folder. ``open_``: to one person on this machine, without a login; ``browser`` opens it.

    Raises UsageFault where the address is taken or may not be served from, or where nobody could sign in.
    """
    if open_ and settings.desk_host not in _THIS_MACHINE:
        raise UsageFault(
            f"不设登录时只能在本机使用，不能监听 {settings.desk_host}：去掉 --open，或把 desk_host 改回 {LOOPBACK}"
        )
    if settings.desk_user_header and not settings.desk_proxy:
        raise UsageFault("设置了 desk_user_header，还须用 desk_proxy 写明反向代理的地址，否则谁都可以冒名")
    if not settings.out.is_dir():
        raise UsageFault(f"没有输出目录：{settings.out}（请先运行 shenbao review，或用 --out 指明）")
    settings = with_inbox(settings)
    listening = bound(settings.desk_host, settings.desk_port)
    import uvicorn

    with listening:
        desk = Desk.at(settings.absolute(), open_=open_)
        if not open_ and not any(not a.disabled for a in desk.people.all()):
            desk.close()
            raise UsageFault("还没有用户，没有人能登录：先用 shenbao desk user add 建立，或加 --open 在本机独自使用")
        config = uvicorn.Config(
            make_site(desk),
            log_level="warning",
            server_header=False,
            date_header=True,
            proxy_headers=False,
            lifespan="on",
        )
        server = uvicorn.Server(config)
        # Beside the main thread, which signals are told to: uvicorn leaves them alone then.
        serving = threading.Thread(target=server.run, args=([listening],), name="shenbao-desk", daemon=True)
        address = f"http://{settings.desk_name}:{listening.getsockname()[1]}/"

        def stop() -> None:
            sys.stderr.write("正在停止……\n")
            server.should_exit = True
            serving.join(_LAST_SECONDS)

        # Who opens the address at once waits for the answer, and is not refused.
        listening.listen()
        with interrupt.armed(stop):
            serving.start()
            threading.Thread(target=_keep_warm, args=(desk, serving), name="shenbao-warm", daemon=True).start()
            sys.stderr.write(f"审查工作台：{address} （按 Ctrl+C 停止）\n")
            sys.stderr.flush()
            if open_ and browser and _has_screen():
                webbrowser.open(address)
            serving.join()


def _keep_warm(desk: Desk, serving: threading.Thread) -> None:
    """After the start and after each run nobody waits for the records of an office to be read, or for what lists and the city's page
    show of it."""
    offices = len(desk.round.offices())
    sys.stderr.write(f"正在读入{offices}个推荐单位的审查结果，这时已可打开页面……\n" if offices else "")
    began = time.monotonic()
    found = desk.warm(*_ASKED_FIRST)
    sys.stderr.write(f"已读入{found}份材料，用时{time.monotonic() - began:.0f}秒\n" if found else "")
    sound, said = audit.chain(desk)
    sys.stderr.write("" if sound else f"{said}\n")
    show_issued(desk)
    while serving.is_alive():
        serving.join(_WARM_SECONDS)
        desk.warm(*_ASKED_FIRST)


def with_inbox(settings: Settings) -> Settings:
    """The inbox that the round was reviewed from, where the one that is set is not there; where neither is, that is told."""
    found = asked.with_inbox(settings)
    if not found.inbox.is_dir():
        sys.stderr.write(f"没有收件目录 {found.inbox}：看不到原件和页面图片，材料只列出读到的各栏。请用 --inbox 指明\n")
    return found


def _has_screen() -> bool:
    return (
        os.name == "nt"
        or sys.platform == "darwin"
        or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )


def bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    if os.name != "nt":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as problem:
        listening.close()
        raise UsageFault(f"{host} 的端口 {port} 用不了（{cause(problem)}）：用 SHENBAO_DESK_PORT 另设一个") from problem
    return listening
