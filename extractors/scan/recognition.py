"""The OCR engine: rapidocr's models under onnxruntime, loaded once a process, never fetched.

Detection gives the boxes of text lines; recognition gives every character with its place in the line and the probability
the model gives it, which rapidocr's own result leaves out.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from extractors.document.errors import Unavailable
from extractors.scan.settings import READER

PART = "文字识别（OCR）组件"
INSTALL = "扫描件和图片要靠它识别，请安装 shenbao[ocr]（pip install 'shenbao[ocr]'）后重新运行"
_REINSTALL = "现有的不完整，请重新安装（pip install --force-reinstall 'shenbao[ocr]'）后重新运行"
READ_HEIGHT = 48
"""Height of a line as the recognition model takes it."""
LEAST_WIDTH = 96
STEP = 8
"""Pixels of a line for which the model gives one character, or none."""
BLOCK = 32
"""The detection model takes pictures whose sides are multiples of so many pixels."""


@dataclass(slots=True)
class ReadChar:
    """A character read: ``at`` is its middle as a share of the line's width (0 to 1), ``sure`` the model's probability."""

    text: str
    at: float
    sure: float


@dataclass(slots=True)
class _Settings:
    threads: int = 1


_SETTINGS = _Settings()
_LOCK = threading.Lock()


def set_threads(threads: int) -> None:
    """Threads of one engine, before its first use. One is the default: two processes of one thread beat one of two."""
    if threads < 1:
        raise ValueError("threads must be 1 or more")
    _SETTINGS.threads = threads
    _load.cache_clear()


def available() -> bool:
    """True where the OCR parts (extra ``ocr``) are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


class Engine:
    """Detection, orientation and recognition over grey pictures (numpy uint8, dark text on white)."""

    def __init__(self, threads: int) -> None:
        rapidocr = load_rapidocr()
        models = _models(Path(rapidocr.__file__).parent / "models")
        self._ocr = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                # Memory is kept from call to call: taken anew each time, it costs a fifth of the work.
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": threads,
                **models,
            }
        )
        # Loads the models. The recogniser's session and alphabet are used directly for the characters' places, the detector
        # for the size at which it looks.
        blank = np.full((READ_HEIGHT, LEAST_WIDTH, 3), 255, np.uint8)
        self._ocr(blank, use_det=True, use_cls=False, use_rec=False)
        self._ocr(blank, use_det=False, use_cls=False, use_rec=True)
        self._detector: Any = self._ocr.text_det
        reader: Any = self._ocr.text_rec
        self._session = reader.session
        self._alphabet: list[str] = list(reader.postprocess_op.character)

    def detect(self, grey: Any, em: float) -> Any:
        """The lines of text: an array n × 4 × 2 of corners (x, y), clockwise from the top left. They are looked for in a copy
        in which most text (``em`` pixels) is just large enough: what that costs goes with the copy's area."""
        import cv2

        side = max(grey.shape)
        least, most = READER.detect_side
        scale = min(most, max(least, side * READER.detect_em / em)) / side
        rows, columns = (max(BLOCK, round(length * min(scale, 1.0) / BLOCK) * BLOCK) for length in grey.shape)
        small = cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA)
        top, bottom, left, right = _inked(small)
        part = small[top:bottom, left:right]
        down, across = grey.shape[0] / rows, grey.shape[1] / columns
        planes = np.repeat((part.astype(np.float32) / 127.5 - 1.0)[None, None], 3, axis=1)
        shape = round(part.shape[0] * down), round(part.shape[1] * across)
        boxes, _ = self._detector.postprocess_op(self._detector.session(planes), shape)
        found = np.asarray(boxes, np.float32).reshape(-1, 4, 2) + np.array([left * across, top * down], np.float32)
        # Its boxes are wider by a pixel of the copy, whatever that is on the page.
        found[:, :2, 1] += READER.loose * down
        found[:, 2:, 1] -= READER.loose * down
        return found

    def upside_down(self, crops: Sequence[Any]) -> bool:
        """True where most of these lines stand on their heads. Where the classifier says so of any, reading decides. Of each line
        its beginning is enough: the classifier looks at a line pressed together to four times its height, and errs on long ones.
        """
        import cv2

        crops = [np.ascontiguousarray(crop[:, : READER.turned_part * crop.shape[0]]) for crop in crops]
        found = self._ocr(cv2.cvtColor(crops[0], cv2.COLOR_GRAY2RGB), use_det=False, use_cls=True, use_rec=False)
        del found  # loads the classifier
        turner: Any = self._ocr.text_cls
        result = turner([cv2.cvtColor(c, cv2.COLOR_GRAY2RGB) for c in crops]).cls_res
        if all(label != "180" for label, _ in result):
            return False
        some = crops[: READER.turned]
        heads = [np.ascontiguousarray(np.rot90(c, 2)) for c in some]
        upright, turned = (self.recognise(lines, READER.narrowed) for lines in (some, heads))
        return _surely(turned) > _surely(upright)

    def recognise(self, crops: Sequence[Any], narrowed: float = 1.0) -> list[list[ReadChar]]:
        """The characters of each line picture (grey), in its order. ``narrowed``: to which share of its width each is pressed
        together first; what a reading costs goes with the width."""
        return [self._line(crop, narrowed) for crop in crops]

    def _line(self, crop: Any, narrowed: float) -> list[ReadChar]:
        """Read alone: several at once take no less time a pixel, and would have to be padded to one width."""
        wide = max(STEP, round(crop.shape[1] * READ_HEIGHT / crop.shape[0] * narrowed))
        width = max(LEAST_WIDTH, -(-wide // STEP) * STEP)
        planes = np.zeros((1, 3, READ_HEIGHT, width), np.float32)
        planes[0, :, :, :wide] = _normal(crop, wide)
        scores = self._session(planes)[0]
        best = scores.argmax(axis=1)
        return self._decoded(best, scores[np.arange(len(best)), best], wide / width)

    def _decoded(self, best: Any, sure: Any, share: float) -> list[ReadChar]:
        """Runs of one class are one character (CTC); ``share`` of the steps are the line, the rest is padding."""
        steps = max(1.0, len(best) * share)
        found: list[ReadChar] = []
        start = 0
        for end in range(1, len(best) + 1):
            if end < len(best) and best[end] == best[start]:
                continue
            if best[start]:
                at = min(1.0, ((start + end) / 2) / steps)
                found.append(ReadChar(self._alphabet[int(best[start])], at, float(sure[start:end].max())))
            start = end
        return found


def _inked(small: Any) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of what the detector has to look at: all ink with some paper around it, in whole blocks, so
    that it sees them as it would see the page."""
    bounds: list[int] = []
    for axis in (1, 0):
        marked = np.nonzero(small.min(axis=axis) < READER.detect_ink)[0]
        length = small.shape[1 - axis]
        first, last = (int(marked[0]), int(marked[-1])) if len(marked) else (0, length - 1)
        bounds.append(max(0, first - READER.detect_paper) // BLOCK * BLOCK)
        bounds.append(min(length, -(-(last + READER.detect_paper) // BLOCK) * BLOCK))
    top, bottom, left, right = bounds
    return top, bottom, left, right


def load_rapidocr() -> Any:
    """rapidocr, over an onnxruntime that reports to nobody.

    Official builds since 1.29 send what they run to their maker, and keep a device number and a queue in the user's cache.
    The variable is read once, when the library is loaded; the call stops the tracing that some builds for Windows have instead.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    import rapidocr

    return rapidocr


def _surely(lines: Sequence[Sequence[ReadChar]]) -> float:
    """How surely the characters of some lines were read, on average."""
    sure = [c.sure for line in lines for c in line]
    return sum(sure) / len(sure) if sure else 0.0


def _normal(crop: Any, width: int) -> Any:
    import cv2

    small = cv2.resize(
        crop, (width, READ_HEIGHT), interpolation=cv2.INTER_AREA if crop.shape[0] > READER.high else cv2.INTER_LINEAR
    )
    return small.astype(np.float32) / 127.5 - 1.0


def _models(folder: Path) -> dict[str, str]:
    """The model files that came with the package, named so that rapidocr never looks for them elsewhere."""
    found: dict[str, str] = {}
    for part in ("det", "rec", "cls"):
        files = sorted(folder.glob(f"*_{part}_*.onnx"))
        if not files:
            raise Unavailable(f"完整的{PART}", _REINSTALL)
        found[f"{part.capitalize()}.model_path"] = str(files[-1])
    return found


@lru_cache(maxsize=1)
def _load(threads: int) -> Engine:
    return Engine(threads)


def engine() -> Engine:
    """The engine of this process. Raises :class:`Unavailable` where the extra is not installed, or not whole."""
    if not available():
        raise Unavailable(PART, INSTALL)
    try:
        with _LOCK:
            return _load(_SETTINGS.threads)
    except ImportError as error:  # a library that one of its parts needs (libGL …) is not there
        raise Unavailable(f"完整的{PART}", _REINSTALL) from error
