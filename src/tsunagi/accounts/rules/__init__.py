"""Offices, posts and absences: what kinds there are and when a post may end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused, Stale


class Role(Labelled):
    """What a worker is in an office (役割). A worker may have several, by several postings."""

    COUNSELLOR = "counsellor", "相談員"
    COORDINATOR = "coordinator", "くらし連携担当"
    SECTION_CLERK = "section_clerk", "関係課職員"
    OUTSIDE_WORKER = "outside_worker", "庁外機関職員"
    OUTREACH_WORKER = "outreach_worker", "アウトリーチ支援員"
    PARTICIPATION_WORKER = "participation_worker", "参加支援担当"
    COMMUNITY_COORDINATOR = "community_coordinator", "きずなコーディネーター"
    MANAGER = "manager", "管理職"
    STATISTICIAN = "statistician", "統計担当"
    AUDITOR = "auditor", "監査"
    DISCLOSURE_OFFICER = "disclosure_officer", "情報公開担当"
    SYSTEM_ADMINISTRATOR = "system_administrator", "システム管理者"


# Who may answer for a concern (受け持てる役割). The others see figures, logs or settings, never a household.
HOLDING_ROLES = frozenset(
    {
        Role.COUNSELLOR,
        Role.COORDINATOR,
        Role.SECTION_CLERK,
        Role.OUTSIDE_WORKER,
        Role.OUTREACH_WORKER,
        Role.PARTICIPATION_WORKER,
        Role.COMMUNITY_COORDINATOR,
        Role.MANAGER,
    }
)


class RunBy(Labelled):
    """Who runs an office (直営・委託・庁外)."""

    CITY = "city", "直営"
    ENTRUSTED = "entrusted", "委託"
    OUTSIDE = "outside", "庁外"


class LegalKind(Labelled):
    """What an office is before the law (個情法): it leaves only the grounds that can be right for it."""

    MAYOR = "mayor", "市長部局"
    EDUCATION_BOARD = "education_board", "教育委員会"
    PUBLIC_ENTERPRISE = "public_enterprise", "公営企業(水道)"
    FIRE = "fire", "消防"
    ASSEMBLY = "assembly", "議会"
    ENTRUSTED = "entrusted", "委託先"
    OTHER_MUNICIPALITY = "other_municipality", "府・他市"
    NATIONAL = "national", "国の機関"
    INCORPORATED = "incorporated", "独法等"
    PRIVATE = "private", "民間"
    INDIVIDUAL = "individual", "個人"


class Field(Labelled):
    """The field an office works in (分野)."""

    GENERAL = "general", "福祉総合相談"
    COORDINATION = "coordination", "多機関協働"
    ELDERLY = "elderly", "高齢"
    DISABILITY = "disability", "障がい"
    CHILD = "child", "子ども・若者"
    POVERTY = "poverty", "生活困窮・生活保護"
    HEALTH = "health", "保健・医療"
    EDUCATION = "education", "教育"
    HOUSING = "housing", "住まい"
    WORK = "work", "就労"
    TAX = "tax", "税・保険料"
    WATER = "water", "水道"
    SAFETY = "safety", "安全・司法"
    COMMUNITY = "community", "地域づくり"
    OTHER = "other", "その他"


# Offices whose very name tells why somebody goes there are never named in 心当たり照会 (sharing.md).
TELLING_FIELDS = frozenset({Field.POVERTY, Field.CHILD, Field.DISABILITY, Field.HEALTH, Field.SAFETY})


class AbsenceReason(Labelled):
    """Why a worker is away (不在の種類)."""

    LEAVE = "leave", "休暇"
    SICK = "sick", "病気"
    TRAINING = "training", "研修・出張"
    PARENTAL = "parental", "産休・育休"
    CARE = "care", "介護"
    OTHER = "other", "その他"


def check_absence(*, from_on: date, until_on: date) -> None:
    """Refuse an absence whose last day lies before its first."""
    if until_on < from_on:
        raise Refused(
            "不在の終わりの日が、始まりの日より前になっています。日付を直してください。", field="until_on"
        )


def check_stretch(first: date, last: date, *, longest: int) -> None:
    """Refuse days in a row that end before they begin, or are too many to be meant."""
    if last < first:
        raise Refused("終わりの日が、始まりの日より前になっています。日付を直してください。", field="until")
    if (last - first).days >= longest:
        raise Refused(f"一度に入れられるのは{longest}日までです。分けて入れてください。", field="until")


def check_duty(*, worker_is_active: bool, has_posting: bool) -> None:
    """The duty worker (当番) of an office is an active worker posted there (H2)."""
    if not worker_is_active or not has_posting:
        raise Refused("当番には、この機関に今いる職員を選んでください。", field="duty_worker")


_SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._\-]{2,59}")
_OFFICE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,29}")
# Letters and digits that nobody mistakes for one another on paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
WEEKDAYS = ("月", "火", "水", "木", "金", "土", "日")


def check_revision(
    known: int,
    stored: int,
    theirs: Mapping[str, object],
    mine: Mapping[str, object],
    labels: Mapping[str, str],
) -> None:
    """Raise Stale when a form was opened on an older version than the stored one."""
    if known != stored:
        raise Stale(
            [
                (labels.get(name, name), _shown(theirs.get(name)), _shown(value))
                for name, value in mine.items()
                if theirs.get(name) != value
            ]
        )


def _shown(value: object) -> str:
    if value is None or value == "":
        return "(空)"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, list | tuple):
        return "、".join(_shown(one) for one in value) or "(空)"
    return str(value)


def check_sign_in_name(name: str) -> None:
    """Refuse a sign-in name (サインイン名) that is not small ASCII letters, digits, dots, hyphens or underscores."""
    if not _SIGN_IN_NAME.fullmatch(name):
        raise Refused(
            "サインイン名は、半角の小文字・数字・「.」「-」「_」で3文字以上にしてください。",
            field="sign_in_name",
        )


def check_office_code(code: str) -> None:
    """Refuse an office code that could not be typed on a command line."""
    if not _OFFICE_CODE.fullmatch(code):
        raise Refused("機関コードは、半角の英数字・「-」「_」で30文字までにしてください。", field="code")


def check_weekdays(weekdays: Sequence[int], field: str = "weekdays") -> list[int]:
    """The weekdays in order (Monday is 0). Refuses none at all: nothing would ever fall due."""
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise Refused("曜日をひとつ以上選んでください。", field=field)
    return sorted(set(weekdays))


def check_posting(
    *,
    own: bool,
    worker_is_active: bool,
    office_is_active: bool,
    signs_in: bool,
    since: date,
    planned_until: date | None,
) -> None:
    """Refuse a posting (配属) that cannot be: of oneself, of somebody who left, to a closed office, ending before it begins.

    Nobody gives themselves a post: a post opens people's data, so another administrator gives it.
    """
    if own:
        raise Refused("自分の配属は自分では変えられません。ほかのシステム管理者に頼んでください。")
    if not worker_is_active:
        raise Refused("離任した職員は配属できません。")
    if not office_is_active or not signs_in:
        raise Refused("開いていて、このシステムを使う機関を選んでください。", field="office")
    if planned_until is not None and planned_until < since:
        raise Refused(
            "終了予定が、開始の日より前になっています。日付を直してください。", field="planned_until"
        )


def temporary_password(draw: Callable[[str], str]) -> str:
    """A password to hand over on paper, four times four letters; `draw` picks one letter at random."""
    return "-".join("".join(draw(_LETTERS) for _ in range(4)) for _ in range(4))
