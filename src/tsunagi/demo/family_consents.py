"""Consents in several states, so that the page of consent, the ledger and the boards are not empty."""

from __future__ import annotations

from datetime import timedelta

from tsunagi.accounts.models import Office
from tsunagi.holding.actions import add_to_consent, give_consent, withdraw_consent
from tsunagi.holding.models import Hold
from tsunagi.people.models import Person
from tsunagi.sharing.models import Consent
from tsunagi.sharing.queries import explanations
from tsunagi.sharing.rules import ConsentWish

from .stories import Stories


def family_consents(stories: Stories) -> None:
    """A standard consent with an office added, one withdrawn in part, one being considered, one refused, one 同意困難."""
    days, on = stories.days, stories.days.today
    offices = list(Office.objects.filter(is_active=True).order_by("code"))
    text = explanations()[0].id
    held = list(
        Hold.objects.filter(
            closed_at__isnull=True,
            concern__party__kind="person",
            concern__party__person__died_on__isnull=True,
        )
        .exclude(concern__party__person__birth_on__gt=on - timedelta(days=6600))
        .select_related("concern", "worker", "office")
        .order_by("concern_id")[:40]
    )
    persons: dict[int, Hold] = {}
    for hold in held:
        persons.setdefault(hold.concern.party_id, hold)
    said = {"explained_on": days.ago(40).date(), "explanation_id": text}
    others = [office for office in offices if not office.signs_in][:2] or offices[-2:]
    yes = ConsentWish(
        state="given_all", way="signed", kept_where="相談室の鍵つき書庫", office_ids=tuple(row.pk for row in others[:1]),
        present="長男", words="必要なところには話してください", **said,  # type: ignore[arg-type]
    )  # fmt: skip
    answers = [
        yes,
        ConsentWish(state="considering", words="少し考えたい", **said),  # type: ignore[arg-type]
        ConsentWish(state="refused", words="ほかには知られたくない", **said),  # type: ignore[arg-type]
        ConsentWish(
            state="unable", judged_by="主治医", judged_on="面談のようすと診断書", ask_again_on=on + timedelta(days=30),
            **said,  # type: ignore[arg-type]
        ),
        yes,
    ]  # fmt: skip
    given: list[Consent] = []
    for (person_id, hold), wish in zip(persons.items(), answers, strict=False):
        if not Person.objects.filter(pk=person_id).exists():
            continue
        given.append(
            give_consent(person_id, wish, office_id=hold.office_id, by=hold.worker, at=days.ago(40, 11, 0))
        )
    if given and len(others) > 1:
        by = given[0].asked_by
        add_to_consent(
            given[0], others[1].pk, why="福祉用具の相談", told_on=None, by=by, at=days.ago(3, 15, 0)
        )
    if len(given) > 4:
        withdraw_consent(
            given[4],
            by=given[4].asked_by,
            at=days.ago(2, 10, 0),
            facets=["health"],
            words="病気のことは、もう話さないで",
        )
