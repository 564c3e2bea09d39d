"""Years of ordinary casework: consultations, what they became, who carried it on, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from tsunagi.accounts.models import Worker
from tsunagi.cases.models import Case, CaseConcern, Note
from tsunagi.holding.models import Gap, Promise
from tsunagi.holding.rules import HoldKind
from tsunagi.intake.models import Consultation, Informant
from tsunagi.people.rules import REFERRAL_FACETS, ReasonKind
from tsunagi.places.models import OfficeArea
from tsunagi.referrals.models import Referral, ReferralConcern
from tsunagi.shared.days import day_of
from tsunagi.shared.wareki import fiscal_year

from . import words
from .books import Books, Thread
from .cast import FORMER, Cast
from .days import Days
from .town import Home, Someone
from .words import BY_KEY, TOPICS, Topic

# How often a row of this kind is looked at (days), and how often it was before.
RHYTHM = {
    "assessing": (6, 11), "supporting": (20, 32), "following_through": (14, 30), "coordinating": (30, 80),
    "reaching_out": (9, 15), "participating": (18, 31), "watching": (45, 62),
}  # fmt: skip
LONGEST = {"triage": 10, "assessing": 28, "supporting": 95, "following_through": 180, "coordinating": 95,
           "reaching_out": 58, "participating": 95, "watching": 185, "handing_over": 14, "stocktaking": 80}  # fmt: skip
DEED = {"assessing": "assess", "supporting": "support", "reaching_out": "reach_out", "watching": "watch",
        "participating": "arrange_participation", "following_through": "follow_through", "coordinating": "coordinate"}  # fmt: skip
CONTACTS_OF = {
    "reaching_out": ("tried",) * 5 + ("seen",) * 2 + ("around",) * 2 + ("met",),
    "watching": ("seen",) * 5 + ("met",) * 4 + ("around",),
    "following_through": ("around",) * 2 + ("seen",) * 3 + ("met",) * 4 + ("worked",),
}
USUAL = ("met",) * 11 + ("seen",) * 3 + ("around",) * 2 + ("worked",) * 3 + ("tried",)
# Whose word reaches the desk, by share.
CALLERS = (("self", 46), ("family", 22), ("agency", 9), ("section", 7), ("commissioner", 7), ("neighbour", 6), ("anonymous", 3))  # fmt: skip
CALLER_WORDS = {
    "family": ("長女", "長男", "妻", "夫", "姉", "母", "弟", "孫"),
    "agency": ("病院の相談員", "ケアマネジャー", "学校の先生", "訪問看護師", "不動産店", "保護司"),
    "section": ("国保の窓口", "収納の担当", "水道の担当", "市営住宅の担当", "学校教育の担当"),
    "commissioner": ("担当地区の民生委員", "主任児童委員"),
    "neighbour": ("同じ棟の方", "隣の家の方", "自治会の役員", "行きつけの店の方"),
}
SOURCES = {"family": "family", "agency": "medical", "section": "city_section", "commissioner": "commissioner", "neighbour": "neighbour"}  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """What a desk heard: the topic, who brought it, in what words."""

    topic: Topic
    caller: str
    caller_words: str
    text: str
    worries: dict[str, str]


class Casework:
    """Writes ordinary casework into books."""

    def __init__(self, books: Books, cast: Cast, days: Days, rng: Random, homes: list[Home]) -> None:
        self.books, self.cast, self.days, self.rng = books, cast, days, rng
        self.homes = homes
        self.threads: list[Thread] = []
        self.of_home: dict[int, list[tuple[Topic, Thread]]] = {}
        codes = {number: code for code, number in cast.offices.items()}
        self._codes = codes
        self._areas = dict(
            OfficeArea.objects.filter(office_code__startswith="houkatsu").values_list(
                "district_id", "office_code"
            )
        )
        self._consultations: list[Consultation] = []
        self._turn: dict[str, int] = {}
        self._recent: dict[str, str] = {}

    # -- who and where --------------------------------------------------------------------------------

    def pick(self, key: str, pieces: tuple[str, ...]) -> str:
        """A piece, not the one that was used last."""
        if len(pieces) == 1:
            return pieces[0]
        chosen = self.rng.choice(pieces)
        if chosen == self._recent.get(key):
            chosen = self.rng.choice(pieces)
        self._recent[key] = chosen
        return chosen

    def office(self, code: str, home: Home | None) -> str:
        """The office by code; 地域包括 is the one of the district."""
        if code != "houkatsu":
            return code
        return self._areas.get((home.district_id if home else None) or 0, "houkatsu-higashi")

    def worker(self, office: str) -> Worker:
        """The next in turn of those who carry concerns there; outreach and participation have their own."""
        team = [
            one for one in self.cast.at(office) if one.sign_in_name not in ("outreach", "sanka", "kennin")
        ]
        if office == "nandemo":
            team = [*team, self.cast.workers["kennin"], *team]
        team = team or [self.cast.manager_of(office)]
        self._turn[office] = self._turn.get(office, self.rng.randrange(9)) + 1
        return team[self._turn[office] % len(team)]

    def place(self, topic: Topic) -> tuple[Home, Someone | None]:
        """A household where such a trouble is met, and whose it is (None: the household's)."""
        for _ in range(60):
            home = self.rng.choice(self.homes)
            if topic.who == "household":
                if home.kind == "old_parent_child":
                    return home, None if self.rng.random() < 0.5 else home.members[-1]
                continue
            someone = home.fitting(topic.who, self.days.today)
            if topic.key == "multicultural" and not any(member.languages for member in home.members):
                continue
            if someone is not None:
                return home, someone
        home = self.rng.choice(self.homes)
        return home, home.centre

    def describe(self, topic: Topic, *, alone: bool = False) -> str:
        """A concern in the words of whoever opened it. `alone`: of somebody who shares no household."""
        trouble, how, more = (
            _of_one(pieces) if alone else pieces for pieces in (topic.trouble, topic.how, topic.more)
        )
        text = f"{self.pick(topic.key + 't', trouble)}。{self.pick(topic.key + 'h', how)}"
        return (
            f"{text}。{self.pick(topic.key + '2', more).rstrip('。')}" if self.rng.random() < 0.45 else text
        )

    # -- what is said ---------------------------------------------------------------------------------

    def hear(self, topic: Topic) -> Heard:
        """Somebody comes with this trouble."""
        rng = self.rng
        callers = [c for c in CALLERS if c[0] != "self" or topic.says]
        caller = rng.choices([name for name, _ in callers], [share for _, share in callers])[0]
        if caller == "self" and topic.who == "child":
            caller = rng.choice(("family", "agency", "section"))
        own = caller in ("self", "family") or not topic.others
        opening = self.pick(topic.key + "1", topic.says if own else topic.others)
        parts = [opening, self.pick(topic.key + "2", topic.more)]
        if rng.random() < 0.4:
            parts.append(rng.choice([piece for piece in topic.more if piece != parts[1]]))
        if rng.random() < 0.85:
            parts.append(self.pick(topic.key + "3", topic.asks))
        marks = dict.fromkeys(topic.worries, "circle") | {topic.worries[0]: "double"}
        if rng.random() < 0.3:
            marks.setdefault(rng.choice(("03", "10", "01", "09")), "circle")
        said_by = rng.choice(CALLER_WORDS.get(caller, ("",)))
        return Heard(topic, caller, said_by, "".join(parts), marks)

    def consult(
        self,
        heard: Heard,
        home: Home | None,
        someone: Someone | None,
        *,
        office: str,
        worker: Worker,
        came: datetime,
        outcome: str,
        told: str = "",
    ) -> Consultation:
        """A consultation that has ended in this outcome."""
        rng = self.rng
        about = someone.id if someone else (home.id if home else None)
        ended = self.days.hour(
            self.days.calendar.on_or_after(day_of(came) + timedelta(days=rng.choice((0, 0, 1, 2, 3))))
        )
        if ended <= came:
            ended = min(came + timedelta(minutes=rng.randrange(20, 90)), self.days.just_now(1))
        second = outcome in ("could_not_reach", "not_a_consultation")
        consultation: Consultation = self.books.add(
            Consultation(
                office_id=self.cast.offices[office],
                came_at=came,
                written_at=came + timedelta(minutes=rng.randrange(1, 15)),
                written_by=worker,
                means=rng.choices(("phone", "visit_here", "visit_there", "mail", "letter", "meeting"), (48, 34, 7, 5, 2, 4))[0],
                caller_kind=heard.caller,
                caller_words=heard.caller_words,
                way_back="none" if heard.caller == "anonymous" else rng.choice(("phone", "phone", "phone", "comes_again", "letter", "visit")),
                words=heard.text,
                worries=heard.worries,
                urgency=rng.choices(("low", "middle", "unclear", ""), (50, 22, 6, 22))[0],
                language=someone.languages[0] if someone and someone.languages else "",
                interpreter=someone.interpreter if someone else "",
                party_id=about,
                outcome=outcome,
                outcome_at=ended,
                outcome_by=worker,
                outcome_second_by=self.cast.manager_of(office) if second else None,
                outcome_words=told,
            )
        )  # fmt: skip
        promise: Promise = self.books.add(
            Promise(
                kind="triage",
                what="相談を整理して、どうするかを決める",
                subject_kind="consultation",
                subject_id=consultation.pk,
                party_id=about,
                office_id=consultation.office_id,
                worker=worker,
                due_on=self.days.calendar.add(day_of(came), 3),
                urgency=consultation.urgency or "low",
                opened_at=consultation.written_at,
                opened_by=worker,
                done_at=ended,
                done_by=worker,
            )
        )
        if heard.caller in SOURCES and rng.random() < 0.5:
            self.books.add(
                Informant(
                    consultation=consultation,
                    relation=heard.caller_words,
                    source_kind=SOURCES[heard.caller],
                    reach=rng.choice(("desk_only", "successors")),
                )
            )
        number, by = consultation.pk, worker.pk
        self.books.note("consultation.taken", "consultation", number, by, consultation.written_at,
                        office=consultation.office_id, caller=heard.caller, urgency=consultation.urgency)  # fmt: skip
        self.books.note(
            "promise.made", "promise", promise.pk, by, consultation.written_at, kind="triage", number=number
        )
        self.books.note("consultation.ended", "consultation", number, by, ended, outcome=outcome)
        self._consultations.append(consultation)
        return consultation

    def number_consultations(self) -> None:
        """受付番号 in the order in which they came, year by year."""
        rows = sorted(self._consultations, key=lambda row: row.came_at)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('intake_number') FROM generate_series(1, %s)", [len(rows)])
            numbers = [number for (number,) in cursor.fetchall()]
        for row, number in zip(rows, numbers, strict=True):
            row.number = f"{fiscal_year(day_of(row.came_at)) - 2018}-{number:05d}"

    def passing(self, came: datetime) -> None:
        """A consultation that ended at the desk."""
        rng = self.rng
        topic = rng.choices(TOPICS, [topic.weight for topic in TOPICS])[0]
        heard = self.hear(topic)
        office = rng.choices(
            ("nandemo", self.office(topic.offices[0], None), "koureikaigo", "kosodate", "shougai"),
            (45, 30, 10, 8, 7),
        )[0]
        if office == "kurashi-renkei":
            office = "nandemo"
        home, someone = self.place(topic)
        worker = self.worker(office)
        outcome = rng.choices(
            (
                "information_given",
                "told_those_involved",
                "withdrawn",
                "could_not_reach",
                "not_a_consultation",
            ),
            (84, 7, 4, 3, 2),
        )[0]
        given = self.pick("given", topic.given or ("窓口の案内を渡した",))
        told = {
            "information_given": rng.choice(words.INFORMATION).format(given=given),
            "told_those_involved": rng.choice(words.TOLD).format(
                office=rng.choice(("ケアマネジャー", "学校", "訪問看護", "包括"))
            ),
            "withdrawn": rng.choice(words.WITHDREW),
            "could_not_reach": rng.choice(words.UNREACHED),
            "not_a_consultation": rng.choice(words.NOT_ONE),
        }[outcome]
        if outcome == "not_a_consultation":
            heard = Heard(topic, "anonymous", "", told, {})
            self.consult(heard, None, None, office="nandemo", worker=worker if office == "nandemo" else self.worker("nandemo"),
                         came=came, outcome=outcome, told=told)  # fmt: skip
            return
        nobody = rng.random() < 0.06
        self.consult(heard, None if nobody else home, None if nobody else someone, office=office, worker=worker,
                     came=came, outcome=outcome, told=told)  # fmt: skip

    # -- a concern from its first day -----------------------------------------------------------------

    def words_of(self, topic: Topic, kind: str, tail: bool = True) -> str:
        """What was written about a contact."""
        pieces = {
            "met": topic.met,
            "seen": topic.seen,
            "around": topic.around,
            "worked": topic.worked,
            "tried": words.TRIED,
        }[kind]
        text = self.pick(topic.key + kind, pieces)
        more = self.rng.choice(words.MISC) if tail and kind in ("met", "seen") else ""
        return f"{text}。{more}" if more else text

    def begin(
        self,
        topic: Topic,
        home: Home,
        someone: Someone | None,
        came: datetime,
        *,
        urgency: str = "",
        around: str = "",
    ) -> tuple[Thread, Worker]:
        """A consultation becomes a concern at a desk."""
        rng = self.rng
        heard = self.hear(topic)
        desk = "nandemo" if rng.random() < 0.7 else self.office(topic.offices[0], home)
        if desk == "kurashi-renkei":
            desk = "nandemo"
        worker = self.worker(desk)
        consultation = self.consult(
            heard, home, someone, office=desk, worker=worker, came=came, outcome="new_concern"
        )
        opened = consultation.outcome_at
        assert opened is not None  # it has ended
        urgency = urgency or rng.choices(("low", "middle", "unclear"), (62, 31, 7))[0]
        thread = Thread.begin(
            self.books,
            (someone.id, home.id) if someone else (home.id,),
            by=worker.pk,
            at=opened,
            came_at=came,
            whose="around" if around else ("person" if someone else "household"),
            around=around,
            codes=list(topic.codes[: rng.choice((1, 2))]),
            description=self.describe(topic, alone=home.kind == "single"),
            urgency=urgency,
            noticed_by=heard.caller,
            person_sees_it=rng.choice(topic.sees),
            family_support=topic.key in ("eight_fifty", "addiction") and rng.random() < 0.5,
            source_kind="consultation",
            source_id=consultation.pk,
        )
        thread.held(
            HoldKind.TRIAGE, at=opened, due_on=self.days.calendar.add(day_of(opened), 1 if urgency == "unclear" else 3),
            deed="receive", office=self.cast.offices[desk], worker=worker.pk,
        )  # fmt: skip
        if heard.caller == "self":
            thread.concern.last_seen_on = day_of(came)
        self.threads.append(thread)
        self.of_home.setdefault(home.id, []).append((topic, thread))
        return thread, worker

    def carry(
        self,
        topic: Topic,
        home: Home,
        someone: Someone | None,
        *,
        kind: str,
        until: date,
        due_on: date | None,
        office: str,
        worker: Worker | None = None,
        turns: int | None = None,
        unseen: int = 0,
        urgency: str = "",
        around: str = "",
    ) -> Thread:
        """A concern from its first day up to its last deed on `until`, then due on `due_on`.

        `unseen`: for so many days before today nobody knows how the person is.
        """
        rng, calendar = self.rng, self.days.calendar
        low, high = RHYTHM[kind]
        turns = rng.randint(1, 6) if turns is None else turns
        if unseen:
            turns = max(turns, unseen // low + 2)
        moments = [until]
        for _ in range(turns - 1):
            moments.append(calendar.on_or_before(moments[-1] - timedelta(days=rng.randint(low, high))))
        moments.reverse()
        assess = calendar.on_or_before(moments[0] - timedelta(days=rng.randint(12, 30)))
        came = self.days.hour(calendar.on_or_before(assess - timedelta(days=rng.randint(1, 6))))
        thread, desk_worker = self.begin(topic, home, someone, came, urgency=urgency, around=around)
        holder = worker or (
            desk_worker
            if thread.hold and self._codes[thread.hold.office_id] == office
            else self.worker(office)
        )
        self._pass_on(thread, home, someone, office, holder, assess)
        hold = thread.hold
        assert hold is not None
        if kind != "assessing":
            at = self.days.hour(calendar.add(day_of(hold.opened_at), rng.randint(2, 7)))
            at = max(at, hold.opened_at + timedelta(minutes=30))
            thread.contact("met" if kind != "reaching_out" else "around", at=at, due_on=None,
                           **self._contact(topic, "met" if kind != "reaching_out" else "around", someone))  # fmt: skip
            thread.held(
                kind,
                at=at + timedelta(minutes=5),
                due_on=self._due(kind, day_of(at), moments[0]),
                deed=DEED[kind],
            )
        self._turns(thread, topic, someone, kind, moments, due_on, unseen)
        if urgency == "high" and due_on is not None:
            thread.concern.managers_word_at = self.days.ago(rng.randint(1, 4))
        return thread

    def _contact(self, topic: Topic, kind: str, someone: Someone | None) -> dict[str, str]:
        means = {"met": ("visit_there", "visit_here", "phone", "accompany"), "seen": ("phone", "meeting"), "around": ("phone", "meeting"),
                 "tried": ("visit_there", "phone", "letter"), "worked": ("visit_here", "other", "accompany")}[kind]  # fmt: skip
        whom = {"met": "本人", "seen": "見守りの方から", "around": "関係者", "tried": "", "worked": "本人と"}[
            kind
        ]
        return {"means": self.rng.choice(means), "with_whom": whom, "words": self.words_of(topic, kind)}

    def _turns(
        self,
        thread: Thread,
        topic: Topic,
        someone: Someone | None,
        kind: str,
        moments: list[date],
        due_on: date | None,
        unseen: int,
    ) -> None:
        run = ""
        for place, moment in enumerate(moments):
            hold = thread.hold
            assert hold is not None
            at = self.days.hour(moment)
            if at <= hold.opened_at:
                continue
            last = place == len(moments) - 1
            following = moments[place + 1] if not last else None
            wanted = due_on if last else self._due(kind, moment, following)
            dark = unseen and (self.days.today - moment).days < unseen
            choices = [
                one for one in CONTACTS_OF.get(kind, USUAL) if not dark or one not in ("met", "seen")
            ] or ["around", "tried", "worked"]
            how = self.rng.choice(choices)
            if how == run and how not in ("met", "seen") and kind != "reaching_out":
                how = {"tried": "around", "around": "worked", "worked": "tried"}[how] if dark else "met"
            run = how
            if last and due_on is None:
                wanted = self._due(kind, moment, None)
            thread.contact(how, at=at, due_on=wanted, **self._contact(topic, how, someone))

    def _due(self, kind: str, on: date, following: date | None) -> date:
        """The day that was chosen then: about when the next contact came, within the horizon of the kind."""
        wanted = following or on + timedelta(days=RHYTHM[kind][1])
        wanted = self.days.calendar.on_or_after(wanted + timedelta(days=self.rng.choice((0, 0, 1, 3, 6))))
        return max(on, self.days.calendar.on_or_before(min(wanted, on + timedelta(days=LONGEST[kind]))))

    def _pass_on(
        self, thread: Thread, home: Home, someone: Someone | None, office: str, holder: Worker, assess: date
    ) -> None:
        """見立て begins: here, or in the office that accepts the つなぎ."""
        rng, calendar = self.rng, self.days.calendar
        hold = thread.hold
        assert hold is not None
        here = self._codes[hold.office_id]
        if here == office:
            at = max(self.days.hour(assess), hold.opened_at + timedelta(minutes=20))
            thread.held(
                "assessing",
                at=at,
                due_on=calendar.add(day_of(at), 10),
                deed="assess",
                worker=holder.pk,
                by=hold.worker_id,
            )
            return
        sender = hold.worker_id
        sent = max(self.days.hour(calendar.add(assess, -1)), hold.opened_at + timedelta(minutes=30))
        thread.held("handing_over", at=sent, due_on=calendar.add(day_of(sent), 5), deed="refer")
        seen = sent + timedelta(hours=rng.choice((1, 3, 20)))
        answered = max(
            self.days.hour(calendar.add(day_of(sent), rng.randint(1, 3))), sent + timedelta(minutes=50)
        )
        seen = min(seen, answered)
        met = self.days.hour(calendar.add(day_of(answered), rng.randint(1, 5)))
        met = max(met, answered + timedelta(hours=1))
        thread.held("assessing", at=answered, due_on=calendar.add(day_of(answered), 10), deed="accept",
                    office=self.cast.offices[office], worker=holder.pk)  # fmt: skip
        known = met < self.days.at
        ended = known and rng.random() < 0.7
        result_at = met + timedelta(days=rng.randint(10, 40))
        ended = ended and result_at < self.days.at
        referral: Referral = self.books.add(
            Referral(
                party_id=thread.concern.party_id,
                from_office_id=self.cast.offices[here],
                from_worker_id=sender,
                to_office_id=self.cast.offices[office],
                state="accepted",
                reason=thread.concern.description,
                wishes=rng.choice(("まずは一度、お話を聞いていただけると助かります", "最初の面談に同席します", "ご本人は緊張しやすいので、短い時間からお願いします", "連絡は午後にお願いします")),
                troubles=[rng.choice(("illness", "mental_health", "care", "disability", "parenting", "income_work", "spending_debt", "housing"))],
                household_words="、".join(member.name for member in home.members),
                how_introduced=rng.choice(("同行", "電話", "本人が行く", "担当が訪問")),
                person_told=rng.choice(("agreed", "agreed", "told")),
                ground="02",
                facets=list(REFERRAL_FACETS),
                urgency=thread.concern.urgency,
                sent_at=sent,
                answer_due_on=calendar.add(day_of(sent), 5),
                seen_at=seen,
                seen_by=holder,
                answered_at=answered,
                answered_by=holder,
                answered_who=holder.name,
                answer_words=rng.choice(("こちらで受けます。今週中に連絡します", "受けます。最初はご一緒いただけると助かります", "担当が決まりました。日程を調整します")),
                first_contact_at=met if known else None,
                result=rng.choice(("connected", "connected", "ongoing")) if ended else "",
                result_at=result_at if ended else None,
                result_words="お会いでき、続けて関わっています" if ended else "",
            )
        )  # fmt: skip
        self.books.add(ReferralConcern(referral=referral, concern=thread.concern, state="accepted"))
        over = ended and referral.result != "ongoing"
        for number, on in ((referral.from_office_id, day_of(sent)), (referral.to_office_id, day_of(sent))):
            self.books.involve(
                thread.parties[:1], number, kind=ReasonKind.REFERRAL, number=referral.pk, on=on,
                ended_at=result_at if over else None, facets=list(REFERRAL_FACETS),
            )  # fmt: skip
        self.books.note("referral.sent", "referral", referral.pk, sender, sent, concerns=[thread.concern.pk])
        self.books.note("referral.accepted", "referral", referral.pk, holder.pk, answered)

    def number_referrals(self) -> None:
        """つなぎ番号 in the order of sending."""
        rows = sorted(self.books.rows[Referral], key=lambda row: row.sent_at)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('referral_number') FROM generate_series(1, %s)", [len(rows)])
            numbers = [number for (number,) in cursor.fetchall()]
        for row, number in zip(rows, numbers, strict=True):
            row.number = f"つ{fiscal_year(day_of(row.sent_at)) - 2018}-{number:05d}"

    # -- how it ends ----------------------------------------------------------------------------------

    def ended(self, topic: Topic, home: Home, someone: Someone | None, *, on: date, outcome: str) -> Thread:
        """A concern that ended on this day."""
        rng, days = self.rng, self.days
        office = self.office(rng.choice(topic.offices), home)
        kind = (
            "following_through"
            if outcome == "carried_on_elsewhere"
            else rng.choice(("supporting", "supporting", "assessing", "watching"))
        )
        if office == "kurashi-renkei" and kind == "supporting":
            office = "nandemo"
        last = days.calendar.on_or_before(on - timedelta(days=rng.randint(1, 12)))
        thread = self.carry(
            topic, home, someone, kind=kind, until=last, due_on=None, office=office, turns=rng.randint(1, 4)
        )
        hold = thread.hold
        assert hold is not None
        at = max(days.hour(on), hold.opened_at + timedelta(minutes=40))
        by, second = hold.worker_id, self.cast.manager_of(office).pk
        if second == by:
            second = (
                self.cast.workers["renkei"].pk
                if by != self.cast.workers["renkei"].pk
                else self.cast.workers["kanri"].pk
            )
        text = self.pick(outcome, words.CLOSING_WORDS.get(outcome, ("本人の希望で終えた",)))
        fields: dict[str, Any] = {
            "word_of": rng.choice(("person", "person", "family", "supporter")),
            "told_return": rng.choice(("困ったらいつでも電話してよいと、カードを渡して伝えた", "次に困ったときの連絡先を書いた紙を渡した", "終わっても戻れることを、本人の言葉で確かめた")),
            "words": text,
        }  # fmt: skip
        ends = True
        if outcome == "resolved":
            fields["person_says"] = "yes"
        elif outcome == "agreed_pause":
            fields["card"] = "担当の名前と電話の入ったカード"
            if rng.random() < 0.3:
                fields["gap"] = self.gap(topic, home, thread, at, hold.office_id, by)
        elif outcome == "carried_on_elsewhere":
            fields |= {
                "heard_from": "先方の担当",
                "heard_on": day_of(at),
                "key_office": rng.choice(("居宅介護支援事業所", "計画相談の事業所", "こども家庭センター")),
            }
        elif outcome == "declined_by_person":
            fields |= {
                "second_by_id": second,
                "capacity_and_danger": "話の筋は通っている。急な危険は見られない",
                "offer_on": days.calendar.on_or_after(day_of(at) + timedelta(days=90)),
            }
        elif outcome == "contact_lost":
            fields |= {
                "second_by_id": second,
                "tries": "電話5回、訪問3回、手紙2通",
                "look_back_on": day_of(at) + timedelta(days=90),
            }
        elif outcome == "no_service":
            fields |= {
                "second_by_id": second,
                "gap": self.gap(topic, home, thread, at, hold.office_id, by),
                "look_back_on": day_of(at) + timedelta(days=90),
            }
        elif outcome == "nothing_found":
            fields |= {"second_by_id": second, "short_retention": True}
        elif outcome == "moved_away":
            fields["next_municipality"] = "本人の同意を得て、転居先の市の相談窓口へ引き継いだ"
        look_back = fields.get("look_back_on")
        if look_back is not None:
            thread.held("watching", at=at, due_on=look_back, deed="close", look_back=True)
            over = days.calendar.on_or_after(look_back)
            ends = False
            if over < days.today - timedelta(days=5):
                thread.close(outcome, at=at, by=by, ends=False, **fields)
                thread.end(at=days.hour(over), by=by)
                return thread
        thread.close(outcome, at=at, by=by, ends=ends, **fields)
        if outcome == "declined_by_person" and fields["offer_on"] >= days.today:
            self._offer(thread, fields["offer_on"], hold.office_id, by, at)
        return thread

    def _offer(self, thread: Thread, due_on: date, office: int, worker: int, at: datetime) -> None:
        offer = self.books.add(
            Promise(
                kind="offer", what="もう一度、手紙か電話で声をかける", subject_kind="concern", subject_id=thread.concern.pk,
                party_id=thread.concern.party_id, office_id=office, worker_id=worker, due_on=due_on,
                opened_at=at, opened_by_id=worker,
            )
        )  # fmt: skip
        self.books.involve(thread.parties[:1], office, kind=ReasonKind.PROMISE, number=offer.pk, on=day_of(at),
                           facets=list(REFERRAL_FACETS))  # fmt: skip
        self.books.note(
            "promise.made", "promise", offer.pk, worker, at, kind="offer", number=thread.concern.pk
        )

    def gap(self, topic: Topic, home: Home, thread: Thread | None, at: datetime, office: int, by: int) -> Gap:
        """Something that would have helped, and is not there."""
        gap: Gap = self.books.add(
            Gap(
                kind=topic.gap, needed=topic.needs, district_id=home.district_id,
                concern=thread.concern if thread else None, words=self.pick(topic.key + "h", topic.how),
                found_at=at, found_by_id=by, office_id=office,
            )
        )  # fmt: skip
        self.books.note("gap.recorded", "gap", gap.pk, by, at, kind=topic.gap)
        return gap

    # -- rows with a story of their own ---------------------------------------------------------------

    def taken_over(self, topic: Topic, home: Home, someone: Someone | None, successor: Worker) -> None:
        """替わってまだ会えていない: the one who left handed this on, and the successor has not met the person yet."""
        days, former = self.days, self.cast.workers[FORMER]
        left = days.open_on(20)
        thread = self.carry(
            topic, home, someone, kind="supporting", until=days.calendar.on_or_before(left - timedelta(days=self.rng.randint(6, 20))),
            due_on=days.calendar.on_or_after(days.today + timedelta(days=self.rng.randint(-1, 9))), office="nandemo", worker=former,
        )  # fmt: skip
        hold = thread.hold
        assert hold is not None
        thread.held(
            "supporting", at=days.hour(left, 15), due_on=max(hold.due_on, left), deed="replace_leaver", worker=successor.pk,
            by=self.cast.workers["kanri"].pk, reason="担当者の異動",
            handed_note=self.rng.choice((
                "電話より手紙がよい。亡くなったお母さんの話は本人から出るまで待つ。",
                "約束の時間ちょうどに行くと安心される。お金の話は最後に。",
                "犬の名前(ポン)から入ると話しやすい。兄の話は避ける。",
            )),
            handed_told=self.rng.choice(("前任から手紙で伝えた", "前任が電話で伝えた", "まだ伝えていない")),
            introduced_how=self.rng.choice(("letter", "telephone", "not_yet")),
        )  # fmt: skip

    def stock(self, topic: Topic, home: Home, someone: Someone | None, due_on: date) -> None:
        """移行分: a concern of the old ledger that nobody has looked at again yet."""
        days = self.days
        at = days.ago(12, 10, 0)
        worker = self.worker("nandemo")
        thread = Thread.begin(
            self.books, (someone.id, home.id) if someone else (home.id,), by=worker.pk, at=at, came_at=days.ago(self.rng.randint(200, 500)),
            whose="person" if someone else "household", codes=list(topic.codes[:1]), description=f"{self.pick(topic.key + 't', topic.trouble)}(以前の台帳より)",
            urgency="low", source_kind="worker", imported=True,
        )  # fmt: skip
        thread.held(
            "stocktaking",
            at=at,
            due_on=due_on,
            deed="receive",
            office=self.cast.offices["nandemo"],
            worker=worker.pk,
        )
        self.threads.append(thread)

    def share_contacts(self) -> None:
        """One visit serves every concern the same worker holds in that household."""
        for rows in self.of_home.values():
            for _, thread in rows:
                for contact in thread.contacts:
                    for _, other in rows:
                        if (
                            other is not thread
                            and other.holder_on(contact.at) == contact.worker_id
                            and contact.kind == "met"
                        ):
                            other.serve(contact)

    # -- files ----------------------------------------------------------------------------------------

    def file(self, home: Home, topic: Topic, threads: list[Thread], number: str) -> None:
        """A file on a household: its concerns, and notes of the contacts in 事実・見立て・方針."""
        rng = self.rng
        main = threads[0]
        hold = main.hold or main.spans[-1]
        opened = (
            min(row.at for thread in threads for row in thread.contacts)
            if any(t.contacts for t in threads)
            else hold.opened_at
        )
        closed = all(thread.hold is None for thread in threads)
        contacts = sorted((row for thread in threads for row in thread.contacts), key=lambda row: row.at)
        last = contacts[-1].at if contacts else opened
        case: Case = self.books.add(
            Case(
                number=number, party_id=home.id, office_id=hold.office_id, worker_id=hold.worker_id,
                title=self.pick(topic.key + "t", topic.trouble)[:120], state="closed" if closed else "open",
                stage="closed" if closed else "supporting", opened_at=opened, opened_by_id=hold.worker_id, last_note_at=last,
                closed_on=day_of(max(thread.concern.closed_at for thread in threads if thread.concern.closed_at)) if closed else None,
                main_office=rng.choice(("福祉なんでも相談室", "地域包括支援センター", "相談支援事業所")) if closed else "",
                closing_words=self.pick("resolved", words.CLOSING_WORDS["resolved"]) if closed else "",
            )
        )  # fmt: skip
        self.books.note("case.opened", "case", case.pk, hold.worker_id, opened)
        for thread in threads:
            self.books.add(CaseConcern(case=case, concern=thread.concern, added_at=opened))
        for place, contact in enumerate(contacts):
            facts, judgement, policy, following = topic.notes[place % len(topic.notes)]
            full = place % 3 == 0
            note: Note = self.books.add(
                Note(
                    case=case, kind={"met": "visit", "seen": "phone", "around": "other_office", "tried": "visit", "worked": "other"}[contact.kind],
                    happened_at=contact.at, minutes=rng.choice((15, 20, 30, 45, 60, 90)), partner=contact.with_whom,
                    place=rng.choice(("自宅", "市役所 相談室", "電話", "通院先", "集会所")),
                    facts=facts if full and place < 3 * len(topic.notes) else contact.words,
                    judgement=judgement if full and place < 3 * len(topic.notes) else rng.choice(("", "", "前回と大きな変化はない。関係が続いていることを大事にする。", "疲れがたまってきている。ペースを落とす。")),
                    policy=policy if full and place < 3 * len(topic.notes) else rng.choice(("", "このまま続ける。", "次回までに家族の考えを確かめる。")),
                    next_step=following if full else "", contact_id=contact.pk, worker_id=contact.worker_id, office_id=contact.office_id,
                    written_at=contact.written_at,
                )
            )  # fmt: skip
            self.books.note(
                "note.written", "note", note.pk, contact.worker_id, contact.written_at, case=case.pk
            )


_KIN = ("夫婦", "夫", "妻", "配偶者", "母", "父", "息子", "娘", "家族", "祖母", "弟", "親子", "実家")


def _of_one(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """The pieces that can be said of somebody who lives alone."""
    return tuple(piece for piece in pieces if not any(word in piece for word in _KIN)) or pieces


def topic_of(rng: Random) -> Topic:
    """A topic as often as desks meet it."""
    return rng.choices(TOPICS, [topic.weight for topic in TOPICS])[0]


__all__ = ["BY_KEY", "Casework", "Heard", "topic_of"]
