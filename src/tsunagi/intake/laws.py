"""H10 and H11 over the whole database, for `tsunagi net`."""

from __future__ import annotations

from tsunagi.shared.laws import Law

LAWS = [
    Law(
        "H10",
        "終わっていない相談は、窓口の約束がちょうどひとつ受け持つ",
        "SELECT count(*) FROM intake_consultation WHERE outcome = ''",
        """
        SELECT 'consultation', c.id FROM intake_consultation c
          LEFT JOIN (SELECT subject_id, count(*) AS held FROM holding_promise
                      WHERE subject_kind = 'consultation' AND kind IN ('triage', 'stocktaking') AND is_open
                      GROUP BY 1) p ON p.subject_id = c.id
         WHERE (c.outcome = '' AND COALESCE(p.held, 0) <> 1) OR (c.outcome <> '' AND p.held IS NOT NULL)
        UNION ALL
        SELECT 'consultation', id FROM intake_consultation
         WHERE outcome IN ('could_not_reach', 'not_a_consultation') AND outcome_second_by_id IS NULL AND run_id IS NULL
        UNION ALL
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'consultation' AND NOT EXISTS (
            SELECT 1 FROM intake_consultation c WHERE c.id = i.reason_id AND c.outcome = '')
        """,
    ),
    Law(
        "H11",
        "取り込みは一行も失わない",
        "SELECT count(*) FROM intake_ledgerimport WHERE state = 'done'",
        """
        SELECT 'import', r.id FROM intake_ledgerimport r
         WHERE r.state = 'done' AND (
               r.rows_read <> r.rows_stored + r.rows_known + r.rows_rejected
            OR r.rows_stored <> (SELECT count(*) FROM intake_consultation c WHERE c.run_id = r.id)
            OR r.rows_rejected <> (SELECT count(*) FROM intake_rejectedrow j WHERE j.run_id = r.id))
        """,
    ),
]
