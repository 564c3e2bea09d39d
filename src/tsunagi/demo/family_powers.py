"""Who may act for somebody, an application of the mayor under way, and what stands beside the first file's record."""

from __future__ import annotations

from datetime import timedelta

from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import jot, set_consent, state_own_words, write_supervision
from tsunagi.cases.models import Case, Note
from tsunagi.cases.queries import speakers_of
from tsunagi.cases.rules import CaseState, Consent
from tsunagi.guardianship.actions import (
    PowerWish,
    describe_petition,
    finish_step,
    open_petition,
    state_power,
)
from tsunagi.holding.models import Hold
from tsunagi.people.models import Person

from .stories import Stories
from .town import Home


def family_powers(stories: Stories, ending: Home, applied: Home) -> None:
    """One power whose end is half a year ahead, and one application whose second step is late."""
    _power(stories, ending)
    _petition(stories, applied)
    _beside_the_record(stories)


def _held(home: Home) -> tuple[Person, Worker]:
    """Somebody of this home with an open hold, and who holds it."""
    members = [member.id for member in home.members]
    hold = (
        Hold.objects.filter(concern__party_id__in=members, closed_at__isnull=True)
        .select_related("worker")
        .order_by("id")[0]
    )
    return Person.objects.get(pk=hold.concern.party_id), hold.worker


def _power(stories: Stories, home: Home) -> None:
    person, worker = _held(home)
    days = stories.days
    until = days.today + timedelta(days=150)
    state_power(
        person,
        PowerWish(
            kind="daily_support",
            holder_name="社会福祉協議会 生活支援員",
            holder_kind="council",
            reach_words="平日9時から16時に事務所へ。担当の名前で",
            keeps_money=True,
            agency_words="福祉サービスの利用料・公共料金の支払い、年金の受取、日用品を買うお金の払戻し",
            from_on=until - timedelta(days=364),
            until_on=until,
            court="社会福祉協議会(利用契約)",
            source="contract",
            source_on=until - timedelta(days=364),
            note="通帳は社協の金庫。本人は毎月はじめの訪問を楽しみにしている",
        ),
        by=worker,
        at=days.ago(14, 11, 0),
    )


def _petition(stories: Stories, home: Home) -> None:
    person, worker = _held(home)
    days = stories.days
    began = days.ago(24, 10, 0)
    petition = open_petition(
        person,
        why="お金の管理が難しくなり、家賃と介護の契約が滞りはじめている。申し立てる親族が見あたらない。",
        asked_by="地域包括支援センター",
        aimed="curatorship",
        due_on=began.date() + timedelta(days=10),
        by=worker,
        at=began,
    )
    petition = finish_step(
        petition, "request", words="申出書・本人情報シート・診断書がそろった。", due_on=days.today - timedelta(days=2),
        revision=petition.revision, by=worker, at=days.ago(16, 14, 0),
    )  # fmt: skip
    describe_petition(
        petition, fee_words="市が立て替える。本人の預貯金は少ない", aid="asked", aid_words="審判のあとに申請する見込み",
        revision=petition.revision, by=worker, at=days.ago(15, 9, 30),
    )  # fmt: skip


def _beside_the_record(stories: Stories) -> None:
    """The person's own words, a supervision and a jotting on the first open file."""
    case = (
        Case.objects.filter(state=CaseState.OPEN)
        .select_related("worker", "party")
        .order_by("number", "id")
        .first()
    )
    if case is None:
        return
    by, days = case.worker, stories.days
    set_consent(case, Consent.WHOLE, on=days.ago(20).date(), by=by, at=days.ago(20, 10, 0))
    write_supervision(
        case, supervisor="主任相談員", about="会えない日が続くと、こちらが急いでしまう。家族の疲れを先に見ることを話した。",
        next_try="次の訪問では、用件を言わずに世間話から入る。", held_on=days.ago(6).date(), by=by, at=days.ago(6, 16, 0),
    )  # fmt: skip
    jot(case, "玄関の靴の向きが変わっていた。たまたまかもしれない。", by=by, at=days.ago(2, 15, 0))
    speakers = speakers_of(by, case)
    note = Note.objects.filter(case=case).order_by("-happened_at", "-id").first()
    if not speakers or note is None:
        return
    state_own_words(
        case, on="note", note_id=note.pk, person_id=speakers[0][0], how="spoken", said_on=days.ago(3).date(),
        words="困っているんじゃなくて、急かされるのがいやなんです。それだけは書いておいてください。", by=by, at=days.ago(3, 11, 0),
    )  # fmt: skip
