from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from checks.meaning.width import _FULL, _OTHERWISE, _PLAIN, nfkc

QUICK = [c for c in map(chr, range(0x10000)) if not _OTHERWISE.search(c)]


def test_what_is_done_quickly_is_what_unicode_says() -> None:
    assert len(QUICK) > 21_000
    for character in QUICK:
        folded = unicodedata.normalize("NFKC", character)
        assert folded == (_PLAIN[character] if _FULL.match(character) else character)
        assert unicodedata.combining(folded) == 0
        assert unicodedata.is_normalized("NFKC", f"a{folded}e{folded}か"), "it joins with nothing"


@given(
    st.text(st.sampled_from([*map(chr, range(0x20, 0x7F)), *"，。（）：；％①℃㎡か\u3099\u0301é…ﬁ　：申报书０９ＡＢ"]))
)
def test_any_text(text: str) -> None:
    assert nfkc(text) == unicodedata.normalize("NFKC", text)
