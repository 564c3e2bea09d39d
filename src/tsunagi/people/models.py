"""Persons, households, people not yet known; names, ways to reach them, who is involved and why."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.shared.rows import ME, OFFICES, Guard, Rule, either, of_office, of_party, of_worker

from .rules import (
    AddressKind,
    AliasKind,
    ContactWay,
    OwnRelation,
    PartyKind,
    ProtectionCategory,
    ReasonKind,
    RelationKind,
    YesNo,
)


class Party(models.Model):
    """Whose something is: a person, a household or someone not yet known.

    `same_as` points at the party this one turned out to be (統合, H12): one level, kept by a trigger; rows are never
    re-pointed. Someone not yet known has become the person: everything asks by the root. Two records of one person
    stay two for whoever sees only one of them (decision 0011): `stands_for`.
    """

    kind = models.CharField("種類", max_length=10, choices=PartyKind.choices())
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField("作成")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # 確かめた結果、心配なし: out of search and out of matching (H8).
    out_of_search = models.BooleanField("検索に出さない", default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="party_is_not_its_own_same_as",
                condition=Q(same_as__isnull=True) | ~Q(same_as=F("id")),
                violation_error_message="同じ記録どうしは統合できません。",
            )
        ]
        indexes: ClassVar = [
            # Few records turned out to be another one; every list asks for them.
            models.Index(fields=["same_as", "kind"], condition=Q(same_as__isnull=False), name="party_joined")
        ]

    def __str__(self) -> str:
        return f"{PartyKind(self.kind).label} #{self.pk}"

    @property
    def stands_for(self) -> Party:
        """Whose rows these are: the person somebody not yet known turned out to be, else the party itself."""
        return self.same_as if self.same_as is not None and self.kind == PartyKind.UNKNOWN else self


class Merge(models.Model):
    """統合: one record of a person turned out to be another one's (H12). The pointer is `Party.same_as`; this is why.

    `opened` are the involvements that a worker confirmed with it, for offices that saw only one of the two.
    """

    kept = models.ForeignKey(Party, models.PROTECT, related_name="merges")
    joined = models.ForeignKey(Party, models.PROTECT, related_name="merged_into")
    reason = models.CharField("わけ", max_length=300)
    evidence = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    opened = ArrayField(models.BigIntegerField(), default=list, blank=True)
    at = models.DateTimeField("統合した時刻")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    parted_at = models.DateTimeField("戻した時刻", null=True, blank=True)
    parted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    parted_reason = models.CharField("戻したわけ", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["joined"],
                condition=Q(parted_at__isnull=True),
                name="merge_once_at_a_time",
                violation_error_message="この記録は、すでに統合されています。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="merge_is_of_two",
                condition=~Q(kept=F("joined")),
                violation_error_message="同じ記録どうしは統合できません。",
            ),
            models.CheckConstraint(
                name="merge_is_taken_back_with_a_reason",
                condition=Q(parted_at__isnull=True) | Q(parted_by__isnull=False) & ~Q(parted_reason=""),
                violation_error_message="統合を戻すわけを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kept"], condition=Q(parted_at__isnull=True), name="merge_living")
        ]

    def __str__(self) -> str:
        return f"統合 #{self.pk}"


class NotSame(models.Model):
    """別の人です: two records that look alike are two people. Kept so that nobody is asked again."""

    one = models.ForeignKey(Party, models.PROTECT, related_name="+")
    other = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField("記録")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("取り消した", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(ended_at__isnull=True), name="not_same_once"
            ),
            models.CheckConstraint(name="not_same_in_order", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"別の人 #{self.pk}"


class Person(models.Model):
    """A person as far as we know them. Nothing is required; names stay exactly as they were written."""

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="person")
    name = models.CharField("氏名", max_length=120, blank=True)
    kana = models.CharField("カナ", max_length=120, blank=True)
    sex = models.CharField("性別", max_length=12, blank=True)
    birth_on = models.DateField("生年月日", null=True, blank=True)
    birth_year = models.SmallIntegerField("生年", null=True, blank=True)
    birth_month = models.SmallIntegerField("生月", null=True, blank=True)
    birth_about = models.BooleanField("生年はおよそ", default=False)
    birth_text = models.CharField("生年月日(書かれたまま)", max_length=40, blank=True)
    languages = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name="使うことば"
    )
    interpreter = models.CharField("通訳", max_length=12, blank=True)
    note = models.CharField("見分けの手がかり", max_length=300, blank=True)
    died_on = models.DateField("亡くなった日", null=True, blank=True)
    moved_away_on = models.DateField("転出日", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["party_id"]
        indexes: ClassVar = [models.Index(fields=["birth_on"], name="person_birth_on")]

    def __str__(self) -> str:
        return f"本人 #{self.pk}"


class Alias(models.Model):
    """Another name of a person (通称・旧姓)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="aliases")
    kind = models.CharField("種類", max_length=12, choices=AliasKind.choices())
    name = models.CharField("氏名", max_length=120, blank=True)
    kana = models.CharField("カナ", max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"別名 #{self.pk}"


class Phone(models.Model):
    """A number as typed, its digits, whose it is. A number shared by many never counts for matching."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="phones")
    number = models.CharField("電話", max_length=60)
    digits = models.CharField(max_length=20, blank=True)
    whose = models.CharField("だれの番号", max_length=60, blank=True)
    shared_by_many = models.BooleanField("多くの人が使う番号", default=False)
    ended_at = models.DateTimeField("使われなくなった", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"電話 #{self.pk}"


class Address(models.Model):
    """Where a person is registered, lives, or can be written to."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    kind = models.CharField("種類", max_length=12, choices=AddressKind.choices(), default=AddressKind.LIVING)
    text = models.CharField("住所", max_length=200)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    key = models.CharField(max_length=200, blank=True)
    district = models.ForeignKey(
        "places.SchoolDistrict", models.PROTECT, null=True, blank=True, related_name="+"
    )
    district_by_hand = models.BooleanField("校区を手で選んだ", default=False)
    shared_by_many = models.BooleanField("多くの人が使う住所", default=False)
    from_on = models.DateField("から", null=True, blank=True)
    until_on = models.DateField("まで", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"住所 #{self.pk}"


class SafeContact(models.Model):
    """How a person may be reached without harm (連絡のしかた); stands before every number and address."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="safe_contact")
    way = models.CharField("方法", max_length=16, choices=ContactWay.choices(), blank=True)
    when = models.CharField("曜日・時間", max_length=100, blank=True)
    under_name = models.CharField("名乗り方", max_length=100, blank=True)
    message_allowed = models.CharField("留守番・伝言", max_length=4, choices=YesNo.choices(), blank=True)
    plain_envelope = models.CharField("市の名前のない封筒", max_length=4, choices=YesNo.choices(), blank=True)
    # Whether a paper of ours may lie in the house: 連絡カード is not offered where it may not.
    paper_allowed = models.CharField("紙を渡してよいか", max_length=4, choices=YesNo.choices(), blank=True)
    who_may_know = models.CharField("家で知っている人", max_length=100, blank=True)
    note = models.CharField("気をつけること", max_length=300, blank=True)
    asked_on = models.DateField("聞いた日", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"連絡のしかた #{self.pk}"


class Household(models.Model):
    """People who live or keep house together (世帯)."""

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="household")
    label = models.CharField("呼び名", max_length=120, blank=True)
    household_type = models.CharField("世帯類型", max_length=24, blank=True)
    note = models.CharField("ようす", max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["party_id"]

    def __str__(self) -> str:
        return f"世帯 #{self.pk}"


class Membership(models.Model):
    """A person in a household, with the relation to its centre (続柄); cut without deleting history."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    relation = models.CharField("続柄", max_length=24, blank=True)
    lives_here = models.BooleanField("同居", default=True)
    from_on = models.DateField("から", null=True, blank=True)
    ended_at = models.DateTimeField("離れた", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=Q(ended_at__isnull=True),
                name="membership_once_at_a_time",
                violation_error_message="この方は、すでにこの世帯に入っています。",
            )
        ]

    def __str__(self) -> str:
        return f"世帯員 #{self.pk}"


class Relation(models.Model):
    """`person` is the … of `other`. `untold` = 本人・子に未告知: never on a paper the person can see."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Person, models.PROTECT, related_name="relations_to")
    kind = models.CharField("関係", max_length=16, choices=RelationKind.choices())
    words = models.CharField("ことばで", max_length=60, blank=True)
    untold = models.BooleanField("本人・子に未告知", default=False)
    from_on = models.DateField("から", null=True, blank=True)
    until_on = models.DateField("まで", null=True, blank=True)
    written_at = models.DateTimeField("記録")
    ended_at = models.DateTimeField("取り消した", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="relation_is_between_two",
                condition=~Q(person=F("other")),
                violation_error_message="関係は、ふたりの間に入れてください。",
            )
        ]

    def __str__(self) -> str:
        return f"関係 #{self.pk}"


class UnknownPerson(models.Model):
    """Someone not yet known (まだ分からない人): the place, the looks, the words heard. Never in matching."""

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="unknown")
    place = models.CharField("場所", max_length=200, blank=True)
    looks = models.CharField("見た目・ようす", max_length=300, blank=True)
    words = models.TextField("聞いたこと", blank=True)
    district = models.ForeignKey(
        "places.SchoolDistrict", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["party_id"]

    def __str__(self) -> str:
        return f"まだ分からない人 #{self.pk}"


class Involvement(models.Model):
    """Why an office can see a party: the one source of "may see" (関わり).

    `reason_kind` and `reason_id` are plain values: the reason lives in a higher module, which says in its `laws.py`
    which of its reasons are alive. An involvement that rests on a hold has no end date of its own (H17).
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="involvements")
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    facets = ArrayField(models.CharField(max_length=24), verbose_name="見える範囲")
    ground = models.CharField("根拠", max_length=4)
    from_on = models.DateField("から")
    until_on = models.DateField("まで", null=True, blank=True)
    reason_kind = models.CharField("理由", max_length=16, choices=ReasonKind.choices())
    reason_id = models.BigIntegerField("理由の番号")
    ended_at = models.DateTimeField("終わり", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "office", "reason_kind", "reason_id"],
                condition=Q(ended_at__isnull=True, worker__isnull=True),
                name="involvement_once_per_reason",
                violation_error_message="この関わりは、すでに記録されています。",
            ),
            models.CheckConstraint(
                name="involvement_of_a_hold_has_no_end_date",
                condition=~Q(reason_kind="concern") | Q(until_on__isnull=True),
                violation_error_message="受け持ちによる関わりには、終わりの日を入れられません。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["office", "party"], condition=Q(ended_at__isnull=True), name="involvement_living"
            ),
            models.Index(fields=["party"], condition=Q(ended_at__isnull=True), name="involvement_of_party"),
            models.Index(fields=["reason_kind", "reason_id"], name="involvement_reason"),
        ]

    def __str__(self) -> str:
        return f"関わり #{self.pk}"


class Protection(models.Model):
    """Address protection (仮保護・DV等支援措置). No date ends it: only two people do, after asking the person."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="protections")
    category = models.CharField("種類", max_length=16, choices=ProtectionCategory.choices())
    reason = models.CharField("わけ", max_length=300, blank=True)
    from_on = models.DateField("から")
    measure_until_on = models.DateField("支援措置の期限", null=True, blank=True)
    municipality = models.CharField("受け付けた市町村", max_length=60, blank=True)
    other_party_name = models.CharField("相手方", max_length=120, blank=True)
    other_party_relation = models.CharField("相手方との関係", max_length=60, blank=True)
    other_party = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField("かけた時刻")
    ended_at = models.DateTimeField("終えた時刻", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_with = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    person_asked_on = models.DateField("本人に確かめた日", null=True, blank=True)
    # Household members covered together point at the protection they were covered by.
    main = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="covers")
    # Colleagues who bear the other party's name: they lose every path at once, whether it is they or not.
    other_party_workers = ArrayField(models.BigIntegerField(), default=list, blank=True)
    decided_at = models.DateTimeField("ふたりで決めた時刻", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_with = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="protection_ends_by_two_people",
                condition=Q(ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_with__isnull=False, person_asked_on__isnull=False)
                & ~Q(ended_by=F("ended_with")),
                violation_error_message="保護を終えるには、本人に確かめた日と、ふたりの職員が必要です。",
            ),
            models.CheckConstraint(
                name="protection_decided_by_two_people",
                condition=Q(decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_with__isnull=False) & ~Q(decided_by=F("decided_with")),
                violation_error_message="保護を続けるかは、ふたりの職員で決めてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=Q(ended_at__isnull=True), name="protection_living")
        ]

    def __str__(self) -> str:
        return f"保護 #{self.pk}"


class AddressGrant(models.Model):
    """A protected address, shown to one named worker for a few days because two people agreed (非開示の解除)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="address_grants")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField("わけ", max_length=300)
    from_on = models.DateField("から")
    until_on = models.DateField("まで")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField("認めた時刻")
    ended_at = models.DateTimeField("取りやめた", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="address_shown_by_two_people",
                condition=~Q(asked_by=F("agreed_by")),
                violation_error_message="非開示の住所を見せるには、ふたりの職員が要ります。",
            ),
            models.CheckConstraint(
                name="address_shown_for_days_only",
                condition=Q(until_on__gte=F("from_on")),
                violation_error_message="見せる期間の終わりは、始まりより後にしてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["worker", "person"], condition=Q(ended_at__isnull=True), name="address_grant"
            )
        ]

    def __str__(self) -> str:
        return f"住所を見せる許し #{self.pk}"


class OwnPerson(models.Model):
    """Somebody a worker declared as their own (自分・家族・親族・近所): the record closes for them, known here or not.

    `matched` is filled by a job, so that declaring tells the worker nothing.
    """

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    relation = models.CharField("関係", max_length=12, choices=OwnRelation.choices())
    name = models.CharField("氏名", max_length=120)
    kana = models.CharField("カナ", max_length=120, blank=True)
    birth = models.CharField("生年月日", max_length=40, blank=True)
    declared_at = models.DateTimeField("申し出た時刻")
    ended_at = models.DateTimeField("取り下げた", null=True, blank=True)
    matched = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["worker"], condition=Q(ended_at__isnull=True), name="own_person_living")
        ]

    def __str__(self) -> str:
        return f"自分に関わる方 #{self.pk}"


class PersonChange(models.Model):
    """What a person's record said before it was changed (訂正履歴). Append-only."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="changes")
    at = models.DateTimeField("いつ")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    what = models.CharField("何を", max_length=16)
    before = models.JSONField("前の内容", default=dict)
    revision = models.PositiveIntegerField("版", default=1)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"訂正 #{self.pk}"


class SearchKey(models.Model):
    """A folded key a person is found by (`rules.KeyKind`). Compared byte by byte ("C").

    A protected person, and one who is out of search, has no rows here at all: what is not there cannot be counted,
    ordered or timed.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="search_keys", db_index=False)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=200, db_collation="C")
    shared_by_many = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "key", "person"], include=["shared_by_many"], name="search_key_lookup"
            ),
            # All keys of one person without a look at the table: a lookup asks thousands for their other words.
            models.Index(
                fields=["person"], include=["kind", "key", "shared_by_many"], name="search_key_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"検索キー #{self.pk}"


# Nothing of a person is deleted by the application; what ends gets a moment or a day.
_KEPT = ["SELECT", "INSERT", "UPDATE"]
GRANTS = {
    "people_party": ["SELECT", "INSERT", "UPDATE (same_as_id, out_of_search)"],
    "people_person": _KEPT,
    "people_phone": _KEPT,
    "people_address": _KEPT,
    "people_safecontact": _KEPT,
    "people_household": _KEPT,
    "people_unknownperson": _KEPT,
    "people_membership": ["SELECT", "INSERT", "UPDATE (ended_at, relation, lives_here)"],
    "people_relation": ["SELECT", "INSERT", "UPDATE (ended_at, until_on)"],
    "people_involvement": ["SELECT", "INSERT", "UPDATE (ended_at)"],
    "people_protection": [
        "SELECT",
        "INSERT",
        "UPDATE (ended_at, ended_by_id, ended_with_id, person_asked_on, measure_until_on, category, reason, from_on,"
        " municipality, other_party_name, other_party_relation, other_party_id, other_party_workers, decided_at,"
        " decided_by_id, decided_with_id)",
    ],
    "people_addressgrant": ["SELECT", "INSERT", "UPDATE (ended_at)"],
    "people_ownperson": ["SELECT", "INSERT", "UPDATE (ended_at, matched)"],
    "people_personchange": ["SELECT", "INSERT"],
    "people_merge": ["SELECT", "INSERT", "UPDATE (parted_at, parted_by_id, parted_reason)"],
    "people_notsame": ["SELECT", "INSERT", "UPDATE (ended_at)"],
}

_LIVING = (
    f"i.ended_at IS NULL AND i.office_id = ANY({OFFICES}) AND (i.worker_id IS NULL OR i.worker_id = {ME})"
)
ROWS: dict[str, Rule] = {
    # As `access.visible_parties`, without what asks a role, a facet, a last day or who is close to the worker.
    "people_party": Guard(
        f"(SELECT true FROM public.people_involvement i WHERE i.party_id = {{t}}.id AND {_LIVING} LIMIT 1)"
        " OR ({t}.kind = 'unknown' AND {t}.same_as_id IS NOT NULL AND (SELECT true FROM public.people_involvement i"
        f" WHERE i.party_id = {{t}}.same_as_id AND {_LIVING} LIMIT 1))"
        " OR ({t}.kind = 'person' AND (SELECT true FROM public.people_membership m"
        " JOIN public.people_involvement i ON i.party_id = m.household_id"
        f" WHERE m.person_id = {{t}}.id AND m.ended_at IS NULL AND i.ground = '01' AND {_LIVING}"
        " AND NOT EXISTS (SELECT FROM public.people_protection g WHERE g.person_id = m.person_id AND g.ended_at IS NULL)"
        " LIMIT 1))"
    ),
    "people_person": of_party("party_id"),
    "people_household": of_party("party_id"),
    "people_unknownperson": of_party("party_id"),
    "people_alias": of_party("person_id"),
    "people_phone": of_party("person_id"),
    "people_address": of_party("person_id"),
    "people_safecontact": of_party("person_id"),
    "people_personchange": of_party("person_id"),
    "people_searchkey": of_party("person_id"),
    "people_membership": of_party("person_id", "household_id"),
    "people_relation": of_party("person_id", "other_id"),
    "people_merge": of_party("kept_id", "joined_id"),
    "people_notsame": of_party("one_id", "other_id"),
    "people_involvement": either(of_office("office_id"), of_party("party_id")),
    # Every filter asks who is protected: it must not be blind where it would show something. Whoever sees the person,
    # another record of theirs, or a household they live in, sees that they are protected.
    "people_protection": either(
        of_party("person_id"),
        Guard(
            "(SELECT true FROM public.people_membership m WHERE m.person_id = {t}.person_id AND m.ended_at IS NULL"
            " AND seen.sees_people_party(m.household_id) LIMIT 1)"
        ),
        Guard(
            "(SELECT true FROM public.people_party p JOIN public.people_party o"
            " ON o.id = p.same_as_id OR o.same_as_id = p.id"
            " WHERE p.id = {t}.person_id AND seen.sees_people_party(o.id) LIMIT 1)"
        ),
    ),
    "people_addressgrant": either(of_worker("worker_id"), of_party("person_id")),
    "people_ownperson": of_worker("worker_id"),
}
