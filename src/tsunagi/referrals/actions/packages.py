"""Packages (.tsunagi) between installations: keys that two people believe, a referral out, the answer back in."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import coordination_office, managers_of
from tsunagi.holding.rules import DeclineReason
from tsunagi.intake.actions import AboutWish, take_consultation
from tsunagi.intake.rules import CallerKind
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.referrals.access import sent_referral_for
from tsunagi.referrals.models import OwnKey, Package, PartnerKey, Referral
from tsunagi.referrals.queries.beyond import sheet_values, why_no_answer_is_taken
from tsunagi.referrals.rules.package import (
    Card,
    PackageKind,
    Pair,
    envelope,
    new_pair,
    pack,
    read_card,
    unpack,
)
from tsunagi.referrals.rules.package import Package as Opened
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.actions import write_disclosure
from tsunagi.sharing.models import Disclosure
from tsunagi.sharing.rules import DisclosureSource

from .replies import Reply, take_in_reply

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

LIVES = timedelta(days=14)
"""How long a package can be read: a sheet is answered within days, or sent anew."""
OLD_KEY_OPENS = timedelta(days=30)
"""How long a replaced key still opens what was on its way."""
MOST_WORDS = 20_000
"""Letters of a text that come in at most: a sheet's texts are far shorter."""


# -- keys -------------------------------------------------------------------------------------------------------------


def make_own_key(*, by: Worker, at: datetime, stolen: bool = False) -> OwnKey:
    """A fresh pair of keys for this installation. The one before opens what is on its way for 30 days; a stolen one
    opens nothing any more, and the partners are to be told by telephone."""
    before = OwnKey.objects.select_for_update().filter(replaced_at__isnull=True).first()
    if before is not None:
        before.replaced_at, before.replaced_by = at, by
        before.opens_until = at if stolen else at + OLD_KEY_OPENS
        before.save(update_fields=["replaced_at", "replaced_by", "opens_until"])
    if stolen:
        OwnKey.objects.filter(opens_until__gt=at).update(opens_until=at)
    pair = new_pair()
    card = pair.card
    made = OwnKey.objects.create(
        name=card.name, card=card.text, sealed=_seal(pair, card), made_by=by, made_at=at
    )
    record(
        "package.own_key_made", subject_kind="own_key", subject_id=made.pk, by=by.pk, at=at,
        detail={"before": before.pk if before else None, "stolen": stolen},
    )  # fmt: skip
    return made


def enter_partner_key(office: Office, text: str, *, by: Worker, at: datetime) -> PartnerKey:
    """Enter the line a partner sent. It is believed only after somebody else compared it by telephone."""
    if office.signs_in or not office.is_active:
        raise Refused("このシステムを使っていない、いま開いている機関を選んでください。", field="office")
    card = read_card(text)
    if OwnKey.objects.filter(name=card.name).exists():
        raise Refused("これは、こちらの鍵です。先方の画面にある1行を入れてください。", field="card")
    if PartnerKey.objects.filter(name=card.name).exists():
        raise Refused("この鍵は、すでに登録されています。止めた鍵は、もう使えません。", field="card")
    entered = PartnerKey.objects.create(
        office=office, name=card.name, card=card.text, entered_by=by, entered_at=at
    )
    record(
        "package.partner_key_entered", subject_kind="partner_key", subject_id=entered.pk, by=by.pk, at=at,
        detail={"office": office.pk},
    )  # fmt: skip
    return entered


def compare_partner_key(
    key: PartnerKey, *, heard: str, with_whom: str, by: Worker, at: datetime
) -> PartnerKey:
    """Another person than the one who entered it types what the partner reads aloud. The key before it ends."""
    current = PartnerKey.objects.select_for_update().get(pk=key.pk)
    if current.ended_at is not None:
        raise Refused("この鍵は、使うのをやめてあります。先方に新しい鍵を作ってもらってください。")
    if current.compared_at is not None:
        return current
    if current.entered_by_id == by.pk:
        raise Refused("指紋の読み合わせは、登録した人とは別の人がしてください。")
    if not with_whom.strip():
        raise Refused("先方のどなたと読み合わせたかを書いてください。", field="with_whom")
    if _digits(heard) != _digits(read_card(current.card).fingerprint):
        raise Refused(
            "聞いた数字が合いません。先方に、番号のわかっている電話でもう一度読んでもらってください。合わないときは、この鍵を止めてください。",
            field="heard",
        )
    for before in PartnerKey.objects.filter(
        office_id=current.office_id, compared_at__isnull=False, ended_at__isnull=True
    ).order_by("pk"):
        end_partner_key(before, reason="新しい鍵に替えた", by=by, at=at)
    current.compared_by, current.compared_at, current.compared_with = by, at, with_whom.strip()[:100]
    current.save(update_fields=["compared_by", "compared_at", "compared_with"])
    record(
        "package.partner_key_compared", subject_kind="partner_key", subject_id=current.pk, by=by.pk, at=at,
        detail={"office": current.office_id, "entered_by": current.entered_by_id},
    )  # fmt: skip
    return current


def end_partner_key(key: PartnerKey, *, reason: str, by: Worker, at: datetime) -> None:
    """Nothing is written to this key nor believed from it any more. One person is enough to stop."""
    current = PartnerKey.objects.select_for_update().get(pk=key.pk)
    if current.ended_at is not None:
        return
    if not reason.strip():
        raise Refused("使うのをやめるわけを書いてください。", field="reason")
    current.ended_at, current.ended_by, current.ended_reason = at, by, reason.strip()[:300]
    current.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    record(
        "package.partner_key_ended", subject_kind="partner_key", subject_id=current.pk, by=by.pk, at=at,
        detail={"office": current.office_id},
    )  # fmt: skip


# -- out --------------------------------------------------------------------------------------------------------------


def send_package(referral: Referral, *, by: Worker, at: datetime) -> tuple[Package, bytes]:
    """The sheet of a referral as a package for the office it goes to: what paper would show, and nothing else."""
    told = why_no_answer_is_taken(referral)
    if told:
        raise Refused(told)
    partner, card = _partner_of(referral.to_office_id)
    values = sheet_values(by, referral, on=day_of(at))
    return _write(
        PackageKind.REFERRAL, _sheet(values), partner=partner, card=card, by=by, at=at,
        referral=referral,
    )  # fmt: skip


def send_answer(came: Package, reply: Reply, *, by: Worker, at: datetime) -> tuple[Package, bytes]:
    """Our answer to a referral that came in as a package, as a package back: the five cells of the 返信票."""
    for words in (reply.words, reply.who):
        refuse_my_number(words, "ことば")
    if not came.incoming or came.kind != PackageKind.REFERRAL:
        raise Refused("返事を返せるのは、届いたつなぎの包みだけです。")
    if reply.accepted is None and reply.met_on is None:
        raise Refused("受けますか、受けませんかの印を選んでください。", field="answer")
    if reply.accepted is False and not reply.reason:
        raise Refused("受けられないわけを選んでください。", field="reason")
    if reply.accepted and not reply.who.strip():
        raise Refused("こちらの担当を書いてください。先方が電話するときの名前です。", field="who")
    partner, card = _partner_of(came.partner.office_id)
    content = {
        "number": came.their_number,
        "accepted": reply.accepted,
        "reason": reply.reason,
        "who": reply.who,
        "met_on": reply.met_on.isoformat() if reply.met_on else "",
        "next_on": reply.next_on.isoformat() if reply.next_on else "",
        "words": reply.words,
    }
    return _write(PackageKind.ANSWER, content, partner=partner, card=card, by=by, at=at, came=came)


def _write(
    kind: PackageKind,
    content: Mapping[str, Any],
    *,
    partner: PartnerKey,
    card: Card,
    by: Worker,
    at: datetime,
    referral: Referral | None = None,
    came: Package | None = None,
) -> tuple[Package, bytes]:
    own = OwnKey.objects.filter(replaced_at__isnull=True).first()
    if own is None:
        raise Refused("こちらの鍵がまだありません。システム管理者に作ってもらってください。")
    until = at + LIVES
    number, made = pack(
        kind, content, by=_unseal(own), to=card, at=at, until=until, answers=came.number if came else None
    )
    stored = Package.objects.create(
        incoming=False, kind=kind, number=number, partner=partner, referral=referral, answers=came,
        their_number=came.their_number if came else "", issued_at=at, until_at=until, worker=by, at=at,
    )  # fmt: skip
    if referral is not None:
        _write_down(referral, by=by, at=at)
    record(
        "package.sent", subject_kind="referral" if referral else "package",
        subject_id=referral.pk if referral else stored.pk, by=by.pk, at=at,
        ground=referral.ground if referral else "",
        detail={"package": stored.pk, "office": partner.office_id, "kind": kind.value},
    )  # fmt: skip
    return stored, made


def _write_down(referral: Referral, *, by: Worker, at: datetime) -> None:
    """The package gives what the sheet gave: one row of the ledger for both, written here where the sheet has none."""
    if Disclosure.objects.filter(source=DisclosureSource.REFERRAL, source_id=referral.pk).exists():
        return
    write_disclosure(
        giver_id=referral.from_office_id,
        receiver_id=referral.to_office_id,
        person_id=referral.party_id,
        facets=referral.facets,
        items=f"つなぎ {referral.number}（暗号の包み）",
        reason=referral.reason or "つなぎ",
        ground=referral.ground or "04",
        source=DisclosureSource.REFERRAL,
        source_id=referral.pk,
        by=by,
        at=at,
    )


def _partner_of(office_id: int) -> tuple[PartnerKey, Card]:
    partner = PartnerKey.objects.filter(
        office_id=office_id, compared_at__isnull=False, ended_at__isnull=True
    ).first()
    if partner is None:
        raise Refused(
            "この機関の鍵がないか、読み合わせがまだです。紙かExcelで送るか、システム管理者に鍵の登録を頼んでください。"
        )
    return partner, read_card(partner.card)


_LINES = ("reason", "wishes", "household_words", "person_told", "person_told_words")
_NAMES = ("city", "from_office", "from_worker", "from_phone", "from_fax", "from_hours", "sent_on", "due_on")


def _sheet(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the printed sheet shows, by the same names."""
    kept = {name: str(values[name] or "") for name in ("number", "reply_number", *_NAMES, *_LINES)}
    return kept | {name: values[name] for name in ("person", "ways", "household", "concerns", "troubles")}


# -- in ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrived:
    """What a package that was read in became: a consultation at our desk, or an answer to a referral of ours."""

    package: Package
    referral_id: int | None = None
    consultation_id: int | None = None


def read_package(data: bytes, *, office_id: int, by: Worker, at: datetime) -> Arrived:
    """Read a package in, once. A referral becomes a consultation of this office; an answer is recorded as a 返信票 is.

    Raises Refused with what to do for everything that is not as it should be (`rules.package`), and changes nothing then.
    """
    outside = envelope(data)
    pair = _own(outside.addressee, at)
    partner = _believed(outside.sender)
    opened = unpack(data, opened_by=pair, sender=read_card(partner.card), at=at)
    if Package.objects.filter(incoming=True, number=opened.number).exists():
        raise Refused("この包みは、すでに読み込んであります。同じものが二度届いたようです。")
    if opened.kind is PackageKind.REFERRAL:
        return _referral_came(opened, partner, office_id=office_id, by=by, at=at)
    return _answer_came(opened, partner, by=by, at=at)


def _own(name: str, at: datetime) -> Pair:
    own = OwnKey.objects.filter(name=name).first()
    if own is None:
        raise Refused(
            "この包みは、別のあて先に送られたものです。開かずに、届いた経路を先方に確かめてください。"
        )
    if own.opens_until is not None and own.opens_until <= at:
        raise Refused("止めた鍵で包まれています。先方に、こちらの新しい鍵で作り直してもらってください。")
    return _unseal(own)


def _believed(name: str) -> PartnerKey:
    partner = PartnerKey.objects.filter(name=name).select_related("office").first()
    if partner is None:
        raise Refused(
            "登録のない相手からの包みです。開いていません。先方がわかるときは、システム管理者に鍵の登録を頼んでください。"
        )
    if partner.ended_at is not None:
        raise Refused(
            "使うのをやめた鍵で署名されています。開いていません。先方に電話で確かめ、情報システム担当に知らせてください。"
        )
    if partner.compared_at is None:
        raise Refused(
            "先方の鍵の読み合わせがまだです。システム管理者に、電話での読み合わせを頼んでください。"
        )
    return partner


def _referral_came(
    opened: Opened, partner: PartnerKey, *, office_id: int, by: Worker, at: datetime
) -> Arrived:
    told = opened.content
    person = {str(label): str(value) for label, value in _pairs(told.get("person"))}
    consultation = take_consultation(
        by=by, at=at, office_id=office_id, caller_kind=CallerKind.AGENCY, words=_as_words(told, partner),
        about=AboutWish(
            name=person.get("氏名", "")[:120], kana=person.get("フリガナ", "")[:120], words=person.get("だれの", "")[:120]
        ),
    )  # fmt: skip
    stored = Package.objects.create(
        incoming=True, kind=opened.kind, number=opened.number, partner=partner, consultation=consultation,
        their_number=str(told.get("number", ""))[:20], issued_at=opened.issued_at, until_at=opened.until_at,
        worker=by, at=at,
    )  # fmt: skip
    _read(stored, by=by, at=at)
    return Arrived(stored, consultation_id=consultation.pk)


def _answer_came(opened: Opened, partner: PartnerKey, *, by: Worker, at: datetime) -> Arrived:
    asked = (
        Package.objects.filter(
            incoming=False,
            kind=PackageKind.REFERRAL,
            number__in=[opened.answers] if opened.answers else [],
            partner__office_id=partner.office_id,
        )
        .select_related("referral")
        .first()
    )
    if asked is None or asked.referral is None:
        raise Refused(
            "こちらから送っていない包みへの返事です。先方に、どのつなぎへの返事かを確かめてください。"
        )
    told = opened.content
    referral = sent_referral_for(by, asked.referral.pk)
    if told.get("number") != referral.number:
        raise Refused("返事の番号と、送ったつなぎの番号が違います。先方に確かめてください。")
    stored = Package.objects.create(
        incoming=True, kind=opened.kind, number=opened.number, partner=partner, referral=referral, answers=asked,
        their_number=referral.number or "", issued_at=opened.issued_at, until_at=opened.until_at, worker=by, at=at,
    )  # fmt: skip
    take_in_reply(referral, _reply(told), channel="package", by=by, at=at)
    _read(stored, by=by, at=at)
    return Arrived(stored, referral_id=referral.pk)


def _read(stored: Package, *, by: Worker, at: datetime) -> None:
    record(
        "package.read", subject_kind="package", subject_id=stored.pk, by=by.pk, at=at,
        detail={"office": stored.partner.office_id, "kind": stored.kind, "referral": stored.referral_id,
                "consultation": stored.consultation_id},
    )  # fmt: skip


def tell_of_trouble(sentence: str, *, by: Worker, at: datetime) -> None:
    """くらし連携担当 learns that a package was refused (no name stands in it): a forgery is never one desk's matter."""
    office = coordination_office()
    if office is not None:
        tell(managers_of(office.pk), f"つなぎの包みを読み込めませんでした。{sentence}"[:200], "/tsunagi/packages/",
             kind="referral", at=at)  # fmt: skip


def _reply(told: Mapping[str, Any]) -> Reply:
    """The five cells, as strictly as those of a book: what is odd is refused, nothing is guessed."""
    accepted = told.get("accepted")
    reason = str(told.get("reason", ""))
    odd = accepted not in (True, False, None) or reason not in ("", *(one.value for one in DeclineReason))
    try:
        met_on, next_on = _day(told.get("met_on")), _day(told.get("next_on"))
    except (ValueError, TypeError):
        odd, met_on, next_on = True, None, None
    if odd:
        raise Refused("返事の中身に、このシステムにない選択肢があります。先方に紙で送ってもらってください。")
    return Reply(
        accepted, reason, str(told.get("who", ""))[:100], met_on, next_on, str(told.get("words", ""))[:MOST_WORDS]
    )  # fmt: skip


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _pairs(rows: Any) -> list[tuple[str, str]]:
    if not isinstance(rows, list):
        return []
    return [(str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) == 2]


def _texts(rows: Any) -> list[str]:
    return [str(row) for row in rows] if isinstance(rows, list) else []


def _as_words(told: Mapping[str, Any], partner: PartnerKey) -> str:
    """The sheet as a consultation keeps it: the sender's words, under the sheet's headings."""
    blocks: list[tuple[str, str]] = [
        ("先方のつなぎ番号", str(told.get("reply_number", ""))),
        ("送った機関", " ".join(str(told.get(name, "")) for name in ("city", "from_office", "from_worker"))),
        (
            "電話・FAX",
            " / ".join(str(told.get(name, "")) for name in ("from_phone", "from_fax", "from_hours")),
        ),
        ("返事の期限", str(told.get("due_on", ""))),
        ("本人", "\n".join(f"{label}: {value}" for label, value in _pairs(told.get("person")))),
        ("連絡のしかた", "\n".join(f"{label}: {value}" for label, value in _pairs(told.get("ways")))),
        ("世帯", "、".join(f"{one}({other})" for one, other in _pairs(told.get("household")))),
        ("世帯のようす", str(told.get("household_words", ""))),
        ("課題", "\n".join(_texts(told.get("concerns")))),
        ("お困りごと", "、".join(_texts(told.get("troubles")))),
        ("紹介する理由", str(told.get("reason", ""))),
        ("相談したいこと・配慮してほしいこと", str(told.get("wishes", ""))),
        (
            "本人への説明",
            " ".join(str(told.get(name, "")) for name in ("person_told", "person_told_words")),
        ),
    ]
    lines = [f"【{head}】{words.strip()}" for head, words in blocks if words.strip(" /\n")]
    return "\n".join([f"{partner.office.label}から届いたつなぎ", *lines])[:MOST_WORDS]


# -- the secret half --------------------------------------------------------------------------------------------------


def _master() -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tsunagi package key").derive(
        settings.SECRETS_KEY.encode()
    )


def _seal(pair: Pair, card: Card) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_master()).encrypt(nonce, pair.signing + pair.opening, card.name.encode())


def _unseal(own: OwnKey) -> Pair:
    sealed = bytes(own.sealed)
    try:
        plain = AESGCM(_master()).decrypt(sealed[:12], sealed[12:], own.name.encode())
    except (InvalidTag, ValueError):
        raise Refused(
            "こちらの鍵を開けられません。控えから戻したときは、鍵のことば(TSUNAGI_SECRETS_KEY)も戻してください。"
        ) from None
    return Pair(plain[:32], plain[32:])


def _digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
