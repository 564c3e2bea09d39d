"""After the commit: those who answer for somebody are told. The one who asked learns nothing of it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from . import actions


def pass_on(word_id: int) -> None:
    """Tell whoever answers for the person a word may mean."""
    with transaction.atomic():
        actions.pass_on(word_id, at=timezone.localtime())


def match_enquiry(enquiry_id: int) -> None:
    """Ask whoever holds for the person an enquiry may mean."""
    with transaction.atomic():
        actions.close_matching(enquiry_id, at=timezone.localtime())
