"""What a notice may say: it stands on a screen others walk past, so it never says whom it is about (個情法 23条)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from tsunagi.shared.days import Calendar
from tsunagi.shared.labels import Labelled
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


# -- letters (e-mail): that something waits, and nothing else -----------------------------------------------------------

SUBJECT_LINE = "つなぎ: お知らせ"
"""The same for every letter: what it is about must not stand on a telephone's locked screen."""

BODY = """つなぎに、あなたを待っているものがあります。
サインインして確かめてください。

{address}

このメールには、だれの、何のことかは書いていません。返信はできません。
メールの受け取り方は、サインインのあと「マイページ」で変えられます。
"""

CODE_BODY = """つなぎで、このアドレスを確かめています。
サインインしたまま、次の番号を画面に入れてください(30分のあいだ使えます)。

{code}

心あたりがないときは、このメールを消してください。何も起こりません。
"""

OPENS, CLOSES = time(8, 0), time(18, 0)
"""Letters are sent on open days between these hours, or until the office's own closing hour."""

APART = timedelta(minutes=30)
"""Two letters to the same address are at least so far apart: both would say the same."""

MOST_TRIES = 15
"""Then a letter is given up: some four working days. What it would have said stands on 今日 all the time."""

WAITS = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 30, 60, 120, 240))
"""How long to wait after the first, second, … failed try."""

MOST_REFUSALS = 3
"""So often in a row the mail server may say that an address does not exist; then it is switched off."""

CODE_VALID = timedelta(minutes=30)
MOST_CODE_TRIES = 5
MOST_CODES_AN_HOUR = 5


class MailKind(Labelled):
    """What a worker may be told of by letter."""

    REFERRAL = "referral", "つなぎ(届いた・返事・催促)"
    MESSAGE = "message", "伝言"
    SECOND = "second", "二人目の確認"
    HANDOVER = "handover", "引き継ぎ・代行"
    WORD = "word", "声かけ・問い合わせ"
    OTHER = "other", "そのほか"


class MailWish(Labelled):
    """How."""

    NOW = "now", "すぐに"
    DAILY = "daily", "1日1回まとめて"
    NONE = "none", "送らない"


_KIND_OF = {
    "referral": MailKind.REFERRAL,
    "message": MailKind.MESSAGE,
    "second": MailKind.SECOND,
    "handover": MailKind.HANDOVER,
    "acting": MailKind.HANDOVER,
    "word": MailKind.WORD,
    "enquiry": MailKind.WORD,
}


def mail_kind(notice_kind: str) -> MailKind:
    """Under which choice a notice falls."""
    return _KIND_OF.get(notice_kind, MailKind.OTHER)


def wish_for(choices: Mapping[str, str], notice_kind: str) -> MailWish:
    """What the worker chose for such a notice; once a day when they chose nothing."""
    try:
        return MailWish(choices.get(mail_kind(notice_kind), MailWish.DAILY))
    except ValueError:
        return MailWish.DAILY


def kinds_with(choices: Mapping[str, str], wish: MailWish) -> tuple[list[str], bool]:
    """The notice kinds for which this was chosen, and whether all kinds without a name of their own are among them."""
    chosen = [kind for kind in _KIND_OF if wish_for(choices, kind) is wish]
    return chosen, wish_for(choices, "") is wish


def named_kinds() -> list[str]:
    """The notice kinds that have a choice of their own."""
    return list(_KIND_OF)


def may_send_at(at: datetime, calendar: Calendar, closes: time | None) -> datetime:
    """The first moment from `at` on at which a letter may go: an open day, not before eight, not after closing."""
    until = closes or CLOSES
    day = at.date()
    for _ in range(370):
        if calendar.is_open(day):
            first = at.replace(
                year=day.year,
                month=day.month,
                day=day.day,
                hour=OPENS.hour,
                minute=0,
                second=0,
                microsecond=0,
            )
            if day > at.date() or at.time() < OPENS:
                return first
            if at.time() < until:
                return at
        day += timedelta(days=1)
    return at


def next_try(tries: int, at: datetime) -> datetime:
    """When to try again after so many failed tries."""
    return at + WAITS[min(max(tries, 1), len(WAITS)) - 1]


_ANSWERS = {
    "line": "つながらないか、途中で切れました",
    "timeout": "時間のうちに答えませんでした",
    "unknown host": "サーバーの名前が見つかりません",
    "certificate": "サーバーの証明書を確かめられません",
    "not offered": "暗号での通信(STARTTLS)に応じないため、送っていません",
    "connect": "接続を断られました",
    "helo": "はじめのあいさつを断られました",
    "auth": "サーバーへのサインインを断られました",
    "from": "差出人のアドレスを断られました",
    "rcpt": "宛先を、いまは断られました",
    "data": "内容を断られました",
}


def answer_words(code: str) -> str:
    """What a mail server did, for the administrator; with the number it said."""
    step, _, number = code.partition(" ")
    said = _ANSWERS.get(code) or _ANSWERS.get(step, "読み取れない答えでした")
    return f"{said}({number})" if number.lstrip("-").isdigit() else said
