"""A telephone number and its extension, as people write them beside other text."""

from __future__ import annotations

import pytest

from records.phones import WRITTEN, without_extension

NUMBER = "021-55500101"


@pytest.mark.parametrize(
    "extension",
    ["转618", " 转 618", "（转618）", "(转分机618)", "-8012", "－8012", " ext. 618", "x618", " EXT618", "#618", " 618", "转618分机"],
)  # fmt: skip
@pytest.mark.parametrize("number", [NUMBER, "（021）55500101", "55500101", "400-820-0101"])
def test_an_extension_is_the_numbers_own(number: str, extension: str) -> None:
    assert WRITTEN.findall(f"王芳 {number}{extension}，周岚") == [f"{number}{extension}"]
    assert without_extension(number + extension, unmarked=True) == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"{NUMBER} 13900000101", [NUMBER, "13900000101"]),
        (f"{NUMBER} 139 0000 0101", [NUMBER, "139 0000 0101"]),
        (f"{NUMBER} 021-55500102", [NUMBER, "021-55500102"]),
        (f"{NUMBER} 400-820-0101", [NUMBER, "400-820-0101"]),
        (f"王芳（{NUMBER}转618）", [f"{NUMBER}转618"]),
        (f"{NUMBER}转618/13900000101", [f"{NUMBER}转618", "13900000101"]),
    ],
)
def test_another_number_is_no_extension(text: str, numbers: list[str]) -> None:
    assert WRITTEN.findall(text) == numbers


def test_what_may_be_the_numbers_own_digits_stays_unless_asked() -> None:
    assert without_extension("139-0000-0101") == "139-0000-0101"
    assert without_extension(f"{NUMBER}转618") == NUMBER
