"""Word files from templates that an office can edit: docxtpl, with everything from applicants escaped.

A run fills in the same letter some hundred times, so what a template is made of is read and compiled once: docxtpl
gives its text with the tags put right, jinja compiles it, and each file then costs the filling in and one part of the
package.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ClassVar
from zipfile import BadZipFile

from lxml import etree

from records import outputs
from reports.papers.contents import fill_contents
from reports.papers.pictures import Placed, with_pictures
from reports.safe.atomic import EPOCH, MADE, repack

TEMPLATES = Path(__file__).resolve().parent / "templates"
_CORE = "docProps/core.xml"
_DAYS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_TAG = re.compile(rb"<[^>]*>")
_BREAKS = re.compile("[\t\n\a\f]")
"""What docxtpl turns into breaks and tabs."""
_COMPILED = 100
"""Parts of templates kept compiled: some ten a template, so that a process that lives long does not grow as an office edits its own."""


class BrokenTemplate(Exception):
    """A Word template that cannot be filled. The message is Chinese: which template, what is wrong, what to do."""


def render(
    name: str,
    context: Mapping[str, Any],
    folder: Path | None = None,
    *,
    what: str = outputs.REPORT,
    pictures: Sequence[Placed] = (),
    date: dt.date | None = None,
) -> bytes:
    """Fill the template ``name`` and give the .docx as bytes; equal contexts give equal bytes. ``date`` is its day, whatever the template's.

    The template is the one in ``folder`` (the office's own), where there is one, else the program's.

    ``what`` it is goes into its properties (:mod:`records.outputs`). Values are escaped, so that braces, angle brackets and the like in them stay text; a line feed becomes a line break.
    ``pictures`` are those that the context holds. Raises :class:`BrokenTemplate`.
    """
    from docx.opc.exceptions import PackageNotFoundError
    from jinja2 import TemplateError

    own = folder / name if folder else None
    path = own if own is not None and own.is_file() else TEMPLATES / name
    try:
        state = path.stat()
        prepared = _prepared(path, what, date, state.st_mtime_ns, state.st_size)
        data = prepared.fill(context)
        return with_pictures(data, prepared.part, pictures) if pictures else data
    except TemplateError as problem:
        raise BrokenTemplate(_explain(path, problem)) from problem
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, etree.LxmlError, FileNotFoundError) as problem:
        raise BrokenTemplate(f"模板“{name}”不能打开，不是完好的 Word 文件（.docx）：{_RESTORE}（{path}）") from problem


@dataclass(frozen=True)
class _Prepared:
    """A template taken apart. ``body`` is its body's XML with the tags put right, ``front`` and ``back`` what stands
    around the body, ``rest`` the package without that part. Where tags stand outside of the body too (a header with the
    district's name), ``rest`` is empty and docxtpl does it all."""

    template: Any
    part: str
    body: str
    front: bytes
    back: bytes
    rest: bytes

    def fill(self, context: Mapping[str, Any]) -> bytes:
        if not self.rest:
            buffer = io.BytesIO()
            self.template.render(dict(context), _environment(), autoescape=True)
            fill_contents(self.template.docx.element.body)
            self.template.save(buffer)
            return repack(buffer.getvalue())
        xml = self.template.render_xml_part(self.body, None, dict(context), _environment())
        tree = self.template.fix_tables(xml)
        fill_contents(tree)
        package = io.BytesIO(self.rest)
        with zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as out:
            info = zipfile.ZipInfo(self.part, EPOCH)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            out.writestr(info, self.front + etree.tostring(tree, encoding="utf-8") + self.back)
        return package.getvalue()


@lru_cache(maxsize=16)
def _prepared(path: Path, what: str, date: dt.date | None, _modified_ns: int, _size: int) -> _Prepared:
    """The template at ``path`` for what it makes and the day of that, which hundreds of letters share; the last arguments are there
    so that one that was edited is read anew."""
    data = dated(marked(path.read_bytes(), what), date)
    template = _template()(io.BytesIO(data))
    template.init_docx()
    part = str(template.docx.part.partname).lstrip("/")
    root = etree.fromstring(etree.tostring(template.docx.part.element))
    body = root.find(f"{{{root.nsmap['w']}}}body")
    if body is None:
        raise KeyError("w:body")
    root.replace(body, etree.Comment("body"))
    front, _, back = etree.tostring(root, encoding="UTF-8", standalone=True).partition(b"<!--body-->")
    return _Prepared(template, part, template.patch_xml(template.get_xml()), front, back, _rest(data, part))


@cache
def _template() -> Any:
    """docxtpl's template, which looks for line feeds and tabs in every run of a file only where there are any."""
    from docxtpl import DocxTemplate

    class Template(DocxTemplate):  # type: ignore[misc]
        def resolve_listing(self, xml: str) -> Any:
            return super().resolve_listing(xml) if _BREAKS.search(xml) else xml

    return Template


def marked(data: bytes, what: str) -> bytes:
    """A Word file with the mark by which it, or what is made from it, is known again as ours (:mod:`records.outputs`)."""
    import docx

    document = docx.Document(io.BytesIO(data))
    properties = document.core_properties
    properties.keywords = outputs.mark(what)
    if not properties.revision:
        properties.revision = 1
    if properties.created is None or properties.modified is None or _CORE not in _names(data):
        properties.created = properties.modified = MADE  # else the library writes the time of day
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def dated(data: bytes, date: dt.date | None) -> bytes:
    """A Word file of ours that says it was made on ``date``; where nobody says when, on a day that stands for none."""
    day = f"{date or MADE.date()}T00:00:00Z".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in package.infolist():
            content = package.read(info)
            if info.filename == _CORE:
                content = _DAYS.sub(rb"\g<1>" + day + rb"\g<2>", content)
            new.writestr(info, content)
    return out.getvalue()


def written_by_us(data: bytes) -> bool:
    """Whether a Word file says of itself that this program wrote it: by its mark, or by its author where it is older than marks."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        properties = docx.Document(io.BytesIO(data)).core_properties
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, etree.LxmlError):
        return False
    return outputs.marked(properties.keywords or "") is not None or properties.author == "shenbao"


def untouched(data: bytes) -> bool:
    """Whether a Word file is of ours, and no editor has saved it since: each would have set its date."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        properties = docx.Document(io.BytesIO(data)).core_properties
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, etree.LxmlError):
        return False
    return outputs.marked(properties.keywords or "") is not None and properties.modified == MADE.replace(tzinfo=dt.UTC)


def as_drafted(data: bytes) -> bool:
    """Whether a Word file is a draft of ours whose text nobody changed (:func:`with_digest`)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {n.lower(): package.read(n) for n in package.namelist()}
        found = outputs.marked(parts["docprops/core.xml"].decode("utf-8", "replace"))
        return found == (outputs.DRAFT, outputs.text_digest(parts["word/document.xml"]))
    except (BadZipFile, KeyError):
        return False


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.namelist()


def with_digest(data: bytes) -> bytes:
    """A draft whose mark says which text was written in it: changed since, it is somebody else's document."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    plain = outputs.mark(outputs.DRAFT).encode()
    digest = outputs.text_digest(parts["word/document.xml"])
    core = next(name for name in parts if plain in parts[name] and name.lower().startswith("docprops/"))
    parts[core] = parts[core].replace(plain, outputs.mark(outputs.DRAFT, digest).encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return repack(buffer.getvalue())


def _rest(data: bytes, part: str) -> bytes:
    """The package without ``part``; b"" where other parts hold tags."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        others = [n for n in package.namelist() if n != part]
        if any(
            b"{{" in (text := _TAG.sub(b"", package.read(n))) or b"{%" in text for n in others if n.endswith(".xml")
        ):
            return b""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as rest:
            for name in others:
                rest.writestr(name, package.read(name))
    return repack(buffer.getvalue())


@cache
def _environment() -> Any:
    """Jinja, sandboxed: a template comes from a shared folder, and fills in values, nothing more. It keeps what it
    compiled."""
    from jinja2 import StrictUndefined, Template
    from jinja2.sandbox import SandboxedEnvironment

    class Keeping(SandboxedEnvironment):
        kept: ClassVar[dict[str, Template]] = {}

        def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
            if source not in self.kept:
                if len(self.kept) > _COMPILED:
                    self.kept.clear()
                self.kept[source] = super().from_string(source)
            return self.kept[source]

    return Keeping(autoescape=True, undefined=StrictUndefined)


_RESTORE = "请用备份恢复，或运行 python -m reports.papers.templates.make_templates 重新生成"


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
