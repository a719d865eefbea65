"""Pages as a scanner gives them, drawn with a Chinese font of this machine: for tests and the bench of scans."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "C:/Windows/Fonts/simsun.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
SIZE = (1654, 2339)
"""A4 at 200 dpi."""
EM = 30
TICKED, EMPTY = "\u2611", "\u25a1"
CROSSED, RINGED = "\u2612", "\u25a3"
"""A box crossed boldly by hand, beyond its sides; one with a ring around it and a part of its option."""

ROWS: list[list[tuple[int, str]]] = [
    [(1, "企业名称"), (3, "上海青禾精密传动有限公司")],
    [(1, "企业性质"), (3, f"{EMPTY}中央企业  {EMPTY}地方国企  {TICKED}民营企业  {EMPTY}三资企业")],
    [(1, "成立时间"), (1, "2009年5月"), (1, "联系电话"), (1, "021-57390416")],
    [(1, "资产总额（万元）"), (1, "48260.5"), (1, "利润率（%）"), (1, "7")],
    [(1, "企业简介"), (3, "")],
]
PROFILE = (
    "公司主要从事精密减速器、伺服传动部件的研发与生产，产品用于工业机器人、数控机床等领域。"
    "近三年累计投入4200万元建设数字化车间，关键工序数控化率达到92%，并建成覆盖设计、工艺、制造、检测的数据平台。"
)
PROSE = (
    "本项目围绕质量管控环节，在总装车间部署在线检测装备26台，建立检测数据与工艺参数的关联模型。"
    "系统上线后，产品不良率由1.8%降至0.9%，检测人员减少三分之一，年节约成本约310万元。"
)


def font_path() -> str | None:
    """A Chinese font, None where this machine has none."""
    return next((p for p in FONTS if Path(p).exists()), None)


@lru_cache(maxsize=8)
def _font(size: int) -> Any:
    from PIL import ImageFont

    path = font_path()
    assert path is not None
    return ImageFont.truetype(path, size)


def form_page(*, prose: int = 3, mark: str = TICKED) -> Any:
    """A page with a heading, a table with merged cells and boxes, and ``prose`` paragraphs (height × width × 3, RGB).
    ``mark``: how the box is ticked."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    draw.text((160, 190), "（一）申报主体基本信息", "black", _font(36))
    xs = [160, 420, 790, 1060, 1490]
    y = 270
    for row in ROWS:
        lines = _wrapped(PROFILE, xs[-1] - xs[1] - 24) if row[0][1] == "企业简介" else [""]
        height = 22 + 44 * len(lines)
        column = 0
        for span, text in row:
            x0, x1 = xs[column], xs[column + span]
            draw.rectangle((x0, y, x1, y + height), outline="black", width=2)
            for number, line in enumerate(lines if column and len(lines) > 1 else [text]):
                _text(draw, x0 + 12, y + 12 + 44 * number, line.replace(TICKED, mark))
            column += span
        y += height
    y += 60
    for _ in range(prose):
        for number, line in enumerate(_wrapped("　　" + PROSE, 1330)):
            _text(draw, 160, y + 48 * number, line)
        y += 48 * len(_wrapped("　　" + PROSE, 1330))
    return np.asarray(image)


LONG = "针对装配工序节拍不稳、人工检测漏检率高等问题，搭建柔性装配单元与在线检测系统，实现自动上下料、自动换型和缺陷自动判别，数据实时上传。"
HEADER = ("序号", "场景名称", "场景实例描述")


def broken_table() -> list[Any]:
    """A table that runs over two pages: its header is printed again, its second row is cut by the page break, and the second
    page lies a centimetre beside where the first lay."""
    first = [("1", "智能仓储", ["建设立体仓库与自动出入库系统。"]), ("2", "在线检测", [])]
    lines = _wrapped(LONG, 730)
    half = len(lines) // 2
    first[1] = ("2", "在线检测", lines[:half])
    second = [("", "", lines[half:]), ("3", "精准配送", ["按节拍配送物料。"])]
    return [_table_page(first, 160, bottom=2180), _table_page(second, 225, top=150)]


def _table_page(rows: list[tuple[str, str, list[str]]], left: int, *, top: int = 0, bottom: int = 0) -> Any:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    heights = [66, *(22 + 44 * max(1, len(row[2])) for row in rows)]
    y = top or bottom - sum(heights)
    xs = [left, left + 110, left + 370, left + 1130]
    for height, (number, name, lines) in zip(heights, [(HEADER[0], HEADER[1], [HEADER[2]]), *rows], strict=True):
        for column, texts in enumerate(([number], [name], lines)):
            draw.rectangle((xs[column], y, xs[column + 1], y + height), outline="black", width=2)
            for place, text in enumerate(texts):
                _text(draw, xs[column] + 12, y + 12 + 44 * place, text)
        y += height
    return np.asarray(image)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines as wide as ``width`` pixels allow; none begins with a full stop or comma."""
    lines = [""]
    for char in text:
        if lines[-1] and char not in "，。、" and _font(EM).getlength(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def _text(draw: Any, x: float, y: float, text: str) -> None:
    """A line; boxes are drawn, as fonts draw them in many ways."""
    for char in text:
        if char in (TICKED, EMPTY, CROSSED, RINGED):
            draw.rectangle((x + 2, y + 8, x + 26, y + 32), outline="black", width=2)
            if char == TICKED:
                draw.line([(x + 7, y + 20), (x + 13, y + 28), (x + 22, y + 12)], fill="black", width=3)
            if char == CROSSED:
                draw.line([(x - 4, y + 3), (x + 33, y + 38)], fill="black", width=5)
                draw.line([(x + 32, y + 1), (x - 3, y + 37)], fill="black", width=5)
            if char == RINGED:
                draw.ellipse((x - 14, y - 6, x + 140, y + 44), outline="black", width=2)
            x += EM
        else:
            draw.text((x, y), char, "black", _font(EM))
            x += draw.textlength(char, _font(EM))


def stamped(image: Any, x: int, y: int, radius: int = 155) -> Any:
    """With a red seal over it."""
    import cv2

    layer = np.full_like(image, 255)
    red = (205, 40, 45)
    cv2.circle(layer, (x, y), radius, red, 8)
    cv2.circle(layer, (x, y), radius // 4, red, -1)
    for angle in range(150, 400, 18):
        at = (x + int(0.76 * radius * np.cos(np.radians(angle))), y + int(0.76 * radius * np.sin(np.radians(angle))))
        cv2.drawMarker(layer, at, red, cv2.MARKER_STAR, 30, 4)
    return np.minimum(image, layer)


def scanned(image: Any, angle: float = 0.8, noise: float = 5.0, quality: int = 70) -> Any:
    """As it comes from the scanner: a little askew, grey paper, noise, JPEG."""
    import cv2

    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    askew = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    rough = askew.astype(np.float32) * 0.96 + np.random.default_rng(5).normal(0, noise, askew.shape[:2])[..., None]
    done, data = cv2.imencode(
        ".jpg", rough.clip(0, 255).astype(np.uint8)[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    assert done
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1].copy()


def as_tiff(images: list[Any]) -> bytes:
    import io

    from PIL import Image

    made, out = [Image.fromarray(i) for i in images], io.BytesIO()
    made[0].save(out, "TIFF", save_all=True, append_images=made[1:], compression="tiff_lzw")
    return out.getvalue()


def as_png(image: Any) -> bytes:
    import cv2

    done, data = cv2.imencode(".png", image[:, :, ::-1])
    assert done
    return bytes(data)
