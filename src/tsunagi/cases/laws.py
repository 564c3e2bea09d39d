"""H9 over the whole database, for `tsunagi net`."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

LAWS = [
    Law(
        "H9",
        "終結した支援には、終わっていない課題がなく、主担当かいないわけがある",
        "SELECT count(*) FROM cases_case WHERE state = 'closed'",
        """
        SELECT 'case', k.id FROM cases_case k
          JOIN cases_caseconcern x ON x.case_id = k.id
          JOIN holding_concern c ON c.id = x.concern_id AND c.closed_at IS NULL
          JOIN holding_hold h ON h.concern_id = c.id AND h.closed_at IS NULL
         WHERE k.state = 'closed' AND NOT h.look_back
           -- A look-back that found trouble reopens the concern; the file is reopened with it or not, by a worker.
           AND h.opened_on <= k.closed_on
        UNION ALL
        SELECT 'case', id FROM cases_case WHERE state = 'closed' AND main_office = '' AND no_main_reason = ''
        """,
    ),
    Law(
        "H17",
        "支援による関わりは、終結していない支援だけによる",
        "SELECT count(*) FROM people_involvement WHERE ended_at IS NULL AND reason_kind = 'case'",
        """
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'case' AND NOT EXISTS (
            SELECT 1 FROM cases_case k WHERE k.id = i.reason_id AND k.state = 'open')
        """,
    ),
]

FINDINGS = [
    Finding(
        "open_cases_without_open_concern",
        "開いた課題のない、支援中の支援",
        """
        SELECT count(*) FROM cases_case k
         WHERE k.state = 'open' AND NOT EXISTS (
            SELECT 1 FROM cases_caseconcern x JOIN holding_concern c ON c.id = x.concern_id AND c.closed_at IS NULL
             WHERE x.case_id = k.id)
        """,
    ),
]
