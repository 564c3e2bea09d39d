"""What a deed needs besides the one who does it, each with the sentence that says how to get it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tsunagi.holding.rules.deeds import Deed, Need, Who
from tsunagi.holding.rules.facts import Question
from tsunagi.holding.rules.kinds import Standing, Urgency
from tsunagi.holding.rules.lateness import Lateness
from tsunagi.holding.rules.safety import check_may_hand_over
from tsunagi.holding.rules.urgency import high_needs_managers_word
from tsunagi.shared.refusal import Refused


def check_needs(asked: Question) -> None:
    """Refuse the deed while something it needs is missing."""
    if asked.wish.agreed_by is not None and asked.wish.agreed_by == asked.wish.worker:
        raise Refused("もう一人には、ご自分とは別の職員を選んでください。", field="agreed_by")
    for need in asked.cell.needs:
        _CHECKS[need](asked)
    if asked.deed in _MORE_CHECKS:
        _MORE_CHECKS[asked.deed](asked)


def _acceptance(asked: Question) -> None:
    if asked.wish.by != Who.RECEIVER and not asked.wish.accepted:
        raise Refused(
            "担当が替わるのは、次の人が「受ける」と答えたときです。"
            "次の人に押してもらうか、所内会議での返事を記録してください。",
            field="accepted",
        )


def _second_person(asked: Question) -> None:
    if not asked.wish.second_agreed:
        raise Refused(
            "二人で見て決めます。もう一人の職員を選ぶか、所内会議・支援会議で決めたことを記録してください。",
            field="agreed_by",
        )


def _reason(asked: Question) -> None:
    if not asked.wish.reason.strip():
        raise Refused("理由をひとこと書いてください。一文で足ります。", field="reason")


def _seen_or_second(asked: Question) -> None:
    if not (asked.facts.seen or asked.facts.last_seen_on or asked.wish.second_agreed):
        raise Refused(
            "まだだれも本人の様子を確かめていません。会うか様子を確かめてから、"
            "またはもう一人の同意を得て、見守りに入ってください。",
            field="agreed_by",
        )


def _safety_settled(asked: Question) -> None:
    check_may_hand_over(safety_is_open=asked.facts.safety_is_open)


def check_roles(asked: Question) -> None:
    """Coordination ends when roles are agreed, a 見通し exists and a 主担当 is named."""
    if not asked.facts.roles_agreed:
        raise Refused(
            "役割分担・見通し・主担当がまだそろっていません。三つが決まってから、調整を終えてください。"
        )


def _open_request(asked: Question) -> None:
    takes_over = asked.wish.by == Who.COORDINATOR and asked.facts.state != Standing.NEW
    if takes_over and not asked.facts.request_open:
        raise Refused(
            "この課題には、くらし連携担当への依頼が出ていません。"
            "機関の課題は機関が受け持ったまま、世帯の「役割分担と見通し」を新しい課題として受け持ってください。"
        )


def _falling(asked: Question) -> None:
    if asked.facts.colour != Lateness.FALLING and not asked.facts.safety_is_open:
        raise Refused(
            "この課題は今、こぼれそうではありません。気になるときは、受け持ちの人に伝言を送ってください。"
        )


def _entered(asked: Question) -> None:
    """What is asked of a closing depends on its outcome: `closing.check_closing` says what is missing."""


_CHECKS: Mapping[Need, Callable[[Question], None]] = {
    Need.ACCEPTANCE: _acceptance,
    Need.SECOND_PERSON: _second_person,
    Need.REASON: _reason,
    Need.SEEN_OR_SECOND: _seen_or_second,
    Need.SAFETY_SETTLED: _safety_settled,
    Need.ROLES_AGREED: check_roles,
    Need.OPEN_REQUEST: _open_request,
    Need.FALLING: _falling,
    Need.CLOSING: _entered,
}


def _no_delay_for_high(asked: Question) -> None:
    facts = asked.facts
    if facts.urgency != Urgency.HIGH:
        return
    if not facts.seen:
        raise Refused(
            "緊急度が高のうちは、期日を延ばせません。会う・様子を確かめる・試みる・つなぐのどれかを記録するか、"
            "夜間の引き継ぎを残してください。"
        )
    _managers_word(asked)


def _managers_word(asked: Question) -> None:
    facts = asked.facts
    waits = facts.urgency == Urgency.HIGH and high_needs_managers_word(
        facts.high_since,
        facts.managers_word_on,
        on=asked.on,
        calendar=asked.calendar,
        settings=asked.settings,
    )
    if waits and not (asked.wish.second_agreed and asked.wish.agreed_as == Who.MANAGER):
        raise Refused(
            "緊急度が高のまま日がたっています。管理職と話して、その言葉を記録してから進めてください。",
            field="agreed_by",
        )


def _extension(asked: Question) -> None:
    """A reasoned extension twice without A or B; the third needs another person and one sentence (H3)."""
    _no_delay_for_high(asked)
    if asked.facts.run.extensions >= asked.settings.extensions_alone and not (
        asked.wish.second_agreed and asked.wish.reason.strip()
    ):
        times = "零一二三四五"[asked.settings.extensions_alone]
        raise Refused(
            f"様子が分からないまま、{times}度延ばしています。もう一人（管理職・連携担当・所内会議）の同意と、"
            "何を待っているかの一文を添えてください。",
            field="agreed_by",
        )


def _waiting(asked: Question) -> None:
    wish = asked.wish
    if wish.waiting_for is None:
        raise Refused("何を待っているかを選んでください。", field="waiting_for")
    if wish.expected_on is not None and wish.expected_on < asked.on:
        raise Refused("見込みの日が過ぎています。これからの日を入れてください。", field="expected_on")
    _extension(asked)


def _could_not(asked: Question) -> None:
    if asked.facts.urgency == Urgency.HIGH:
        raise Refused(
            "緊急度が高の課題では使えません。動ける人に今日のうちに頼むか、管理職に声をかけてください。"
        )
    if asked.facts.run.could_not:
        raise Refused(
            "前の連絡のあと、もう一度使っています。連絡を一つ記録するか、理由を書いて期日を延ばしてください。"
        )


_MORE_CHECKS: Mapping[Deed, Callable[[Question], None]] = {
    Deed.EXTEND: _extension,
    Deed.WAIT: _waiting,
    Deed.COULD_NOT: _could_not,
    Deed.WATCH: _managers_word,
}
