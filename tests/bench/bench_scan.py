"""A scanned page: everything we do (levelling, seals, rules, boxes, two readings) against bare OCR of the same picture."""

from __future__ import annotations

import time

from extractors.scan import read as scan
from extractors.scan.recognition import load_rapidocr
from tests import scanpages
from tests.bench.measure import Row, in_turns

TITLE = "扫描件：一页申报书（表格与正文，200 dpi）"


def rows() -> list[Row]:
    if not scan.available():
        return [Row("未安装 OCR 组件（ocr），未测", 0.0)]
    if scanpages.font_path() is None:
        return [Row("本机没有中文字体，未测", 0.0)]
    rapidocr = load_rapidocr()

    page = scanpages.scanned(scanpages.stamped(scanpages.form_page(prose=6), 620, 420))
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    bare = rapidocr.RapidOCR(params={"Global.log_level": "critical", **threads})
    took = in_turns(
        {"bare": lambda: bare(page), "page": lambda: scan.read_page(page, 1)}, rounds=3, clock=time.process_time
    )
    base = took["bare"]
    return [
        Row("rapidocr 直接识别同一页（单线程，CPU 时间）", base, 1, "rapidocr"),
        Row("读成一页（表格、勾选、印章、两次识别）", took["page"], took["page"] / base, "rapidocr", "≤ 0.5"),
    ]
