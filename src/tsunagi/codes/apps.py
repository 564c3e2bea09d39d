"""The codes module as Django knows it."""

from django.apps import AppConfig

from tsunagi.shared.edges import law_sentences


class CodesConfig(AppConfig):
    name = "tsunagi.codes"
    label = "codes"

    def ready(self) -> None:
        """Give the triggers of `migrations/0002_laws.py` their words."""
        law_sentences.update(
            code_never_deleted="コードは消せません。使わなくするときは「使い終わりの日」を入れてください。",
            code_never_rewritten="決まったコードは書き換えられません。変えるときは新しい版を作ってください。",
        )
