"""Rules of keeping, stops, and disposals by two people. What is disposed of is carried out in `disposing`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.people.access import closed_to
from tsunagi.people.models import Party
from tsunagi.permissions.rules import Purpose
from tsunagi.records.models import Disposal, DisposalItem, KeepingRule, LegalHold
from tsunagi.records.queries.holdings import loose
from tsunagi.records.queries.keeping import PARTY, cluster_of, due_now, kinds_of, unset_kinds
from tsunagi.records.rules.keeping import (
    HoldReason,
    ItemState,
    RecordKind,
    check_agreeing,
    check_rule,
    year_end,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def set_rule(
    kind: str, *, years: int | None, begins: str, article: str, note: str = "", by: Worker, at: datetime
) -> KeepingRule:
    """Write down how long a kind is kept, and by which article. What was said before stays."""
    if kind not in RecordKind.values():
        raise Refused("種類を選び直してください。")
    check_rule(years=years, begins=begins, article=article)
    refuse_my_number(note, "ひとこと", "note")
    refuse_my_number(article, "根拠", "article")
    made = KeepingRule.objects.create(
        kind=kind,
        years=years,
        begins=begins,
        article=article.strip()[:120],
        note=note.strip()[:200],
        at=at,
        by=by,
    )
    record(
        "keeping.rule_set", subject_kind="keeping_rule", subject_id=made.pk, by=by.pk, at=at, purpose=Purpose.RETAIN,
        detail={"kind": kind, "years": years, "begins": begins},
    )  # fmt: skip
    return made


def set_hold(party_id: int, *, reason: str, words: str, by: Worker, at: datetime) -> LegalHold:
    """Stop the disposal of a party's records until somebody lets go. Raises Refused when they are gone already."""
    if reason not in HoldReason.values():
        raise Refused("止める理由を選んでください。", field="reason")
    if not words.strip():
        raise Refused("わけを書いてください(例:地裁 令和8年(ワ)第12号 係属中)。", field="words")
    refuse_my_number(words, "わけ", "words")
    lock_not_gone(party_id)
    made = LegalHold.objects.create(
        party_id=party_id, reason=reason, words=words.strip()[:300], set_at=at, set_by=by
    )
    record(
        "hold.set", subject_kind="party", subject_id=party_id, by=by.pk, at=at, purpose=Purpose.RETAIN,
        detail={"hold": made.pk, "reason": reason},
    )  # fmt: skip
    return made


NO_SUCH_NUMBER = "その番号の記録はありません。番号を確かめてください。"


def lock_not_gone(party_id: int) -> None:
    """Lock a party against a disposal of the same moment: whoever comes second sees what the first did. Raises Refused."""
    ids = cluster_of(party_id)
    found = list(
        Party.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
    )
    if party_id not in found:
        raise Refused(NO_SUCH_NUMBER, field="party")
    if DisposalItem.objects.filter(what=PARTY, subject_id__in=ids, state=ItemState.DONE).exists():
        raise Refused("この記録は、保存期間が過ぎて廃棄されています。", field="party")


def lock_for(party_id: int, by: Worker) -> None:
    """`lock_not_gone` of a number this worker wrote: one that is closed to them is answered as one that is not there."""
    if party_id in closed_to(by):
        raise Refused(NO_SUCH_NUMBER, field="party")
    lock_not_gone(party_id)


def release_hold(hold: LegalHold, *, words: str, by: Worker, at: datetime) -> None:
    """Let go of a stop, with a reason."""
    if not words.strip():
        raise Refused("停止を解くわけを書いてください。", field="words")
    refuse_my_number(words, "わけ", "words")
    changed = LegalHold.objects.filter(pk=hold.pk, released_at__isnull=True).update(
        released_at=at, released_by=by, released_words=words.strip()[:300]
    )
    if not changed:
        raise Refused("この停止は、もう解かれています。画面を開き直してください。")
    record(
        "hold.released", subject_kind="party", subject_id=hold.party_id, by=by.pk, at=at, purpose=Purpose.RETAIN,
        detail={"hold": hold.pk},
    )  # fmt: skip


def propose(keys: Sequence[str], *, words: str, document_number: str, by: Worker, at: datetime) -> Disposal:
    """Propose that these due records are disposed of. Nothing happens until another person agrees, and then a job's run."""
    refuse_my_number(words, "ひとこと", "words")
    if not document_number.strip():
        raise Refused("廃棄の決裁の文書番号を書いてください。", field="document_number")
    due = {one.key: one for one in due_now(day_of(at))}
    chosen = [due[key] for key in dict.fromkeys(keys) if key in due]
    if not chosen:
        raise Refused("廃棄する記録を、ひとつ以上選んでください。", field="items")
    stopped = [one for one in chosen if one.held]
    if stopped:
        raise Refused(
            f"止まっている記録が選ばれています({stopped[0].what_label})。外してから起案してください。",
            field="items",
        )
    made = Disposal.objects.create(
        year=year_end(day_of(at)).year - 1, words=words.strip()[:300], document_number=document_number.strip()[:60], proposed_at=at,
        proposed_by=by,
    )  # fmt: skip
    DisposalItem.objects.bulk_create(
        DisposalItem(
            disposal=made, what=one.what, subject_id=one.subject_id, kind=one.kind, due_on=one.due_on
        )
        for one in chosen
    )
    record(
        "disposal.proposed", subject_kind="disposal", subject_id=made.pk, by=by.pk, at=at, purpose=Purpose.RETAIN,
        detail={"items": len(chosen)},
    )  # fmt: skip
    return made


def agree(disposal: Disposal, *, by: Worker, at: datetime) -> None:
    """The second person's yes. Raises Refused for the proposer, twice, or without the articles of every kind in it."""
    locked = Disposal.objects.select_for_update().get(pk=disposal.pk)
    check_agreeing(
        proposed_by=locked.proposed_by_id, by=by.pk, agreed=locked.agreed_at is not None, taken_back=locked.taken_back_at is not None,
        unset=unset_kinds(kinds_of(locked)),
    )  # fmt: skip
    Disposal.objects.filter(pk=locked.pk).update(agreed_at=at, agreed_by=by)
    record(
        "disposal.agreed", subject_kind="disposal", subject_id=locked.pk, by=by.pk, at=at, purpose=Purpose.RETAIN,
        detail={"items": locked.items.filter(state=ItemState.WAITING).count()},
    )  # fmt: skip


def take_back(disposal: Disposal, *, by: Worker, at: datetime) -> None:
    """Take a disposal back as long as the job has not finished it: what waits stays."""
    changed = Disposal.objects.filter(
        pk=disposal.pk, done_at__isnull=True, taken_back_at__isnull=True
    ).update(taken_back_at=at, taken_back_by=by)
    if not changed:
        raise Refused("この廃棄は、もう終わったか取り下げられています。画面を開き直してください。")
    DisposalItem.objects.filter(disposal=disposal, state=ItemState.WAITING).update(
        state=ItemState.TAKEN_OUT, settled_at=at
    )
    record(
        "disposal.taken_back",
        subject_kind="disposal",
        subject_id=disposal.pk,
        by=by.pk,
        at=at,
        purpose=Purpose.RETAIN,
    )


def take_out(item: DisposalItem, *, by: Worker, at: datetime) -> None:
    """Take one line out of a disposal."""
    changed = DisposalItem.objects.filter(pk=item.pk, state=ItemState.WAITING).update(
        state=ItemState.TAKEN_OUT, settled_at=at
    )
    if not changed:
        raise Refused("この行は、もう待っていません。画面を開き直してください。")
    record(
        "disposal.item_taken_out", subject_kind="disposal", subject_id=item.disposal_id, by=by.pk, at=at, purpose=Purpose.RETAIN,
        detail={"what": item.what, "number": item.subject_id, "known": item.what in loose()},
    )  # fmt: skip
