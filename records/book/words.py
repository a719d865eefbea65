"""Words on a finding: what they say in a line, their digest, and what becomes of earlier ones."""

from __future__ import annotations

import hashlib

from records.models import Decision


def said(decision: Decision) -> str:
    """Action, who and reason in a line, "" where there are none."""
    head = f"{decision.action}（{decision.by}）" if decision.action and decision.by else decision.action or decision.by
    return f"{head}{'：' if head and decision.reason else ''}{decision.reason}"


def words_mark(decision: Decision | None) -> str:
    """A digest of a decision's words, "" where it has none."""
    if decision is None or not (decision.action or decision.reason or decision.by or decision.asked):
        return ""
    parts = (decision.action or decision.asked, decision.reason, decision.by)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


def later(old: Decision | None, new: Decision) -> Decision:
    """``new`` over ``old``, whose words go into the history where they differ."""
    if old is None:
        return new
    history = [*old.history, *new.history]
    words = said(old)
    if words_mark(old) not in ("", words_mark(new)) and not any(h.startswith(f"{words}（与") for h in history):
        history.append(words)
    return new.model_copy(update={"history": list(dict.fromkeys(history)), "about": new.about or old.about})
