"""How late a row is: derived from its due day, the calendars and today, never stored (H6, H7)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class Lateness(Labelled):
    """The colour of a row (期日の色)."""

    GREEN = "green", "予定どおり"
    AMBER = "amber", "今日・明日"
    RED = "red", "期日を過ぎている"
    FALLING = "falling", "こぼれそう"


class LadderStep(Labelled):
    """Who is told of a falling row, one step at a time (H7)."""

    NONE = "none", "まだ知らせない"
    HOLDER = "holder", "受け持ちと代わり"
    MANAGER = "manager", "管理職"
    COORDINATOR = "coordinator", "くらし連携担当"
