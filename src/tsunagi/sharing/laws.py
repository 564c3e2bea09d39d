"""What sharing has the net look at (no law of holding is its own)."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

LAWS: list[Law] = []

FINDINGS = [
    Finding(
        "word_not_passed_on",
        "照合が済まず、担当に伝わっていない声かけ(きのうより前)",
        "SELECT count(*) FROM sharing_silentword WHERE done_at IS NULL AND at < %(today)s",
    ),
    Finding(
        "secret_without_a_door",
        "入れ方が決まらず、約束もない特別な秘密",
        """
        SELECT count(*) FROM sharing_guardedtext g WHERE g.door = '' AND NOT EXISTS (
            SELECT 1 FROM holding_promise p WHERE p.subject_kind = 'guarded' AND p.subject_id = g.id AND p.is_open)
        """,
    ),
]
