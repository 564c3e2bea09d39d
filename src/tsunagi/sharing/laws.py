"""What sharing has the net look at (no law of holding is its own)."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

LAWS: list[Law] = [
    Law(
        "H17",
        "同意・緊急による関わりは、生きている同意・緊急の閲覧だけによる",
        "SELECT count(*) FROM people_involvement WHERE ended_at IS NULL AND reason_kind IN ('consent', 'break_glass')",
        """
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'consent' AND NOT EXISTS (
            SELECT 1 FROM sharing_consent c JOIN sharing_consentoffice o ON o.consent_id = c.id
             WHERE c.id = i.reason_id AND c.ended_at IS NULL AND c.person_id = i.party_id
               AND o.office_id = i.office_id AND o.ended_at IS NULL AND i.facets <@ c.facets)
        UNION ALL
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'break_glass' AND NOT EXISTS (
            SELECT 1 FROM sharing_brokenglass g
             WHERE g.id = i.reason_id AND g.ended_at IS NULL AND g.person_id = i.party_id
               AND g.worker_id = i.worker_id)
        """,
    ),
    Law(
        "H16",
        "確かめていない緊急の閲覧と、もう一度聞く同意困難には、約束がある",
        "SELECT count(*) FROM sharing_brokenglass WHERE review = ''",
        """
        SELECT 'break_glass', g.id FROM sharing_brokenglass g
         WHERE g.review = '' AND NOT EXISTS (
            SELECT 1 FROM holding_promise p WHERE p.subject_kind = 'break_glass' AND p.subject_id = g.id AND p.is_open)
           AND EXISTS (SELECT 1 FROM holding_promise p WHERE p.subject_kind = 'break_glass' AND p.subject_id = g.id)
        UNION ALL
        SELECT 'consent', c.id FROM sharing_consent c
         WHERE c.state = 'unable' AND c.ended_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM holding_promise p WHERE p.subject_kind = 'consent' AND p.subject_id = c.id AND p.is_open)
        """,
    ),
]

FINDINGS = [
    Finding(
        "consents_to_look_at_again",
        "1年のあいだ見直していない同意",
        """
        SELECT count(*) FROM sharing_consent WHERE ended_at IS NULL AND state IN ('given_all', 'given_part')
           AND looked_at_on <= (%(today)s::date - interval '1 year')
        """,
    ),
    Finding(
        "consents_past_their_end",
        "終わりの日・18歳を過ぎ、まだ閉じていない同意(見る力は、その日に止まっています)",
        """
        SELECT count(*) FROM sharing_consent WHERE ended_at IS NULL AND state IN ('given_all', 'given_part')
           AND (until_on < %(today)s OR of_age_on <= %(today)s)
        """,
    ),
    Finding(
        "glass_without_a_reviewer",
        "確かめる人のいない緊急の閲覧",
        """
        SELECT count(*) FROM sharing_brokenglass g WHERE g.review = '' AND NOT EXISTS (
            SELECT 1 FROM holding_promise p WHERE p.subject_kind = 'break_glass' AND p.subject_id = g.id)
        """,
    ),
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
