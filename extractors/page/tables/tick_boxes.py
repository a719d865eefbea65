"""Small drawn squares: the boxes that a person ticks, apart from the rules of tables they stand close to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from extractors.document.doubts import TICKED_BY_HAND
from extractors.document.model import TICKED
from extractors.page.characters import BOXES, Char
from extractors.page.grid import DrawnBox, Grid
from extractors.page.rules import Box, PageLines, Rule
from extractors.page.settings import RULES
from extractors.page.table_settings import TICK_BOXES


def is_small_square(box: Box) -> bool:
    low, high = RULES.box_side
    return (
        box.width <= high
        and box.height <= high
        and min(box.width, box.height) >= low
        and abs(box.width - box.height) <= TICK_BOXES.uneven_share * max(box.width, box.height)
    )


def take_squares(lines: PageLines) -> list[Box]:
    """The small squares among the rules; their sides are taken out of ``lines``.

    A form field's box may stand so near to the border of its cell that it would count as part of the table.
    """
    low, high = RULES.box_side
    across = [r for r in lines.horizontal if low <= r.end - r.start <= high]
    down = [r for r in lines.vertical if low <= r.end - r.start <= high]
    if len(across) <= 1 or len(down) <= 1 or len(across) + len(down) > TICK_BOXES.most:
        return []
    found: list[Box] = []
    sides: set[int] = set()
    for box in sorted({_rounded(b) for b in _squares(across, down)}):
        own = {id(r) for r in across if _on(r, box.x0, box.x1, box.y0, box.y1)}
        own |= {id(r) for r in down if _on(r, box.y0, box.y1, box.x0, box.x1)}
        if not _met(lines, box, own):
            found.append(box)
            sides |= own
    if found:
        lines.horizontal = [r for r in lines.horizontal if id(r) not in sides]
        lines.vertical = [r for r in lines.vertical if id(r) not in sides]
    return found


def _rounded(box: Box) -> Box:
    return Box(*(round(value, 1) for value in box))


def _squares(across: list[Rule], down: list[Rule]) -> list[Box]:
    uprights: dict[int, list[Rule]] = defaultdict(list)
    for rule in down:
        uprights[round(rule.start)].append(rule)
    pairs: dict[int, list[Rule]] = defaultdict(list)
    for rule in across:
        pairs[round(rule.start)].append(rule)
    found: list[Box] = []
    for top in across:
        for bottom in (r for at in (-1, 0, 1) for r in pairs[round(top.start) + at]):
            box = Box(top.start, top.at, top.end, bottom.at)
            if box.height <= 0 or not is_small_square(box) or not _on(bottom, box.x0, box.x1, box.y0, box.y1):
                continue
            near = [
                v for at in (-1, 0, 1) for v in uprights[round(box.y0) + at] if _on(v, box.y0, box.y1, box.x0, box.x1)
            ]
            if any(abs(v.at - box.x0) <= TICK_BOXES.exact for v in near) and any(
                abs(v.at - box.x1) <= TICK_BOXES.exact for v in near
            ):
                found.append(box)
    return found


def _on(rule: Rule, start: float, end: float, one: float, other: float) -> bool:
    """True for a rule from ``start`` to ``end`` that lies at ``one`` or at ``other``."""
    near = TICK_BOXES.exact
    ends = abs(rule.start - start) <= near and abs(rule.end - end) <= near
    return ends and (abs(rule.at - one) <= near or abs(rule.at - other) <= near)


def _met(lines: PageLines, box: Box, own: set[int]) -> bool:
    """True where a rule that is no side of a square touches it."""
    clear = TICK_BOXES.clear
    for rules, low, high, start, end in (
        (lines.horizontal, box.y0, box.y1, box.x0, box.x1),
        (lines.vertical, box.x0, box.x1, box.y0, box.y1),
    ):
        for rule in rules:
            beside = low - clear <= rule.at <= high + clear and rule.end >= start - clear and rule.start <= end + clear
            if beside and id(rule) not in own:
                return True
    return False


def ticks(squares: list[Box], strokes: list[Box], fills: list[Box]) -> list[DrawnBox]:
    """Drawn boxes, each once, ticked where a stroke or a smaller filled square stands in it, or where it is filled and others are
    not: a colour or shading that all have is how they look."""
    found: list[DrawnBox] = []
    whole = [s for s in squares if any(_fills(f, s) for f in fills)]
    marked = set(whole) if len(whole) < len(set(squares)) else set()
    for square in sorted(squares, key=lambda b: (round(b.y0), b.x0, b.width)):
        if any(b.box.holds((square.x0 + square.x1) / 2, (square.y0 + square.y1) / 2) for b in found):
            continue
        marks = [s for s in strokes if max(s.width, s.height) > TICK_BOXES.tick_share * square.width]
        marks += [
            f for f in fills if TICK_BOXES.tick_share * square.width < f.width < TICK_BOXES.filled_share * square.width
        ]
        ticked = square in marked or any(square.holds((m.x0 + m.x1) / 2, (m.y0 + m.y1) / 2) for m in marks)
        found.append(DrawnBox(square, ticked))
    return found


def _fills(fill: Box, square: Box) -> bool:
    size = fill.width / square.width
    near = TICK_BOXES.filled_share <= size <= 2 - TICK_BOXES.filled_share
    return near and square.holds((fill.x0 + fill.x1) / 2, (fill.y0 + fill.y1) / 2)


def without_signs(lines: PageLines) -> list[Box]:
    """The small frames without the circles that strokes cross from side to side (⊗): signs of a text."""
    signs = {
        ring
        for ring in lines.rings
        if TICK_BOXES.crossed
        <= sum(
            1
            for s in lines.strokes
            if ring.holds((s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2)
            and TICK_BOXES.tick_share * ring.width < min(s.width, s.height)
        )
    }
    return [frame for frame in lines.frames if frame not in signs]


def without_patterns(boxes: list[DrawnBox], chars: list[Char]) -> list[DrawnBox]:
    """The boxes without those that follow upon one another with no word between, on a line or down a column: the dots of a rating,
    the squares of a code, an ornament. A box that a person ticks has a word beside it."""
    if len(boxes) < TICK_BOXES.pattern:
        return boxes
    shown = [c for c in chars if c.text != " "]
    rows = _chains(boxes, lambda b: (b.x0, b.x1, (b.y0 + b.y1) / 2), lambda a, b: _word_between(shown, a, b))
    bare = [b for b in boxes if not any(_beside(c, b.box) for c in shown)]
    columns = _chains(bare, lambda b: (b.y0, b.y1, (b.x0 + b.x1) / 2), lambda _a, _b: False)
    drawn = {id(b) for b in (*rows, *columns)}
    return [b for b in boxes if id(b) not in drawn]


def with_words(
    boxes: list[DrawnBox], chars: list[Char], grids: Sequence[Grid], rings: Sequence[Box] = ()
) -> list[DrawnBox]:
    """The boxes without those that no word stands beside: corners of an ornament, a sign among nothing. One that has a cell of a table
    to itself may have its word in another; several ``rings`` in it are a rating."""
    shown = [c for c in chars if c.text != " "]
    found: list[DrawnBox] = []
    for drawn in boxes:
        if any(_near(c, drawn.box) for c in shown):
            found.append(drawn)
            continue
        cell = _wordless_cell(drawn.box, shown, grids)
        if cell is not None and not (
            drawn.box in rings
            and any(r != drawn.box and cell.holds((r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2) for r in rings)
        ):
            found.append(drawn)
    return found


def _near(char: Char, box: Box) -> bool:
    reach = TICK_BOXES.word_near * box.width
    return box.y0 - box.height <= char.level <= box.y1 + box.height and box.x0 - reach <= char.middle <= box.x1 + reach


def _wordless_cell(box: Box, chars: list[Char], grids: Sequence[Grid]) -> Box | None:
    """The cell that a box stands in without a word; None where there is none."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    for grid in grids:
        number = grid.cell_at(x, y) if grid.box.holds(x, y) else None
        if number is not None:
            cell = grid.cells[number].box
            wordless = len(grid.cells) > 1 and not any(cell.holds(c.middle, c.level) for c in chars)
            return cell if wordless else None
    return None


def _chains(
    boxes: list[DrawnBox], along: Callable[[Box], tuple[float, float, float]], parted: Callable[[Box, Box], bool]
) -> list[DrawnBox]:
    """The boxes of every chain: each begins close behind the one before, at its level, and nothing parts the two. ``along``: where
    a box begins and ends in the direction of the chains, and its middle across."""
    found: list[DrawnBox] = []
    chains: list[list[DrawnBox]] = []
    for drawn in sorted(boxes, key=lambda d: along(d.box)[0]):
        start, end, level = along(drawn.box)
        near = TICK_BOXES.pattern_gap * (end - start)
        for chain in chains:
            _, last, beside = along(chain[-1].box)
            close = -near < start - last <= near and abs(level - beside) <= TICK_BOXES.pattern_level * (end - start)
            if close and not parted(chain[-1].box, drawn.box):
                chain.append(drawn)
                break
        else:
            chains.append([drawn])
    for chain in chains:
        if len(chain) >= TICK_BOXES.pattern:
            found += chain
    return found


def _word_between(chars: list[Char], one: Box, other: Box) -> bool:
    return any(one.x1 <= c.middle <= other.x0 and one.y0 <= c.level <= one.y1 for c in chars)


def _beside(char: Char, box: Box) -> bool:
    """Whether a character stands beside a box as an option's word does."""
    reach = TICK_BOXES.word * box.width
    return box.y0 <= char.level <= box.y1 and box.x0 - reach <= char.middle <= box.x1 + reach


def ticked_by_hand(chars: list[Char], strokes: list[Box]) -> None:
    """Ticks the typed boxes over which someone drew a stroke of about their size; not as certain."""
    typed = [c for c in chars if c.text in BOXES] if strokes else []
    for stroke in strokes if typed else ():
        x, y = (stroke.x0 + stroke.x1) / 2, (stroke.y0 + stroke.y1) / 2
        box = min(typed, key=lambda c: abs(c.middle - x) + abs(c.level - y))
        large = max(stroke.width, stroke.height)
        if (
            max(abs(box.middle - x), abs(box.level - y)) < TICK_BOXES.by_hand * box.size
            and TICK_BOXES.stroke[0] * box.size < large < TICK_BOXES.stroke[1] * box.size
        ):
            box.text, box.mark = TICKED, "drawn"
            box.doubted(TICKED_BY_HAND)
