"""The shape of what is typed about keeping, demands, incidents, complaints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from tsunagi.codes.queries import choices as code_choices
from tsunagi.ui.fields import DayField

from .rules.accidents import IncidentKind
from .rules.demands import ChildSays, DemandKind, Identity, Powers, WithheldFor
from .rules.keeping import Begins, HoldReason
from .rules.voices import VoiceFrom, VoiceKind

Choices = Iterable[tuple[Any, str]]


class Form(forms.Form):
    """A form that knows its draft, so that a double click shows the first result."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def typed(self) -> dict[str, Any]:
        """What was typed, without what only the page needs."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("draft", "revision")}


def _line(label: str, hint: str = "", longest: int = 200) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, help_text=hint)


def _text(label: str, hint: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


def _choice(label: str, choices: Choices, hint: str = "", *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=required, choices=[("", "選んでください"), *choices], help_text=hint,
        error_messages={"required": f"「{label}」を選んでください。"},
    )  # fmt: skip


def _number(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


def _whose(label: str, hint: str) -> forms.IntegerField:
    return _number(label, hint)


# -- keeping --------------------------------------------------------------------------------------------------------------


class RuleForm(Form):
    """How long a kind is kept."""

    years = _number("年数", "空けると「常用」(廃棄しない)になります")
    begins = _choice("どこから数えるか", Begins.choices())
    article = _line("根拠（文書管理規程の条）", "例：長岡京市文書管理規程 別表第2 第3号", 120)
    note = _line("ひとこと")


class HoldForm(Form):
    """Stop a disposal."""

    party = _whose("人・世帯の番号", "人のページの下に出ている番号です。名前は、ここには出ません")
    reason = _choice("止める理由", HoldReason.choices())
    words = _line("わけ", "例：地裁 令和8年(ワ)第12号 係属中。文書提出命令に備える", 300)


class ReleaseForm(Form):
    """Let go of a stop."""

    words = _line("停止を解くわけ", "例：判決が確定した", 300)


class ProposeForm(Form):
    """Which due records are to be disposed of."""

    items = forms.MultipleChoiceField(
        label="廃棄する記録", required=False, widget=forms.CheckboxSelectMultiple
    )
    document_number = _line("決裁の文書番号", "", 60)
    words = _line("ひとこと", "", 300)

    def __init__(self, *args: Any, items: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = list(items)  # type: ignore[attr-defined]


# -- demands --------------------------------------------------------------------------------------------------------------


class DemandForm(Form):
    """A demand as it came."""

    kind = _choice("種類", DemandKind.choices())
    came_on = DayField(label="受けた日", help_text="空なら今日です。例：R8.6.9")
    requester = _line("だれから（請求・照会した方）", "書面のとおりに書きます", 120)
    requester_contact = _line("連絡先")
    agent = _line(
        "代理人が本人に代わって求めるときは、もとの依頼をした方",
        "弁護士などの場合。例：夫の代理なら、夫の名前",
        120,
    )
    their_number = _line("先方の文書番号・事件番号", "", 80)
    about_name = _line("だれのことか", "", 120)
    about_kana = _line("カナ", "", 120)
    about_birth = _line("生年月日", "例：S30.5.1", 40)
    wanted = _text("何を求めているか", "書かれた（言われた）とおりに")
    identity = _choice("本人確認", Identity.choices())
    powers = _choice("代理権の確認", Powers.choices())
    child = _choice("お子さんの気持ち（親が法定代理人として求めるとき）", ChildSays.choices())
    asks_as = forms.ChoiceField(
        label="亡くなった方との関係（死者情報の申出のとき）",
        required=False,
        choices=lambda: [("", "選んでください"), *code_choices("dead_requesters")],
        help_text="だれが求められるかは、市の要綱で決めています。戸籍などで確かめて「代理権の確認」に書きます。",
    )


class EditDemandForm(DemandForm):
    """Correct a demand; its kind and day stay."""

    kind = None  # type: ignore[assignment]
    came_on = None  # type: ignore[assignment]


class RecordForm(Form):
    """Whose record is meant."""

    party = forms.TypedChoiceField(
        label="どの記録か", coerce=int, empty_value=None, required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": "見つかった記録の中から選んでください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(str(pk), words) for pk, words in parties]  # type: ignore[attr-defined]


class MaskForm(Form):
    """Words to be blacked."""

    words = _line("消すことば", "文章の中のこのことばを、渡す紙のすべてで消します", 120)
    why = _choice("理由", WithheldFor.choices())


class ExtendForm(Form):
    """Answer later."""

    due_on = DayField(label="新しい期限")
    words = _line("延ばすわけ", "請求した方にも書面で伝えます")


class DecideForm(Form):
    """The decision."""

    answer = _choice("決定", ())
    words = _text("わけ・移送先", "お返事に載ります")
    document_number = _line("文書番号", "", 60)
    with_whom = forms.TypedChoiceField(
        label="いっしょに決めた人",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="保護している方の記録を渡すときは、ふたりで決めます",
    )

    def __init__(self, *args: Any, answers: Choices = (), others: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [("", "選んでください"), *answers]  # type: ignore[attr-defined]
        self.fields["with_whom"].choices = [("", "ひとりで決めた"), *((str(pk), name) for pk, name in others)]  # type: ignore[attr-defined]


class PackageForm(Form):
    """What is given."""

    papers = forms.MultipleChoiceField(label="渡す帳票", required=False, widget=forms.CheckboxSelectMultiple)
    mask = forms.ChoiceField(label="ほかの方の名前", choices=())
    withheld = _line("渡さない頁", "下見で見た頁の番号。例：3、5-6", 80)
    withheld_why = _choice("渡さない頁の理由", WithheldFor.choices())

    def __init__(self, *args: Any, papers: Choices = (), masks: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].choices = list(papers)  # type: ignore[attr-defined]
        self.fields["mask"].choices = list(masks)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Page numbers with their one reason: {3: "78-2", 5: "78-2"}."""
        typed = super().clean() or {}
        found: dict[int, str] = {}
        why = typed.get("withheld_why") or ""
        for part in (
            str(typed.get("withheld") or "")
            .replace("、", ",")
            .replace("，", ",")
            .replace("–", "-")
            .split(",")
        ):
            ends = [end.strip() for end in part.split("-")]
            if not part.strip():
                continue
            if (
                not all(end.isdecimal() for end in ends)
                or len(ends) > 2
                or int(ends[-1]) - int(ends[0]) > 500
            ):
                self.add_error("withheld", "頁は 3、5-6 のように数字で入れてください。")
                break
            found |= dict.fromkeys(range(int(ends[0]), int(ends[-1]) + 1), why)
        if found and not why:
            self.add_error("withheld_why", "渡さない頁の理由を選んでください。")
        typed["pages"] = found
        return typed


class AnswerForm(Form):
    """That whoever asked was answered."""

    answered_on = DayField(label="答えた日", help_text="空なら今日です")
    how = _line("渡し方", "例：窓口で本人に、書留郵便で", 120)


class WordsForm(Form):
    """One line of why."""

    words = _line("わけ", "", 200)


# -- incidents ------------------------------------------------------------------------------------------------------------


class ReportForm(Form):
    """An accident as it is first reported: one line is enough."""

    kind = forms.ChoiceField(
        label="何が起きましたか", choices=IncidentKind.choices(), widget=forms.RadioSelect,
        error_messages={"required": "いちばん近いものを選んでください。"},
    )  # fmt: skip
    words = _text(
        "ひとこと", "いつ、どこで、何が。分かることだけでかまいません。だれかを責める欄ではありません"
    )
    found_on = DayField(label="気づいた日", help_text="空なら今日です")
    party = _whose("だれの情報か（人・世帯の番号）", "分かれば。人のページの下に出ている番号です")


class IncidentForm(Form):
    """What 個情委 asks, as it becomes known."""

    words = _text("何が起きたか")
    items = _text("どんな情報が含まれていたか", "例：氏名、住所、病名", 2)
    persons = _number("何人分か")
    sensitive = forms.BooleanField(label="要配慮個人情報（病歴・障害・触法など）が含まれる", required=False)
    money = forms.BooleanField(label="財産的な被害につながるおそれがある", required=False)
    wilful = forms.BooleanField(label="不正の目的のおそれがある", required=False)
    from_on = DayField(label="いつから")
    until_on = DayField(label="いつまで")
    who_saw = _line("だれに渡ったか・だれが見たか")
    cause = _text("なぜ起きたか", "しくみのことを書きます", 2)
    spread = _text("二次被害のおそれと、広がり", "", 2)
    told_on = DayField(label="本人に伝えた日")
    told_words = _text("どう伝えたか・伝えられないわけ", "", 2)
    public_words = _text("公表", "", 2)
    measures = _text("再び起こさないために", "", 2)
    quick_on = DayField(label="速報した日（個人情報保護委員会）")
    full_on = DayField(label="確報した日")


class PartyForm(Form):
    """One more whose data it was."""

    party = _whose("人・世帯の番号", "人のページの下に出ている番号です")


class LookBackForm(Form):
    """The second person's look back."""

    words = _text(
        "ふりかえって気づいたこと", "決めたことは続いていますか。ほかでも起きうることはありましたか"
    )


# -- complaints -------------------------------------------------------------------------------------------------------------


class VoiceForm(Form):
    """What was said to us."""

    kind = forms.ChoiceField(
        label="どちらですか",
        choices=VoiceKind.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "苦情・要望・お礼のどれかを選んでください。"},
    )
    said_by = _choice("だれから", VoiceFrom.choices())
    words = _text("内容", "言われたとおりに書きます", 4)
    office = forms.TypedChoiceField(label="どの機関のことか", coerce=int, empty_value=None, required=False)
    about_worker = forms.TypedChoiceField(
        label="相手の職員（分かれば）",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="この人には見えません。管理職についての苦情は、代わりに答える人に届きます",
    )
    topic = _choice("何について", ())
    name = _line("言った方の名前", "言いたくないときは空けます", 120)
    contact = _line("連絡先")
    wants_answer = forms.BooleanField(label="返事がほしい", required=False, initial=True)
    party = _whose("だれの支援のことか（人・世帯の番号）", "分かれば")

    def __init__(
        self, *args: Any, offices: Choices = (), workers: Choices = (), topics: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", "選んでください"), *((str(pk), label) for pk, label in offices)]  # type: ignore[attr-defined]
        colleagues = [("", "決まった人のことではない"), *((str(pk), name) for pk, name in workers)]
        self.fields["about_worker"].choices = colleagues  # type: ignore[attr-defined]
        self.fields["topic"].choices = [("", "選んでください"), *topics]  # type: ignore[attr-defined]


class AnswerVoiceForm(Form):
    """How it was answered."""

    answer = _text("どう答えたか", "直接話したときは、日と要点を", 4)
    changed = _text("何を変えたか", "小さなことでも", 2)
    topic = _choice("何についてか", ())

    def __init__(self, *args: Any, topics: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", "変えない"), *topics]  # type: ignore[attr-defined]


class OverseerForm(Form):
    """Who answers where an office's own manager may not."""

    office = forms.TypedChoiceField(
        label="機関", coerce=int, empty_value=None, error_messages={"required": "機関を選んでください。"}
    )
    worker = forms.TypedChoiceField(
        label="代わりに見る人・答える人",
        coerce=int,
        empty_value=None,
        error_messages={"required": "人を選んでください。"},
    )

    def __init__(self, *args: Any, offices: Choices = (), workers: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", "選んでください"), *((str(pk), label) for pk, label in offices)]  # type: ignore[attr-defined]
        self.fields["worker"].choices = [("", "選んでください"), *((str(pk), name) for pk, name in workers)]  # type: ignore[attr-defined]
