"""Word files from templates that an office can edit: docxtpl, with everything from applicants escaped."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from zipfile import BadZipFile

from reports.atomic import repack

TEMPLATES = Path(__file__).resolve().parent / "templates"


class BrokenTemplate(Exception):
    """A Word template that cannot be filled. The message is Chinese: which template, what is wrong, what to do."""


def render(name: str, context: Mapping[str, Any], folder: Path | None = None) -> bytes:
    """Fill the template ``name`` and give the .docx as bytes; equal contexts give equal bytes.

    The template is the one in ``folder`` (the office's own), where there is one, else the program's.

    Values are escaped, so that braces, angle brackets and the like in them stay text; a line feed becomes a line break.
    Raises :class:`BrokenTemplate`.
    """
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError
    from lxml.etree import LxmlError

    own = folder / name if folder else None
    path = own if own is not None and own.is_file() else TEMPLATES / name
    try:
        template = DocxTemplate(path)
        template.render(dict(context), _environment(), autoescape=True)
        buffer = io.BytesIO()
        template.save(buffer)
    except TemplateError as problem:
        raise BrokenTemplate(_explain(path, problem)) from problem
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, LxmlError, FileNotFoundError) as problem:
        raise BrokenTemplate(f"模板“{name}”不能打开，不是完好的 Word 文件（.docx）：{_RESTORE}（{path}）") from problem
    return repack(buffer.getvalue())


@cache
def _environment() -> Any:
    """Jinja, sandboxed: a template comes from a shared folder, and fills in values, nothing more.

    What it compiled it keeps, since a run writes the same letter some hundred times.
    """
    from jinja2 import StrictUndefined, Template
    from jinja2.sandbox import SandboxedEnvironment

    class Keeping(SandboxedEnvironment):
        kept: ClassVar[dict[str, Template]] = {}

        def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
            if source not in self.kept:
                if len(self.kept) > 100:
                    self.kept.clear()
                self.kept[source] = super().from_string(source)
            return self.kept[source]

    return Keeping(autoescape=True, undefined=StrictUndefined)


_RESTORE = "请用备份恢复，或运行 python -m reports.templates.make_templates 重新生成"


def _explain(path: Path, problem: Exception) -> str:
    """What is wrong with the template, in words of the person who edited it."""
    from jinja2 import TemplateSyntaxError, UndefinedError

    near = " ".join(t.strip() for t in getattr(problem, "docx_context", ()) if t.strip())[:120]
    at = f"，在“{near}”附近" if near else ""
    if isinstance(problem, UndefinedError):
        what = f"用到了没有的字段（{problem.message}）"
    elif isinstance(problem, TemplateSyntaxError):
        what = f"标记写错了（{problem.message}）：每个“{{{{”要有“}}}}”，每个 for、if 要有 endfor、endif"
    else:
        what = f"不能填写（{problem}）"
    return f"模板“{path.name}”{what}{at}。请改正模板，或{_RESTORE.removeprefix('请')}（{path}）"
