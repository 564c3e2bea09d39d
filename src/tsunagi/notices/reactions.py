"""What the modules below announce, told to those who must know."""

from __future__ import annotations

from django.urls import reverse

from tsunagi.accounts.events import ProposalAnswered, ProposalMade
from tsunagi.accounts.rules.proposals import ProposalAnswer, ProposalKind
from tsunagi.workbench.events import FileInfected

from . import actions

_TOLD = {
    ProposalKind.GIVE_ROLE: "あなたに役割が渡されました。マイページで確かめてください。",
    ProposalKind.END_ROLE: "あなたの役割がひとつ終わりました。マイページで確かめてください。",
    ProposalKind.RESET_FACTOR: "管理者二人が、あなたの二つ目の確認を登録し直せるようにしました。覚えがないときは、すぐに所属の管理職に知らせてください。",
    ProposalKind.BIND_SIGN_ON: "管理者二人が、あなたの登録を市の共通サインインと結びました。覚えがないときは、すぐに所属の管理職に知らせてください。",
}


def ask_for_a_second_yes(event: ProposalMade) -> None:
    """The administrators who may say yes are asked."""
    actions.tell(
        event.ask,
        "確認を待つ申し出があります。申し出た人のほかの管理者が答えてください。",
        f"/kanri/proposals/{event.proposal_id}/",
        kind="proposal",
        at=event.at,
    )


def tell_of_the_answer(event: ProposalAnswered) -> None:
    """The worker concerned is told of what was done; who proposed is told of the answer."""
    done = event.answer in (ProposalAnswer.AGREED, ProposalAnswer.ALONE)
    if done:
        actions.tell(
            [event.worker_id], _TOLD[ProposalKind(event.kind)], "/accounts/me/", kind="proposal", at=event.at
        )
    if event.asked_by != event.answered_by:
        words = "申し出が認められ、行われました。" if done else "申し出は認められませんでした。"
        actions.tell(
            [event.asked_by], words, f"/kanri/proposals/{event.proposal_id}/", kind="proposal", at=event.at
        )


def tell_of_infected(event: FileInfected) -> None:
    """Whoever brought the file is told: they have the original."""
    actions.tell(
        [event.worker_id],
        f"添付 {event.attachment_id} にウイルスが見つかり、中身を消しました。もとのファイルを開かず、情報システムの担当に知らせてください。",
        reverse("notices:index"),
        kind="attachment",
        at=event.at,
    )
