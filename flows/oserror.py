"""What the system says of a file that could not be opened or written, in the words of the people who read it."""

from __future__ import annotations

import errno

_WORDS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EEXIST: "已经存在",
    errno.ENAMETOOLONG: "名称太长",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EIO: "磁盘读写出错",
    errno.EADDRINUSE: "已被占用",
}


def cause(problem: OSError) -> str:
    """Why, in Chinese where it is one of the usual causes, else as the system has it."""
    return _WORDS.get(problem.errno or 0) or problem.strerror or str(problem) or type(problem).__name__
