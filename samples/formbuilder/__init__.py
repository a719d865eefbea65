"""Draws the forms of the notice as Word files, blank or filled in.

    build("scene", None)                    the blank 附件3-1
    build("factory", data, tick="■")        a filled-in 附件3-2

``data`` has the keys of a record: ``fields``, ``tables``, ``sections``; what is not there is blank. The keyword
arguments are those of :class:`samples.formbuilder.layout.Layout`. The same arguments give the same bytes.
"""

from __future__ import annotations

from typing import Any

from samples.formbuilder import annexes, application, wording
from samples.formbuilder.layout import LABEL, SUBHEAD, Layout, Values
from samples.formbuilder.package import Package
from samples.formbuilder.word import Element, Face, break_section, paragraph, section


def build(form: str, data: dict[str, Any] | None, **layout: Any) -> bytes:
    """The form (scene, factory or summary) as the bytes of a .docx file."""
    drawn = Layout(**layout)
    values = Values(data, drawn)
    if form == "summary":
        package = Package(wording.SUMMARY_TITLE)
        last = section(footer=package.footer(), header=package.header(drawn.header) if drawn.header else "")
        return package.save(annexes.summary(values, drawn), last)
    return _application(form, values, drawn)


def _application(form: str, values: Values, layout: Layout) -> bytes:
    package = Package(f"{wording.TITLE}{'（优秀场景）' if form == 'scene' else '（示范工厂）'}")
    package.footnotes(wording.FOOTNOTES[form])
    header = package.header(layout.header) if layout.header else ""
    footer = package.footer()
    first = wording.FIRST_FOOTNOTE[form]
    body: list[Element] = application.cover(form, values, layout)
    body.append(break_section(section(header=header)))
    kind = {"scene": "优秀场景", "factory": "示范工厂"}[form]
    body.append(paragraph(f"一、申报主体和{kind}基本信息", Face("黑体", 32), align="left", heading=0))
    body.append(paragraph("（一）申报主体基本信息", SUBHEAD, align="left", after=80, heading=1))
    body += application.basic(form, values, layout)
    if layout.proof is not None:
        _prove(body, package, layout.proof)
    if form == "scene":
        body.append(_part("（二）申报优秀场景基本信息"))
        body += application.scene_project(values, layout)
    else:
        body.append(_part("（二）示范工厂揭榜任务基本信息"))
        body += application.factory_project(values, layout)
        body.append(_part("（三）智慧供应链建设基本信息"))
        body += application.chain(values, layout)
    body += annexes.chapters(form, values)
    body.append(break_section(section(header=header, footer=footer, first_footnote=first, page_start=1)))
    body += annexes.scenes(values, layout)
    body.append(break_section(section(header=header, footer=footer, landscape=True)))
    body += annexes.used(form, values, layout)
    if form == "factory":
        body += annexes.lists(values, layout)
    return package.save(body, section(header=header, footer=footer))


def _part(heading: str) -> Element:
    return paragraph(heading, SUBHEAD, align="left", after=80, heading=1, page_break=True)


def _prove(body: list[Element], package: Package, picture: bytes) -> None:
    """Put a picture where the form says （插入自评估证明材料）."""
    for block in body:
        for line in block.iter("{*}p"):
            text = "".join(str(part) for part in line.itertext("{*}t"))
            if text == wording.PROOF_HINT:
                for run in line.findall("{*}r"):
                    line.remove(run)
                line.append(package.picture(picture, 80))
                return
    body.append(paragraph("", LABEL))


__all__ = ["Layout", "build"]
