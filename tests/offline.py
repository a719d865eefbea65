"""Runs a command and tells what it tried to reach beyond this machine: ``python -m tests.offline shenbao review …``.

Three nets, as many of them as the machine has: a proxy that listens, and that every well-behaved client asks (the environment
names it); strace, which sees every connect; a network namespace, in which nothing but the loopback address exists.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_ADDRESS = re.compile(r'inet_addr\("([\d.]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_UP = 0x1
_INSIDE = "--inside"


@dataclass(frozen=True)
class Watched:
    """What a command did: its exit code, the first line of whatever it asked the proxy, the addresses beyond loopback that it
    connected to, and which nets there were."""

    code: int
    asked: list[str]
    reached: list[str]
    nets: list[str]


def watch(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Watched:
    """Run a command under every net this machine has; its standard output and error are our standard error."""
    inside = [sys.executable, "-P", str(Path(__file__).resolve()), _INSIDE, *command]
    if _runs(["unshare", "-rn", "true"]):
        inside = ["unshare", "-rn", *inside]
    done = subprocess.run(inside, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the watcher ended with {done.returncode}")
    return Watched(**json.loads(done.stdout))


def _inside(command: Sequence[str]) -> Watched:
    nets = ["proxy"]
    if not any(name != "lo" for _, name in socket.if_nameindex()):
        _loopback_up()
        nets.append("namespace")
    asked: list[str] = []
    port = _proxy(asked)
    names = ("http_proxy", "https_proxy", "all_proxy")
    proxies = {n: f"http://127.0.0.1:{port}" for name in names for n in (name, name.upper())}
    here = {"no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"}
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace"
        seen = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg", "-o", str(trace)]
        if _runs([*seen, "true"]):
            nets.append("strace")
        else:
            seen = []
        done = subprocess.run([*seen, *command], env={**os.environ, **proxies, **here}, stdout=sys.stderr, check=False)
        told = trace.read_text("utf-8", "replace") if seen else ""
    found = {a or b for line in told.splitlines() for a, b in _ADDRESS.findall(line)}
    reached = sorted(a for a in found if not a.startswith("127.") and a not in ("::1", "::ffff:127.0.0.1"))
    return Watched(done.returncode, asked, reached, nets)


def _runs(command: Sequence[str]) -> bool:
    return (
        shutil.which(command[0]) is not None
        and subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    )


def _loopback_up() -> None:
    """The loopback address of a new network namespace has to be switched on."""
    import fcntl
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        fcntl.ioctl(made, 0x8914, struct.pack("16sH14x", b"lo", _UP))


def _proxy(asked: list[str]) -> int:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()

    def answer() -> None:
        while True:
            made, _ = listening.accept()
            with made:
                asked.append(made.recv(4096).decode("latin-1").partition("\r\n")[0])
                made.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")

    threading.Thread(target=answer, daemon=True).start()
    port: int = listening.getsockname()[1]
    return port


def main(arguments: Sequence[str]) -> int:
    """Watch a command, say in Chinese what it reached; 1 where it was anything."""
    if arguments[:1] == [_INSIDE]:
        print(json.dumps(asdict(_inside(arguments[1:]))))
        return 0
    seen = watch(arguments)
    for what in (*seen.asked, *seen.reached):
        print(f"试图连接本机之外：{what}")
    print(
        f"本机之外的连接：{len(seen.asked) + len(seen.reached)}次（检查手段：{'、'.join(seen.nets)}；命令的退出代码 {seen.code}）"
    )
    return 1 if seen.asked or seen.reached else seen.code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
