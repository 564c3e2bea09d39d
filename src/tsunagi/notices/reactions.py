"""What notices do when another module announces something."""

from __future__ import annotations

from django.urls import reverse

from tsunagi.workbench.events import FileInfected

from .actions import tell


def tell_of_infected(event: FileInfected) -> None:
    """Whoever brought the file is told: they have the original."""
    tell(
        [event.worker_id],
        f"添付 {event.attachment_id} にウイルスが見つかり、中身を消しました。もとのファイルを開かず、情報システムの担当に知らせてください。",
        reverse("notices:index"),
        kind="attachment",
        at=event.at,
    )
