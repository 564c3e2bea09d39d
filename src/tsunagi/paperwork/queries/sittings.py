"""What fills the papers of a sitting. Nothing an item's member may not see, nothing the mask does not let stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.cases.models import Case
from tsunagi.genogram.queries import genogram
from tsunagi.holding.models import Hold
from tsunagi.holding.queries import RowCard, RowMaker, holds
from tsunagi.meetings.models import BodyMember, Item, ItemMember, Sitting
from tsunagi.meetings.queries.minutes import MinutesCard
from tsunagi.meetings.queries.papers import Share, item_cards_all
from tsunagi.meetings.queries.room import called, number_of
from tsunagi.meetings.rules import ItemKind, Mode
from tsunagi.meetings.rules.papers import Level
from tsunagi.paperwork.rules import UNSEEN, Drawn, Filling, Form, Mask
from tsunagi.paperwork.rules.sittings import SHIDAI, SHIRYO, giroku_form
from tsunagi.people.access import sight_of
from tsunagi.people.models import Party
from tsunagi.people.rules import Facet
from tsunagi.press.pdf import joined, typeset
from tsunagi.shared.wareki import show, show_short

from .file import File
from .papers import Cover, Paper, still_to_make
from .pictured import veil_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


class ItemFile(File):
    """What is known of whom an item is about, as its members may be shown it: the worker's sight and no more than `allowed`."""

    def __init__(
        self,
        worker: Worker,
        item: Item,
        now: datetime,
        mask: Mask,
        allowed: frozenset[str],
        *,
        named: tuple[int, ...] | None = None,
    ) -> None:
        """`item` came through its door and is about somebody. `named`: who consented to be named for this copy's office; None
        where the household is the subject, or the office knows it by its own work."""
        party: Party = item.party  # type: ignore[assignment]
        super().__init__(worker, item.case or Case(party=party), now, mask, leaves=named is not None)
        self.allowed, self.item, self._consented = allowed, item, named

    @cached_property
    def named(self) -> frozenset[int]:
        """Who may stand there by name."""
        if self._consented is None:
            return frozenset(self._persons)
        return frozenset({self.party.pk, *self._consented})

    @cached_property
    def facets(self) -> frozenset[str]:
        """The worker's sight, cut to what this copy may hold."""
        sight = sight_of(self.worker, self.party.pk, on=self.on)
        return (sight.facets if sight else frozenset()) & self.allowed

    @cached_property
    def rows(self) -> list[RowCard]:
        """Who holds what of this party now."""
        maker = RowMaker(self.now)
        standing = Hold.objects.filter(concern__party_id__in=self.together, concern__closed_at__isnull=True)
        return [maker.of_hold(row) for row in holds(standing)]


def item_paper(worker: Worker, item: Item, share: Share, now: datetime) -> Paper:
    """The sheet of one item at one level: the same for every member of that level."""
    head: Filling = {
        "number": f"第{number_of(item)}件", "mode": Mode.label_of(item.mode), "asked": item.asked, "memo": "",
    }  # fmt: skip
    cover = Cover(at=now, mask_words="" if share.level == Level.REAL else share.level.label)
    if item.party is None:
        return Paper(SHIRYO, head | {"name": item.title, "level": "個人を扱わない"}, cover)
    file = ItemFile(worker, item, now, Mask(share.level.value), frozenset(share.facets), named=share.named)
    raw: Filling = head | {
        "level": share.level.label, "name": file.called(), "birth": file.age_of(file.main) if file.main else "",
        "address": file.address,
        "family": tuple((one.relation, file.veil.called(one.known), one.age) for one in file.members),
        "concerns": tuple((row.what, row.office, show_short(row.due_on)) for row in file.rows),
        **_picture(file),
    }  # fmt: skip
    for field in SHIRYO.fields():
        if field.facet and not file.may(field.facet):
            raw[field.key] = UNSEEN
    values = file.veil.over(raw)
    return Paper(
        SHIRYO, values, Cover(at=now, mask_words=cover.mask_words, found=tuple(file.veil.found.items()))
    )


def _picture(file: ItemFile) -> Filling:
    if not file.may(Facet.HOUSEHOLD):
        return {}
    try:
        drawn = genogram(file.worker, file.party, on=file.on, paper=True, **veil_of(file))
    except Http404:
        return {}
    if drawn.empty:
        return {}
    words = "。".join(f"{heading}：{'、'.join(lines)}" for heading, lines in drawn.sections if lines)
    return {"picture": Drawn(drawn.svg, words or drawn.title)}


def shidai_paper(sitting: Sitting, now: datetime, among: frozenset[int] | None = None) -> Paper:
    """The 次第: items by number, never by name. `among`: only the items of one copy."""
    items = [item for item in item_cards_all(sitting) if among is None or item.pk in among]
    chosen: dict[int, list[str]] = {}
    rows = ItemMember.objects.filter(item__in=items, closed_at__isnull=True).select_related(
        "member__office", "member__worker"
    )
    for row in rows.order_by("id"):
        chosen.setdefault(row.item_id, []).append(row.member.office.label)
    begins = f"　{sitting.begins:%H:%M}" if sitting.begins else ""
    return Paper(SHIDAI, {
        "body": sitting.body.name, "when": f"{show(sitting.day)}{begins}", "place": sitting.place, "secretary": sitting.secretary.name,
        "items": tuple(
            (str(number_of(item)), Mode.label_of(item.mode), item.title or ItemKind.label_of(item.kind), f"{item.minutes}分",
             "・".join(dict.fromkeys(chosen.get(item.pk, ["全員"]))))
            for item in items
        ),
    }, Cover(at=now))  # fmt: skip


def giroku_paper(card: MinutesCard, now: datetime, reader: str) -> Paper:
    """The 議事録 as far as this reader may read it."""
    filling: Filling = {
        "version": card.version, "state": card.state_label + (f"（ほかに{card.hidden}件は、選ばれた方だけに出ます）" if card.hidden else ""),
        "digest": card.digest or "確定すると入ります",
    }  # fmt: skip
    for place, part in enumerate(card.parts):
        extra = (("補足", part.words),) if part.words else ()
        filling[f"part-{place}"] = (*part.lines, *extra)
    form: Form = giroku_form(tuple(part.heading for part in card.parts))
    return Paper(form, filling, Cover(at=now, printed_by=reader))


@dataclass(frozen=True)
class PacketRow:
    """One member's copy before it is made."""

    holder: str
    office: str
    items: int
    levels: str


def packet_rows(sitting: Sitting, wanted: Mapping[int, tuple[Share, ...]]) -> list[PacketRow]:
    """Who would get what, for the page."""
    found = []
    for member in BodyMember.objects.filter(pk__in=wanted).select_related("worker", "office").order_by("id"):
        rows = wanted[member.pk]
        levels = "・".join(dict.fromkeys(share.level.label for share in rows))
        found.append(PacketRow(called(member), member.office.label, len(rows), levels))
    return found


class Packets:
    """Copies made of shared pages: what is the same for two members is set once."""

    def __init__(self, worker: Worker, sitting: Sitting, now: datetime) -> None:
        self.worker, self.sitting, self.now = worker, sitting, now
        self.items = {item.pk: item for item in item_cards_all(sitting)}
        self._made: dict[tuple[object, ...], bytes] = {}

    def sheet(self, share: Share) -> bytes:
        """One item's pages at one level."""
        key = (share.item_id, share.level.value, share.facets, share.named)
        return self._once(key, lambda: still_to_make(self._paper(share), "pdf"))

    def first(self, shares: Sequence[Share]) -> bytes:
        """The 次第 of these items."""
        among = frozenset(share.item_id for share in shares)
        return self._once(
            ("shidai", among), lambda: still_to_make(shidai_paper(self.sitting, self.now, among), "pdf")
        )

    def copy(self, shares: Sequence[Share], words: str) -> bytes:
        """A member's copy: the 次第 of their items, then each item, their name across every page."""
        key = ("joined", *shares)
        if key not in self._made:
            self._made[key] = joined([self.first(shares), *(self.sheet(share) for share in shares)])
        return marked(self._made[key], words, self.now)

    def forget(self, shares: Sequence[Share]) -> None:
        """Nobody else gets a copy of just these items: what was joined for them is let go, each item's pages stay."""
        self._made.pop(("joined", *shares), None)

    @property
    def kept(self) -> int:
        """How many bytes of pages are kept for later copies."""
        return sum(len(content) for content in self._made.values())

    def _paper(self, share: Share) -> Paper:
        return item_paper(self.worker, self.items[share.item_id], share, self.now)

    def _once(self, key: tuple[object, ...], made: Callable[[], Callable[[], bytes]]) -> bytes:
        if key not in self._made:
            self._made[key] = made()()
        return self._made[key]


def marked(pdf: bytes, words: str, at: datetime) -> bytes:
    """The paper with `words` across every page. Portrait A4.

    The mark is one form that every page calls: laying a page over each would read and write all their contents anew.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

    over = PdfReader(BytesIO(typeset("paperwork/papers/watermark.typ", {"words": words}, at=at))).pages[0]
    whole = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))

    def stream(content: bytes) -> DecodedStreamObject:
        made = DecodedStreamObject()
        made.set_data(content)
        return made

    form = stream(over.get_contents().get_data())  # type: ignore[union-attr]
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = over.mediabox
    form[NameObject("/Resources")] = over["/Resources"].get_object().clone(whole)  # type: ignore[union-attr]
    mark, begin = whole._add_object(form), whole._add_object(stream(b"q\n"))
    end = whole._add_object(stream(b"\nQ q /TsunagiMark Do Q\n"))
    for page in whole.pages:
        resources: DictionaryObject = page["/Resources"].get_object()  # type: ignore[assignment,union-attr]
        if "/XObject" not in resources:
            resources[NameObject("/XObject")] = DictionaryObject()
        resources["/XObject"].get_object()[NameObject("/TsunagiMark")] = mark  # type: ignore[union-attr,index]
        written = page.raw_get("/Contents")
        inner = written.get_object()
        parts = list(inner) if isinstance(inner, ArrayObject) else [written]
        page[NameObject("/Contents")] = ArrayObject([begin, *parts, end])
    out = BytesIO()
    whole.write(out)
    return out.getvalue()


__all__ = ["PacketRow", "Packets", "giroku_paper", "item_paper", "marked", "packet_rows", "shidai_paper"]
