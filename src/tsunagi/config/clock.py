"""The only clock of a request. Everything that decides is given `request.now` or `request.today`."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """This moment in the city's time."""
    return timezone.localtime(timezone.now(), TOKYO)
