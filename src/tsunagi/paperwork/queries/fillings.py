"""One function per form: the file in, the values of its boxes out. Masks and blacked words come after, over all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from tsunagi.cases.rules import NoteKind, Stage
from tsunagi.codes.queries import label_of, labels_of
from tsunagi.holding.rules import NoKeyPerson, Urgency
from tsunagi.intake.models import Consultation
from tsunagi.intake.rules import CallerKind
from tsunagi.paperwork.rules import NOT_SAID, Chosen, Filling, Mask
from tsunagi.people.rules import Facet
from tsunagi.referrals.models import Referral
from tsunagi.referrals.queries import of_parties
from tsunagi.referrals.queries.beyond import sheet_values
from tsunagi.referrals.rules import ReferralState
from tsunagi.shared.days import day_of
from tsunagi.shared.wareki import show, show_short

from .file import File

SIGNS = {"circle": "○", "double": "◎"}


def day(value: date | None) -> str:
    """In both calendars; "" for none."""
    return show(value) if value else ""


def short(value: date | None) -> str:
    """R8.6.9, for narrow columns; "" for none."""
    return show_short(value) if value else ""


def moment(at: datetime) -> str:
    """令和8年6月9日 10:00."""
    local = at.astimezone()
    return f"{show(day_of(at))} {local:%H:%M}"


def who(file: File, *, ways: bool = True) -> Filling:
    """The person as every form asks."""
    main = file.main
    values: Filling = {"name": file.called(), "birth": file.birth_of(main) if main else ""}
    values["kana"] = (main.kana if main else "") if file.real else NOT_SAID
    sex = label_of("sexes", main.sex) if main and main.sex else ""
    values["sex"] = Chosen((sex,) if sex else ()) if file.mask != Mask.RELATION else Chosen(words=NOT_SAID)
    if ways:
        values |= {"address": file.address, "phone": file.phone, "way": file.way}
    return values


def numbers(file: File) -> Filling:
    """The file's number, the first consultation, who answers."""
    row = file.consultation
    return {
        "case_number": file.number,
        "received_on": day(day_of(row.came_at) if row else day_of(file.case.opened_at)),
        "worker": f"{file.case.office.label}　{file.case.worker.name}",
    }


def family_rows(file: File) -> tuple[tuple[str, ...], ...]:
    """The household: relation, name, age; work and remarks are for the pen, or for the assessment."""
    return tuple(
        (
            member.relation,
            file.veil.called(member.known),
            member.age,
            "",
            "○" if member.lives_here else "別居",
            "",
        )
        for member in file.members
    )


def _marks(row: Consultation | None) -> Chosen:
    marked = row.worries if row else {}
    signs = {label_of("worries", code): SIGNS.get(mark, "○") for code, mark in marked.items()}
    return Chosen(tuple(signs), "", signs)


def _hander(file: File) -> Filling:
    case = file.case
    ways = [
        f"電話 {case.office.phone}" if case.office.phone else "",
        f"FAX {case.office.fax}" if case.office.fax else "",
    ]
    worst = min((Urgency(row.urgency) for row in file.rows), key=list(Urgency).index, default=None)
    return {
        "from_office": case.office.label,
        "from_worker": case.worker.name,
        "from_contact": "　".join(filter(None, ways)),
        "urgency": Chosen((worst.label,) if worst else ()),
    }


def _story(file: File) -> Filling:
    row, notes = file.consultation, file.notes
    course = (
        [line for line in (_note_line(note) for note in notes[-4:]) if line]
        if file.may(Facet.PROGRESS)
        else []
    )
    return {
        "complaint": row.words if row else "",
        "course": "\n".join(course),
        "done": "\n".join(
            f"{card.office}　{card.worker}：{card.what}（{card.kind_label}）" for card in file.rows
        ),
        "expected": "",
    }


def _note_line(note: object) -> str:
    facts = getattr(note, "facts", "") or getattr(note, "judgement", "") or getattr(note, "policy", "")
    return f"{day(day_of(note.happened_at))}　{facts}" if facts else ""  # type: ignore[attr-defined]


def _agencies(file: File) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (row.office, row.worker, f"{row.what}（{row.kind_label}）", short(row.due_on)) for row in file.rows
    )


def uketsuke_a(file: File) -> Filling:
    """相談受付・申込票 with consent: what the consultation and the record say; the signature is the person's."""
    row = file.consultation
    own = _is_own_word(row)
    return {
        **numbers(file), **who(file), **_hander(file), **_story(file), "complaint": row.words if row and own else "",
        "consultation_number": _consultation_number(file), "receiver": row.written_by.name if row and row.written_by else "",
        "caller": "", "caller_phone": "", "caller_relation": "",
        "worries": _marks(row), "wishes": row.wishes if row and own else "", "family": family_rows(file), "consent": "",
    }  # fmt: skip


def _is_own_word(row: Consultation | None) -> bool:
    """Whether the person spoke for themselves. What others told us stands on no paper the person signs, nor that they did."""
    return row is not None and row.caller_kind in ("", CallerKind.SELF) and not hasattr(row, "informant")


def _consultation_number(file: File) -> str:
    row = file.consultation
    return ((row.number or "") if row else "") if file.mask != Mask.RELATION else NOT_SAID


def uketsuke_b(file: File) -> Filling:
    """相談受付・申込票 without consent: no signature; who told us is not on it."""
    row = file.consultation
    return {
        **numbers(file), **who(file), **_hander(file), **_story(file),
        "consultation_number": _consultation_number(file), "receiver": row.written_by.name if row and row.written_by else "",
        "family": family_rows(file), "worries": _marks(row), "agencies": _agencies(file), "own_will": row.wishes if row and _is_own_word(row) else "",
        "no_consent": Chosen(), "how_known": "", "around": "", "to_meeting": Chosen(), "urgent_why": "",
    }  # fmt: skip


def keika(file: File) -> Filling:
    """支援経過記録: every entry, oldest first, facts apart from judgement."""
    notes = file.notes
    span = (
        f"{day(day_of(notes[0].happened_at))}から{day(day_of(notes[-1].happened_at))}まで　{len(notes)}件"
        if notes
        else ""
    )
    rows = []
    for note in notes:
        how = [
            NoteKind(note.kind).label if note.kind else "",
            note.partner,
            note.place if not file.place_withheld else "",
        ]
        after = [
            note.judgement,
            note.policy and f"方針：{note.policy}",
            note.next_step and f"次：{note.next_step}",
        ]
        minutes = f"\n（{note.minutes}分）" if note.minutes else ""
        corrected = f"\n（訂正{note.revision - 1}回）" if note.revision > 1 else ""
        rows.append((
            moment(note.happened_at) + minutes, "\n".join(filter(None, how)), note.facts + corrected,
            "\n".join(filter(None, after)), f"{note.worker.name}\n{note.office.label}",
        ))  # fmt: skip
    return {**numbers(file), "name": file.called(), "period": span, "notes": tuple(rows)}


def tsunagu(file: File) -> Filling:
    """つなぐシート: the file's latest one that is not withdrawn, as it was sent; else what the next one would begin with."""
    found = (
        of_parties(file.worker, file.together)
        .exclude(state=ReferralState.WITHDRAWN)
        .order_by("-sent_at", "-id")
        .first()
    )
    return _sent(file, found) if found else _to_send(file)


def _sent(file: File, found: Referral) -> Filling:
    values = sheet_values(file.worker, found, on=file.on)
    told = {key: str(value) for key, value in values["person"]}
    ways = "・".join(f"{label} {words}" for label, words in values["ways"])
    back = "　".join(filter(None, (values["from_office"], f"FAX {values['from_fax']}" if values["from_fax"] else "", f"電話 {values['from_phone']}" if values["from_phone"] else "")))  # fmt: skip
    filling = who(file)
    if file.real and "住所" in told:
        filling |= {"address": told["住所"], "phone": told.get("電話", "")}
    return {
        **filling, "to_office": f"{values['to_office']}　御中",
        "reply_number": values["reply_number"] if file.mask != Mask.RELATION else NOT_SAID,
        "from_office": f"{values['from_office']}　{values['from_worker']}",
        "from_contact": "　".join(filter(None, (values["from_phone"] or "", f"FAX {values['from_fax']}" if values["from_fax"] else ""))),
        "sent_on": values["sent_on"], "due_on": f"{values['due_on']} まで", "way": (ways or file.way) if file.real else NOT_SAID,
        "troubles": Chosen(tuple(values["troubles"])), "household": _relations_only(file), "wishes": values["wishes"],
        "concerns": tuple((words,) for words in values["concerns"]), "reason": values["reason"],
        "person_told": "　".join(filter(None, (values["person_told"], values["person_told_words"]))), "back_to": back,
    }  # fmt: skip


def _to_send(file: File) -> Filling:
    hand = _hander(file)
    row = file.consultation
    return {
        **who(file), "from_office": f"{hand['from_office']}　{hand['from_worker']}", "from_contact": hand["from_contact"],
        "household": _relations_only(file), "wishes": row.wishes if row else "", "back_to": f"{hand['from_office']}　{hand['from_contact']}",
        "concerns": tuple((card.what,) for card in file.rows),
    }  # fmt: skip


def _relations_only(file: File) -> tuple[tuple[str, ...], ...]:
    """As a つなぐシート lists a household: relation and age. Of somebody protected nothing but when it is about them."""
    main = file.main.pk if file.main else 0
    return tuple(
        (member.relation, member.age, "")
        for member in file.members
        if not member.known.protected or member.person_id == main
    )


def stage_of(file: File) -> str:
    """受付, アセスメント中, 支援中, …"""
    return Stage(file.case.stage).label


def main_office_of(file: File) -> str:
    """Who stays reachable after closing, or why there is nobody."""
    case = file.case
    return case.main_office or (NoKeyPerson(case.no_main_reason).label if case.no_main_reason else "")


BASE: dict[str, Callable[[File], Filling]] = {
    "uketsuke-b": uketsuke_b, "keika": keika, "tsunagu": tsunagu,
}  # fmt: skip


def code_labels(list_key: str, codes: list[str]) -> str:
    """Codes in words, joined."""
    return "・".join(labels_of(list_key, codes))
