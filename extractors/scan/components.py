"""The connected marks of a mask. OpenCV labels them in a sixth of the time that it takes to measure them over the whole page;
measured over their own pixels alone, which are few, both take a third."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

LEFT_OUT = 0.8
"""Columns are left out where no more than this share of them stays: what is copied costs too."""


@dataclass(frozen=True)
class Components:
    """``stats`` holds of each mark of a mask x, y, width, height and area in pixels (as cv2.CC_STAT_… says), ``middles`` its
    middle (x, y); row 0 is the paper's, and empty. ``shape`` is the mask's."""

    shape: tuple[int, int]
    stats: Any
    middles: Any
    _places: Any
    _numbers: Any

    @cached_property
    def labels(self) -> Any:
        """The numbers of the marks from 1, 0 is the paper. Filled in when asked for: four bytes a pixel cost more than all the
        marks."""
        found = np.zeros(self.shape, np.int32)
        found.ravel()[self._places] = self._numbers
        return found

    @property
    def count(self) -> int:
        """How many there are, and the paper."""
        return len(self.stats)

    @property
    def mask(self) -> Any:
        """255 on 0."""
        found = np.zeros(self.shape, np.uint8)
        found.ravel()[self._places] = 255
        return found

    def among(self, kept: Any) -> Components:
        """Those for whose number ``kept`` is true, numbered anew."""
        kept = np.asarray(kept, bool).copy()
        kept[0] = False
        inside = kept[self._numbers]
        places, numbers = self._places[inside], np.cumsum(kept)[self._numbers[inside]]
        kept[0] = True
        return Components(self.shape, self.stats[kept], self.middles[kept], places, numbers)

    def of(self, labels: Any) -> Any:
        """Of each mark the number that its pixels have in another labelling, in which it lies within one mark."""
        found = np.zeros(self.count, np.int64)
        found[self._numbers] = labels.ravel()[self._places]
        return found


def components(mask: Any) -> Components:
    """The marks of a mask (uint8), which touch at a side or a corner. Rows and columns without any are left out, but for one
    between two marks: a page's rules are few of them."""
    import cv2

    rows, columns = (_with_marks(mask, axis) for axis in (1, 0))
    if len(columns) > LEFT_OUT * mask.shape[1]:
        columns = np.arange(mask.shape[1])
    small = mask[rows] if len(columns) == mask.shape[1] else mask[np.ix_(rows, columns)]
    count, labels = cv2.connectedComponents(small) if small.size else (1, small)
    points = cv2.findNonZero(small) if small.size else None
    xs, ys = (np.zeros(0, np.int64),) * 2 if points is None else points.reshape(-1, 2).T.astype(np.int64)
    numbers = labels.ravel()[ys * small.shape[1] + xs]
    xs, ys = columns[xs], rows[ys]
    places = ys * mask.shape[1] + xs
    area = np.bincount(numbers, minlength=count)
    left, right = np.full(count, mask.shape[1]), np.full(count, -1)
    np.minimum.at(left, numbers, xs)
    np.maximum.at(right, numbers, xs)
    top, bottom = np.zeros(count, np.int64), np.zeros(count, np.int64)
    bottom[numbers] = ys  # row after row: the last one stays
    top[numbers[::-1]] = ys[::-1]
    stats = np.stack([left, top, right - left + 1, bottom - top + 1, area], axis=1).astype(np.int32)
    stats[0] = 0
    sums = np.stack([np.bincount(numbers, side, count) for side in (xs, ys)], axis=1)
    return Components(mask.shape, stats, sums / np.maximum(1, area)[:, None], places, numbers)


def _with_marks(mask: Any, axis: int) -> Any:
    """The numbers of the rows (``axis`` 1) or columns (0) that hold marks, and of those behind each stretch of them. In twos,
    as OpenCV looks at them: it numbers the marks by where it meets them."""
    length = mask.shape[1 - axis]
    marked = np.zeros(length + length % 2, bool)
    marked[:length] = mask.max(axis=axis, initial=0) > 0
    twos: Any = marked.reshape(-1, 2).any(axis=1)
    twos[1:] |= twos[:-1].copy()
    return np.nonzero(np.repeat(twos, 2)[:length])[0]
