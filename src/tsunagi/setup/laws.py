"""What `tsunagi net` points at: reviews of who may what that nobody finished."""

from __future__ import annotations

from tsunagi.shared.laws import Finding

FINDINGS = [
    Finding(
        "reviews_overdue",
        "期限を過ぎた、権限の見直し",
        "SELECT count(*) FROM setup_review WHERE closed_at IS NULL AND due_on < %(today)s",
    ),
    Finding(
        "reviewed_to_end_but_living",
        "見直しで「終える」とされ、まだ終わっていない配属",
        """
        SELECT count(DISTINCT l.posting_id) FROM setup_reviewline l
          JOIN accounts_posting p ON p.id = l.posting_id AND p.ended_at IS NULL
          JOIN setup_review r ON r.id = l.review_id
         WHERE l.verdict = 'to_end' AND r.due_on < %(today)s
           AND NOT EXISTS (SELECT 1 FROM setup_reviewline later
                            WHERE later.posting_id = l.posting_id AND later.at > l.at)
        """,
    ),
]
