"""What must hold between items, acknowledgements, roles and what they open, for `tsunagi net`.

Alive is an involvement of reason "meeting" while its item is on the agenda and open to a member of that office who
acknowledged; one of reason "role" until the role was done and looked at again, or stopped.
"""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

ALIVE_MEETING = """
    EXISTS (SELECT 1 FROM meetings_item t
              JOIN meetings_itemmember c ON c.item_id = t.id AND c.closed_at IS NULL AND c.opened_at IS NOT NULL
              JOIN meetings_bodymember m ON m.id = c.member_id AND m.ended_at IS NULL
             WHERE t.id = i.reason_id AND t.state IN ('proposed', 'taken')
               AND m.office_id = i.office_id AND m.worker_id IS NOT DISTINCT FROM i.worker_id)
"""
ALIVE_ROLE = """
    EXISTS (SELECT 1 FROM meetings_decisionrole r
             WHERE r.id = i.reason_id AND r.office_id = i.office_id AND r.state IN ('asked', 'open', 'done'))
"""

LAWS = [
    Law(
        "H17",
        "会議による関わりは、いま扱う議題か、見直しの済んでいない役割にもとづく",
        "SELECT count(*) FROM people_involvement WHERE ended_at IS NULL AND reason_kind IN ('meeting', 'role')",
        f"""
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'meeting' AND NOT {ALIVE_MEETING}
        UNION ALL
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'role' AND NOT {ALIVE_ROLE}
        UNION ALL
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind IN ('meeting', 'role')
           AND NOT EXISTS (SELECT 1 FROM accounts_office o WHERE o.id = i.office_id AND o.is_active)
        """,
    ),
    Law(
        "H17",
        "同意が要る議題には、いま同意がある",
        "SELECT count(*) FROM meetings_item WHERE mode IN ('layered', 'coordination') AND state IN ('proposed', 'taken')",
        """
        SELECT 'meeting_item', t.id FROM meetings_item t
         WHERE t.mode IN ('layered', 'coordination') AND t.state IN ('proposed', 'taken')
           AND NOT meetings_has_consent(t.party_id)
        """,
    ),
    Law(
        "H17",
        "議題の根拠が変わったときは、わけが残っている",
        "SELECT count(*) FROM meetings_itemmove",
        """
        SELECT 'meeting_item', v.item_id FROM meetings_itemmove v JOIN meetings_item t ON t.id = v.item_id
         WHERE v.was_mode <> t.mode AND v.reason = '' AND NOT EXISTS (
               SELECT 1 FROM meetings_itemmove w WHERE w.item_id = v.item_id AND w.id > v.id)
        """,
    ),
    Law(
        "H17",
        "議題は、選ばれて守秘義務を確かめた方にだけ開いている",
        "SELECT count(*) FROM meetings_itemmember WHERE opened_at IS NOT NULL AND closed_at IS NULL",
        """
        SELECT 'meeting_item', c.item_id FROM meetings_itemmember c
          JOIN meetings_item t ON t.id = c.item_id
          LEFT JOIN meetings_acknowledgement a ON a.id = c.acknowledgement_id
         WHERE c.opened_at IS NOT NULL AND c.closed_at IS NULL
           AND (a.member_id IS DISTINCT FROM c.member_id OR t.state = 'withdrawn' OR cardinality(c.facets) = 0
                OR a.year <> meetings_fiscal_year((c.opened_at AT TIME ZONE 'Asia/Tokyo')::date))
        """,
    ),
    Law(
        "H16",
        "会議で決まった役割には、答える人の約束がひとつだけ開いている",
        "SELECT count(*) FROM meetings_decisionrole WHERE state IN ('asked', 'open', 'done')",
        """
        SELECT 'meeting_role', r.id FROM meetings_decisionrole r
         WHERE r.state IN ('asked', 'open', 'done')
           AND (SELECT count(*) FROM holding_promise q
                 WHERE q.is_open AND q.subject_kind = 'meeting_role' AND q.subject_id = r.id) <> 1
        UNION ALL
        SELECT 'promise', q.id FROM holding_promise q
         WHERE q.is_open AND q.subject_kind = 'meeting_role'
           AND NOT EXISTS (SELECT 1 FROM meetings_decisionrole r
                            WHERE r.id = q.subject_id AND r.state IN ('asked', 'open', 'done'))
        """,
    ),
]

FINDINGS = [
    Finding(
        "meeting_roles_late",
        "会議で決まり、期日を過ぎた役割",
        "SELECT count(*) FROM holding_promise WHERE is_open AND subject_kind = 'meeting_role' AND due_on < %(today)s",
    ),
    Finding(
        "meeting_items_left",
        "日が過ぎた会議に残っている議題",
        """
        SELECT count(*) FROM meetings_item t JOIN meetings_sitting s ON s.id = t.sitting_id
         WHERE t.state IN ('proposed', 'taken') AND s.day < %(today)s
        """,
    ),
    Finding(
        "meeting_absent_untold",
        "結果を伝えた記録のない、欠席した構成員",
        """
        SELECT count(*) FROM meetings_attendance a JOIN meetings_sitting s ON s.id = a.sitting_id
         WHERE a.presence = 'absent' AND a.told_at IS NULL AND s.state = 'ended'
        """,
    ),
    Finding(
        "meeting_chosen_outside",
        "同意の範囲の外になり、閉じるのを待っている、議題の構成員（1時間ごとに閉じます）",
        """
        SELECT count(*) FROM meetings_itemmember c JOIN meetings_item t ON t.id = c.item_id
          JOIN meetings_bodymember m ON m.id = c.member_id
         WHERE c.closed_at IS NULL AND t.mode IN ('layered', 'coordination') AND t.state IN ('proposed', 'taken')
           AND NOT meetings_reaches(t.party_id, m.office_id)
        """,
    ),
    Finding(
        "meeting_items_unread",
        "守秘義務の確認を待っている、会議の議題の構成員",
        """
        SELECT count(*) FROM meetings_itemmember c JOIN meetings_item t ON t.id = c.item_id
         WHERE c.opened_at IS NULL AND c.closed_at IS NULL AND t.state = 'taken'
        """,
    ),
]
