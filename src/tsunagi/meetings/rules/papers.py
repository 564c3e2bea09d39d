"""Papers of a sitting: who gets which copy how masked, and how it comes back (要綱の回収の定め; sharing.md, Meetings)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

from .kinds import Recall

RECALLED = (
    "この資料は回収されました。会議の資料は、決められた間だけ開けます。"
    "もう一度見る必要があるときは、会議の事務局に伝えてください。"
)
OUT_OF_CIRCLE = (
    "この資料は、いまは開けません。同意の範囲か、件の構成員が変わりました。会議の事務局に確かめてください。"
)


class Level(Labelled):
    """How people stand on a copy. The same words as the masks of `paperwork`, which draws it."""

    REAL = "real", "実名"
    INITIAL = "initial", "イニシャル・番号"
    RELATION = "relation", "関係と年代だけ"


class HowBack(Labelled):
    """What became of a copy."""

    RETURNED = "returned", "戻ってきた"
    SHREDDED = "shredded", "会場で裁断した"
    KEPT = "kept", "持ち帰りを認めた"
    NOT_GIVEN = "not_given", "渡さなかった（欠席など）"
    LOST = "lost", "見つからない"


STRICTEST = (Level.RELATION, Level.INITIAL, Level.REAL)


def level_for(
    *, own_sight: bool, needs_consent: bool, within_consent: bool, observer: bool, usual: Level
) -> Level:
    """How masked an item stands on one member's copy.

    An office that sees the person by its own work, or by the consent the item rests on, knows the name already. Everybody
    else gets the body's usual level; who only observes gets the strictest.
    """
    if observer:
        return Level.RELATION
    if own_sight or (needs_consent and within_consent):
        return Level.REAL
    return usual


def copy_code(sitting: int, number: int) -> str:
    """The number printed on a copy, by which it is called back: 会12-03."""
    return f"会{sitting}-{number:02d}"


def numbered(members: Iterable[int], taken: Iterable[int]) -> dict[int, int]:
    """A number for each member's new copy: on from the highest that was ever used, none used twice."""
    start = max(taken, default=0)
    return {member: start + place for place, member in enumerate(members, start=1)}


def watermark(name: str, office: str, code: str) -> str:
    """What lies across every page of a copy: whose it is. Never empty: a copy without a name cannot be called back."""
    if not name.strip():
        raise Refused(
            "お名前のない構成員には資料を作れません。構成員の名前を入れてから、作り直してください。"
        )
    return "　".join(filter(None, (office.strip(), f"{name.strip()} 様", code)))


def check_handing(recall: str) -> Recall:
    """How this body's papers are handed out. Raises Refused where none are."""
    found = Recall(recall)
    if found == Recall.NONE:
        raise Refused(
            "この会議体は資料を配りません。件は会議室の画面に映してください。配るときは、会議体の設定を変えてください。"
        )
    return found


@dataclass(frozen=True)
class Back:
    """One copy on the recall list."""

    code: str
    holder: str
    on_paper: bool
    settled: str = ""
    """A value of HowBack, "" while it is out."""
    asked_on: date | None = None
    recalled: bool = False

    @property
    def is_out(self) -> bool:
        """On paper, and nobody has written down what became of it."""
        return self.on_paper and not self.settled

    @property
    def state(self) -> str:
        """What the list says."""
        if self.settled:
            return HowBack.label_of(self.settled)
        if not self.on_paper:
            return "閉じました" if self.recalled else "画面で見られます"
        return "返却を頼みました" if self.asked_on else "まだ戻っていません"


def recall_words(copies: Iterable[Back]) -> str:
    """The list in a sentence, for the page and the minutes."""
    rows = list(copies)
    paper = [row for row in rows if row.on_paper]
    if not rows:
        return "資料は配っていません。"
    if not paper:
        return f"資料は画面だけで見せました（{len(rows)}名）。紙は配っていません。"
    out = [row for row in paper if row.is_out]
    counts = Counter(row.settled for row in paper if row.settled)
    told = "、".join(f"{HowBack.label_of(how)} {counts[how]}部" for how in HowBack.values() if counts[how])
    head = f"紙の資料 {len(paper)}部。"
    back = f"{told}。" if told else ""
    rest = (
        f"まだ戻っていないもの {len(out)}部（{'、'.join(row.code for row in out)}）。"
        if out
        else "すべて済みました。"
    )
    return head + back + rest
