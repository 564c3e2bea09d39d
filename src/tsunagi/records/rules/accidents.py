"""What went wrong (事故): what 個人情報保護委員会 asks, by when, and what to stop now.

個情法68条・施行規則43–45条 CHECK: 要配慮個人情報, 財産的被害, 不正の目的, 100人を超える漏えい等. 速報はおおむね3–5日以内, 確報は
30日以内(不正の目的によるときは60日以内).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class IncidentKind(Labelled):
    """What went wrong (事故の種類)."""

    MISSENT = "missent", "誤送付・誤手渡し"
    MERGED = "merged", "ちがう方の記録を統合した"
    SEEN = "seen", "見てはいけない人が見た"
    LOST = "lost", "紛失"
    NOT_BACK = "not_back", "持ち出したものが戻らない"
    OTHER = "other", "その他"


class IncidentState(Labelled):
    """Where an incident stands."""

    OPEN = "open", "対応中"
    LOOK_BACK = "look_back", "ふりかえり待ち"
    CLOSED = "closed", "終わりました"


OPEN_STATES = (IncidentState.OPEN.value, IncidentState.LOOK_BACK.value)


class Step(Labelled):
    """What is promised for an incident, each with an owner and a day."""

    QUICK = "quick", "速報(個人情報保護委員会)"
    FULL = "full", "確報(個人情報保護委員会)"
    TELL = "tell", "本人への通知"
    LOOK_BACK = "look_back", "ふりかえり"


MANY = 100
"""More people than this must be reported, whatever was in it."""
QUICK_DAYS, FULL_DAYS, FULL_DAYS_WILFUL = 5, 30, 60
QUICK_FROM = 3


@dataclass(frozen=True)
class Judged:
    """Whether 個情委 must be told, why, and by which days."""

    must_report: bool
    words: str
    quick_on: date
    full_on: date


def judge(*, sensitive: bool, persons: int, money: bool, wilful: bool, found_on: date) -> Judged:
    """One person with 要配慮個人情報 is enough; without it, more than a hundred. Days are counted from when it was found."""
    reasons = []
    if sensitive:
        reasons.append("要配慮個人情報(病歴・障害・触法など)が含まれています。1人でも報告が必要です。")
    if money:
        reasons.append("財産的な被害につながるおそれがあります。1人でも報告が必要です。")
    if wilful:
        reasons.append("不正の目的によるおそれがあります。1人でも報告が必要です。")
    if persons > MANY:
        reasons.append(f"{persons}人です。100人を超えると、中身にかかわらず報告が必要です。")
    must = bool(reasons)
    words = (
        "".join(reasons)
        if must
        else (
            f"いまの書き方では、報告の義務はありません({persons}人、要配慮なし)。支援の記録には要配慮がふつう含まれます。もう一度確かめてください。"
        )
    )
    days = FULL_DAYS_WILFUL if wilful else FULL_DAYS
    return Judged(must, words, found_on + timedelta(days=QUICK_DAYS), found_on + timedelta(days=days))


@dataclass(frozen=True)
class Stop:
    """One thing to do now: its code, its words, where. `url_name` may be empty."""

    code: str
    words: str
    url_name: str = ""


STOPS: dict[str, tuple[Stop, ...]] = {
    IncidentKind.MISSENT: (
        Stop("call", "届いた先に電話し、開けずに置いてもらう。名前や中身は電話で言わない"),
        Stop("fetch", "取りに行き、戻った枚数を数える。写しを取ったかを聞く"),
        Stop("stop_post", "同じ宛名で出すもの・出たものを止める"),
        Stop("papers", "印刷した帳票に「返却を頼む」を付ける", "paperwork:many"),
    ),
    IncidentKind.MERGED: (
        Stop("part", "統合を戻す(人のページの「統合を戻す」)", "people:index"),
        Stop("sight", "見えるようになっていた機関に、使わないよう伝える"),
        Stop("written", "統合のあとに書かれた記録を、ひとつずつ確かめる"),
    ),
    IncidentKind.SEEN: (
        Stop("close", "その人の見られる道を閉じる(配属・関わり・「自分に関わる方」)", "people:own"),
        Stop("protect", "危険があるなら、いますぐ仮保護をかける"),
        Stop("safety", "本人の安全を、今日のうちに確かめる"),
    ),
    IncidentKind.LOST: (
        Stop("search", "最後に見た場所へ戻る。警察・交通機関の遺失物に届ける"),
        Stop("password", "端末なら、サインインを終わらせ、パスワードを変える"),
        Stop("tell_office", "機関の管理職に、電話で伝える"),
    ),
    IncidentKind.NOT_BACK: (
        Stop("ask", "持ち出した人に、今日どこにあるかを聞く"),
        Stop("list", "持ち出し簿で、同じ紙がほかにないかを見る", "diary:taken"),
    ),
    IncidentKind.OTHER: (Stop("stop", "広がるのを止める"), Stop("keep", "いまの状態を変えずに残す(証拠)")),
}  # fmt: skip

ASKED = (
    ("words", "何が起きたか"), ("items", "どんな情報が、何人分か"), ("cause", "なぜ起きたか"), ("spread", "二次被害のおそれと、広がり"),
    ("told_words", "本人にどう伝えたか・伝えるか"), ("public_words", "公表"), ("measures", "再び起こさないために"),
)  # fmt: skip
"""What the report to 個人情報保護委員会 asks (施行規則44条 CHECK), in its order."""


def check_closing(
    *, stops_left: int, told: bool, must_report: bool, full_done: bool, cause: str, measures: str
) -> None:
    """Raise Refused with what is still missing before somebody else looks back."""
    if stops_left:
        raise Refused(
            f"「いま止めること」が{stops_left}つ残っています。済んだか、当てはまらないかを付けてください。"
        )
    if must_report and not full_done:
        raise Refused("個人情報保護委員会への確報がまだです。")
    if not told:
        raise Refused("本人に伝えたか、伝えられないわけを書いてください。")
    if not cause.strip() or not measures.strip():
        raise Refused(
            "「なぜ起きたか」と「再び起こさないために」を書いてください。だれかを責める文ではなく、しくみのことを書きます。"
        )


def check_look_back(*, closed_by: int | None, reported_by: int, by: int, words: str) -> None:
    """The look back is a second person's: neither who reported nor who finished it."""
    if by in (closed_by, reported_by):
        raise Refused("ふりかえりは、届け出た人・まとめた人とは別の人がします。")
    if not words.strip():
        raise Refused("ふりかえって気づいたことを、ひとこと書いてください。", field="words")


def persons_words(numbers: Iterable[int]) -> int:
    """How many different persons."""
    return len(set(numbers))
