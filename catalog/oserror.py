"""What the system or SQLite says of a file that could not be opened or written, in the words of the people who read it. Every room may ask."""

from __future__ import annotations

import errno
import os
import shutil

_WORDS = {
    getattr(errno, name): words
    for names, words in (
        ("ENOENT", "没有这个文件或文件夹"),
        ("ENOTDIR", "路径中有一段不是文件夹"),
        ("EISDIR", "是文件夹，不是文件"),
        ("EEXIST", "已经存在"),
        ("ENOTEMPTY", "文件夹不是空的"),
        ("ENAMETOOLONG", "名称太长"),
        ("EINVAL", "系统不接受这个名称或操作"),
        ("ELOOP", "链接绕成了圈"),
        ("EACCES EPERM", "没有权限"),
        ("EROFS", "磁盘只读"),
        ("ENOSPC", "磁盘已满"),
        ("EDQUOT", "磁盘配额已用完"),
        ("EFBIG", "文件超过了系统允许的大小"),
        ("EIO", "磁盘读写出错"),
        ("EBUSY ETXTBSY", "正被别的程序使用"),
        ("EMFILE ENFILE", "同时打开的文件太多"),
        ("ENOMEM", "内存不足"),
        ("ESTALE ENODEV ENXIO ENOTCONN EHOSTDOWN", "磁盘或网络共享不在了"),
        ("ETIMEDOUT", "等不到应答"),
        ("ECONNREFUSED", "没有程序应答"),
        ("ECONNRESET EPIPE", "连接中断"),
        ("EHOSTUNREACH ENETUNREACH ENETDOWN", "网络不通"),
        ("EADDRINUSE", "已被占用"),
        ("EADDRNOTAVAIL", "本机没有这个地址"),
        ("ENOSYS EOPNOTSUPP ENOTSUP", "系统没有这个功能"),
    )
    for name in names.split()
    if hasattr(errno, name)
}
_SQLITE = {
    "SQLITE_FULL": "磁盘已满",
    "SQLITE_READONLY": "不能写入：没有权限，或者磁盘只读",
    "SQLITE_CANTOPEN": "打不开：没有权限，或者没有所在的文件夹",
    "SQLITE_IOERR": "磁盘读写出错",
    "SQLITE_BUSY": "正被别的程序使用",
    "SQLITE_LOCKED": "正被别的程序使用",
    "SQLITE_CORRUPT": "已损坏",
    "SQLITE_NOTADB": "已损坏",
}
_IN_USE = {32, 33}
"""Windows: another program holds the file, or a part of it; its errno says that there are no rights."""


def cause(problem: OSError) -> str:
    """Why, in Chinese where it is one of the usual causes, else as the system has it."""
    if isinstance(problem, shutil.Error) and problem.args and isinstance(problem.args[0], list):
        return f"没能复制：{'、'.join(os.path.basename(str(source)) for source, *_ in problem.args[0])}"
    if getattr(problem, "winerror", None) in _IN_USE:
        return "正被别的程序使用"
    return _WORDS.get(problem.errno or 0) or problem.strerror or str(problem) or type(problem).__name__


def reason(problem: BaseException | None) -> str:
    """What stopped a part of the program: the system's reason with the file, where it is the system's; a database's in Chinese where it
    is one of the usual causes; else what the program raised."""
    told = getattr(problem, "orig", None) or problem
    name = str(getattr(told, "sqlite_errorname", ""))
    if words := next((words for known, words in _SQLITE.items() if name.startswith(known)), ""):
        return words
    if not isinstance(told, OSError) or told.errno is None:
        return f"{type(told).__name__}: {told}"
    return f"{cause(told)}（{told.filename}）" if told.filename else cause(told)
