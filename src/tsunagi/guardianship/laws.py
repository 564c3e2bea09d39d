"""What must hold between powers, applications and their promises, for `tsunagi net`."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

LAWS = [
    Law(
        "H16",
        "終わりのある権限には、あとを決める人の約束がひとつだけ開いている",
        "SELECT count(*) FROM guardianship_power WHERE until_on IS NOT NULL AND ended_on IS NULL AND settled_at IS NULL",
        """
        SELECT 'power', w.id FROM guardianship_power w
         WHERE w.until_on IS NOT NULL AND w.ended_on IS NULL AND w.settled_at IS NULL
           AND (SELECT count(*) FROM holding_promise p
                 WHERE p.is_open AND p.subject_kind = 'power' AND p.subject_id = w.id) <> 1
        UNION ALL
        SELECT 'promise', p.id FROM holding_promise p
         WHERE p.is_open AND p.subject_kind = 'power'
           AND NOT EXISTS (SELECT 1 FROM guardianship_power w
                            WHERE w.id = p.subject_id AND w.until_on IS NOT NULL AND w.ended_on IS NULL
                              AND w.settled_at IS NULL)
        """,
    ),
    Law(
        "H16",
        "進んでいる市長申立てには、進めている段階と、答える人の約束がひとつずつある",
        "SELECT count(*) FROM guardianship_petition WHERE state = 'open'",
        """
        SELECT 'petition', t.id FROM guardianship_petition t
         WHERE t.state = 'open'
           AND ((SELECT count(*) FROM holding_promise p
                  WHERE p.is_open AND p.subject_kind = 'petition' AND p.subject_id = t.id) <> 1
             OR (SELECT count(*) FROM guardianship_petitionstep s WHERE s.petition_id = t.id AND s.state = 'open') <> 1)
        UNION ALL
        SELECT 'petition', t.id FROM guardianship_petition t
         WHERE t.state <> 'open'
           AND EXISTS (SELECT 1 FROM guardianship_petitionstep s WHERE s.petition_id = t.id AND s.state = 'open')
        UNION ALL
        SELECT 'promise', p.id FROM holding_promise p
         WHERE p.is_open AND p.subject_kind = 'petition'
           AND NOT EXISTS (SELECT 1 FROM guardianship_petition t WHERE t.id = p.subject_id AND t.state = 'open')
        """,
    ),
]

FINDINGS = [
    Finding(
        "powers_past_their_end",
        "期間が過ぎたのに、どうなったか書かれていない権限",
        "SELECT count(*) FROM guardianship_power WHERE until_on < %(today)s AND ended_on IS NULL",
    ),
]
