"""What papers print: 今日 on one A4, 今日の訪問, 連絡カード, the night's paper of an office. Values only; the desk's views and
tasks typeset them. A protected person's address and numbers are on no paper, whoever prints it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Office, Posting
from tsunagi.accounts.queries import main_office_id, managers_of, office_by_id, workers_of
from tsunagi.accounts.rules import Role
from tsunagi.cases.models import Case
from tsunagi.cases.rules import CaseState
from tsunagi.codes import queries as codes
from tsunagi.diary.models import Appointment
from tsunagi.diary.queries import AppointmentCard, appointments_of, concerns_of, next_contact_at
from tsunagi.diary.rules import GOES_OUT
from tsunagi.holding.models import Contact, Hold
from tsunagi.holding.queries import RowCard, RowMaker, parties_together, promised_by
from tsunagi.holding.rules import AbuseKind, Lateness
from tsunagi.people.models import Person
from tsunagi.people.queries import NOT_ASKED, guarded_among, reaching, safe_contact_of
from tsunagi.people.rules import WITHHELD
from tsunagi.safety_net.queries import board_of
from tsunagi.shared.days import day_of
from tsunagi.shared.wareki import show

from .today import Today, today_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

CAREFUL = (
    "個人の情報です。人目のある所に置かず、使い終わったら裁断し、持ち出し簿に「戻りました」を書いてください。"
)
NIGHT_CAREFUL = "個人の情報です。停電・障害の日のためのものです。印刷した紙は、復旧したら裁断してください。"
LINES, WEEK_LINES, OTHER_LINES, APPOINTMENT_LINES = 38, 6, 4, 8
"""What fits on the one A4: lines in all (an appointment with a note takes two), and of each kind at most; for the week
at least. A line that does not fit is cut, and what is not there is counted."""
WEEKDAYS = "月火水木金土日"
ON_SCREEN = "内容は画面で"
NO_PAPER = "この方の家には、紙を置かないことになっています（連絡のしかた）。連絡カードは作れません。窓口や電話で、口頭で伝えてください。"


def called_on_paper(label: str, party_id: int | None, *, by_number: bool) -> str:
    """The name, or the number where the city wants no names outside (紙に名前を書かない)."""
    return f"番号 {party_id}" if by_number and party_id else label


def short(day: date) -> str:
    """「6/10(水)」: a paper's rows are narrow, and the whole date stands at its head."""
    return f"{day.month}/{day.day}({WEEKDAYS[day.weekday()]})"


def wants_numbers() -> bool:
    """Whether the city prints a number in place of the name on papers that go out."""
    return codes.number("paper.by_number") == 1


# -- 今日 on one A4 ------------------------------------------------------------------------------------------------------


def today_values(worker: Worker, now: datetime, *, by_number: bool) -> tuple[dict[str, Any], int]:
    """今日 as its A4 prints it, and how many parties stand on it."""
    today = today_of(worker, now)
    office = office_by_id(main_office_id(worker))
    shown = [row for _day, rows in today.appointments for row in rows]
    planned = [*today.unsaid, *shown][:APPOINTMENT_LINES]
    told = (*today.messages, *today.seconds)[:OTHER_LINES]
    answers = today.to_answer[:OTHER_LINES]
    printed = [_appointment(row, by_number) for row in planned]
    room = LINES - sum(2 if row["note"] else 1 for row in printed) - len(told) - len(answers)
    now_rows = today.now[: room - min(WEEK_LINES, len(today.week))]
    week = today.week[: room - len(now_rows)]
    guarded = guarded_among(
        [*(row.party_id for row in (*now_rows, *told, *week)), *(row.party_id for row in answers)]
    )
    left, later = today.all_now - len(now_rows), len(today.week) + today.more_week - len(week)
    unprinted = len(today.unsaid) + len(shown) - len(planned)
    values = {
        **_cover(worker, office.label if office else "", now),
        "counts": f"こぼれそう{today.counts['falling']}・期限切れ{today.counts['red']}・今日明日{today.counts['amber']}・受け持ち{today.total}件",
        "appointments": printed,
        "more_appointments": f"ほか{unprinted}件は画面で" if unprinted else "",
        "now": [_line(row, by_number, guarded) for row in now_rows],
        "more_now": f"ほか{left}件は画面で" if left > 0 else "",
        "messages": [_line(row, by_number, guarded) for row in told],
        "to_answer": [
            {
                "due": short(row.answer_due_on),
                "who": row.number if by_number or row.party_id in guarded else row.party_label,
                "what": f"{row.number} {row.from_office}から",
                "seen": "",
            }
            for row in answers
        ],
        "week": [_line(row, by_number, guarded) for row in week],
        "more_week": f"ほか{later}件は画面で" if later > 0 else "",
        "careful": CAREFUL,
    }
    parties = {row.party_id for row in planned} | {
        row.party_id for row in (*now_rows, *told, *week) if row.party_id
    }
    return values, len(parties) + len(answers)


def _cover(worker: Worker, office: str, now: datetime) -> dict[str, str]:
    return {
        "day": show(day_of(now)),
        "worker": worker.name,
        "office": office,
        "printed": f"{show(day_of(now))} {now:%H:%M} 印刷　{worker.name}",
    }


def _appointment(row: AppointmentCard, by_number: bool) -> dict[str, str]:
    odd = [*row.remarks, *(["同じ時間にほかの予定"] if row.at_once else [])]
    return {
        "day": short(row.hours.day),
        "hours": row.hours.words,
        "kind": row.kind_label,
        "who": called_on_paper(row.party_label, row.party_id, by_number=by_number or row.protected)[:25],
        "note": "・".join(filter(None, (row.note, *odd)))[:29],
        "place": ("場所は画面で" if row.protected else "・".join(filter(None, (row.place, row.second))))[:13],
    }


def _line(row: RowCard, by_number: bool, guarded: set[int]) -> dict[str, str]:
    # A paper lies on desks and in bags: of a protected person it says a number and nothing that was written.
    hidden = row.party_id in guarded
    sign = {Lateness.FALLING: "こぼれそう", Lateness.RED: "期限切れ"}.get(row.lateness, "")
    seen = (
        (short(row.last_seen_on) if row.last_seen_on else "まだ")
        if row.row_kind == "hold"
        else row.kind_label
    )
    return {
        "due": " ".join(filter(None, (short(row.shown_on), sign, "高" if row.urgency == "high" else ""))),
        "who": called_on_paper(row.party_label, row.party_id, by_number=by_number or hidden)[:11],
        "what": ON_SCREEN if hidden else (row.what or "(内容はまだ書かれていません)").replace("\n", " ")[:29],
        "seen": seen if row.row_kind == "hold" else seen[:6],
    }


# -- 今日の訪問 ------------------------------------------------------------------------------------------------------------


def visits_values(worker: Worker, now: datetime, *, by_number: bool) -> tuple[dict[str, Any], int]:
    """今日の訪問 as the A4 to carry, and how many visits stand on it: only those of today, which this worker goes to."""
    maker = RowMaker(now)
    mine = [row.subject_id for row in promised_by(worker, maker.on) if row.subject_kind == "appointment"]
    rows = [
        row
        for row in appointments_of(worker, mine, now, maker.book, until=maker.on)
        if row.hours.day == maker.on and row.kind in GOES_OUT
    ]
    office = office_by_id(main_office_id(worker))
    values = {
        **_cover(worker, office.label if office else "", now),
        "visits": [_visit(row, worker, maker.on, by_number) for row in rows],
        "careful": CAREFUL,
    }
    return values, len(rows)


def _visit(row: AppointmentCard, worker: Worker, on: date, by_number: bool) -> dict[str, Any]:
    appointment = Appointment.objects.select_related(
        "party__person", "party__household", "party__unknown"
    ).get(pk=row.id)
    reach = reaching(worker, appointment.party, on=on)
    # A paper can be lost: what tells where a protected person is stays on the screen.
    hidden = reach.withheld or reach.protected or row.protected
    addresses = "\n".join(f"{address.kind} {address.text}" for address in reach.addresses)
    phones = "・".join(
        " ".join(filter(None, (phone.number, f"（{phone.whose}）" if phone.whose else "")))
        for phone in reach.phones
    )
    if reach.never:
        phones = "こちらからは連絡しません"
    concerns = concerns_of(appointment)
    place = addresses or NOT_ASKED if row.at_home else appointment.place or "決まっていません"
    return {
        "hours": row.hours.words,
        "kind": row.kind_label,
        "who": called_on_paper(row.party_label, row.party_id, by_number=by_number or hidden),
        "workers": row.who,
        "signs": [words for words in (*_signs(reach.lines), row.note, *_dangers(row.party_id)) if words],
        "way": "\n".join(f"{label}：{words}" for label, words in reach.lines)
        or "世帯の訪問です。ひとりずつのページにあります。",
        "place": f"{WITHHELD}（画面で確かめてください）" if hidden else place,
        "phone": WITHHELD if hidden else phones or NOT_ASKED,
        "concerns": ON_SCREEN
        if hidden
        else "\n".join(f"・{words[:60] or '(内容はまだ書かれていません)'}" for _pk, words in concerns),
        "last": ON_SCREEN if hidden else _last_words([pk for pk, _words in concerns]),
        # An agency near home would tell where it is.
        "key": ON_SCREEN if hidden else _key_person(row.party_id),
    }


def _signs(lines: Iterable[tuple[str, str]]) -> list[str]:
    """What the person asked us to mind, out of 連絡のしかた: it is read first at a door."""
    return [words for label, words in lines if label == "気をつけること" and words != NOT_ASKED]


def _dangers(party_id: int) -> list[str]:
    """Suspicions that stand open in the house: nobody goes alone without knowing."""
    rows = (
        Hold.objects.filter(concern__party_id__in=parties_together(party_id), closed_at__isnull=True)
        .exclude(concern__danger="")
        .values_list("concern__danger", flat=True)
        .order_by("id")
    )
    return [f"{AbuseKind.label_of(danger)}の疑い" for danger in dict.fromkeys(rows)]


def _last_words(concern_ids: list[int]) -> str:
    last = (
        Contact.objects.filter(on__concern_id__in=concern_ids).exclude(words="").order_by("-at", "-id")
        .select_related("worker").first()
    )  # fmt: skip
    if last is None:
        return "まだ連絡の記録がありません"
    return f"{short(day_of(last.at))} {last.worker.name}：{last.words[:140]}"


def _key_person(party_id: int) -> str:
    """主担当 of the open file, else who holds the oldest concern: whom to ring from the door."""
    together = parties_together(party_id)
    case = (
        Case.objects.filter(party_id__in=together, state=CaseState.OPEN)
        .select_related("office", "worker")
        .order_by("id")
        .first()
    )
    if case is not None:
        return f"{case.office.label} {case.worker.name}　{case.office.phone or '電話は未登録'}"
    hold = (
        Hold.objects.filter(concern__party_id__in=together, closed_at__isnull=True)
        .select_related("office", "worker").order_by("id").first()
    )  # fmt: skip
    return f"{hold.office.label} {hold.worker.name}　{hold.office.phone or '電話は未登録'}" if hold else ""


# -- 連絡カード -------------------------------------------------------------------------------------------------------------


def card_values(worker: Worker, person: Person, *, now: datetime) -> dict[str, Any] | None:
    """連絡カード for a person this worker came to through a door; None where 連絡のしかた forbids paper, or nobody holds.

    It says who is in charge, the telephone, the hours, the next day, and what to do if nobody calls. It says
    neither the person's name nor why: who finds it learns a telephone number.
    """
    if safe_contact_of(worker, person).no_paper:
        return None
    together = parties_together(person.pk)
    holds = Hold.objects.filter(concern__party_id__in=together, closed_at__isnull=True).select_related(
        "office", "worker"
    )
    mine = holds.filter(worker_id=worker.pk).order_by("due_on", "id").first()
    hold = mine or holds.filter(office_id=main_office_id(worker) or 0).order_by("due_on", "id").first()
    if hold is None:
        return None
    planned = next_contact_at(together, now)
    day = planned.day if planned else hold.due_on
    hour = f" {planned.begins:%H:%M}ごろ" if planned and planned.begins else "まで"
    phone = hold.office.phone or codes.text("city.phone")
    hours = hold.office.opening_hours or "月曜から金曜（休みの日をのぞく）"
    past = day < day_of(now)
    era = show(day).split("（")[0]
    when = "こちらから、近いうちに連絡します" if past else f"{era}（{WEEKDAYS[day.weekday()]}）{hour}"
    easy = f"{day.year}年 {day.month}月 {day.day}日（{WEEKDAYS[day.weekday()]}よう日）{hour}"
    return {
        "title": "連絡カード",
        "rows": [
            ["担当", f"{hold.office.label}　{hold.worker.name}"],
            ["電話", phone or "（窓口でお聞きください）"],
            ["受付の時間", hours],
            ["次に連絡する日", when],
        ],
        "foot": "この日を過ぎても連絡がないときは、お手数ですが上の番号にお電話ください。担当がいないときは、ほかの職員がうかがいます。\n"
        "急に困ったときは、この日を待たずに電話してください。命にかかわるときは119、身の危険があるときは110へ。",
        "easy_title": "れんらくカード",
        "easy_rows": [
            ["たんとうの 人", f"{hold.worker.name}（{hold.office.label}）"],
            ["でんわばんごう", phone or "まどぐちで きいて ください"],
            ["でんわが できる 時間", hours],
            [
                "つぎに れんらくする 日",
                "ちかい うちに れんらく します" if past else easy,
            ],
        ],
        "easy_foot": "この 日を すぎても れんらくが ない ときは、でんわを して ください。べつの 人が でても だいじょうぶです。\n"
        "こまった ときは、いつでも でんわして ください。\nけがや びょうきで いそぐ ときは 119、こわい ことが ある ときは 110 に でんわして ください。",
    }


# -- the paper of the night ------------------------------------------------------------------------------------------------


def night_values(office: Office, now: datetime) -> dict[str, Any]:
    """Everybody's 今日 and the office's 網, as one paper for a day without power. Raises LookupError without a manager."""
    from tsunagi.accounts.models import Worker as WorkerModel

    manager_id = next(iter(managers_of(office.pk)), 0)
    manager = WorkerModel.objects.filter(pk=manager_id).first()
    if manager is None:
        raise LookupError(f"office {office.pk} has no manager")
    board = board_of(manager, now, office_id=office.pk)
    line = board.total
    ids = list(dict.fromkeys(card.id for card in workers_of([office.pk])))
    people = {worker.pk: worker for worker in WorkerModel.objects.filter(pk__in=ids).order_by("pk")}
    pages = [_night_page(people[pk], now) for pk in ids]
    guarded = guarded_among(item.row.party_id for item in board.heaviest)
    return {
        "day": show(day_of(now)),
        "office": office.label,
        "careful": NIGHT_CAREFUL,
        "net_counts": f"こぼれそう{line.falling}・期限切れ{line.red}・返事のないつなぎ{board.unanswered_count}・もうひとりの確認待ち{board.seconds_waiting}",
        "net": [
            {
                "due": short(item.row.shown_on),
                "who": f"番号 {item.row.party_id or item.row.id}"
                if item.row.party_id in guarded or not item.name
                else item.name,
                "what": ON_SCREEN
                if item.row.party_id in guarded
                else (item.what or item.row.kind_label)[:50],
                "worker": item.row.worker,
            }
            for item in board.heaviest
        ],
        "workers": [one for one in pages if one["rows"] or one["appointments"]],
    }


def _night_page(worker: Worker, now: datetime) -> dict[str, Any]:
    today = today_of(worker, now)
    planned = [*today.unsaid, *(row for _day, rows in today.appointments for row in rows)]
    rows = (*today.now, *today.messages, *today.seconds, *today.week, *today.waiting)
    guarded = guarded_among(row.party_id for row in rows)
    return {
        "name": worker.name,
        "counts": _counts(today),
        "appointments": [_appointment(row, by_number=False) for row in planned],
        "rows": [_line(row, by_number=False, guarded=guarded) for row in rows],
    }  # fmt: skip


def _counts(today: Today) -> str:
    more = today.more_now + today.more_week
    said = f"こぼれそう{today.counts['falling']}・期限切れ{today.counts['red']}・今日明日{today.counts['amber']}・受け持ち{today.total}件"
    return f"{said}　ほか{more}件" if more else said


def administrators() -> list[int]:
    """Who looks after the installation, by number."""
    return list(
        Posting.objects.filter(role=Role.SYSTEM_ADMINISTRATOR, ended_at__isnull=True, worker__is_active=True)
        .order_by("worker_id")
        .values_list("worker_id", flat=True)
    )
