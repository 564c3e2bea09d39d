"""H4 and H5 over the whole database, for `tsunagi net`."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

LAWS = [
    Law(
        "H4",
        "受けてもらうまでは、送った機関が受け持っている",
        "SELECT count(*) FROM referrals_referral WHERE state IN ('sent', 'considering')",
        """
        SELECT 'referral', r.id FROM referrals_referral r
          JOIN referrals_referralconcern x ON x.referral_id = r.id AND x.state = 'offered'
          JOIN holding_concern c ON c.id = x.concern_id
          LEFT JOIN holding_hold h ON h.concern_id = x.concern_id AND h.closed_at IS NULL
         WHERE r.state IN ('sent', 'considering') AND c.closed_at IS NULL
           AND (h.id IS NULL OR h.office_id = r.to_office_id)
        UNION ALL
        SELECT 'referral', r.id FROM referrals_referral r
          JOIN referrals_referralconcern x ON x.referral_id = r.id AND x.state = 'offered'
         WHERE r.state NOT IN ('sent', 'considering')
        UNION ALL
        SELECT 'hold', h.id FROM holding_hold h JOIN accounts_office o ON o.id = h.office_id
         WHERE h.closed_at IS NULL AND NOT o.signs_in
        """,
    ),
    Law(
        "H5",
        "受けられないときはわけがあり、合う制度がなければ、はざまと依頼が残る",
        "SELECT count(*) FROM referrals_referral WHERE state = 'declined'",
        """
        SELECT 'referral', id FROM referrals_referral WHERE state = 'declined' AND decline_reason = ''
        UNION ALL
        SELECT 'referral', r.id FROM referrals_referral r
          JOIN referrals_referralconcern x ON x.referral_id = r.id AND x.state = 'declined'
         WHERE r.state = 'declined'
           AND r.decline_reason IN ('age', 'certificate', 'diagnosis', 'income', 'no_resource')
           AND NOT EXISTS (SELECT 1 FROM holding_gap g WHERE g.concern_id = x.concern_id)
        UNION ALL
        SELECT 'promise', q.id FROM holding_promise q
         WHERE q.kind = 'coordination_request' AND q.withdrawn_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM holding_promise n WHERE n.previous_id = q.id)
        """,
    ),
    Law(
        "H17",
        "つなぎによる関わりは、生きているつなぎだけによる",
        "SELECT count(*) FROM people_involvement WHERE ended_at IS NULL AND reason_kind = 'referral'",
        """
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'referral' AND NOT EXISTS (
            SELECT 1 FROM referrals_referral r
             WHERE r.id = i.reason_id AND r.state NOT IN ('declined', 'withdrawn') AND r.result IN ('', 'ongoing'))
        """,
    ),
]

FINDINGS = [
    Finding(
        "referrals_unanswered",
        "返事の期限を過ぎたつなぎ",
        """
        SELECT count(*) FROM referrals_referral
         WHERE state IN ('sent', 'considering')
           AND GREATEST(answer_due_on, COALESCE(considering_until, answer_due_on)) < %(today)s
        """,
    ),
    Finding(
        "accepted_without_first_contact",
        "受けたが、まだはじめて会えていないつなぎ",
        """
        SELECT count(*) FROM referrals_referral r JOIN accounts_office o ON o.id = r.to_office_id AND o.signs_in
         WHERE r.state IN ('accepted', 'partly') AND r.first_contact_at IS NULL AND r.result = ''
        """,
    ),
]
