"""What a notice may say: it stands on a screen others walk past, so it never says whom it is about (個情法 23条)."""

from __future__ import annotations

import re

from tsunagi.shared.my_number import find

LONGEST = 300

# さん in たくさん and 皆さん, 様 in 様子 and 様式, 氏 in 氏名 name nobody.
_HONORIFIC = re.compile(
    r"(?<!たく)(?<!皆)(?<!みな)さん|ちゃん|(?<=[\u4e00-\u9fff])くん|(?<![\u4e00-\u9fff])君|様(?![子式々])|殿|氏(?!名)"
)
_TELEPHONE = re.compile(r"(?<![0-9])0[0-9]{1,4}[-ー－(（)）\s]?[0-9]{1,4}[-ー－)）\s]?[0-9]{3,4}(?![0-9])")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_BORN = re.compile(r"生まれ|[0-9０-９]+[歳才]")


class NotForANotice(ValueError):
    """A notice was about to name somebody, or to lead out of the product. Never repeats the sentence."""


def check_notice(sentence: str, link: str) -> None:
    """Raise NotForANotice for a sentence with a person's name, number, address of mail or age, or a link elsewhere.

    A name without さん・様・氏 cannot be told from another word: sentences are written in the program, with numbers for
    the people they are about (「つなぎ R8-0012 が届きました」), and this catches the slip.
    """
    if not sentence.strip() or len(sentence) > LONGEST:
        raise NotForANotice(f"お知らせの文は1文字以上{LONGEST}文字までです。")
    for what, pattern in (
        ("敬称", _HONORIFIC),
        ("電話番号", _TELEPHONE),
        ("メールアドレス", _MAIL),
        ("年齢", _BORN),
    ):
        if pattern.search(sentence):
            raise NotForANotice(f"お知らせの文に{what}が入っています。番号だけで書いてください。")
    if find(sentence) is not None:
        raise NotForANotice("お知らせの文に個人番号と思われる番号が入っています。")
    if link and (not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise NotForANotice("お知らせの行き先は、この製品の中のページに限ります。")
