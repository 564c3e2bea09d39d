"""The city's own text of the 説明文書 as a second version, and a consent that nobody has looked at for a year."""

from __future__ import annotations

from tsunagi.holding.actions import give_consent
from tsunagi.holding.models import Hold
from tsunagi.sharing.actions import write_explanation
from tsunagi.sharing.models import Consent
from tsunagi.sharing.queries import explanations
from tsunagi.sharing.rules import ConsentWish

from .stories import Stories


def family_explanations(stories: Stories) -> None:
    """A version from ten days ago over the shipped one; one standard consent of the general desk is due for its yearly look."""
    days = stories.days
    before = explanations()[0]
    asked = set(Consent.objects.order_by("id").values_list("person_id", flat=True))
    hold = (
        Hold.objects.filter(
            worker=stories.worker("soudan"), closed_at__isnull=True, look_back=False, concern__party__kind="person",
            concern__party__person__died_on__isnull=True, concern__party__person__birth_year__lt=2000,
        )
        .exclude(concern__party_id__in=asked)
        .select_related("concern", "worker")
        .order_by("id")
        .first()
    )  # fmt: skip
    if hold is not None:
        long_ago = days.ago(380, 14, 0)
        wish = ConsentWish(
            state="given_all", way="oral", explained_on=long_ago.date(), words="手伝ってもらえるなら"
        )
        give_consent(hold.concern.party_id, wish, office_id=hold.office_id, by=hold.worker, at=long_ago)
    at = days.ago(10, 9, 30)
    write_explanation(
        title=before.title,
        words=f"{before.words}\n窓口と電話のほか、訪問のときにも、この紙でご説明します。",
        plain_words=before.plain_words,
        from_on=at.date(),
        by=stories.worker("koukai"),
        at=at,
    )
