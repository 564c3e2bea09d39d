"""スクリーニング: what an assessment leads to (生活困窮者自立相談支援 使用標準様式), and how far the work has then come."""

from __future__ import annotations

from datetime import date

from tsunagi.cases.rules import NEXT_STAGES, Stage
from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class Outcome(Labelled):
    """The five results. The same values as the code list `screening_results`, whose words a city may change."""

    INFORMATION_ONLY = "information_only", "情報提供や相談対応のみで終了"
    OTHER_SERVICE = "other_service", "他の制度や専門機関で対応が可能"
    SEEKING_CONSENT = "seeking_consent", "本人の同意はまだないが、同意に向けて取り組む"
    PLAN = "plan", "継続して支援し、プランを作る"
    STOPPED = "stopped", "判断の前に中断・終了"


# These lead to 終結, which is a deed of its own: a screening closes nothing.
ENDING = frozenset({Outcome.INFORMATION_ONLY, Outcome.OTHER_SERVICE, Outcome.STOPPED})
_WITH_A_PLAN = frozenset({Stage.SUPPORTING, Stage.MONITORING, Stage.REPLANNING})
_BEFORE_ASSESSING = frozenset({Stage.RECEIVED, Stage.SCREENING, Stage.CONSENT, Stage.REOPENED})


def stage_after(outcome: Outcome, now: Stage, *, again: bool = False) -> Stage | None:
    """How far the work has come after this result; None when the stage stays as it is. `again`: it is not the first
    assessment, so a family with a plan in force gets its next one."""
    if outcome is Outcome.SEEKING_CONSENT:
        wanted = Stage.CONSENT
    elif outcome is Outcome.PLAN and now not in _WITH_A_PLAN:
        wanted = Stage.PLANNING
    elif outcome is Outcome.PLAN and again:
        wanted = Stage.REPLANNING
    else:
        return None
    return wanted if wanted != now and wanted in NEXT_STAGES[now] else None


def stage_at_begin(now: Stage) -> Stage | None:
    """The stage of a file whose assessment begins; None when it stays (a family that is being supported)."""
    return Stage.ASSESSING if now in _BEFORE_ASSESSING else None


def stage_at_end(now: Stage) -> Stage | None:
    """The stage of a file whose assessment is finished and not screened yet."""
    return Stage.DECIDING if now is Stage.ASSESSING else None


def check_screening(
    outcome: Outcome,
    *,
    on: date,
    today: date,
    begun_on: date,
    elsewhere: str,
    reasons: tuple[str, ...],
    reason_words: str,
) -> None:
    """Raise Refused with what is missing: a day that has not come, where to, or why support is decided."""
    if on > today:
        raise Refused("まだ来ていない日です。スクリーニングをした日を入れてください。", field="on")
    if on < begun_on:
        raise Refused("アセスメントを始めた日より前の日です。日を確かめてください。", field="on")
    if outcome is Outcome.OTHER_SERVICE and not elsewhere.strip():
        raise Refused("どの制度・機関につなぐかを書いてください。", field="elsewhere")
    if outcome is Outcome.PLAN and not reasons and not reason_words.strip():
        raise Refused("支援を決めた理由を、ひとつ選ぶか、ひとこと書いてください。", field="reasons")
