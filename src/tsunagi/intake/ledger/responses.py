"""「地域包括支援センター 連絡待ち」 is a place and a state. Also: who the one who came is (「長女(田中)」)."""

from __future__ import annotations

import re

from tsunagi.intake.rules import CallerKind

from . import looks
from .endings import is_state
from .words import folded

_PLACE = re.compile(
    r"(センター|ｾﾝﾀｰ|課|係|室|局|所|署|館|園|校|院|会|部|署|機構|法人|担当|社協|包括|窓口|ワーク|テラス|バンク|ハウス|ホーム|ステーション|事務所|協議会"
    r"|民生委員|弁護士|司法書士|サポステ|若者サポートステーション|ケアマネ|基幹|生保|福祉|支援員|クリニック)$"
)
_INTO = re.compile(
    r"^(?P<place>.{2,30}?)(?:へ|に)(?P<state>(?:つな|繋|引き?継|紹介|送致|移管|案内|依頼|通告|通報|申し?送).{0,14})$"
)
_STATE_FIRST = re.compile(r"^(?P<state>[^\s(（→⇒]{2,12})\s*(?:[→⇒]|[(（])\s*(?P<place>[^)）]{2,40})[)）]?$")
_BREAKS = re.compile(r"[\s　/／|｜→⇒,、;；:：・]+")


def split_response(words: str) -> tuple[str, str, str]:
    """(destination, state, what is left) of one cell. All but prose is cut; prose is left whole."""
    text = " ".join(words.split())
    if not text:
        return "", "", ""
    if is_state(text) and len(text) <= 14 and not _INTO.match(text) and not _BREAKS.search(text):
        found = _STATE_FIRST.match(text)
        if found and is_state(found["state"]) and not is_state(found["place"]):
            return found["place"], found["state"], ""
        return "", text, ""
    if found := _INTO.match(text):
        return found["place"], found["state"], ""
    found = _STATE_FIRST.match(text)
    if found and is_state(found["state"]) and not is_state(found["place"]) and _PLACE.search(found["place"]):
        return found["place"], found["state"], ""
    gaps = list(_BREAKS.finditer(text))
    for gap in reversed(gaps):
        before, after = text[: gap.start()], text[gap.end() :]
        if after and is_state(after) and len(after) <= 20 and len(before) <= 40 and _names_places(before):
            return before, after, ""
    for gap in gaps:
        before, after = text[: gap.start()], text[gap.end() :]
        if is_state(before) and len(before) <= 14 and _names_places(after):
            return after, before, ""
    if _names_places(text):
        return text, "", ""
    if is_state(text) and len(text) <= 20:
        return "", text, ""
    return "", "", words


def _names_places(text: str) -> bool:
    parts = [part.strip("()（）") for part in _BREAKS.split(text) if part.strip("()（）")]
    return (
        bool(parts)
        and len(text) <= 60
        and all(_PLACE.search(folded(part)) and len(part) <= 24 for part in parts)
    )


_KINDS: tuple[tuple[CallerKind, re.Pattern[str]], ...] = (
    (CallerKind.ANONYMOUS, re.compile(r"匿名|名乗らず|名乗り?なし")),
    (CallerKind.SELF, re.compile(r"^(ご?本人|自分|当事者)$")),
    (CallerKind.COMMISSIONER, re.compile(r"民生|児童委員|民児")),
    (
        CallerKind.FAMILY,
        re.compile(
            r"^(同居の?|別居の?)?(夫|妻|父|母|親|両親|父親|母親|長男|長女|[二三四次]男|[二三四次]女|息子|娘|子|子供|子ども|兄|姉|弟|妹|兄弟|姉妹|きょうだい"
            r"|祖父|祖母|孫|おじ|おば|叔父|叔母|伯父|伯母|甥|姪|いとこ|義.|嫁|婿|配偶者|内縁.*|パートナー|元夫|元妻|親族|家族|親戚|母方.*|父方.*)$"
        ),
    ),
    (CallerKind.NEIGHBOUR, re.compile(r"近隣|近所|隣人|隣家|知人|友人|大家|家主|管理会社|不動産|自治会|町内会|同居人")),
    (CallerKind.SECTION, re.compile(r"(水道|税務?|納税|福祉|保護|障がい|障害|高齢|国保|年金|住宅|市民|子育て|こども|保険|健康|防災|総務|教育).*(課|係|室|担当)$|庁内|他課|市役所")),
)  # fmt: skip


def caller_kind_of(relation: str) -> CallerKind | None:
    """Who brought it, by the ledger's own word (続柄・立場); None for no word."""
    plain = folded(re.split(r"[(（]", relation)[0])
    if not plain or plain in ("不明", "-", "?"):
        return None
    for kind, pattern in _KINDS:
        if pattern.search(plain):
            return kind
    return CallerKind.AGENCY if plain in looks.RELATIONS or _PLACE.search(plain) else None


def caller_in(words: str) -> tuple[str, str]:
    """(relation, name) of a cell that may hold either or both: 「長女 田中花子」「田中花子(長女)」「民生委員」."""
    text = " ".join(words.split())
    if not text:
        return "", ""
    if found := re.fullmatch(r"(?P<one>[^(（]+)[(（](?P<two>[^)）]+)[)）]?", text):
        one, two = found["one"].strip(), found["two"].strip()
        if looks.is_relation(two) and not looks.is_relation(one):
            return two, one
        if looks.is_relation(one):
            return one, two
    if found := re.fullmatch(r"(?P<one>\S+?)[\s・:：]+(?P<two>.+)", text):
        if looks.is_relation(found["one"]):
            return found["one"], found["two"]
        if looks.is_relation(found["two"].split()[-1]) and not looks.is_relation(found["one"]):
            return found["two"].split()[-1], text[: -len(found["two"].split()[-1])].strip()
    if looks.is_relation(text) or _PLACE.search(folded(text)):
        return text, ""
    return ("", text) if looks.is_name(text) else (text, "")
