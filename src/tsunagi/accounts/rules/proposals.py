"""What one administrator proposes and another must agree to (申し出): roles given and taken, a lost device.

A role opens people's data, and whoever may give one alone may give one to themselves by way of a friend's account.
So two people do it: one says who, what and why, another says yes (地方公共団体における情報セキュリティポリシーに関する
ガイドライン: 特権IDの付与は複数人で確認する).
"""

from __future__ import annotations

from collections.abc import Collection

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class ProposalKind(Labelled):
    """What is proposed."""

    GIVE_ROLE = "give_role", "役割を渡す"
    END_ROLE = "end_role", "役割を終える"
    RESET_FACTOR = "reset_factor", "二つ目の確認を登録し直せるようにする"
    BIND_SIGN_ON = "bind_sign_on", "市の共通サインインと結ぶ"


class ProposalAnswer(Labelled):
    """What became of it."""

    AGREED = "agreed", "別の管理者が認めた"
    ALONE = "alone", "ひとりで行った"
    DECLINED = "declined", "認めなかった"
    WITHDRAWN = "withdrawn", "取り下げた"


SHORTEST_REASON = 4
OWN = "自分のことは自分では申し出られません。ほかのシステム管理者に頼んでください。"


def check_reason(reason: str) -> str:
    """The reason as typed, trimmed; refuses one that says nothing."""
    words = reason.strip()
    if len(words) < SHORTEST_REASON:
        raise Refused("わけを一言書いてください(例:4月の異動、端末の紛失)。", field="reason")
    return words[:500]


def check_proposing(*, by: int, worker: int, worker_is_active: bool) -> None:
    """Refuse to propose something for oneself or for somebody who left."""
    if by == worker:
        raise Refused(OWN)
    if not worker_is_active:
        raise Refused("離任した職員のことは申し出られません。")


def acts_alone(*, one_is_enough: bool, administrators: Collection[int], by: int, ever: int) -> bool:
    """Whether a deed needs no second yes.

    `one_is_enough`: the city has said so. Otherwise only while the installation is being founded: nobody but the
    proposer administers, and nobody else ever has (`ever` counts all who ever did).
    """
    others = set(administrators) - {by}
    return not others and (one_is_enough or ever <= 1)


def check_answering(*, by: int, asked_by: int, worker: int, kind: str) -> None:
    """Who may say yes: not who asked; the one concerned only when something is taken from them with their consent."""
    if by == asked_by:
        raise Refused("申し出た本人は認められません。別のシステム管理者に頼んでください。")
    if by == worker and kind != ProposalKind.END_ROLE:
        raise Refused("自分に関わる申し出は認められません。別のシステム管理者に頼んでください。")
