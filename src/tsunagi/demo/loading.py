"""Load the invented city: once, all of it or nothing; a second time only the sign-ins are told again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

from django.db import connection, transaction

from tsunagi.accounts.models import Worker
from tsunagi.accounts.queries import calendar_of
from tsunagi.cases.models import Case
from tsunagi.desk.actions import read_words
from tsunagi.journal.actions import record, seal
from tsunagi.setup.actions import answer, begin_reviews, mark_demo, note_look
from tsunagi.setup.queries import what_forbids_demo
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import fiscal_year

from .books import Books, Thread
from .casework import Casework, topic_of
from .cast import Cast, sign_ins
from .days import Days
from .family_consents import family_consents
from .family_explanations import family_explanations
from .family_file import fill_files
from .family_plan import plan_files
from .family_powers import family_powers
from .founding import found, part_of_former
from .guarded import keep_guard
from .records import keep_records
from .sittings import sittings
from .stories import Stories
from .town import Home, Registry, Someone, settle
from .words import BY_KEY, TOPICS, Topic

SEED = 20230401
"""The same people and words every time; only the days move with the day of loading."""


@dataclass(frozen=True)
class Size:
    """How much of the city is loaded."""

    persons: int
    passing: int
    ended: int
    open_by_kind: dict[str, int]
    taken_over: int
    stock: int
    gaps: int
    files: int
    desk: int
    referrals: int


SIZES = {
    "small": Size(
        persons=60, passing=8, ended=4, taken_over=1, stock=1, gaps=3, files=4, desk=5, referrals=5,
        open_by_kind={"triage": 1, "assessing": 2, "supporting": 4, "coordinating": 1, "reaching_out": 1, "watching": 2},
    ),
    "city": Size(
        persons=3_000, passing=1_480, ended=1_080, taken_over=9, stock=10, gaps=34, files=120, desk=12, referrals=24,
        open_by_kind={"triage": 16, "assessing": 66, "supporting": 132, "following_through": 18, "coordinating": 10,
                      "reaching_out": 24, "participating": 18, "watching": 44},
    ),
}  # fmt: skip

# The households the stories need, in the order in which they are taken.
STORY_HOMES = (
    "old_parent_child", "single_adult", "parent_teen", "couple_children", "single_adult", "single_young", "newcomers",
    "single_adult", "single_old", "single_parent", "single_parent", "couple_children", "couple", "single_adult", "single_adult",
    "single_old", "single_parent", "single_old", "couple", "single_young", "single_adult",
)  # fmt: skip
OUTCOMES = (
    ("resolved", 46), ("agreed_pause", 18), ("carried_on_elsewhere", 15), ("declined_by_person", 6), ("contact_lost", 5),
    ("no_service", 6), ("nothing_found", 4),
)  # fmt: skip
OFFICES_OF = {
    "coordinating": ("kurashi-renkei",), "reaching_out": ("kurashi-renkei", "nandemo", "shakyo-kizuna", "houkatsu"), "participating": ("kurashi-renkei", "shakyo-seikatsu"),
    "watching": ("shakyo-kizuna", "houkatsu", "nandemo", "chiiki-fukushi"),
}  # fmt: skip
FITTING = {
    "coordinating": ("eight_fifty", "hoarding", "double_care", "violence"),
    "reaching_out": ("eight_fifty", "hoarding", "mental", "work_housing"),
    "participating": ("grey_zone", "school_absence", "work_housing", "disability"),
    "watching": ("dementia", "hoarding", "no_kin", "neighbour", "eight_fifty"),
    "following_through": ("offending", "mental", "disability", "addiction", "violence"),
}


def load(*, size: Literal["small", "city"] = "city", at: datetime) -> str:
    """Load the demo as the application's role; returns the text that tells the sign-ins.

    The database is migrated and the city's map stands (`places.actions.load_city`, as the owner). Everything is
    relative to `at`, nothing lies after it. What was loaded before stays as it is. The database is marked as the demo's
    for ever. Raises Refused where a real city stands.
    """
    forbidden = what_forbids_demo()
    if forbidden:
        raise Refused(forbidden)
    if Worker.objects.filter(sign_in_name="soudan").exists():
        return sign_ins()
    with transaction.atomic():
        mark_demo(at=at)
        with connection.cursor() as cursor:
            # The laws look at every row when the transaction ends: one long statement, by intention.
            cursor.execute("SET LOCAL statement_timeout = '300s'")
            # Nothing is committed yet, so the tables look empty to the planner: it must not read them through.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL jit = off")
        _write(SIZES[size], at, Random(SEED))
        connection.check_constraints()
    _seal_all()
    _read_words()
    return sign_ins()


def _read_words() -> None:
    """What was written is found by its words from the first minute."""
    read = 1
    while read:
        with transaction.atomic():
            read = read_words()


def _seal_all() -> None:
    sealed = 1
    while sealed:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("SET LOCAL statement_timeout = '120s'")
            sealed = seal(5_000)


def _write(size: Size, at: datetime, rng: Random) -> None:
    cast = found(at, rng)
    part_of_former(cast, at)
    days = Days(at, calendar_of(None), rng)
    registry = Registry(days, rng)
    homes = [registry.home(kind) for kind in STORY_HOMES]
    while sum(len(home.members) for home in homes) < size.persons:
        homes.append(registry.home())
    settle(registry, homes, cast, days)
    own, others = homes[: len(STORY_HOMES)], homes[len(STORY_HOMES) :]
    books = Books()
    casework = Casework(books, cast, days, rng, others or own)
    _ordinary(size, casework, days, rng)
    casework.share_contacts()
    _files(size, casework)
    casework.number_consultations()
    casework.number_referrals()
    books.store()
    _stories(size, Stories(cast, days, casework), own, others)
    fill_files(at)
    plan_files(at)
    sittings(at)
    keep_records(cast, at)
    keep_guard(cast, at)
    _keep_house(cast, at)
    record(
        "demo.loaded", subject_kind="demo", subject_id=None, by=None, at=at, detail={"persons": size.persons}
    )


def _keep_house(cast: Cast, at: datetime) -> None:
    """The administrator looked at calendar and lists; this year's look at who may what is half way at the desk."""
    begun = at - timedelta(days=12)
    for what in ("calendar", "code_lists"):
        note_look(what, by=cast.workers["system"], at=begun)
    reviews = begin_reviews(due_on=day_of(at) + timedelta(days=18), by=cast.workers["system"], at=begun)
    desk = next(review for review in reviews if review.office_id == cast.offices["nandemo"])
    manager = cast.workers["kanri"]
    for name, verdict, why in (
        ("soudan", "confirmed", ""),
        ("soudan2", "confirmed", ""),
        ("soudan4", "to_end", "7月から子育て支援課に移るため"),
    ):
        post = cast.workers[name].postings.get(office_id=desk.office_id, ended_at__isnull=True)
        answer(desk, post.pk, verdict, why, by=manager, at=at - timedelta(days=3))


# -- ordinary years -------------------------------------------------------------------------------------


def _ordinary(size: Size, casework: Casework, days: Days, rng: Random) -> None:
    for _ in range(size.passing):
        casework.passing(days.ago(rng.randint(1, 1_080)))
    for number in range(size.ended):
        topic = topic_of(rng)
        home, someone = casework.place(topic)
        outcome = rng.choices([name for name, _ in OUTCOMES], [share for _, share in OUTCOMES])[0]
        # Some were decided just so long ago that their look-back is due this month.
        if number % 60 == 0:
            outcome, ago = rng.choice(("contact_lost", "no_service")), rng.randint(80, 96)
        else:
            ago = rng.randint(3, 1_000)
        casework.ended(topic, home, someone, on=days.open_on(ago), outcome=outcome)
    for kind, count in size.open_by_kind.items():
        for number in range(count):
            _open(casework, days, rng, kind, number)
    for number in range(size.taken_over):
        topic = BY_KEY[("poverty", "mental", "grey_zone", "addiction")[number % 4]]
        home, someone = casework.place(topic)
        casework.taken_over(
            topic, home, someone, casework.cast.workers[("soudan", "soudan3", "soudan4")[number % 3]]
        )
    for number in range(size.stock):
        topic = topic_of(rng)
        home, someone = casework.place(topic)
        casework.stock(topic, home, someone, days.calendar.add(days.today, 2 + 2 * number))
    for number in range(size.gaps):
        topic = TOPICS[number % len(TOPICS)]
        home, _ = casework.place(topic)
        gap = casework.gap(topic, home, None, days.ago(rng.randint(2, 500)), casework.cast.offices["kurashi-renkei"],
                           casework.cast.workers["renkei"].pk)  # fmt: skip
        if number % 8 == 7:
            gap.solved_at = days.ago(1)
            gap.solved_words = "社協と大学の協定で、夕方の学びと食事の場が始まった"


def _open(casework: Casework, days: Days, rng: Random, kind: str, number: int) -> None:
    """A concern that is open today, held in this way."""
    topic, home, someone = _whose(casework, rng, kind, number)
    around = ""
    if topic.key in ("hoarding", "neighbour") and number % 5 == 0:
        around = rng.choice(("同じ棟の3軒", "隣家の夫婦", "自治会の役員", "管理会社の担当"))
    if kind == "triage":
        came = days.ago(rng.choice((0, 1, 1, 2, 2, 3, 4, 8)))
        casework.begin(topic, home, someone, came, around=around)
        return
    due_on = _due(days, rng, number)
    gap = {"assessing": (4, 9), "watching": (25, 55), "supporting": (12, 28), "coordinating": (15, 60)}.get(
        kind, (7, 14)
    )
    until = days.calendar.on_or_before(due_on - timedelta(days=rng.randint(*gap)))
    until = min(until, days.open_on(1))
    unseen = 0
    if kind in ("supporting", "watching", "reaching_out", "assessing"):
        unseen = {3: 66, 11: 97, 17: 74}.get(number % 23, 0)
    office = casework.office(rng.choice(OFFICES_OF.get(kind, topic.offices)), home)
    if office == "kurashi-renkei" and kind in ("supporting", "assessing"):
        office = "nandemo"
    worker = None
    if kind in ("reaching_out", "participating") and office == "kurashi-renkei":
        worker = casework.cast.workers["outreach" if kind == "reaching_out" else "sanka"]
        if number % 4 == 3:
            worker = casework.cast.workers["renkei2"]
    elif kind == "coordinating":
        worker = casework.cast.workers[("renkei", "renkei2", "kennin")[number % 3]]
    thread = casework.carry(
        topic, home, someone, kind=kind, until=until, due_on=due_on, office=office, worker=worker, unseen=unseen, around=around,
        urgency="high" if number % 31 == 30 and not unseen else "",
    )  # fmt: skip
    if kind == "coordinating":
        thread.concern.description = rng.choice((
            "役割分担と見通し: だれが最初に電話を受けるかを決める",
            "役割分担と見通し: 入院と登校と家計を、同じ表で見られるようにする",
            "役割分担と見通し: 主担当と、休みの日の連絡先を決める",
            "役割分担と見通し: 片づけと通院の順番を、本人の言葉で決める",
        ))  # fmt: skip


def _whose(casework: Casework, rng: Random, kind: str, number: int) -> tuple[Topic, Home, Someone | None]:
    topic = BY_KEY[rng.choice(FITTING[kind])] if kind in FITTING else topic_of(rng)
    if number % 3 == 2 and casework.of_home:
        # Troubles come together: the same family at another desk.
        for _ in range(40):
            home = casework.homes[rng.randrange(len(casework.homes))]
            if home.id in casework.of_home and topic.who != "household":
                someone = home.fitting(topic.who, casework.days.today)
                if someone is not None and topic.key != "multicultural":
                    return topic, home, someone
    home, someone = casework.place(topic)
    return topic, home, someone


def _due(days: Days, rng: Random, number: int) -> date:
    """The next day: mostly to come; some today, some past, a few long past."""
    calendar, today = days.calendar, days.today
    place = number % 20
    if place in (4, 12):
        return calendar.on_or_after(today) if place == 4 else calendar.add(today, 1)
    if place == 9:
        return calendar.add(today, -rng.randint(1, 3))
    if number % 40 == 15:
        return calendar.add(today, -rng.randint(6, 9))
    return calendar.add(today, rng.randint(2, 14))


def _files(size: Size, casework: Casework) -> None:
    open_files = closed_files = 0
    for home in casework.homes:
        rows = casework.of_home.get(home.id, [])
        held = [(topic, thread) for topic, thread in rows if thread.hold is not None and thread.contacts]
        over = [(topic, thread) for topic, thread in rows if thread.hold is None and thread.contacts]
        if held and open_files < size.files:
            open_files += 1
            casework.file(home, held[0][0], _threads(held), "")
        elif over and not held and closed_files < size.files // 2:
            closed_files += 1
            casework.file(home, over[0][0], _threads(over), "")
    _number_files(casework)


def _threads(rows: list[tuple[Topic, Thread]]) -> list[Thread]:
    return [thread for _, thread in rows]


def _number_files(casework: Casework) -> None:
    """支援番号 in the order of opening, from the numbers the files themselves are given."""
    files = sorted(casework.books.rows[Case], key=lambda row: row.opened_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_number') FROM generate_series(1, %s)", [len(files)])
        numbers = [number for (number,) in cursor.fetchall()]
    for case, number in zip(files, numbers, strict=True):
        case.number = f"支{fiscal_year(day_of(case.opened_at)) - 2018}-{number:05d}"


# -- stories --------------------------------------------------------------------------------------------


def _stories(size: Size, stories: Stories, own: list[Home], others: list[Home]) -> None:
    stories.eight_fifty(own[0])
    stories.hoarding(own[1])
    stories.young_carer(own[2], oral=True)
    stories.double_care(own[3])
    stories.offending(own[4])
    stories.grey_zone(own[5])
    stories.language(own[6])
    stories.no_food(own[7], handed=True)
    stories.no_food(own[8], handed=False)
    stories.violence(own[9])
    stories.provisional(own[10])
    stories.child_abuse(own[11])
    stories.elder_abuse(own[12])
    stories.unknown(
        "八条が丘の公園のベンチ",
        "50代くらいの男性。紺の上着、大きな紙袋",
        "「家はある」と言うが、夜も同じ所におられる",
        16,
    )
    stories.referral(BY_KEY["poverty"], own[13], "seikatsu-shien", 9, state="declined")
    stories.referral(BY_KEY["mental"], own[14], "kikan", 6, state="considering")
    stories.referral(BY_KEY["dementia"], own[15], "houkatsu-higashi", 13)
    stories.referral(BY_KEY["parenting"], own[16], "kodomo-katei", 12, state="accepted")
    stories.waiting(own[17], BY_KEY["no_kin"], "decision", "社協(日常生活自立支援事業の審査)")
    stories.lost(own[18], BY_KEY["dementia"])
    stories.no_service(own[19], BY_KEY["grey_zone"], 84)
    stories.resolved(own[20], BY_KEY["poverty"])
    _more(size, stories, own, others)
    stories.desk([*own[3:9], *others], size.desk)
    stories.messages()
    stories.drafts()
    stories.appointments()
    family_powers(stories, own[12], own[17])
    family_consents(stories)
    family_explanations(stories)
    stories.carried_by("seikatsu3", "seikatsu-shien", own[20], BY_KEY["poverty"])
    stories.away()


def _more(size: Size, stories: Stories, own: list[Home], others: list[Home]) -> None:
    """More of the same, in a city: every list has more than one row."""
    unmet = [home for home in others if home.id not in stories.casework.of_home]

    def met_by(key: str) -> Home:
        """The next household nobody knows yet in which such a trouble can be."""
        who = BY_KEY[key].who
        for home in unmet:
            if (
                (home.kind == "old_parent_child")
                if who == "household"
                else home.fitting(who, stories.days.today)
            ):
                unmet.remove(home)
                return home
        return unmet.pop()

    if size.persons < 1_000:
        stories.short_of_hands(own[4], BY_KEY["poverty"])
        return
    plan = (
        ("sent", 1, 4), ("sent", 4, 3), ("sent", 11, 3), ("considering", 3, 3), ("accepted", 5, 3), ("accepted", 15, 1), ("unnamed", 3, 1),
        ("declined", 6, 2), ("not_ours", 7, 1),
    )  # fmt: skip
    targets = {
        "dementia": "houkatsu-nishi", "mental": "kikan", "poverty": "seikatsu-shien", "school_absence": "gakkou", "disability": "shougai",
        "parenting": "kosodate", "no_kin": "houkatsu-minami", "addiction": "kenkou", "grey_zone": "shakyo-seikatsu", "hoarding": "kurashi-renkei",
        "multicultural": "kokuho", "work_housing": "juutaku",
    }  # fmt: skip
    keys, place = list(targets), 0
    for state, ago, count in plan:
        for _ in range(count):
            key = keys[place % len(keys)]
            place += 1
            to = targets[key]
            if state == "sent" and place % 5 == 0:
                to = ("hellowork", "byouin-kokoro", "houterasu")[place % 3]
            by = ("soudan", "soudan3", "soudan4", "kennin")[place % 4]
            stories.referral(BY_KEY[key], met_by(key), to, ago + place % 2, by=by, state=state)
    waits = (
        ("disability", "vacancy", "短期入所の施設"), ("poverty", "decision", "法テラス"), ("offending", "release", "保護観察所"),
        ("grey_zone", "persons_answer", "本人"), ("mental", "other_office", "保健所"), ("no_kin", "judgment", "家庭裁判所"),
    )  # fmt: skip
    for number, (key, what, whom) in enumerate(waits):
        stories.waiting(met_by(key), BY_KEY[key], what, whom, by=("soudan", "soudan3", "soudan4")[number % 3])
    stories.lost(met_by("poverty"), BY_KEY["poverty"])
    stories.no_service(met_by("disability"), BY_KEY["disability"], 30)
    stories.no_service(met_by("multicultural"), BY_KEY["multicultural"], 88)
    stories.short_of_hands(met_by("addiction"), BY_KEY["addiction"])
    stories.passing_on(met_by("mental"), BY_KEY["mental"])
    stories.passing_on(met_by("neighbour"), BY_KEY["neighbour"])
    stories.hoarding(met_by("hoarding"))
    stories.double_care(met_by("double_care"))
    stories.young_carer(met_by("young_carer"), oral=False)
    stories.offending(met_by("offending"))
    stories.unknown(
        "高架下の自転車置き場",
        "20代くらい。リュックひとつ、裸足にサンダル",
        "朝だけおられる。声をかけると会釈する",
        9,
    )
    stories.unknown(
        "スーパーの休憩所", "70代くらいの女性。毎日閉店まで", "「帰ると怒られる」と店員に話した", 22
    )
