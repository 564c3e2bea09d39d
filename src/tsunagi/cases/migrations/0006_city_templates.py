"""The city's first templates for common notes; a city changes them, or takes them out of use, on its own page."""

from typing import ClassVar

from django.db import migrations

TEMPLATES = [
    (
        "訪問(会えた)",
        "visit",
        "{日付} {時刻} 自宅を訪問。\n会えた人：\n部屋・体・表情のようす：\n話されたこと：「」\n",
        "前と変わったこと：\n気がかりなこと：\n",
        "次に確かめること：\n",
        "",
    ),
    (
        "訪問(会えなかった)",
        "visit",
        "{日付} {時刻} 訪問したが会えず。\n郵便受け・明かり・物音：\n残したもの（手紙・名刺・なし）：\n",
        "",
        "次に試すこと（曜日・時間・人を変える）：\n",
        "",
    ),
    (
        "電話",
        "phone",
        "{日付} {時刻} 電話（かけた・かかってきた）。\n話した人：\n話されたこと：「」\nこちらから伝えたこと：\n",
        "",
        "",
        "",
    ),
    (
        "面談",
        "meeting",
        "{日付} {時刻} {機関}で面談。\n来られた人：\n話されたこと：「」\nこちらから伝えたこと・渡したもの：\n",
        "本人はどう思っているか：\n私の見立て：\n",
        "本人と決めたこと：\n",
        "",
    ),
    (
        "他機関との協議",
        "other_office",
        "{日付} {時刻} 相手の機関・担当：\n伝えたこと（根拠）：\n聞いたこと：\n",
        "",
        "だれが・何を・いつまでに：\n",
        "",
    ),
    (
        "同行(受診・手続き)",
        "visit",
        "{日付} {時刻} 同行先：\n用件と結果：\n本人のようす・話されたこと：「」\n受け取った書類：\n",
        "",
        "次の受診・手続き：\n",
        "",
    ),
]


def load(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Write them down once."""
    from django.utils import timezone

    template = apps.get_model("cases", "NoteTemplate")
    template.objects.bulk_create(
        template(
            of="city", name=name, kind=kind, facts=facts, judgement=judgement, policy=policy, next_step=next_step,
            written_at=timezone.now(),
        )
        for name, kind, facts, judgement, policy, next_step in TEMPLATES
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0005_beside_the_record")]

    operations: ClassVar = [migrations.RunPython(load, migrations.RunPython.noop)]
