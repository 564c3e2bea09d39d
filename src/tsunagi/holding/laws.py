"""The laws of holding over the whole database, set-based, for `tsunagi net` (holding.md H1–H3, H6–H8, H13–H17).

Run by the owner: as the application's role, row-level security would show nothing and report a false zero.
"""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

_OPEN_HOLDS = "SELECT count(*) FROM holding_hold WHERE closed_at IS NULL"
_OPEN_PROMISES = "SELECT count(*) FROM holding_promise WHERE is_open"
_HOLDING_ROLES = (
    "('counsellor', 'coordinator', 'section_clerk', 'outside_worker', 'outreach_worker', 'participation_worker',"
    " 'community_coordinator', 'manager')"
)


# Who may answer where, computed once: an active worker, posted in an active office of the system (H2).
_ANSWERING = f"""
    WITH answering AS MATERIALIZED (
        SELECT DISTINCT w.id AS worker_id, o.id AS office_id FROM accounts_worker w
          JOIN accounts_posting p ON p.worker_id = w.id AND p.ended_at IS NULL AND p.role IN {_HOLDING_ROLES}
          JOIN accounts_office o ON o.id = p.office_id AND o.is_active AND o.signs_in
         WHERE w.is_active)
"""


def _nobody_answers(row: str) -> str:
    """SQL after `_ANSWERING`: the holder of `row` may not answer in its office (H2)."""
    return f"""NOT EXISTS (
        SELECT 1 FROM answering a WHERE a.worker_id = {row}.worker_id AND a.office_id = {row}.office_id)"""


def _away_unacted(row: str, since: str) -> str:
    """SQL: the holder of `row` has a recorded long absence that nobody acts in (H14)."""
    return f"""{row}.acting_id IS NULL AND EXISTS (
        SELECT 1 FROM accounts_absence a
         WHERE a.worker_id = {row}.worker_id AND a.returned_at IS NULL AND a.business_days > 5
           AND a.until_on >= {since})"""


LAWS = [
    Law(
        "H1",
        "開いている課題には、開いた受け持ちがちょうどひとつある",
        "SELECT count(*) FROM holding_concern WHERE closed_at IS NULL",
        """
        SELECT 'concern', c.id FROM holding_concern c
         WHERE c.closed_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM holding_hold h WHERE h.concern_id = c.id AND h.closed_at IS NULL)
        UNION ALL
        SELECT 'concern', c.id FROM holding_concern c
         WHERE c.closed_at IS NOT NULL
           AND EXISTS (SELECT 1 FROM holding_hold h WHERE h.concern_id = c.id AND h.closed_at IS NULL)
        UNION ALL
        SELECT 'concern', concern_id FROM holding_hold WHERE closed_at IS NULL GROUP BY 2 HAVING count(*) > 1
        UNION ALL
        SELECT 'concern', c.id FROM holding_concern c
         WHERE c.closed_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM holding_closing x WHERE x.concern_id = c.id AND x.reopened_at IS NULL)
        """,
    ),
    Law(
        "H2",
        "受け持つのは、開いている機関に今いる職員である。機関には当番がいる",
        _OPEN_HOLDS,
        f"""{_ANSWERING}
        SELECT 'hold', h.id FROM holding_hold h WHERE h.closed_at IS NULL AND {_nobody_answers("h")}
        UNION ALL
        SELECT 'office', o.id FROM accounts_office o
         WHERE o.is_active AND o.signs_in AND NOT EXISTS (
            SELECT 1 FROM accounts_worker w
              JOIN accounts_posting p ON p.worker_id = w.id AND p.ended_at IS NULL
                                     AND p.office_id IN (o.id, o.stand_in_office_id)
             WHERE w.id = o.duty_worker_id AND w.is_active)
        """,
    ),
    Law(
        "H3",
        "次に動く日は必ずあり、受け持ち方ごとの期限の内にある",
        _OPEN_HOLDS,
        """
        SELECT 'hold', id FROM holding_hold
         WHERE closed_at IS NULL AND (due_on IS NULL OR due_on - opened_on > CASE kind
            WHEN 'stocktaking' THEN 141 WHEN 'triage' THEN 41 WHEN 'assessing' THEN 81 WHEN 'supporting' THEN 100
            WHEN 'handing_over' THEN 51 WHEN 'following_through' THEN 190 WHEN 'coordinating' THEN 100
            WHEN 'reaching_out' THEN 60 WHEN 'participating' THEN 100 WHEN 'watching' THEN 190 ELSE -1 END)
        """,
    ),
    Law(
        "H6",
        "遅れは期日から計算する。どの表にも保存しない",
        _OPEN_HOLDS,
        """
        SELECT 'column', a.attrelid::bigint FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
         WHERE t.relkind = 'r' AND t.relname LIKE 'holding\\_%%' AND NOT a.attisdropped
           AND (a.attname LIKE '%%lateness%%' OR a.attname LIKE '%%overdue%%' OR a.attname LIKE '%%colour%%')
        """,
    ),
    Law(
        "H7",
        "遅れを知らせる先が、どの機関にもある",
        _OPEN_HOLDS,
        """
        SELECT 'office', o.id FROM accounts_office o
         WHERE EXISTS (SELECT 1 FROM holding_hold h WHERE h.office_id = o.id AND h.closed_at IS NULL)
           AND o.duty_worker_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM accounts_posting p JOIN accounts_worker w ON w.id = p.worker_id AND w.is_active
                            WHERE p.office_id = o.id AND p.role = 'manager' AND p.ended_at IS NULL)
        """,
    ),
    Law(
        "H8",
        "終えた課題には終わり方があり、要るときは二人目とはざまがある",
        "SELECT count(*) FROM holding_closing WHERE reopened_at IS NULL",
        """
        SELECT 'closing', x.id FROM holding_closing x
         WHERE x.reopened_at IS NULL AND (
               (x.outcome IN ('declined_by_person', 'contact_lost', 'no_service', 'nothing_found',
                               'checked_on_import')
                AND x.second_by_id IS NULL)
            OR (x.outcome = 'no_service' AND x.gap_id IS NULL)
            OR (x.outcome = 'died' AND x.died_on IS NULL))
        """,
    ),
    Law(
        "H13",
        "受け持ちの移り変わりは、すべて記録に残っている",
        "SELECT count(*) FROM holding_hold",
        """
        SELECT 'hold', h.id FROM holding_hold h
         WHERE NOT EXISTS (SELECT 1 FROM journal_entry e
                            WHERE e.subject_kind = 'hold' AND e.subject_id = h.id AND e.action = 'hold.opened')
        UNION ALL
        SELECT 'hold', h.id FROM holding_hold h JOIN holding_hold before ON before.id = h.previous_id
         WHERE before.concern_id <> h.concern_id OR before.closed_at IS NULL
        """,
    ),
    Law(
        "H14",
        "長い不在のあいだは、だれかが代行している",
        _OPEN_HOLDS,
        f"""
        SELECT 'hold', h.id FROM holding_hold h WHERE h.closed_at IS NULL AND {_away_unacted("h", "h.opened_on")}
        UNION ALL
        SELECT 'promise', q.id FROM holding_promise q
         WHERE q.is_open AND {_away_unacted("q", "(q.opened_at AT TIME ZONE 'Asia/Tokyo')::date")}
        """,
    ),
    Law(
        "H15",
        "虐待・自傷の疑いがある課題は、通告・通報・相談の前に、つなぎ中にならない",
        "SELECT count(*) FROM holding_concern WHERE closed_at IS NULL AND danger <> ''",
        """
        SELECT 'concern', c.id FROM holding_concern c
          JOIN holding_hold h ON h.concern_id = c.id AND h.closed_at IS NULL AND h.kind = 'handing_over'
         WHERE c.danger <> '' AND NOT EXISTS (SELECT 1 FROM holding_safetyreport s WHERE s.concern_id = c.id)
        """,
    ),
    Law(
        "H16",
        "開いている約束には、果たす職員と期日がある",
        _OPEN_PROMISES,
        f"""{_ANSWERING}
        SELECT 'promise', q.id FROM holding_promise q
         WHERE q.is_open AND (q.due_on IS NULL OR {_nobody_answers("q")})
        """,
    ),
    Law(
        "H17",
        "受け持つ機関・約束する機関は、その方の記録を見られる",
        _OPEN_HOLDS,
        # First who has no involvement of their own; only those few are asked through merged records.
        """
        WITH unseen AS MATERIALIZED (
            SELECT 'hold' AS kind, h.id, c.party_id, h.office_id
              FROM holding_hold h JOIN holding_concern c ON c.id = h.concern_id
             WHERE h.closed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM people_involvement i
                 WHERE i.party_id = c.party_id AND i.office_id = h.office_id AND i.ended_at IS NULL)
            UNION ALL
            SELECT 'promise', q.id, q.party_id, q.office_id FROM holding_promise q
             WHERE q.is_open AND q.party_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM people_involvement i
                 WHERE i.party_id = q.party_id AND i.office_id = q.office_id AND i.ended_at IS NULL))
        SELECT kind, id FROM unseen WHERE NOT law_h17_sees(party_id, office_id)
        UNION ALL
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'concern' AND NOT EXISTS (
            SELECT 1 FROM holding_hold h
             WHERE h.concern_id = i.reason_id AND h.office_id = i.office_id AND h.closed_at IS NULL)
        UNION ALL
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'promise' AND NOT EXISTS (
            SELECT 1 FROM holding_promise q WHERE q.id = i.reason_id AND q.is_open)
        """,
    ),
]

_UNSEEN = """
    SELECT count(*) FROM holding_concern c JOIN holding_hold h ON h.concern_id = c.id AND h.closed_at IS NULL
     WHERE NOT h.look_back AND h.kind <> 'stocktaking'
       AND COALESCE(c.last_seen_on, (c.opened_at AT TIME ZONE 'Asia/Tokyo')::date) < %(today)s - {days}
"""

FINDINGS = [
    Finding("unseen_60", "60日以上、だれも様子を知らない", _UNSEEN.format(days=60)),
    Finding("unseen_90", "90日以上、だれも様子を知らない", _UNSEEN.format(days=90)),
    Finding(
        "green_by_trying_alone",
        "期日は守られているが、試みと書類だけで、会えていない",
        """
        SELECT count(*) FROM holding_hold h
         WHERE h.closed_at IS NULL AND h.due_on >= %(today)s AND h.concern_id IN (
            SELECT t.concern_id FROM holding_contacton t JOIN holding_concern c ON c.id = t.concern_id
             WHERE t.kind NOT IN ('met', 'seen') AND c.closed_at IS NULL
               AND (t.at AT TIME ZONE 'Asia/Tokyo')::date > COALESCE(c.last_seen_on, DATE '-infinity')
             GROUP BY 1 HAVING count(*) >= 4)
        """,
    ),
    Finding(
        "holders_not_signed_in",
        "不在の記録なしに、1週間使っていない受け持ちの職員",
        """
        SELECT count(*) FROM accounts_worker w
         WHERE w.is_active AND EXISTS (SELECT 1 FROM holding_hold h WHERE h.worker_id = w.id AND h.closed_at IS NULL)
           AND (w.last_seen_at IS NULL OR w.last_seen_at < %(today)s::timestamp AT TIME ZONE 'Asia/Tokyo' - interval '7 days')
           AND NOT EXISTS (SELECT 1 FROM accounts_absence a
                            WHERE a.worker_id = w.id AND a.returned_at IS NULL
                              AND %(today)s BETWEEN a.from_on AND a.until_on)
        """,
    ),
    Finding(
        "holder_changed_often",
        "60日に3回以上、担当が替わった課題",
        """
        SELECT count(*) FROM (
            SELECT h.concern_id FROM holding_hold h JOIN holding_hold before ON before.id = h.previous_id
             WHERE before.worker_id <> h.worker_id AND h.opened_on > %(today)s - 60
             GROUP BY h.concern_id HAVING count(*) > 2) often
        """,
    ),
    Finding(
        "new_holder_not_met",
        "担当が替わって、まだ会えていない",
        """
        SELECT count(*) FROM holding_hold h
         WHERE h.closed_at IS NULL AND NOT h.look_back AND EXISTS (
            SELECT 1 FROM holding_hold mine JOIN holding_hold before ON before.id = mine.previous_id
             WHERE mine.concern_id = h.concern_id AND mine.worker_id = h.worker_id AND before.worker_id <> h.worker_id
               AND NOT EXISTS (SELECT 1 FROM holding_contacton t JOIN holding_contact k ON k.id = t.contact_id
                                WHERE t.concern_id = h.concern_id AND t.kind = 'met' AND k.worker_id = h.worker_id
                                  AND t.at >= mine.opened_at))
        """,
    ),
    Finding(
        "stocktaking_left",
        "棚卸し(移行分)の残り",
        """
        SELECT (SELECT count(*) FROM holding_hold WHERE closed_at IS NULL AND kind = 'stocktaking')
             + (SELECT count(*) FROM holding_promise WHERE is_open AND kind = 'stocktaking')
        """,
    ),
    Finding(
        "held_instead_of_an_office",
        "くらし連携担当が、機関に代わって受け持つ課題",
        """
        SELECT count(*) FROM holding_hold h
         WHERE h.closed_at IS NULL AND h.kind <> 'coordinating'
           AND EXISTS (SELECT 1 FROM accounts_office o WHERE o.id = h.office_id AND o.field = 'coordination')
        """,
    ),
]
