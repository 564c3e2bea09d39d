"""Packages between two installations: keys two people believe, a referral out, the answer back in, everything odd refused."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from tests.factories import NOW, a_concern, a_person, a_worker, an_office, an_outside_agency, office_of
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Field, Role
from tsunagi.holding.models import Hold
from tsunagi.intake.models import Consultation
from tsunagi.journal.models import Entry
from tsunagi.people.actions import protect, register_person
from tsunagi.referrals import actions
from tsunagi.referrals.actions import packages as deeds
from tsunagi.referrals.actions.replies import Reply
from tsunagi.referrals.models import OwnKey, Package, PartnerKey, Referral
from tsunagi.referrals.rules.package import (
    BIGGEST,
    LONGEST,
    PackageKind,
    Pair,
    new_pair,
    pack,
    read_card,
    unpack,
)
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

THEIRS = new_pair()
LATER = NOW + timedelta(days=1)
Call = Any


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Call) -> None:
    set_clock(NOW)


@pytest.fixture
def sender() -> Worker:
    a_worker(an_office("くらし連携担当", field=Field.COORDINATION), role=Role.COORDINATOR)
    return a_worker(an_office("福祉なんでも相談室", phone="075-000-0001"), name="相田 ゆき")


@pytest.fixture
def two() -> tuple[Worker, Worker]:
    desk = an_office("情報システム担当")
    return (
        a_worker(desk, role=Role.SYSTEM_ADMINISTRATOR, name="管理 いち"),
        a_worker(desk, role=Role.SYSTEM_ADMINISTRATOR, name="管理 に"),
    )


@pytest.fixture
def neighbour(two: tuple[Worker, Worker]) -> Office:
    """A neighbouring city that runs Tsunagi too; its key was compared, ours is made."""
    office = an_office("となり市 福祉課", duty=False, run_by="outside", legal_kind="other_municipality")
    deeds.make_own_key(by=two[0], at=NOW)
    believed(office, THEIRS, two)
    return office


def believed(office: Office, pair: Pair, two: tuple[Worker, Worker], at: datetime = NOW) -> PartnerKey:
    key = deeds.enter_partner_key(office, pair.card.text, by=two[0], at=at)
    return deeds.compare_partner_key(
        key, heard=pair.card.fingerprint, with_whom="となり市の佐野さん", by=two[1], at=at
    )


def ours() -> Any:
    return read_card(OwnKey.objects.get(replaced_at__isnull=True).card)


def sent(by: Worker, to: Office, **fields: Any) -> Referral:
    of = fields.pop("of", None)
    with opened_trail(None, "test"):
        referral = actions.send_referral(
            [a_concern(held_by=by, of=of, description="家賃が払えない").pk], to_office=to, person_told="agreed", by=by, at=NOW,
            **({"reason": "引っ越すので支援を続けてほしい"} | fields),
        )  # fmt: skip
        connection.check_constraints()
    return referral


def packed(referral: Referral, by: Worker) -> bytes:
    with opened_trail(by.pk, "test", NOW):
        return deeds.send_package(referral, by=by, at=NOW)[1]


def answer(to: bytes, *, at: datetime = NOW, by: Pair = THEIRS, **said: Any) -> bytes:
    """What the neighbour's installation writes back."""
    got = unpack(to, opened_by=THEIRS, sender=ours(), at=at)
    content = {"number": got.content["number"], "accepted": True, "reason": "", "who": "佐野", "met_on": "",
               "next_on": "", "words": "引き受けます"} | said  # fmt: skip
    return pack(
        PackageKind.ANSWER,
        content,
        by=by,
        to=ours(),
        at=at,
        until=at + timedelta(days=8),
        answers=got.number,
    )[1]


def read(data: bytes, by: Worker, *, at: datetime = NOW) -> deeds.Arrived:
    with opened_trail(by.pk, "test", at), transaction.atomic():
        arrived = deeds.read_package(data, office_id=office_of(by).pk, by=by, at=at)
        connection.check_constraints()
    return arrived


def incoming(*, by: Pair = THEIRS, to: Any = None, at: datetime = NOW, **content: Any) -> bytes:
    """A referral the neighbour sends us."""
    told = {
        "number": "つ8-00077",
        "reply_number": "08-00077-1",
        "from_office": "となり市福祉課",
        "from_worker": "佐野",
        "person": [["氏名", "東 ひろし"], ["住所", "となり市1-1"]],
        "concerns": ["引っ越してきたばかりで知り合いがいない"],
        "reason": "転入されたので",
    } | content
    return pack(PackageKind.REFERRAL, told, by=by, to=to or ours(), at=at, until=at + timedelta(days=8))[1]


# -- the closed loop --------------------------------------------------------------------------------------------------


def test_a_referral_goes_out_and_its_answer_closes_the_loop(sender: Worker, neighbour: Office) -> None:
    referral = sent(sender, neighbour)
    out = packed(referral, sender)
    for word in ("家賃", "引っ越す", "福祉なんでも", referral.number or ""):
        assert word.encode() not in out
    got = unpack(out, opened_by=THEIRS, sender=ours(), at=NOW)
    assert got.content["number"] == referral.number
    assert got.content["concerns"] == ["家賃が払えない"]
    arrived = read(answer(out, met_on="2026-06-09", next_on="2026-06-30"), sender)
    referral.refresh_from_db()
    assert arrived.referral_id == referral.pk
    assert (referral.state, referral.answered_who) == ("accepted", "佐野")
    assert referral.first_contact_at is not None
    hold = Hold.objects.get(concern__in=referral.rows.values("concern_id"), closed_at__isnull=True)
    assert hold.kind == "following_through"
    said = Entry.objects.filter(action__startswith="package.").order_by("id").values_list("action", flat=True)
    assert list(said)[-2:] == ["package.sent", "package.read"]


def test_a_no_comes_back_with_its_reason(sender: Worker, neighbour: Office) -> None:
    referral = sent(sender, neighbour)
    read(answer(packed(referral, sender), accepted=False, reason="jurisdiction", who=""), sender)
    referral.refresh_from_db()
    assert (referral.state, referral.decline_reason) == ("declined", "jurisdiction")


def test_what_comes_in_is_a_consultation_and_is_answered_by_package(
    sender: Worker, neighbour: Office, client_of: Call
) -> None:
    arrived = read(incoming(), sender)
    consultation = Consultation.objects.get(pk=arrived.consultation_id)
    assert "引っ越してきたばかり" in consultation.words
    assert consultation.party_id is None
    with opened_trail(sender.pk, "test", NOW):
        _, back = deeds.send_answer(arrived.package, Reply(accepted=True, who="相田"), by=sender, at=NOW)
    got = unpack(back, opened_by=THEIRS, sender=ours(), at=NOW)
    assert got.answers == arrived.package.number
    assert (got.content["number"], got.content["accepted"], got.content["who"]) == ("つ8-00077", True, "相田")
    page = client_of(sender).get(reverse("referrals:package", args=[arrived.package.pk]))
    assert "返事を包む" in page.content.decode()


def test_only_the_allowed_facets_leave_and_no_protected_place(sender: Worker, neighbour: Office) -> None:
    her = register_person(by=sender, at=NOW, name="北山 美月", phones=["090-5555-6666"],
                          addresses=["長岡京市開田2-25-14"], office=office_of(sender).pk)  # fmt: skip
    protect(her, by=sender, at=NOW)
    referral = sent(sender, neighbour, of=her)
    Referral.objects.filter(pk=referral.pk).update(facets=["basic"])
    referral.refresh_from_db()
    got = unpack(packed(referral, sender), opened_by=THEIRS, sender=ours(), at=NOW)
    whole = str(dict(got.content))
    for hidden in ("開田", "5555", "家賃", "引っ越すので"):
        assert hidden not in whole
    assert "非開示" in whole


def test_words_that_name_a_protected_place_stop_the_package(sender: Worker, neighbour: Office) -> None:
    her = register_person(by=sender, at=NOW, name="北山 美月", addresses=["長岡京市開田2-25-14"],
                          office=office_of(sender).pk)  # fmt: skip
    protect(her, by=sender, at=NOW)
    referral = sent(sender, neighbour, of=her, reason="いまは 長岡京市開田2-25-14 にいる")
    with pytest.raises(Refused, match="守っている住所"):
        packed(referral, sender)
    assert not Package.objects.exists()


# -- what is refused --------------------------------------------------------------------------------------------------


def refused(data: bytes, by: Worker, words: str, *, at: datetime = NOW) -> None:
    rows = (Package.objects.count(), Consultation.objects.count())
    with pytest.raises(Refused, match=words):
        read(data, by, at=at)
    assert (Package.objects.count(), Consultation.objects.count()) == rows


def test_every_odd_package_is_refused_with_its_sentence(
    sender: Worker, neighbour: Office, two: tuple[Worker, Worker]
) -> None:
    good = incoming()
    stranger, forger = new_pair(), new_pair()
    refused(good[:-1], sender, "切れています")
    refused(good[:60], sender, "切れています")
    refused(good[:-9] + bytes([good[-9] ^ 1]) + good[-8:], sender, "途中で変わったか")
    refused(incoming(to=stranger.card), sender, "別のあて先")
    refused(incoming(by=stranger), sender, "登録のない相手")
    refused(incoming(at=NOW - timedelta(days=9)), sender, "期限の過ぎた")
    refused(good.replace(b"PACKAGE-1\n", b"PACKAGE-2\n"), sender, "新しい版")
    refused(b"PK\x03\x04" + good, sender, "つなぎの包み")
    refused(b"", sender, "つなぎの包み")
    refused(good + b"\0" * BIGGEST, sender, "大きすぎます")
    # Written by somebody else in the neighbour's name: the head says the neighbour, the signature does not.
    forged = incoming(by=forger)
    refused(forged.replace(forger.card.short, THEIRS.card.short), sender, "署名が先方の鍵と合いません")
    # Our clock was set back (or theirs runs ahead): what was made tomorrow is not read today.
    refused(incoming(at=NOW + timedelta(minutes=11)), sender, "時計")
    assert read(incoming(at=NOW + timedelta(minutes=9)), sender).consultation_id
    # A life nobody gives.
    long = pack(PackageKind.REFERRAL, {}, by=THEIRS, to=ours(), at=NOW, until=NOW + LONGEST + timedelta(1))
    refused(long[1], sender, "期限の決め方")
    assert read(good, sender).consultation_id
    refused(good, sender, "すでに読み込んで")


def test_a_package_cannot_be_handed_on_to_a_third(sender: Worker, neighbour: Office, two: Any) -> None:
    """Whoever we wrote to opens our letter and seals it again for somebody else: the signature names the addressee."""
    from nacl.public import PrivateKey, PublicKey, SealedBox

    third = new_pair()
    out = packed(sent(sender, neighbour), sender)
    head = out[: out.index(b"\n") + 1 + 32]
    plain = SealedBox(PrivateKey(THEIRS.opening)).decrypt(out[len(head) :])
    handed_on = head[:-16] + third.card.short + SealedBox(PublicKey(third.card.box)).encrypt(plain)
    with pytest.raises(Refused, match="署名"):
        unpack(handed_on, opened_by=third, sender=ours(), at=NOW)


def test_an_answer_to_nothing_of_ours_or_twice_is_refused(sender: Worker, neighbour: Office) -> None:
    referral = sent(sender, neighbour)
    out = packed(referral, sender)
    made_up = pack(PackageKind.ANSWER, {"number": "つ8-1"}, by=THEIRS, to=ours(), at=NOW, until=LATER)[1]
    refused(made_up, sender, "送っていない包み")
    refused(answer(out, number="つ8-99999"), sender, "番号が違います")
    refused(answer(out, reason="whatever", accepted=False), sender, "選択肢")
    refused(answer(out, met_on="x"), sender, "選択肢")
    first = answer(out)
    read(first, sender)
    refused(first, sender, "すでに読み込んで")
    refused(answer(out), sender, "すでに記録されています")


def test_no_byte_can_be_turned_unseen(sender: Worker, neighbour: Office) -> None:
    good = incoming()
    dice = random.Random(20260609)
    for _ in range(300):
        odd = bytearray(good)
        for _ in range(dice.randint(1, 3)):
            odd[dice.randrange(len(odd))] ^= 1 << dice.randrange(8)
        if bytes(odd) == good:
            continue
        with pytest.raises(Refused):
            deeds.read_package(bytes(odd), office_id=office_of(sender).pk, by=sender, at=NOW)
    for _ in range(100):
        cut = good[: dice.randrange(len(good))] + dice.randbytes(dice.randrange(40))
        with pytest.raises(Refused):
            deeds.read_package(cut, office_id=office_of(sender).pk, by=sender, at=NOW)
    assert not Package.objects.exists()


@pytest.mark.parametrize(
    "content", [{"person": "x", "concerns": 5}, {"person": [["氏名"]], "household": {}}, {}]
)
def test_a_friend_with_a_broken_program_breaks_nothing(
    sender: Worker, neighbour: Office, content: Any
) -> None:
    data = pack(PackageKind.REFERRAL, content, by=THEIRS, to=ours(), at=NOW, until=LATER)[1]
    assert read(data, sender).consultation_id


# -- keys -------------------------------------------------------------------------------------------------------------


def test_a_key_is_believed_after_two_people_alone(
    sender: Worker, neighbour: Office, two: tuple[Worker, Worker]
) -> None:
    other, pair = an_outside_agency("川むこう市"), new_pair()
    key = deeds.enter_partner_key(other, pair.card.text, by=two[0], at=NOW)
    refused(incoming(by=pair), sender, "読み合わせがまだ")
    heard = pair.card.fingerprint
    for said, words in (
        ({"by": two[0]}, "別の人"),
        ({"heard": heard[:-1] + str((int(heard[-1]) + 1) % 10)}, "合いません"),
        ({"with_whom": " "}, "どなた"),
    ):
        with pytest.raises(Refused, match=words):
            deeds.compare_partner_key(
                key, **({"heard": heard, "with_whom": "森さん", "by": two[1], "at": NOW} | said)
            )
    full_width = heard.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    deeds.compare_partner_key(key, heard=full_width, with_whom="森さん", by=two[1], at=NOW)
    assert read(incoming(by=pair), sender).consultation_id
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerKey.objects.filter(pk=key.pk).update(compared_by=two[0])


def test_keys_are_replaced_and_stopped(sender: Worker, neighbour: Office, two: tuple[Worker, Worker]) -> None:
    on_its_way, later = incoming(), incoming()
    deeds.make_own_key(by=two[0], at=NOW)
    assert read(on_its_way, sender).consultation_id
    deeds.make_own_key(by=two[0], at=NOW, stolen=True)
    refused(later, sender, "止めた鍵")
    second = new_pair()
    believed(neighbour, second, two)
    refused(incoming(), sender, "使うのをやめた鍵")
    assert read(incoming(by=second), sender).consultation_id
    deeds.end_partner_key(
        PartnerKey.objects.get(name=second.card.name), reason="先方の機械が盗まれた", by=two[0], at=NOW
    )
    refused(incoming(by=second), sender, "使うのをやめた鍵")
    with pytest.raises(Refused, match="鍵がないか"):
        packed(sent(sender, neighbour), sender)
    with pytest.raises(Refused, match="すでに登録"):
        deeds.enter_partner_key(neighbour, second.card.text, by=two[0], at=NOW)


def test_a_slip_of_the_pen_in_a_key_is_found(neighbour: Office, two: tuple[Worker, Worker]) -> None:
    line = new_pair().card.text
    for wrong in (
        line[:-1],
        line.replace(line[40], "A" if line[40] != "A" else "B", 1),
        "",
        "tsunagi-kagi-1:",
    ):
        with pytest.raises(Refused, match="鍵の行"):
            read_card(wrong)
    assert read_card(f" {line[:30]}\n{line[30:]} ").text == line
    with pytest.raises(Refused, match="こちらの鍵"):
        deeds.enter_partner_key(neighbour, ours().text, by=two[0], at=NOW)


def test_the_secret_half_lies_sealed(neighbour: Office, settings: Any) -> None:
    row = OwnKey.objects.get()
    pair = deeds._unseal(row)
    assert pair.signing not in bytes(row.sealed)
    assert "signing" not in repr(replace(pair))
    settings.SECRETS_KEY = "another word"
    with pytest.raises(Refused, match="控えから"):
        deeds._unseal(row)


# -- screens ----------------------------------------------------------------------------------------------------------


@pytest.mark.visits("referrals:keys", "referrals:own_key", "referrals:compare_key", "referrals:end_key")
def test_two_administrators_register_a_partner(
    three_people: Call, client_of: Call, two: Any, client: Call
) -> None:
    office = an_outside_agency("となり市 福祉課")
    url = reverse("referrals:keys")
    page = three_people(url, allowed=two[0], stranger=a_worker()).content.decode()
    assert "まだありません" in page
    assert client_of(two[0]).post(reverse("referrals:own_key")).status_code == 302
    assert client.post(reverse("referrals:own_key")).status_code == 401
    assert ours().fingerprint in client_of(two[0]).get(url).content.decode()
    answered = client_of(two[0]).post(url, {"office": office.pk, "card": "x"})
    assert answered.status_code == 422
    assert client_of(two[0]).post(url, {"office": office.pk, "card": THEIRS.card.text}).status_code == 302
    key = PartnerKey.objects.get()
    compare = reverse("referrals:compare_key", args=[key.pk])
    three_people(compare, allowed=two[1], stranger=a_worker())
    said = {"heard": THEIRS.card.fingerprint, "with_whom": "佐野さん"}
    assert client_of(two[0]).post(compare, said).status_code == 422
    assert client_of(two[1]).post(compare, said).status_code == 302
    end = reverse("referrals:end_key", args=[key.pk])
    three_people(end, allowed=two[1], stranger=a_worker())
    assert client_of(two[1]).post(end, {"reason": ""}).status_code == 422
    assert client_of(two[1]).post(end, {"reason": "先方が鍵を替えた"}).status_code == 302


@pytest.mark.visits("referrals:send_package", "referrals:packages", "referrals:package")
def test_a_package_is_taken_along_and_another_read_in(
    three_people: Call, client_of: Call, client: Call, sender: Worker, neighbour: Office
) -> None:
    referral = sent(sender, neighbour, of=a_person("森 まこと"))
    send = reverse("referrals:send_package", args=[referral.pk])
    assert "包んで持ち出す" in client_of(sender).get(f"/tsunagi/{referral.pk}/paper/").content.decode()
    out = client_of(sender).post(send)
    assert out.status_code == 200
    assert out.headers["Content-Type"] == "application/octet-stream"
    assert client_of(a_worker()).post(send).status_code == 404
    assert client.post(send).status_code == 401
    index = reverse("referrals:packages")
    three_people(index, allowed=sender, stranger=a_worker(role=Role.STATISTICIAN))

    def upload(data: bytes) -> Any:
        file = SimpleUploadedFile("x.tsunagi", data)
        return client_of(sender).post(index, {"package": file, "office": office_of(sender).pk})

    page = upload(b"nothing of ours")
    assert page.status_code == 422
    assert "つなぎの包み(.tsunagi)ではありません" in page.content.decode()
    assert upload(answer(out.content)).headers["Location"] == reverse("referrals:detail", args=[referral.pk])
    came = upload(incoming())
    assert came.status_code == 302
    page = three_people(came.headers["Location"], allowed=sender, stranger=a_worker()).content.decode()
    assert "となり市" in page
    back = client_of(sender).post(came.headers["Location"], {"answer": "yes", "who": "相田"})
    assert back.status_code == 200
    assert unpack(back.content, opened_by=THEIRS, sender=ours(), at=NOW).kind is PackageKind.ANSWER
    assert client_of(sender).post(came.headers["Location"], {"answer": ""}).status_code == 422
    listed = client_of(sender).get(index).content.decode()
    assert "森 まこと" not in listed
    assert "つ8-00077" in listed
