"""What must hold between demands, incidents, complaints and their promises, and of disposals; for `tsunagi net`."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

_STEPS = "('incident_quick', 'incident_full', 'incident_tell', 'incident_review')"

LAWS = [
    Law(
        "H16",
        "開いている苦情・ふりかえり待ちの事故には答える人の約束があり、終わった請求・苦情・事故の約束は残らない",
        "SELECT (SELECT count(*) FROM records_demand WHERE state IN ('open', 'decided'))"
        " + (SELECT count(*) FROM records_voice WHERE state = 'open') + (SELECT count(*) FROM records_incident WHERE state <> 'closed')",
        f"""
        SELECT 'demand', d.id FROM records_demand d WHERE d.state IN ('open', 'decided')
           AND (SELECT count(*) FROM holding_promise p WHERE p.is_open AND p.subject_kind = 'demand' AND p.subject_id = d.id) > 1
        UNION ALL
        SELECT 'voice', v.id FROM records_voice v WHERE v.state = 'open'
           AND (SELECT count(*) FROM holding_promise p WHERE p.is_open AND p.subject_kind = 'voice' AND p.subject_id = v.id) <> 1
        UNION ALL
        SELECT 'incident', i.id FROM records_incident i WHERE i.state = 'look_back'
           AND (SELECT count(*) FROM holding_promise p WHERE p.is_open AND p.subject_kind = 'incident_review' AND p.subject_id = i.id) <> 1
        UNION ALL
        SELECT 'promise', p.id FROM holding_promise p WHERE p.is_open AND (
              p.subject_kind = 'demand' AND NOT EXISTS (SELECT 1 FROM records_demand d WHERE d.id = p.subject_id AND d.state IN ('open', 'decided'))
           OR p.subject_kind = 'voice' AND NOT EXISTS (SELECT 1 FROM records_voice v WHERE v.id = p.subject_id AND v.state = 'open')
           OR p.subject_kind IN {_STEPS} AND NOT EXISTS (SELECT 1 FROM records_incident i WHERE i.id = p.subject_id AND i.state <> 'closed'))
        """,
    ),
]

FINDINGS = [
    Finding(
        "demands_past_their_day",
        "期限を過ぎた請求・照会",
        "SELECT count(*) FROM records_demand WHERE state IN ('open', 'decided') AND due_on < %(today)s",
    ),
    Finding(
        "disposals_waiting",
        "二人で決めて、まだ行われていない廃棄",
        "SELECT count(*) FROM records_disposal WHERE agreed_at IS NOT NULL AND taken_back_at IS NULL AND done_at IS NULL",
    ),
]
