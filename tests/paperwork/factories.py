"""A hard family of twelve with long texts, old forms of names, somebody protected, somebody who told us, an untold tie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from tests.factories import NOW, a_concern, a_person, a_worker, an_office
from tsunagi.accounts.models import Worker
from tsunagi.assessment.actions import (
    LifeWish,
    ScreeningWish,
    StrengthWish,
    add_life_event,
    add_strength,
    begin_assessment,
    screen,
    write_section,
)
from tsunagi.assessment.rules import Given, LifeKind, Outcome, Section, View, Whose
from tsunagi.cases.actions import open_case, write_note
from tsunagi.cases.models import Case
from tsunagi.intake.actions import InformantWish, take_consultation
from tsunagi.people.actions import protect, relate
from tsunagi.people.models import Address, Alias, Household, Membership, Party, Person, Phone
from tsunagi.people.rules import RelationKind
from tsunagi.plans.models import Goal, Plan, Role
from tsunagi.referrals.actions import send_referral

INFORMANT = "山之内 通代"
INFORMANT_PHONE = "075-000-7788"
SAFE_PLACE = "大阪府茨木市駅前四丁目6-16-505"
HOME = "京都府長岡京市開田一丁目2番3号"
HOME_PHONE = "075-000-1234"
OUTSIDE_THE_FONT = "𠮷"
LONG = (
    "長男が仕事をやめてから十年のあいだ家を出ておらず、母の年金だけで暮らしている。家賃は四か月とどこおり、電気は先月いちど止まった。"
    "母は物忘れが進み、同じ物をいくつも買って帰る。長男は夜のあいだ起きていて、昼は声をかけても返事がない。"
)


@dataclass(frozen=True)
class HardFamily:
    """The file, who writes it, and the people in it."""

    worker: Worker
    case: Case
    household: Household
    people: tuple[Person, ...]

    @property
    def haru(self) -> Person:
        """The person at the centre."""
        return self.people[0]


PEOPLE: tuple[tuple[str, str, str, int, str], ...] = (
    ("髙﨑 ハル", "タカサキ ハル", "self", 1944, "female"),
    ("髙﨑 健一", "タカサキ ケンイチ", "child", 1974, "male"),
    (f"{OUTSIDE_THE_FONT}田 さくら", "ヨシダ サクラ", "child", 1976, "female"),
    ("髙﨑 葵", "タカサキ アオイ", "grandchild", 2013, "female"),
    ("髙﨑 蓮", "タカサキ レン", "grandchild", 2015, "male"),
    ("髙﨑 結衣", "タカサキ ユイ", "grandchild", 2018, "female"),
    ("髙﨑 清", "タカサキ キヨシ", "spouse", 1940, "male"),
    ("渡邉 トメ", "ワタナベ トメ", "sibling", 1947, "female"),
    ("グエン ティ ラン", "グエン ティ ラン", "partner", 1981, "female"),
    ("髙﨑 豊", "タカサキ ユタカ", "sibling", 1950, "male"),
    ("髙﨑 美咲", "タカサキ ミサキ", "grandchild", 2001, "female"),
    ("髙﨑 翔太郎", "タカサキ ショウタロウ", "grandchild", 2009, "male"),
)


def a_hard_family(worker: Worker | None = None, *, full: bool = True) -> HardFamily:
    """Twelve persons under one roof and their file, with everything the forms ask, as far as `full` says so."""
    desk = an_office("福祉なんでも相談室", is_front_desk=True, phone="075-000-0001", fax="075-000-0002")
    worker = worker or a_worker(desk, name="相田 ゆき")
    people = tuple(
        a_person(name, kana=kana, birth_on=date(year, 5, 14), birth_year=year, birth_month=5, sex=sex)
        for name, kana, _relation, year, sex in PEOPLE
    )
    party = Party.objects.create(kind="household", created_at=NOW)
    household = Household.objects.create(
        party=party, label="髙﨑さんの世帯", household_type="three_generations"
    )
    for person, (_n, _k, relation, _y, _s) in zip(people, PEOPLE, strict=True):
        # The one who fled lives elsewhere.
        Membership.objects.create(
            household=household, person=person, relation=relation, lives_here=person is not people[2]
        )
    Address.objects.create(person=people[0], text=HOME)
    Phone.objects.create(person=people[0], number=HOME_PHONE)
    Address.objects.create(person=people[2], text=SAFE_PLACE)
    Alias.objects.create(person=people[1], kind="known_as", name="ケンボー")
    consultation = take_consultation(
        by=worker, at=NOW, office_id=desk.pk, party_id=household.pk, caller_kind="neighbour",
        words=f"{INFORMANT}です。髙﨑さんの家が心配。{LONG}", wishes="自分が言ったとは言わないで。", worries={"04": "double", "12": "circle", "13": "circle"},
        informant=InformantWish(name=INFORMANT, contact=INFORMANT_PHONE, relation="隣の人", source_kind="neighbour"),
    )  # fmt: skip
    concern = a_concern(
        held_by=worker, of=household, description="家賃を四か月とどこおっている", urgency="middle", codes=["debt_arrears"],
        source_kind="consultation", source_id=consultation.pk,
    )  # fmt: skip
    second = a_concern(
        held_by=worker,
        of=household,
        description="長男が十年家を出ていない",
        codes=["eight_fifty", "withdrawal_adult"],
    )
    case = open_case(household.pk, by=worker, at=NOW, title="8050の世帯", concern_ids=[concern.pk, second.pk])
    relate(
        people[9], people[4], kind=RelationKind.PARENT, words="生物学上の父", untold=True, by=worker, at=NOW
    )
    protect(people[2], by=worker, at=NOW, reason="元配偶者から逃げている")
    for number in range(6 if full else 1):
        write_note(
            case, by=worker, at=NOW, facts=f"{number + 1}回目の訪問。髙﨑健一さんと玄関で話した。{LONG}", judgement="母のもの忘れが進んでいる",
            policy="長男への手紙を続ける", next_step="来週の火曜に訪問", kind="visit", minutes=40, partner="母・長男", place="自宅",
        )  # fmt: skip
    if full:
        _assess(case, household, people, worker)
        _plan(case, worker)
        _refer(concern.pk, worker)
    connection.check_constraints()
    case = Case.objects.select_related(
        "office", "worker", "party__person", "party__household", "party__unknown"
    ).get(pk=case.pk)
    return HardFamily(worker, case, household, people)


def _assess(case: Case, household: Household, people: tuple[Person, ...], worker: Worker) -> None:
    from tsunagi.assessment.access import family_of

    family = family_of(worker, case, on=NOW.date())
    found = begin_assessment(case, by=worker, at=NOW)

    def said(
        section: Section,
        person: Person | None,
        view: View = View.SUPPORTER,
        revision: int = 0,
        **answers: Any,
    ) -> None:
        given = {
            key: Given(tuple(value)) if isinstance(value, list) else Given((), value)
            for key, value in answers.items()
        }
        number = person.pk if person else None
        write_section(
            found,
            section,
            number,
            view,
            given,
            revision=revision,
            facets=family.facets_of(number),
            by=worker,
            at=NOW,
        )

    said(
        Section.BASIC,
        None,
        route=["agency"],
        referred_by="ひがし病院",
        complaint=f"家賃が払えない。{LONG}",
        earlier=["yes"],
    )
    said(Section.BASIC, None, View.SELF, 1, complaint="わたしは困っていない")
    said(
        Section.BASIC,
        people[0],
        traits=["01", "09", "16"],
        marriage=["married"],
        children=["yes"],
        facts="玄関に郵便が積まれている",
    )
    said(Section.HEALTH, people[0], condition=["treated"], treatment="もの忘れ外来に月1回")
    said(Section.HEALTH, people[1], treatment="歯科だけ。ほかは受診していない")
    said(Section.MONEY, people[0], income="65000")
    said(
        Section.SUMMARY,
        None,
        goal="この家で暮らし続けたい",
        background="母の年金に家計が偏っている",
        direction="家計の見直しと、長男が人に会う機会づくり",
    )
    add_strength(
        case,
        StrengthWish(people[0].pk, next(iter(Whose)), "近所の人に料理を配ってきた", "民生委員の話"),
        by=worker,
        at=NOW,
    )
    add_life_event(
        case,
        people[0].pk,
        LifeWish(
            next(kind for kind in LifeKind if kind.value == "work"), "紡績工場に集団就職", since="昭和34年"
        ),
        by=worker,
        at=NOW,
    )
    screen(
        found,
        ScreeningWish(NOW.date(), Outcome.PLAN, reason_words="ひとつの窓口では解けない"),
        by=worker,
        at=NOW,
    )


def _plan(case: Case, worker: Worker) -> None:
    plan = Plan.objects.create(
        case=case, number=1, office=case.office, worker=worker, made_at=NOW, wish_person="家賃のことを片づけたい。息子には静かに暮らしてほしい。",
        wish_family="母の物忘れが心配。自分のことはそっとしておいてほしい。", situation=LONG, direction="急がず、月に二回の訪問を続ける",
        services=["outreach", "budgeting", "care_insurance"], services_words="要介護認定を申請中", emergency="救急は119。相談室に電話",
        sharing="東地域包括支援センター、ひがし病院", ending_sign="家賃の返済が半年続き、長男が外で人に会えている", from_on=date(2026, 6, 9),
        until_on=date(2026, 12, 8), monitor_on=date(2026, 9, 8),
    )  # fmt: skip
    long = Goal.objects.create(
        plan=plan,
        term="long",
        text="母と長男が、この家で安心して暮らす",
        plain="あんしんして この いえで くらす",
    )
    short = Goal.objects.create(
        plan=plan,
        term="short",
        text="滞納した家賃の返し方を大家と決める",
        plain="やちんの はらいかたを きめる",
    )
    rows = (
        (short, "worker", "", "大家との話し合いに同席する", "月1回", "合意書の写し", "おおやさんと はなす ときに いっしょに いく"),
        (long, "person", "", "郵便を週に一度いっしょに開ける", "週1回", "開けた郵便の束", "てがみを いっしょに あける"),
        (long, "family", "妹 渡邉トメ", "電話で様子を聞く", "月2回", "電話のあとの連絡", "でんわで はなしを きく"),
    )  # fmt: skip
    for place, (goal, kind, words, what, often, known, plain) in enumerate(rows):
        Role.objects.create(
            plan=plan, goal=goal, position=place, owner_kind=kind, owner_words=words, office=case.office, worker=worker, what=what,
            often=often, due_on=date(2026, 7, 31), how_known=known, plain=plain,
        )  # fmt: skip


def _refer(concern_id: int, worker: Worker) -> None:
    to = an_office("東地域包括支援センター", phone="075-000-3333", fax="075-000-3334")
    send_referral(
        [concern_id], to_office=to, by=worker, at=NOW, reason="母の介護の相談を受けてほしい", wishes="はじめは電話でなく訪問を希望",
        troubles=["care", "spending_debt"], household_words="八人で暮らしている", ground="01",
    )  # fmt: skip
