"""The recognition model cut in two says the same as it does whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

onnxruntime = pytest.importorskip("onnxruntime", reason="the extra 'ocr' is not installed")
pytest.importorskip("rapidocr", reason="the extra 'ocr' is not installed")

from extractors.scan.models.parted import parted  # noqa: E402
from extractors.scan.recognition import load_rapidocr  # noqa: E402


def _model(part: str) -> bytes:
    folder = Path(load_rapidocr().__file__).parent / "models"
    return sorted(folder.glob(f"*_{part}_*.onnx"))[-1].read_bytes()


def _run(model: bytes, **given: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, given)[0])


def test_both_parts_say_what_the_whole_says() -> None:
    model = _model("rec")
    parts = parted(model)
    assert parts is not None
    line = np.random.default_rng(5).random((1, 3, 48, 160)).astype(np.float32)
    whole = _run(model, x=line)[0]
    seen = _run(parts.body, x=line)[0]
    assert len(parts.body) + len(parts.head) < 1.01 * len(model), "nothing of it is kept twice"
    found = _run(parts.head, seen=np.pad(seen, ((0, 0), (0, 1)), constant_values=1.0))
    assert (found.argmax(axis=1) == whole.argmax(axis=1)).all()
    np.testing.assert_allclose(found, whole, atol=1e-5)


def test_a_model_that_ends_otherwise_is_left_whole() -> None:
    assert parted(_model("det")) is None
    assert parted(b"") is None
