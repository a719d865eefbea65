"""Logs hold no personal data, whoever writes them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import masking

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    before = logging.getLogRecordFactory()
    masking.install()
    masking.install()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("test.masking")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize(
    "secret",
    ["13812345678", "138-1234-5678", "+86 13812345678", "021-56781234", "(021)56781234", "021-56781234 转 618",
     "021-56781234（转618）", "zhang.san@example.com.cn",
     "310101199003078888", "31010119900307888X"],
)  # fmt: skip
def test_personal_data_does_not_reach_the_log(log: tuple[logging.Logger, io.StringIO], secret: str) -> None:
    logger, stream = log
    logger.error("联系人电话%s，见第3页", secret)
    try:
        raise ValueError(f"bad value {secret}")
    except ValueError:
        logger.exception("reading failed")
    assert secret not in stream.getvalue()
    assert "联系人电话" in stream.getvalue()
    assert "ValueError" in stream.getvalue()


@pytest.mark.parametrize(
    "harmless",
    [
        HASH,
        "91310000132212345X",
        "浦东新区/申报书（2023-08-19）.docx",
        "读取 120 个文件，用时 13.8 秒",
        "20230819",
        "第12页 表3 行4",
    ],
)
def test_names_hashes_and_counts_stay_readable(log: tuple[logging.Logger, io.StringIO], harmless: str) -> None:
    logger, stream = log
    logger.error("%s", harmless)
    assert harmless in stream.getvalue()


FORGED = "甲\n2026-01-01 00:00:00 CRITICAL shenbao.run 伪造"


def test_a_name_with_a_line_feed_forges_no_record(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.error("reading %s failed", FORGED)
    logger.error(f"reading {FORGED} failed")
    logger.error("reading %s failed", Path(FORGED))
    logger.error("trace %s", f"Traceback (most recent call last)\n{FORGED}")
    try:
        raise ValueError(FORGED)
    except ValueError:
        logger.exception("reading failed")
    assert "伪造" in stream.getvalue()
    assert not [line for line in stream.getvalue().splitlines() if line.startswith("2026")]


@pytest.mark.parametrize("sign", ["\x1b]0;x\x07", "\x9b31m", "\u202e", "\r", "\x08", "\u2028", "\x7f"])
def test_nothing_in_a_log_acts_on_a_terminal(log: tuple[logging.Logger, io.StringIO], sign: str) -> None:
    logger, stream = log
    logger.error("%s", f"甲{sign}乙")
    logger.error("甲%s乙", ValueError(sign))
    assert not any(
        character in stream.getvalue() for character in sign if not character.isalnum() and character not in "]0;"
    )
