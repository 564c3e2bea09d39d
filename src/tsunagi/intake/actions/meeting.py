"""所内会議: many rows decided at one sitting, each by the deed it always had; the sheet only remembers (H10, H11, H3, H8).

A row that is refused keeps its refusal to itself: the others go through. What was not reached stays with whoever holds
it and stands first on the next sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, connection, transaction
from django.http import Http404

from tsunagi.accounts.models import Worker
from tsunagi.accounts.queries import workers_of
from tsunagi.holding.access import second_word_for
from tsunagi.holding.actions import answer_second
from tsunagi.holding.rules import ConsultationOutcome, HoldKind, StocktakingAnswer
from tsunagi.intake.models import Consultation, MeetingDecision, OfficeMeeting, StocktakingSheet
from tsunagi.intake.queries.meeting import LETTERS, NOT_ON_THE_TABLE, key_of, open_keys
from tsunagi.intake.rules import MeetingAnswer, MeetingKind, check_answer, check_conclusion
from tsunagi.journal.actions import record
from tsunagi.people.access import closed_to
from tsunagi.shared.days import day_of
from tsunagi.shared.edges import sentence_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .consultations import ConcernWish, end_consultation, give_consultation, make_concerns
from .stocktaking import Settled, agree_sheet, ask_sheet, send_back_sheet, settle_row

SUBJECT = "meeting"
GONE_WORDS = GONE = (
    "この行は、ほかの職員がすでに決めたか、この機関のものではなくなりました。この行の答えは使っていません。"
)
REWRITTEN = "この相談は、画面を開いたあとに書き直されています。内容を読み直して、もう一度決めてください。"
CLOSED = "この会議は、もう終えています。続けるときは「続きを開く」を使ってください。"


@dataclass(frozen=True)
class RowAnswer:
    """What was decided about one row. `mark` is what the sheet knew of it (the consultation's revision)."""

    key: str
    answer: str
    words: str = ""
    worker_id: int | None = None
    hold_kind: str = ""
    mark: str = ""

    @property
    def kind(self) -> MeetingKind:
        """What the row is about, by the first letter of its key."""
        return LETTERS[self.key[0]]

    @property
    def subject_id(self) -> int:
        """The number behind the letter."""
        return int(self.key[1:])


@dataclass(frozen=True)
class Decided:
    """What a submit did: how many rows went through, and what each of the others says."""

    done: int
    refused: dict[str, str]
    meeting_id: int | None


def decide_rows(
    office_id: int,
    week_on: date,
    answers: Sequence[RowAnswer],
    *,
    second: int | None = None,
    by: Worker,
    at: datetime,
) -> Decided:
    """Decide many rows of one office's sheet, each in a savepoint of its own.

    `second`: who is asked about 棚卸し rows that had ended; those go as one bundle. Raises Refused when the week's
    meeting was concluded already; the refusal of a single row is in the result.
    """
    meeting = _open(office_id, week_on, by=by, at=at)
    refused: dict[str, str] = {}
    decided: list[RowAnswer] = []
    over = [one for one in answers if one.answer == MeetingAnswer.OVER]
    for one in answers:
        if one in over:
            continue
        sentence = _tried(lambda one=one: _decide(one, office_id, by=by, at=at))  # type: ignore[misc]
        if sentence:
            refused[one.key] = sentence
        else:
            decided.append(one)
    if over:
        sentence = _tried(lambda: _bundle(over, office_id, second, by=by, at=at))
        if sentence:
            refused |= {one.key: sentence for one in over}
        else:
            decided += over
    _remember(meeting, decided, by=by, at=at)
    return Decided(len(decided), refused, meeting.pk)


def conclude_meeting(
    office_id: int,
    week_on: date,
    *,
    held_on: date,
    sat: Iterable[int],
    sat_words: str = "",
    words: str = "",
    document_number: str = "",
    by: Worker,
    at: datetime,
) -> OfficeMeeting:
    """End the sitting: who sat, the day, 文書番号. What is still open is remembered as not reached. Raises Refused."""
    for text, label, field in (
        (sat_words, "ほかの出席者", "sat_words"),
        (words, "覚え", "words"),
        (document_number, "文書番号", "document_number"),
    ):
        refuse_my_number(text, label, field)
    meeting = _locked(office_id, week_on, by=by, at=at)
    known = {card.id for card in workers_of([office_id])}
    there = [pk for pk in dict.fromkeys(sat) if pk in known]
    check_conclusion(
        concluded=meeting.concluded_at is not None, week_on=week_on, held_on=held_on, sat=there, on=day_of(at)
    )
    meeting.held_on, meeting.sat, meeting.sat_words = held_on, there, sat_words.strip()[:200]
    meeting.words, meeting.document_number = words.strip(), document_number.strip()[:60]
    meeting.left = open_keys(office_id)
    meeting.concluded_at, meeting.concluded_by = at, by
    _save(meeting)
    record(
        "meeting.concluded",
        subject_kind=SUBJECT,
        subject_id=meeting.pk,
        by=by.pk,
        at=at,
        detail={"sat": there, "left": len(meeting.left), "office": office_id},
    )
    return meeting


def go_on_with(meeting: OfficeMeeting, *, by: Worker, at: datetime) -> None:
    """続きを開く: a concluded sheet is open again; what it decided stays, what it left is asked anew at its end."""
    locked = OfficeMeeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.concluded_at is None:
        raise Refused("この会議は、まだ終えていません。")
    locked.concluded_at, locked.concluded_by, locked.left = None, None, []
    _save(locked)
    record("meeting.reopened", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at)


def number_meeting(
    meeting: OfficeMeeting, *, document_number: str, revision: int, by: Worker, at: datetime
) -> None:
    """文書番号 comes from the city's document system, often a day later. Raises Refused when it was written meanwhile."""
    refuse_my_number(document_number, "文書番号", "document_number")
    locked = OfficeMeeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.revision != revision:
        raise Refused(
            f"ほかの職員が先に書いています。いまの文書番号: {locked.document_number or 'なし'}。直すときはもう一度送ってください。",
            field="document_number",
        )
    locked.document_number = document_number.strip()[:60]
    _save(locked)
    record("meeting.numbered", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at)


# -- pieces --------------------------------------------------------------------------------------------


def _save(meeting: OfficeMeeting) -> None:
    meeting.revision += 1
    meeting.save(
        update_fields=[
            "held_on", "sat", "sat_words", "words", "document_number", "left", "concluded_at", "concluded_by", "revision",
        ]
    )  # fmt: skip


def _locked(office_id: int, week_on: date, *, by: Worker, at: datetime) -> OfficeMeeting:
    OfficeMeeting.objects.get_or_create(
        office_id=office_id, week_on=week_on, defaults={"opened_by": by, "opened_at": at}
    )
    return OfficeMeeting.objects.select_for_update().get(office_id=office_id, week_on=week_on)


def _open(office_id: int, week_on: date, *, by: Worker, at: datetime) -> OfficeMeeting:
    meeting, _new = OfficeMeeting.objects.get_or_create(
        office_id=office_id, week_on=week_on, defaults={"opened_by": by, "opened_at": at}
    )
    if meeting.concluded_at is not None:
        raise Refused(CLOSED)
    return meeting


def _tried(deed: Callable[[], None]) -> str:
    """Do one row in a savepoint; the sentence when it is refused, by the rules or by a law of the database."""
    try:
        with transaction.atomic():
            deed()
            # The deferred laws speak here, so that a row they refuse takes no other row with it.
            connection.check_constraints()
    except Refused as refusal:
        return str(refusal)
    except Http404:
        return GONE
    except DatabaseError as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        return sentence
    return ""


def _decide(one: RowAnswer, office_id: int, *, by: Worker, at: datetime) -> None:
    refuse_my_number(one.words, "ことば", "words")
    answer = check_answer(one.kind, one.answer)
    if one.kind == MeetingKind.CONSULTATION:
        _decide_consultation(one, answer, office_id, by=by, at=at)
    elif one.kind == MeetingKind.SECOND:
        _answer(one, answer, office_id, by=by, at=at)
    elif one.kind == MeetingKind.BUNDLE:
        _answer_bundle(one, answer, office_id, by=by, at=at)
    else:
        settle_row(
            Settled(one.subject_id, StocktakingAnswer(answer), one.hold_kind, one.words),
            office_ids=[office_id],
            by=by,
            at=at,
        )


def _decide_consultation(
    one: RowAnswer, answer: MeetingAnswer, office_id: int, *, by: Worker, at: datetime
) -> None:
    found = Consultation.objects.select_for_update().filter(pk=one.subject_id, office_id=office_id).first()
    if found is None or found.party_id in closed_to(by):
        raise Refused(GONE)
    if found.outcome:
        raise Refused(GONE)
    if one.mark and str(found.revision) != one.mark:
        raise Refused(REWRITTEN)
    if answer == MeetingAnswer.GIVE:
        if one.worker_id is None:
            raise Refused("だれに替えるかを選んでください。", field="worker")
        give_consultation(found, worker_id=one.worker_id, by=by, at=at)
    elif answer == MeetingAnswer.CONCERN:
        words = one.words.strip() or found.words.strip()
        wish = ConcernWish(
            description=words[:500],
            codes=tuple(sorted(found.worries)),
            kind=HoldKind.ASSESSING,
            worker_id=one.worker_id,
        )
        make_concerns(found, [wish], as_unknown=True, by=by, at=at)
    else:
        end_consultation(found, outcome=ConsultationOutcome(answer), words=one.words, by=by, at=at)


def _answer(one: RowAnswer, answer: MeetingAnswer, office_id: int, *, by: Worker, at: datetime) -> None:
    if one.subject_id not in {int(key[1:]) for key in open_keys(office_id) if key[0] == "s"}:
        raise Refused(GONE)
    word = second_word_for(by, one.subject_id)
    if word.deed in NOT_ON_THE_TABLE:
        raise Refused(GONE)
    answer_second(word, agreed=answer == MeetingAnswer.AGREE, words=one.words, by=by, at=at)


def _answer_bundle(
    one: RowAnswer, answer: MeetingAnswer, office_id: int, *, by: Worker, at: datetime
) -> None:
    sheet = StocktakingSheet.objects.filter(pk=one.subject_id, office_id=office_id).first()
    if sheet is None:
        raise Refused(GONE)
    if answer == MeetingAnswer.AGREE:
        agree_sheet(sheet, by=by, at=at)
    else:
        send_back_sheet(sheet, words=one.words, by=by, at=at)


def _bundle(
    over: Sequence[RowAnswer], office_id: int, second: int | None, *, by: Worker, at: datetime
) -> None:
    rows = [Settled(one.subject_id, StocktakingAnswer.OVER, "", one.words) for one in over]
    ask_sheet(rows, office_id=office_id, second=second, by=by, at=at)


def _remember(meeting: OfficeMeeting, decided: Sequence[RowAnswer], *, by: Worker, at: datetime) -> None:
    MeetingDecision.objects.bulk_create(
        MeetingDecision(
            meeting=meeting,
            kind=one.kind,
            subject_id=one.subject_id,
            answer=one.answer,
            words=one.words.strip()[:500],
            at=at,
            by=by,
        )
        for one in decided
    )
    if decided:
        record(
            "meeting.decided",
            subject_kind=SUBJECT,
            subject_id=meeting.pk,
            by=by.pk,
            at=at,
            detail={"rows": [key_of(one.kind, one.subject_id) for one in decided]},
        )
