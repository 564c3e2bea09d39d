"""The days of a plan: its period, its next monitoring, the day of a role. Pure."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from tsunagi.shared.refusal import Refused

LONGEST = 370
"""Days a plan may run: at most about a year (domain.md §2.5)."""
FURTHEST_ROLE = 740
FURTHEST_FOLLOW_UP = 400


def add_months(day: date, count: int) -> date:
    """The same day `count` months on; the last day of a shorter month."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_end(from_on: date, months: int) -> date:
    """The last day of a period of so many months."""
    return add_months(from_on, months) - timedelta(days=1)


def check_days(from_on: date | None, until_on: date | None, monitor_on: date | None) -> None:
    """Raise Refused when the days of a plan do not fit one another. Blank ones may be filled in later."""
    if from_on and until_on and until_on <= from_on:
        raise Refused("期間の終わりが、始まりより前です。日を確かめてください。", field="until_on")
    if from_on and until_on and (until_on - from_on).days > LONGEST:
        raise Refused(
            "プランの期間は1年までです。長く続くときは、評価してから次のプランをつくります。",
            field="until_on",
        )
    if monitor_on and from_on and monitor_on < from_on:
        raise Refused("モニタリングの日が、プランの始まりより前です。", field="monitor_on")
    if monitor_on and until_on and monitor_on > until_on:
        raise Refused(
            "モニタリングの日が、期間の終わりより後です。期間の中の日にしてください。", field="monitor_on"
        )


def check_role_day(due_on: date | None, *, today: date, field: str = "due_on") -> None:
    """Raise Refused for a row without a day, or with one so far away that the year must be wrong."""
    if due_on is None:
        raise Refused(
            "いつまでに、の日を入れてください。続くことなら、次に確かめる日を入れます。", field=field
        )
    if abs((due_on - today).days) > FURTHEST_ROLE:
        raise Refused("2年以上はなれた日です。年を確かめてください。", field=field)


def check_next_day(next_on: date | None, *, today: date, decision_ends: bool = False) -> None:
    """Raise Refused unless the next day lies ahead: somebody always looks again."""
    if next_on is None:
        if decision_ends:
            raise Refused(
                "終結に進めるときも、次に確かめる日を入れてください。その日までに終結を記録します。",
                field="next_on",
            )
        raise Refused(
            "次のモニタリングの日を入れてください。中断のあいだも、次に見る日を決めます。", field="next_on"
        )
    if next_on <= today:
        raise Refused("次の日は、きょうより後の日にしてください。", field="next_on")
    if (next_on - today).days > LONGEST:
        raise Refused("1年より先の日です。年を確かめてください。", field="next_on")


def check_follow_up_day(due_on: date, *, today: date) -> None:
    """Raise Refused for a look after the end that lies behind us or too far away."""
    if due_on <= today:
        raise Refused("フォローアップの日は、きょうより後の日にしてください。", field="follow_ups")
    if (due_on - today).days > FURTHEST_FOLLOW_UP:
        raise Refused("1年より先の日です。年を確かめてください。", field="follow_ups")
