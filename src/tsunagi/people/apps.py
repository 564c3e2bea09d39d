"""The people module as Django knows it."""

from django.apps import AppConfig

from tsunagi.shared.edges import law_sentences


class PeopleConfig(AppConfig):
    name = "tsunagi.people"
    label = "people"

    def ready(self) -> None:
        """Give the triggers of `migrations/0002_laws.py` their words."""
        law_sentences.update(
            party_kind_never_changes="記録の種類は変えられません。新しい記録を作り、同じ方として合わせてください。",
            party_same_as_a_root="選んだ記録は、すでに別の記録と合わされています。合わせた先の記録を選んでください。",
            party_same_as_one_level="この記録には、すでにほかの記録が合わされています。先にそちらを外してください。",
            party_same_as_of_a_kind="この種類の記録どうしは、ひとつにできません。人は人と、世帯は世帯と合わせてください。",
            law_h12_pointer_has_its_merge="ふたつの記録をひとりとして扱うには、わけを書いて統合してください。戻すときも「統合を戻す」からお願いします。",
            involvement_ends_once="終わった関わりは書き換えられません。必要なら、あらためて関わりを記録してください。",
        )
