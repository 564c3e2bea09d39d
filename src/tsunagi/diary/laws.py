"""What must hold between appointments and their promises, for `tsunagi net`."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

LAWS = [
    Law(
        "H16",
        "先の予定には、答える人の約束がひとつだけ開いている",
        "SELECT count(*) FROM diary_appointment WHERE state = 'planned'",
        """
        SELECT 'appointment', a.id FROM diary_appointment a
         WHERE a.state = 'planned'
           AND (SELECT count(*) FROM holding_promise p
                 WHERE p.is_open AND p.subject_kind = 'appointment' AND p.subject_id = a.id) <> 1
        UNION ALL
        SELECT 'promise', p.id FROM holding_promise p
         WHERE p.is_open AND p.subject_kind = 'appointment'
           AND NOT EXISTS (SELECT 1 FROM diary_appointment a WHERE a.id = p.subject_id AND a.state = 'planned')
        """,
    ),
]

FINDINGS = [
    Finding(
        "papers_not_back",
        "持ち出して、まだ戻っていない紙（前の日まで）",
        "SELECT count(*) FROM diary_takenout WHERE returned_at IS NULL AND printed_on < %(today)s",
    ),
    Finding(
        "appointments_without_a_word",
        "過ぎたのに、どうなったか書かれていない予定",
        "SELECT count(*) FROM diary_appointment WHERE state = 'planned' AND day < %(today)s",
    ),
]
