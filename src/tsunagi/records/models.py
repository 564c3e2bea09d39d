"""Rules of keeping, legal holds, disposals; the ledger of demands; incidents; complaints and wishes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.permissions.rules import Purpose, Reach, roles_with
from tsunagi.shared.rows import ME, Guard, Open, Rule, both, either, of_office, of_role, of_worker, through

from .rules.accidents import IncidentKind, IncidentState
from .rules.demands import Answer, ChildSays, DemandKind, DemandState, Identity, Powers, WithheldFor
from .rules.keeping import Begins, HoldReason, ItemState, RecordKind
from .rules.voices import VoiceFrom, VoiceKind, VoiceState

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"
PARTY = "people.Party"


class KeepingRule(models.Model):
    """How long a kind of record is kept, as the city wrote it on a day. Append-only: the newest of a kind holds."""

    kind = models.CharField("種類", max_length=16, choices=RecordKind.choices())
    years = models.PositiveSmallIntegerField("年数", null=True, blank=True)
    begins = models.CharField("起算", max_length=10, choices=Begins.choices())
    article = models.CharField("根拠(文書管理規程の条)", max_length=120)
    note = models.CharField("ひとこと", max_length=200, blank=True)
    at = models.DateTimeField("決めた時刻")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="keeping_rule_names_its_article",
                condition=~Q(article=""),
                violation_error_message="文書管理規程などの条を書いてください。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "-id"], name="keeping_rule_of_kind")]

    def __str__(self) -> str:
        return f"保存期間 #{self.pk}"


class LegalHold(models.Model):
    """Nothing of this party is disposed of until somebody lets go (廃棄の停止)."""

    party = models.ForeignKey(PARTY, models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=16, choices=HoldReason.choices())
    words = models.CharField("わけ", max_length=300)
    set_at = models.DateTimeField("止めた時刻")
    set_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    released_at = models.DateTimeField("解いた時刻", null=True, blank=True)
    released_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    released_words = models.CharField("解いたわけ", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="legal_hold_is_released_with_a_reason",
                condition=Q(released_at__isnull=True, released_by__isnull=True, released_words="")
                | Q(released_at__isnull=False, released_by__isnull=False) & ~Q(released_words=""),
                violation_error_message="停止を解くわけを書いてください。",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["party"], condition=Q(released_at__isnull=True), name="legal_hold_living")
        ]

    def __str__(self) -> str:
        return f"廃棄の停止 #{self.pk}"


class Disposal(models.Model):
    """A list of records to be disposed of, by two people; carried out by the owner's job, one item at a time."""

    year = models.PositiveSmallIntegerField("年度")
    words = models.CharField("ひとこと", max_length=300, blank=True)
    document_number = models.CharField("文書番号", max_length=60)
    proposed_at = models.DateTimeField("起案")
    proposed_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField("二人目が確かめた", null=True, blank=True)
    agreed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField("取り下げた", null=True, blank=True)
    taken_back_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField("終わった", null=True, blank=True)
    counts = models.JSONField("何を何件", default=dict)
    digest = models.CharField("要約値", max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="disposal_by_two_people",
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False) & ~Q(agreed_by=F("proposed_by")),
                violation_error_message="廃棄は二人で決めます。起案した人とは別の人が確かめてください。",
            ),
            models.CheckConstraint(
                name="disposal_done_only_when_agreed",
                condition=Q(done_at__isnull=True) | Q(agreed_at__isnull=False, taken_back_at__isnull=True),
                violation_error_message="二人目が確かめていない廃棄は、行えません。",
            ),
        ]

    def __str__(self) -> str:
        return f"廃棄 #{self.pk}"


class DisposalItem(models.Model):
    """One line: a party (with the records joined to it) or a record of no party; what became of it. Numbers only."""

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="items")
    what = models.CharField("何を", max_length=16)
    subject_id = models.BigIntegerField("番号")
    kind = models.CharField("いちばん長い種類", max_length=16, choices=RecordKind.choices())
    due_on = models.DateField("廃棄できる日")
    state = models.CharField(
        "どうなったか", max_length=10, choices=ItemState.choices(), default=ItemState.WAITING
    )
    settled_at = models.DateTimeField("いつ", null=True, blank=True)
    counts = models.JSONField("表ごとの件数", default=dict)
    files = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["what", "subject_id"],
                condition=Q(state="waiting"),
                name="disposal_item_waits_once",
                violation_error_message="同じ記録が、ほかの廃棄の一覧で待っています。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["what", "subject_id"], name="disposal_item_of")]

    def __str__(self) -> str:
        return f"廃棄の行 #{self.pk}"


class Demand(models.Model):
    """Somebody demands a record (照会・請求). While it is open nothing of whom it names is disposed of."""

    kind = models.CharField("種類", max_length=20, choices=DemandKind.choices())
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    came_on = models.DateField("受けた日")
    due_on = models.DateField("答える期限")
    extended_words = models.CharField("延ばしたわけ", max_length=200, blank=True)
    requester = models.CharField("だれから", max_length=120)
    requester_contact = models.CharField("連絡先", max_length=200, blank=True)
    agent = models.CharField("代理人", max_length=120, blank=True)
    their_number = models.CharField("先方の文書番号・事件番号", max_length=80, blank=True)
    identity = models.CharField(
        "本人確認", max_length=20, choices=Identity.choices(), default=Identity.NOT_YET
    )
    powers = models.CharField(
        "代理権の確認", max_length=20, choices=Powers.choices(), default=Powers.NOT_NEEDED
    )
    child = models.CharField(
        "お子さんの気持ち", max_length=12, choices=ChildSays.choices(), default=ChildSays.NOT_A_CHILD
    )
    about_name = models.CharField("だれのこと", max_length=120)
    about_kana = models.CharField("カナ", max_length=120, blank=True)
    about_birth = models.CharField("生年月日", max_length=40, blank=True)
    wanted = models.TextField("何を求めているか")
    # Records that may be meant, found by a job; shown only where a demand of this kind may be answered at all.
    candidates = ArrayField(models.BigIntegerField(), default=list, blank=True)
    party = models.ForeignKey(PARTY, models.PROTECT, null=True, blank=True, related_name="+")
    looked_at = models.DateTimeField("記録を確かめた", null=True, blank=True)
    looked_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField("書いた時刻")
    taken_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    state = models.CharField("段階", max_length=10, choices=DemandState.choices(), default=DemandState.OPEN)
    answer = models.CharField("決定", max_length=10, choices=Answer.choices(), blank=True)
    answer_words = models.TextField("決定のわけ", blank=True)
    document_number = models.CharField("文書番号", max_length=60, blank=True)
    decided_at = models.DateTimeField("決めた時刻", null=True, blank=True)
    decided_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    decided_with = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField("答えた日", null=True, blank=True)
    answered_how = models.CharField("渡し方", max_length=120, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_words = models.CharField("取り下げのわけ", max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="demand_decided_by_somebody",
                condition=Q(state__in=["open", "withdrawn"])
                | Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(answer="")
                & ~Q(document_number=""),
                violation_error_message="決定には、決めた人・決定・文書番号が要ります。",
            ),
            models.CheckConstraint(
                name="demand_answered_on_a_day",
                condition=~Q(state="answered") | Q(answered_on__isnull=False),
                violation_error_message="答えた日を入れてください。",
            ),
            models.CheckConstraint(
                name="demand_withdrawn_with_words",
                condition=~Q(state="withdrawn") | ~Q(withdrawn_words=""),
                violation_error_message="取り下げのわけを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["party"], condition=Q(state__in=["open", "decided"]), name="demand_open_of_party"
            ),
            models.Index(fields=["state", "due_on"], name="demand_by_day"),
        ]

    def __str__(self) -> str:
        return f"請求・照会 #{self.pk}"


class DemandMask(models.Model):
    """Words to be blacked on what is given, and why (墨塗り)."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="masks")
    words = models.CharField("消すことば", max_length=120)
    why = models.CharField("理由", max_length=12, choices=WithheldFor.choices())
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField("外した", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"墨塗り #{self.pk}"


class DemandPackage(models.Model):
    """What was given (渡した写し): how many pages, how masked, its digest, where the journal stood. Never the bytes."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="packages")
    made_at = models.DateTimeField("作った時刻")
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    mask = models.CharField("秘匿の程度", max_length=10)
    forms = ArrayField(models.CharField(max_length=24), default=list)
    pages = models.PositiveIntegerField("頁数")
    digest = models.CharField("sha256", max_length=64)
    journal_seq = models.BigIntegerField("記録の鎖の番号", null=True, blank=True)
    journal_head = models.CharField("記録の鎖の先頭", max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"渡した写し #{self.pk}"


class DemandPage(models.Model):
    """One page of what was given: of which form, how often blacked, by which reasons; or withheld as a whole."""

    package = models.ForeignKey(DemandPackage, models.PROTECT, related_name="page_rows")
    number = models.PositiveIntegerField("頁")
    form = models.CharField("帳票", max_length=24)
    blacked = models.PositiveIntegerField("消したところ", default=0)
    reasons = ArrayField(models.CharField(max_length=12), default=list)
    withheld = models.BooleanField("渡さない", default=False)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["package", "number"], name="demand_page_once",
                violation_error_message="同じ頁が二度書かれています。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"頁 #{self.pk}"


class Incident(models.Model):
    """Something went wrong with personal data (事故). Opened by anybody, without blame."""

    kind = models.CharField("種類", max_length=10, choices=IncidentKind.choices())
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField("届け出た時刻")
    reported_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    found_on = models.DateField("気づいた日")
    from_on = models.DateField("いつから", null=True, blank=True)
    until_on = models.DateField("いつまで", null=True, blank=True)
    words = models.TextField("何が起きたか")
    items = models.TextField("どんな情報か", blank=True)
    persons = models.PositiveIntegerField("何人分か", default=1)
    sensitive = models.BooleanField("要配慮個人情報を含む", default=True)
    money = models.BooleanField("財産的な被害のおそれ", default=False)
    wilful = models.BooleanField("不正の目的のおそれ", default=False)
    who_saw = models.CharField("だれに渡ったか", max_length=200, blank=True)
    cause = models.TextField("なぜ起きたか", blank=True)
    spread = models.TextField("二次被害のおそれと広がり", blank=True)
    told_on = models.DateField("本人に伝えた日", null=True, blank=True)
    told_words = models.TextField("どう伝えたか・伝えられないわけ", blank=True)
    public_words = models.TextField("公表", blank=True)
    measures = models.TextField("再び起こさないために", blank=True)
    quick_on = models.DateField("速報した日", null=True, blank=True)
    full_on = models.DateField("確報した日", null=True, blank=True)
    state = models.CharField(
        "段階", max_length=10, choices=IncidentState.choices(), default=IncidentState.OPEN
    )
    finished_at = models.DateTimeField("まとめた時刻", null=True, blank=True)
    finished_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    look_back_words = models.TextField("ふりかえり", blank=True)
    looked_back_at = models.DateTimeField("ふりかえった時刻", null=True, blank=True)
    looked_back_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="incident_closed_by_a_second_person",
                condition=~Q(state="closed")
                | Q(looked_back_at__isnull=False, looked_back_by__isnull=False, finished_by__isnull=False)
                & ~Q(looked_back_by=F("finished_by")) & ~Q(looked_back_by=F("reported_by")) & ~Q(look_back_words=""),
                violation_error_message="事故は、届け出た人・まとめた人とは別の人のふりかえりで終わります。",
            )
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["office", "-id"], name="incident_of_office")]

    def __str__(self) -> str:
        return f"事故 #{self.pk}"


class IncidentParty(models.Model):
    """Whose data it was."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="parties")
    party = models.ForeignKey(PARTY, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "party"], name="incident_party_once",
                violation_error_message="この方は、すでに書かれています。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"事故の方 #{self.pk}"


class IncidentStop(models.Model):
    """One thing to stop now that was done, or does not apply."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="stops")
    code = models.CharField(max_length=16)
    applies = models.BooleanField("当てはまる", default=True)
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "code"], name="incident_stop_once",
                violation_error_message="ほかの人が先に付けています。画面を開き直してください。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"止めたこと #{self.pk}"


class Voice(models.Model):
    """A complaint, a wish, a word of thanks (苦情・要望): seen by whoever answers, never by the worker meant."""

    kind = models.CharField("種類", max_length=10, choices=VoiceKind.choices())
    said_by = models.CharField("だれから", max_length=10, choices=VoiceFrom.choices())
    name = models.CharField("名前", max_length=120, blank=True)
    contact = models.CharField("連絡先", max_length=200, blank=True)
    wants_answer = models.BooleanField("返事がほしい", default=True)
    words = models.TextField("内容")
    topic = models.CharField("何について", max_length=24, blank=True)
    about_worker = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    about_office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    party = models.ForeignKey(PARTY, models.PROTECT, null=True, blank=True, related_name="+")
    came_on = models.DateField("受けた日")
    due_on = models.DateField("答える日")
    taken_at = models.DateTimeField("書いた時刻")
    taken_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    answers = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    state = models.CharField("段階", max_length=10, choices=VoiceState.choices(), default=VoiceState.OPEN)
    answer = models.TextField("どう答えたか", blank=True)
    changed = models.TextField("何を変えたか", blank=True)
    answered_at = models.DateTimeField("答えた時刻", null=True, blank=True)
    answered_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="voice_not_answered_by_whom_it_is_about",
                condition=Q(about_worker__isnull=True) | ~Q(about_worker=F("answers")),
                violation_error_message="苦情に、その苦情の相手の職員は答えられません。別の人を選んでください。",
            ),
            models.CheckConstraint(
                name="voice_answered_with_words",
                condition=Q(state="open", answered_at__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(state="open") & ~Q(answer=""),
                violation_error_message="どう答えたかを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["answers"], condition=Q(state="open"), name="voice_to_answer"),
            models.Index(fields=["party"], condition=Q(state="open"), name="voice_open_of_party"),
        ]

    def __str__(self) -> str:
        return f"苦情・要望 #{self.pk}"


class Overseer(models.Model):
    """Who is told, answers and watches over rows where the office's own manager may not: named once. The worker is written
    down at the office too (`accounts.Office.overseer`), where lower modules read it; here stands who named them and when."""

    office = models.OneToOneField(OFFICE, models.PROTECT, primary_key=True, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["office_id"]

    def __str__(self) -> str:
        return f"代わりに答える人 #{self.pk}"


_DECIDED = "state, answer, answer_words, document_number, decided_at, decided_by_id, decided_with_id"
GRANTS = {
    "records_keepingrule": ["SELECT", "INSERT"],
    "records_legalhold": ["SELECT", "INSERT", "UPDATE (released_at, released_by_id, released_words)"],
    "records_disposal": [
        "SELECT",
        "INSERT",
        "UPDATE (agreed_at, agreed_by_id, taken_back_at, taken_back_by_id)",
    ],
    "records_disposalitem": ["SELECT", "INSERT", "UPDATE (state, settled_at)"],
    "records_demand": [
        "SELECT",
        "INSERT",
        "UPDATE (due_on, extended_words, requester, requester_contact, agent, their_number, identity, powers, child,"
        " about_name, about_kana, about_birth, wanted, candidates, party_id, looked_at, looked_by_id, answered_on, answered_how,"
        f" settled_by_id, withdrawn_words, revision, {_DECIDED})",
    ],
    "records_demandmask": ["SELECT", "INSERT", "UPDATE (removed_at)"],
    "records_demandpackage": ["SELECT", "INSERT"],
    "records_demandpage": ["SELECT", "INSERT"],
    "records_incident": ["SELECT", "INSERT", "UPDATE"],
    "records_incidentparty": ["SELECT", "INSERT"],
    "records_incidentstop": ["SELECT", "INSERT"],
    "records_voice": [
        "SELECT",
        "INSERT",
        "UPDATE (answers_id, state, answer, changed, topic, answered_at, answered_by_id, revision)",
    ],
    "records_overseer": ["SELECT", "INSERT", "UPDATE (worker_id, at, by_id)"],
}

_RETAINS = of_role(*roles_with(Purpose.RETAIN, Reach.CITY))
_DISCLOSES = of_role(*roles_with(Purpose.DISCLOSURE, Reach.NUMBERS))
_ANSWERS_FOR_ALL = of_role(*roles_with(Purpose.ANSWER_FOR, Reach.CITY))

ROWS: dict[str, Rule] = {
    "records_keepingrule": Open("how long kinds of records are kept; no person"),
    "records_legalhold": _RETAINS,
    "records_disposal": _RETAINS,
    "records_disposalitem": through("disposal_id", "records_disposal"),
    "records_demand": _DISCLOSES,
    "records_demandmask": through("demand_id", "records_demand"),
    "records_demandpackage": through("demand_id", "records_demand"),
    "records_demandpage": through("package_id", "records_demandpackage"),
    "records_incident": either(of_worker("reported_by_id"), of_office("office_id"), _ANSWERS_FOR_ALL),
    "records_incidentparty": through("incident_id", "records_incident"),
    "records_incidentstop": through("incident_id", "records_incident"),
    # Whoever it is about reads it by no path, not as their own office's either.
    "records_voice": both(
        Guard(f"{{t}}.about_worker_id IS DISTINCT FROM {ME}"),
        either(of_worker("answers_id", "taken_by_id"), of_office("about_office_id"), _ANSWERS_FOR_ALL),
    ),
    "records_overseer": Open("who stands in for a manager; no person"),
}
