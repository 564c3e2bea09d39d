"""The laws of people over the whole database, set-based, for `tsunagi net` (holding.md H12; sharing.md)."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law

LAWS = [
    Law(
        "H12",
        "統合は一段の目印だけで行い、保護はどちらの記録にも及び、検索にも出ない",
        "SELECT count(*) FROM people_party",
        """
        SELECT p.kind, p.id FROM people_party p JOIN people_party r ON r.id = p.same_as_id
         WHERE r.same_as_id IS NOT NULL
            OR NOT (p.kind = r.kind OR p.kind = 'unknown' AND r.kind = 'person')
        UNION ALL
        SELECT p.kind, p.id FROM people_party p
          LEFT JOIN people_person a ON a.party_id = p.id
          LEFT JOIN people_household h ON h.party_id = p.id
          LEFT JOIN people_unknownperson u ON u.party_id = p.id
         WHERE (p.kind = 'person') <> (a.party_id IS NOT NULL)
            OR (p.kind = 'household') <> (h.party_id IS NOT NULL)
            OR (p.kind = 'unknown') <> (u.party_id IS NOT NULL)
        UNION ALL
        SELECT 'person', g.person_id FROM people_protection g
         WHERE g.ended_at IS NULL AND EXISTS (SELECT 1 FROM people_searchkey k WHERE k.person_id = g.person_id)
        UNION ALL
        -- Of two records of one person both are protected, or neither.
        SELECT 'person', p.id FROM people_party p
         WHERE p.same_as_id IS NOT NULL AND p.kind = 'person'
           AND EXISTS (SELECT 1 FROM people_protection g WHERE g.person_id = p.id AND g.ended_at IS NULL)
            <> EXISTS (SELECT 1 FROM people_protection g WHERE g.person_id = p.same_as_id AND g.ended_at IS NULL)
        UNION ALL
        -- A person points at another by a merge that stands, and by nothing else.
        SELECT 'person', p.id FROM people_party p
          LEFT JOIN people_merge m ON m.joined_id = p.id AND m.parted_at IS NULL
         WHERE p.kind = 'person' AND p.same_as_id IS DISTINCT FROM m.kept_id
        UNION ALL
        SELECT 'person', p.id FROM people_protection g JOIN people_party p ON p.same_as_id = g.person_id
         WHERE g.ended_at IS NULL AND EXISTS (SELECT 1 FROM people_searchkey k WHERE k.person_id = p.id)
        """,
    ),
    Law(
        "H17",
        "関わりは、ある記録とある機関のあいだにあり、見える範囲と根拠がある",
        "SELECT count(*) FROM people_involvement WHERE ended_at IS NULL",
        """
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND (i.ground = '' OR cardinality(i.facets) = 0)
        UNION ALL
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.reason_kind = 'concern' AND i.until_on IS NOT NULL
        UNION ALL
        SELECT 'involvement', i.id FROM people_involvement i
         WHERE i.ended_at IS NULL AND i.reason_kind = 'registered'
           AND NOT EXISTS (SELECT 1 FROM people_party p WHERE p.id = i.reason_id)
        """,
    ),
]

FINDINGS = [
    Finding(
        "involvement_of_a_closed_office",
        "閉じた機関に残っている関わり",
        """
        SELECT count(*) FROM people_involvement i JOIN accounts_office o ON o.id = i.office_id
         WHERE i.ended_at IS NULL AND NOT o.is_active
        """,
    ),
    Finding(
        "protection_past_measure",
        "支援措置の期限が過ぎ、続けるかを確かめていない保護",
        "SELECT count(*) FROM people_protection WHERE ended_at IS NULL AND measure_until_on < %(today)s",
    ),
    Finding(
        "protection_provisional",
        "仮保護のまま、ふたりで決めていないもの",
        "SELECT count(*) FROM people_protection WHERE ended_at IS NULL AND category = 'provisional'",
    ),
    Finding(
        "protection_past_its_end",
        "終える日が過ぎても、まだ終わっていない保護(見えないままです)",
        "SELECT count(*) FROM people_protection WHERE ended_at IS NULL AND ends_on < %(today)s",
    ),
    Finding(
        "registered_only",
        "記録を作っただけで、相談も課題もない方",
        "SELECT count(*) FROM people_involvement WHERE ended_at IS NULL AND reason_kind = 'registered'",
    ),
    Finding(
        "involvement_past_last_day",
        "終わりの日を過ぎた関わり",
        "SELECT count(*) FROM people_involvement WHERE ended_at IS NULL AND until_on < %(today)s",
    ),
]
