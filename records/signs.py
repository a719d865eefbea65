"""What is a tick, what an empty box, what cannot be seen: for all who read. Tables that are others than these (code charts of
fonts, what a recogniser takes a box for) stand with their readers, which say so."""

from __future__ import annotations

import re

CHECKS = "✓✔√"
"""Ticks typed beside a box, or alone."""
TICKED = CHECKS + "☑☒■●◉◍▣🗹◼⬛▇█◆✅⊙▉"
"""Signs that say that an option is chosen: a box with a tick or a cross in it, a box or ring that was filled in."""
UNTICKED = "□☐○◯❑❒▢◇⬜◻〇❏◎"
BULLET_BOXES = "□☐☑☒√"
"""Of these the ones that stand before a list's items because people tick there; filled boxes and rings are plain bullets."""
PAGE_BOXES = "□☐☑☒▢❏❐❑❒"
"""Square boxes as pages show them; filled ones and rings are bullets there as often as boxes."""
OVER_A_BOX = CHECKS + "×xXvV"
"""What people lay over a box to tick it."""
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
"""Characters of no width: soft hyphens, joiners, marks of direction (Unicode's Default_Ignorable in text of offices). They part no
words and are never read."""
NOTE_SIGNS = "①-⒛⓪-⓿❶-➓¹²³⁰⁴-⁹㉈-㉏㉑-㉟㊱-㊿🄀-🄊"
"""Ranges of signs that number notes and lists."""
SIGNS_OF_NUMBERS = re.compile(f"[{NOTE_SIGNS}₀-₉¼-¾⅐-⅟↉㋀-㋋㍘-㍰㏠-㏾]+")
"""Signs that Unicode resolves into digits and that are none of a figure's: of notes and lists, fractions, 3月 as one sign."""
