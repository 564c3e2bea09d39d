"""The ledger of demands (照会・請求): who asks, what may be answered at all, in which sentence, by when.

個情法 76–108条 (開示・訂正・利用停止), 81条 (存否を明らかにしない), 83条・94条・102条 (30日), 78条1項 (不開示情報). Article
numbers with CHECK are to be checked against the law in force before a list is frozen (domain.md §1 [K+]).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class DemandKind(Labelled):
    """What is demanded, and by whom (請求・照会の種類)."""

    DISCLOSURE_SELF = "disclosure_self", "開示請求(本人)"
    DISCLOSURE_LEGAL = "disclosure_legal", "開示請求(法定代理人)"
    DISCLOSURE_AGENT = "disclosure_agent", "開示請求(任意代理人)"
    CORRECTION = "correction", "訂正請求"
    STOP_USE = "stop_use", "利用停止請求"
    INFORMATION = "information", "情報公開請求"
    COURT = "court", "裁判所(嘱託・提出命令)"
    POLICE = "police", "捜査関係事項照会"
    BAR = "bar", "弁護士会照会"
    CHILD_CENTRE = "child_centre", "児童相談所等(児虐法13条の4)"
    OTHER_CITY = "other_city", "他市町村"
    DEAD = "dead", "死者情報の申出(遺族など)"
    FAMILY = "family", "家族・親族の申出"
    COUNCILLOR = "councillor", "議員"
    PRESS = "press", "報道"


THE_PERSONS_OWN = frozenset({DemandKind.DISCLOSURE_SELF, DemandKind.DISCLOSURE_LEGAL, DemandKind.DISCLOSURE_AGENT,
                             DemandKind.CORRECTION, DemandKind.STOP_USE})  # fmt: skip
"""Rights of the person under 個情法 chapter 5: a written decision within 30 days."""
BY_AN_AGENT = frozenset({DemandKind.DISCLOSURE_LEGAL, DemandKind.DISCLOSURE_AGENT})
NEVER_SAYS_WHETHER = frozenset(
    {DemandKind.FAMILY, DemandKind.COUNCILLOR, DemandKind.PRESS, DemandKind.INFORMATION, DemandKind.BAR}
)
"""Whether anybody is known here is never said to these; the sentence is the same for everybody and every name."""
BY_LAW = frozenset({DemandKind.COURT, DemandKind.POLICE, DemandKind.CHILD_CENTRE})
"""What a statute lets somebody demand of a dead person's record as of a living one's."""
GROUNDS = {
    DemandKind.COURT: "20", DemandKind.POLICE: "21", DemandKind.BAR: "22", DemandKind.CHILD_CENTRE: "09",
}  # fmt: skip
"""Ground of giving (根拠); every other decided demand is 23."""


class Identity(Labelled):
    """How it was made sure who asks (本人確認)."""

    NOT_YET = "not_yet", "まだ"
    PHOTO_CARD = "photo_card", "顔写真のある公的な証(免許証など)"
    TWO_PAPERS = "two_papers", "顔写真のない証を2点"
    CALLED_BACK = "called_back", "公表されている番号へかけ直した"
    OFFICIAL_PAPER = "official_paper", "公印のある文書"
    BY_POST = "by_post", "郵送(住民票の写しと証の写し)"


class Powers(Labelled):
    """How it was made sure that the agent may act (代理権の確認)."""

    NOT_NEEDED = "not_needed", "要らない(本人・機関)"
    NOT_YET = "not_yet", "まだ"
    FAMILY_REGISTER = "family_register", "戸籍(30日以内)"
    GUARDIAN_REGISTER = "guardian_register", "後見の登記事項証明書(30日以内)"
    MANDATE = "mandate", "委任状(30日以内)と印鑑登録証明書など"
    STATUTE = "statute", "法令に基づく文書(条と事件番号を確かめた)"


class ChildSays(Labelled):
    """What the child said of it, where a parent asks as 法定代理人."""

    NOT_A_CHILD = "not_a_child", "子どものことではない"
    NOT_ASKED = "not_asked", "まだ聞いていない"
    FINE = "fine", "よいと言っている"
    NO = "no", "いやだと言っている"


class Answer(Labelled):
    """How a demand was decided (決定)."""

    FULL = "full", "すべて応じる"
    PART = "part", "一部に応じる"
    REFUSED = "refused", "応じない"
    NOT_SAID = "not_said", "あるかないかを答えない(存否応答拒否)"
    NOTHING = "nothing", "記録がない"
    PASSED = "passed", "ほかの機関へ移送"


GIVES = frozenset({Answer.FULL, Answer.PART})


class DemandState(Labelled):
    """Where a demand stands."""

    OPEN = "open", "検討中"
    DECIDED = "decided", "決定済み"
    ANSWERED = "answered", "答えました"
    WITHDRAWN = "withdrawn", "取り下げ"


OPEN_STATES = (DemandState.OPEN.value, DemandState.DECIDED.value)
"""While a demand stands here nothing of whom it names is disposed of."""


class WithheldFor(Labelled):
    """Why a word or a page is not given (不開示の理由)."""

    SELF_HARM = "78-1", "本人の生命・健康・生活・財産を害するおそれ(個情法78条1項1号)"
    THIRD_PERSON = "78-2", "本人以外の個人に関する情報(同2号)"
    COMPANY = "78-3", "法人等の正当な利益(同3号)"
    SECURITY = "78-5", "犯罪の予防・捜査など(同5号)"
    DELIBERATION = "78-6", "審議・検討(同6号)"
    WORK = "78-7", "事務の適正な遂行に支障(同7号)"
    INFORMANT = "informant", "情報をくださった方(児虐法7条・高虐法8条など)"
    TAX = "tax", "税情報(地方税法22条)"
    MEETING = "meeting", "支援会議・要対協の守秘義務"


TO_BE_CHECKED = ("78条1項各号", "81条", "83条", "児虐法13条の4")
"""Articles [K+] that a person must check before the papers are printed for use."""

NOT_SAID_SENTENCE = (
    "どなたについても、ご相談の有無をお答えしていません。ご用件と連絡先を承りました。"
    "お申し出があったことと、その内容について、相談や支援を受けているかどうかにかかわらず、同じ日数で同じお返事をしています。"
)
"""Said, written and printed to whoever may not learn whether anybody is known: the same for every name."""

NO_RECORD_SENTENCE = "ご請求の内容に当たる記録は、ありませんでした。"
GIVEN_SENTENCE = "ご請求について、別紙のとおり決定しました。"
REFUSED_SENTENCE = "ご請求について、応じないことと決定しました。わけは次のとおりです。"
PASSED_SENTENCE = "ご請求は、次の機関に移送しました。これからのお返事は、その機関がいたします。"


def answer_sentence(kind: str, answer: str) -> str:
    """What the requester is told. Those who may not learn whether anybody is known get one sentence, whatever was found."""
    if answer == Answer.NOT_SAID or (kind in NEVER_SAYS_WHETHER and answer not in GIVES):
        return NOT_SAID_SENTENCE
    return {
        Answer.FULL: GIVEN_SENTENCE, Answer.PART: GIVEN_SENTENCE, Answer.REFUSED: REFUSED_SENTENCE,
        Answer.NOTHING: NO_RECORD_SENTENCE, Answer.PASSED: PASSED_SENTENCE,
    }[Answer(answer)]  # fmt: skip


def answers_for(kind: str) -> tuple[Answer, ...]:
    """What may be decided for a kind. Whoever may not learn whether anybody is known is never told 「記録がない」.

    A 法定代理人 or an agent may be the other party: 「応じない」 would say that there is something, and 「記録がない」 said to others
    would make 「答えない」 say it. What is not given is 「答えない」 for every name (個情法81条).
    """
    if kind in (DemandKind.PRESS, DemandKind.COUNCILLOR, DemandKind.FAMILY):
        return (Answer.NOT_SAID, Answer.PASSED)
    if kind in NEVER_SAYS_WHETHER:
        return (Answer.NOT_SAID, Answer.PART, Answer.PASSED)
    if kind in BY_AN_AGENT:
        return (Answer.FULL, Answer.PART, Answer.NOT_SAID, Answer.PASSED)
    if kind == DemandKind.DEAD:
        # Never the whole: what it says of the living, and who told us, stays.
        return (Answer.PART, Answer.REFUSED, Answer.NOT_SAID, Answer.PASSED)
    return tuple(Answer)


def answered_from(kind: str, answer: str, came_on: date, wait_days: int) -> date:
    """The first day an answer may leave. Where nobody may learn whether anything is known the day is the same for every
    name: a quick no would tell."""
    late = answer == Answer.NOT_SAID or kind in NEVER_SAYS_WHETHER
    return came_on + timedelta(days=wait_days) if late else came_on


@dataclass(frozen=True)
class Facts:
    """What is known of a demand when somebody wants to decide it."""

    kind: str
    identity: str
    powers: str
    child: str
    requester_is_other_party: bool
    has_record: bool
    is_protected: bool
    is_dead: bool = False
    asks_as: str = ""
    dead_rule: str = ""


def check_decision(
    facts: Facts, answer: str, *, decided_by: int, with_whom: int | None, words: str, document_number: str
) -> None:
    """Raise Refused unless this may be decided so. Nothing is given to the other party, to whom nobody has identified,
    or as an agent of a child who said no."""
    if answer not in {each.value for each in answers_for(facts.kind)}:
        raise Refused("この種類の請求では、選べない決定です。", field="answer")
    if not document_number.strip():
        raise Refused("決裁の文書番号を書いてください。", field="document_number")
    if answer in (Answer.REFUSED, Answer.PASSED) and not words.strip():
        raise Refused("わけ(移送のときは移送先)を書いてください。お返事に載ります。", field="words")
    _check_the_dead(facts, answer)
    if answer not in GIVES:
        return
    if not facts.has_record:
        raise Refused("どの方の記録かを確かめてから、応じる決定をしてください。", field="answer")
    if facts.identity == Identity.NOT_YET:
        raise Refused("だれからの請求かを確かめた方法を、先に書いてください。", field="answer")
    if facts.kind in BY_AN_AGENT and facts.powers in (Powers.NOT_YET, Powers.NOT_NEEDED):
        raise Refused("代理人であることを何で確かめたかを、先に書いてください。", field="answer")
    if facts.requester_is_other_party and facts.kind not in (DemandKind.COURT, DemandKind.POLICE):
        raise Refused(
            "請求した方は、この方の相手方(またはその代理人)かもしれません。応じられません。「あるかないかを答えない」を選んでください。",
            field="answer",
        )
    if facts.kind in BY_AN_AGENT and facts.child == ChildSays.NO:
        raise Refused(
            "お子さんがいやだと言っています。代理人に渡すことはできません(個情法78条1項1号)。「あるかないかを答えない」を選んでください。",
            field="answer",
        )
    if facts.kind in BY_AN_AGENT and facts.child == ChildSays.NOT_ASKED:
        raise Refused(
            "お子さんの気持ちを聞いてから決めてください。聞けないときは「あるかないかを答えない」を選びます。",
            field="answer",
        )
    if facts.is_protected and (with_whom is None or with_whom == decided_by):
        raise Refused("保護している方の記録です。渡す決定は、ふたりの職員でしてください。", field="with_whom")


def _check_the_dead(facts: Facts, answer: str) -> None:
    """死者情報: 個情法 protects the living; who may ask for what of the dead is the city's own rule (settings)."""
    if facts.kind == DemandKind.DEAD and not facts.is_dead and answer not in (Answer.NOT_SAID, Answer.PASSED):
        # Also a refusal would tell somebody who only says that she died that she is known here.
        raise Refused(
            "亡くなったことが、この記録では確かめられていません。「あるかないかを答えない」を選んでください。",
            field="answer",
        )
    if facts.kind != DemandKind.DEAD:
        if facts.is_dead and answer in GIVES and facts.kind not in BY_LAW:
            raise Refused(
                "この方は亡くなっています。本人の権利としての請求には応じられません。死者情報の申出として、受け直してください。",
                field="answer",
            )
        return
    if answer not in (Answer.PART, Answer.REFUSED):
        return
    if answer == Answer.PART and not facts.dead_rule.strip():
        raise Refused(
            "市の死者情報の要綱が設定されていません。設定「死者情報の要綱」に名前と条を入れてから、決定してください。",
            field="answer",
        )
    # Also a refusal says that there is a record: only to whom the rule lets ask, and who proved it.
    if not facts.asks_as:
        raise Refused(
            "求めている方が、亡くなった方のどういう関係の方か(要綱の区分)を、先に書いてください。",
            field="answer",
        )
    if facts.identity == Identity.NOT_YET:
        raise Refused("だれからの請求かを確かめた方法を、先に書いてください。", field="answer")
    if facts.powers in (Powers.NOT_YET, Powers.NOT_NEEDED):
        raise Refused(
            "亡くなった方との関係を何で確かめたか(戸籍など)を、先に書いてください。", field="answer"
        )


@dataclass(frozen=True)
class Warning_:
    """Something to look at before deciding. `stops`: nothing may be given."""

    code: str
    words: str
    stops: bool = False


def warnings(
    *, other_party: bool, same_name: bool, child: str, by_agent: bool, informants: int, tax: int, third_persons: int, protected: bool,
    untold: int, guarded: int, dead: bool = False, of_the_dead: bool = False, scope: str = "",
) -> tuple[Warning_, ...]:  # fmt: skip
    """What the page says before the decision, the gravest first."""
    found: list[tuple[bool, Warning_]] = [
        (other_party, Warning_("other_party", "請求した方(または代理人)は、この方の相手方として書かれている方と同じ名前です。", True)),
        (same_name and not other_party, Warning_("same_name", "請求した方と同じ姓の家族が、この方の記録にいます。関係を確かめてください。")),
        (dead and not of_the_dead, Warning_("dead", "この方は亡くなっています。本人の請求としては応じられません。遺族などには、死者情報の申出として受け直します(裁判所・捜査・児童相談所を除く)。")),
        (of_the_dead and not dead, Warning_("not_dead", "亡くなったことが、この記録では確かめられていません。「あるかないかを答えない」ほかは選べません。", True)),
        (of_the_dead and dead, Warning_("scope", f"渡せる範囲: {scope or 'まだ決まっていません。どういう関係の方かを書いてください'}。家族など生きている方のことは、その方のものです。渡しません。")),
        (protected, Warning_("protected", "保護している方です。居場所の分かるものは、どの紙にも出ません。渡す決定は、ふたりでします。")),
        (by_agent and child == ChildSays.NO, Warning_("child_no", "お子さんがいやだと言っています。", True)),
        (by_agent and child == ChildSays.NOT_ASKED, Warning_("child_not_asked", "お子さんの気持ちを、まだ聞いていません。")),
        (informants > 0, Warning_("informants", f"情報をくださった方の記録が{informants}件あります。名前と連絡先は自動で消します。文章の中も読んでください。")),
        (tax > 0, Warning_("tax", f"税情報が{tax}件あります(地方税法22条)。")),
        (guarded > 0, Warning_("guarded", f"特別な秘密として書かれた文が{guarded}件あります。紙には載りません。")),
        (untold > 0, Warning_("untold", f"本人・子に知らせていない関係が{untold}件あります。紙には載りません。")),
        (third_persons > 0, Warning_("third", f"ほかの方が{third_persons}人、記録に出てきます。消すところを決めてください。")),
    ]  # fmt: skip
    return tuple(warning for there, warning in found if there)


def page_list(masks: Sequence[tuple[int, str, int]]) -> str:
    """「2頁 3か所」 for the list of what was blacked."""
    return "、".join(f"{page}頁 {count}か所" for page, _why, count in masks)


def given_words(pages: Iterable[int]) -> str:
    """1–3, 5 for a list of page numbers."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
