"""What is done with papers: a copy is printed under a number, asked back, and what became of it is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from tsunagi.accounts.queries import main_office_id, managers_of
from tsunagi.cases.models import Case
from tsunagi.journal.actions import record
from tsunagi.meetings.actions.papers import make_copies
from tsunagi.meetings.models import Copy, Sitting
from tsunagi.meetings.queries.papers import Share, allowed_shares
from tsunagi.meetings.queries.room import called
from tsunagi.meetings.rules.papers import OUT_OF_CIRCLE, RECALLED, check_handing, copy_code, watermark
from tsunagi.notices.actions import tell
from tsunagi.people.rules import SUPPORTING_GROUND
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.actions import write_disclosure
from tsunagi.sharing.rules import DisclosureSource
from tsunagi.workbench.actions import start_run

from .models import Printed
from .queries import File, Paper, paper_of
from .queries.leaving import Going, going
from .queries.sittings import Packets
from .rules import Form, Format, HowBack, check_many, check_of_one, check_print, copy_number
from .rules.prints import WITHOUT_REASON

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.workbench.models import LongRun


def print_form(
    case: Case,
    form: Form,
    *,
    mask: str,
    fmt: str,
    by: Worker,
    at: datetime,
    for_whom: str = "",
    document_number: str = "",
    to: str = "",
    ground: str = "",
    ground_why: str = "",
    decision: str = "",
    run_id: int | None = None,
    channel: str = "web",
) -> tuple[Printed, Paper]:
    """Print one form of a file that came through its door: a numbered copy and its paper. Raises Refused.

    `to`: the office it leaves for (its number, or `OTHER` with `for_whom`); it then has a ground and a row of the ledger in the
    same deed. What the country asks for and nobody has written is counted and said on the paper; it refuses nothing.
    """
    masked = check_print(form, mask)
    if fmt not in Format.values():
        raise Refused("PDF か Excel を選んでください。", field="format")
    refuse_my_number(for_whom, "渡す先", "for_whom")
    refuse_my_number(document_number, "文書番号", "document_number")
    own = main_office_id(by)
    file = File(by, case, at, masked)
    whose = file.main.pk if file.main else None
    if to:
        check_of_one(form)
    goes = going(to, ground, giver_id=own or 0, person_id=whose, on=file.on)
    if goes is not None and goes.office_id is None and not for_whom.strip():
        raise Refused("だれに渡すかを「渡す先・使いみち」に書いてください。", field="for_whom")
    row = Printed.objects.create(
        leaves=goes is not None, to_office_id=goes.office_id if goes else None, ground=goes.ground if goes else "",
        case=case, form=form.code, mask=masked.value, format=fmt, for_whom=for_whom.strip()[:120],
        document_number=document_number.strip()[:60], worker=by, office_id=own, at=at, run_id=run_id,
    )  # fmt: skip
    if goes is not None:
        _write_down(row, form, goes, whose or case.party_id, why=ground_why, decision=decision, by=by, at=at)
        file = File(by, case, at, masked, **goes.sight())
    paper = paper_of(file, form, printed=row)
    row.missing, row.blacked = len(paper.missing), sum(count for _why, count in paper.cover.found)
    row.save(update_fields=["missing", "blacked"])
    record(
        "paper.printed", subject_kind="case", subject_id=case.pk, by=by.pk, at=at, purpose=Purpose.READ_CASE,
        ground=SUPPORTING_GROUND, channel=channel,
        detail={"form": form.code, "mask": masked.value, "format": fmt, "copy": row.pk, "missing": row.missing, "blacked": row.blacked},
    )  # fmt: skip
    return row, paper


def _write_down(
    row: Printed, form: Form, goes: Going, party_id: int, *, why: str, decision: str, by: Worker, at: datetime
) -> None:
    """A paper that leaves beyond the purpose is a row of the ledger (69条), by number, never by what it says."""
    said = {field.facet for field in form.fields() if field.facet} & set(goes.opened)
    write_disclosure(
        giver_id=row.office_id or 0,
        receiver_id=goes.office_id,
        receiver_words="" if goes.office_id else row.for_whom,
        person_id=party_id,
        facets=sorted(said),
        items=f"{form.name}（{copy_number(row.pk)}）",
        reason=row.for_whom or form.name,
        ground=goes.ground,
        ground_why=why,
        proposed=goes.proposed,
        decision=decision or row.document_number,
        source=DisclosureSource.PAPER,
        source_id=row.pk,
        by=by,
        at=at,
    )


def ask_for_many(form: Form, *, mask: str, count: int, for_whom: str, by: Worker, at: datetime) -> LongRun:
    """Ask for one form of many files. More than fifty need a word what for, and the office's managers are told. Raises Refused."""
    check_print(form, mask)
    refuse_my_number(for_whom, "渡す先", "for_whom")
    check_many(count, for_whom)
    if count > WITHOUT_REASON:
        leaders = [pk for pk in managers_of(main_office_id(by) or 0) if pk != by.pk]
        words = f"帳票のまとめ印刷（{count}件）がありました。"
        tell(leaders, words, reverse("paperwork:many"), kind="taken_away", at=at)
    return start_run("paperwork.many", f"{form.name}（{count}件）", worker=by, at=at, total=count)


def note_blank(form: Form, fmt: str) -> None:
    """That a blank was taken: it names nobody, the trail says who took which."""
    leave_trail(
        "paper.blank_taken", subject_kind="paper", subject_id=None, detail={"form": form.code, "format": fmt}
    )


def ask_back(row: Printed, *, by: Worker, at: datetime) -> None:
    """Ask for a copy to come back. Raises Refused when it is settled or asked for already."""
    found = _locked(row)
    if found.asked_back_at is not None:
        raise Refused("この紙は、もう返却を頼んであります。戻ったら「どうなったか」を選んでください。")
    found.asked_back_at, found.asked_back_by = at, by
    found.save(update_fields=["asked_back_at", "asked_back_by"])
    record(
        "paper.asked_back",
        subject_kind="case",
        subject_id=found.case_id,
        by=by.pk,
        at=at,
        detail={"copy": found.pk},
    )


def settle(row: Printed, how: str, *, by: Worker, at: datetime) -> None:
    """Write down what became of a copy. Raises Refused when that was done already, or nothing was chosen."""
    if how not in HowBack.values():
        raise Refused("紙がどうなったかを選んでください。", field="how")
    found = _locked(row)
    found.settled_at, found.settled_by, found.how = at, by, how
    found.save(update_fields=["settled_at", "settled_by", "how"])
    record(
        "paper.settled",
        subject_kind="case",
        subject_id=found.case_id,
        by=by.pk,
        at=at,
        detail={"copy": found.pk, "how": how},
    )


def _locked(row: Printed) -> Printed:
    found = Printed.objects.select_for_update().get(pk=row.pk)
    if found.settled_at is not None:
        raise Refused("この紙は、どうなったかをもう記録してあります。画面を開き直してください。")
    return found


# -- papers of a sitting ------------------------------------------------------------------------------------------


def ask_for_packets(
    sitting: Sitting, wanted: Mapping[int, tuple[Share, ...]], *, by: Worker, at: datetime
) -> LongRun:
    """Ask for a copy for each of these members. Raises Refused where the body hands out no papers or nobody gets any."""
    check_handing(sitting.body.recall)
    if not wanted:
        raise Refused(
            "資料を渡す構成員がいません。件の構成員を選び、守秘義務の確認を済ませてから作ってください。"
        )
    return start_run(
        "paperwork.packets", f"会議の資料（{len(wanted)}部）", worker=by, at=at, total=len(wanted)
    )


def make_packets(
    sitting: Sitting, wanted: Mapping[int, tuple[Share, ...]], *, run_id: int | None, by: Worker, at: datetime,
    report: Callable[[int], None] = lambda _done: None,
) -> Iterator[tuple[Copy, bytes]]:  # fmt: skip
    """Number the copies and set them, one after the other; pages that two members share are set once.

    A copy is given on as soon as it is set, and what no later one needs is let go: twenty members take no more memory
    than three.
    """
    copies = make_copies(sitting, wanted, run_id=run_id, by=by, at=at)
    packets = Packets(by, sitting, at)
    members = {
        row.pk: row
        for row in Copy.objects.filter(pk__in=[row.pk for row in copies]).select_related(
            "member__worker", "member__office"
        )
    }
    left = Counter(tuple(wanted[row.member_id]) for row in copies)
    for place, row in enumerate(copies):
        report(place)
        shared = tuple(wanted[row.member_id])
        yield row, packets.copy(shared, _words(members[row.pk]))
        left[shared] -= 1
        if not left[shared]:
            packets.forget(shared)
    report(len(copies))


def _words(row: Copy) -> str:
    return watermark(called(row.member), row.member.office.label, copy_code(row.sitting_id, row.number))


def open_copy(row: Copy, at: datetime) -> bytes:
    """A member's own copy, made anew of what they may still see. Raises Refused for a recalled one: a sentence, no paper.

    It is drawn by the sight of whoever made the copies, cut to the member's own.
    """
    if row.recalled_at is not None or row.settled_at is not None:
        raise Refused(RECALLED)
    kept = allowed_shares(row, at.date())
    if not kept:
        raise Refused(OUT_OF_CIRCLE)
    return Packets(row.made_by, row.sitting, at).copy(kept, _words(row))
