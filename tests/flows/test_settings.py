"""Settings as another process finds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.exits import UsageFault
from flows.settings import load


def test_another_process_in_another_folder_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    Path("shenbao.toml").write_text(
        'inbox = "收件"\nledger = "sqlite:///a.sqlite"\nworkers = 0\ncron = "1 2 * * *"\n', "utf-8"
    )
    given = load(out=Path("out"), templates=Path("模板")).absolute()
    monkeypatch.chdir(tmp_path)
    for name, value in given.as_environment().items():
        monkeypatch.setenv(name, value)
    assert load() == given
    assert given.inbox == tmp_path / "here" / "收件"
    assert given.ledger_url == f"sqlite:///{tmp_path.as_posix()}/here/a.sqlite"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('inbox = "收件'.encode(), "不是合格的TOML，请检查引号"),
        ('inbox = "收件"'.encode("gbk"), "不是UTF-8编码，请另存为UTF-8"),
    ],
)
def test_settings_that_cannot_be_read_are_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shenbao.toml").write_bytes(content)
    with pytest.raises(UsageFault, match=said):
        load()


def test_settings_saved_with_a_byte_order_mark_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shenbao.toml").write_bytes('inbox = "收件"'.encode("utf-8-sig"))
    assert load().inbox == Path("收件")
