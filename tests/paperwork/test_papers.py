"""Every form, filled from a hard family: what was typed is read back out of the PDF and the Excel, and what must not be
there is nowhere."""

from __future__ import annotations

import html
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.factories import NOW, a_worker, an_office
from tests.paperwork.factories import (
    HOME,
    HOME_PHONE,
    INFORMANT,
    INFORMANT_PHONE,
    LONG,
    PEOPLE,
    SAFE_PLACE,
    HardFamily,
    a_hard_family,
)
from tsunagi.cases.actions import write_note
from tsunagi.paperwork.queries import FILLED, File, as_pdf, as_xlsx, blank_paper, filled, paper_of
from tsunagi.paperwork.rules import FORMS, UNSEEN, Chosen, Filling, Form, Mask, Value, form_of
from tsunagi.people.models import Involvement
from tsunagi.people.rules import Facet
from tsunagi.press import letters
from tsunagi.press.pdf import text_of
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trail() -> Iterator[None]:
    with opened_trail(None, "cli", NOW):
        yield


@pytest.fixture
def family() -> HardFamily:
    return a_hard_family()


def squeezed(text: str) -> str:
    """Letters alone: a paper breaks lines where it must."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def sheet_text(book: bytes) -> str:
    """Everything a workbook says."""
    with zipfile.ZipFile(BytesIO(book)) as parcel:
        sheets = "".join(
            parcel.read(name).decode() for name in parcel.namelist() if name.startswith("xl/worksheets/")
        )
    return squeezed(html.unescape("".join(re.findall(r"<t(?: [^>]*)?>([^<]*)</t>", sheets))))


def texts_of(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Chosen):
        yield from (*value.options, value.words)
    elif isinstance(value, tuple):
        yield from (cell for row in value for cell in row)


def said(filling: Filling) -> set[str]:
    """Every sentence of what fills a form, as it can be looked for on a paper that breaks pages between them."""
    found = set()
    for value in filling.values():
        for text in texts_of(value):
            found |= {squeezed(part) for part in re.split(r"[\n。]", letters.shown(text))}
    return found - {""}


def test_every_form_of_the_list_is_filled_and_every_filling_is_of_a_form() -> None:
    assert {form.code for form in FORMS} == set(FILLED)


def test_everything_that_fills_a_form_stands_on_its_pdf_and_in_its_excel(family: HardFamily) -> None:
    file = File(family.worker, family.case, NOW)
    for form in FORMS:
        paper = paper_of(file, form)
        assert paper.filling
        assert set(paper.filling) <= form.keys(), form.code
        pdf, book = squeezed(text_of(as_pdf(paper))), sheet_text(as_xlsx(paper))
        for words in said(paper.filling):
            assert words in pdf, (form.code, words)
            assert words in squeezed(letters.shown(book)), (form.code, words)
        assert "供覧" in pdf and "文書番号" in pdf, form.code
        assert "供覧" in book and "文書番号" in book, form.code


def test_old_forms_are_shown_and_a_letter_no_font_has_is_flagged_by_its_number(family: HardFamily) -> None:
    pdf = squeezed(text_of(as_pdf(paper_of(File(family.worker, family.case, NOW), form_of("uketsuke-a")))))
    assert "髙﨑ハル" in pdf and "渡邉トメ" in pdf
    assert "〓田さくら" in pdf
    assert "U+20BB7" in pdf
    # Excel uses the fonts of the machine it is opened on: there the letter itself stands.
    assert "𠮷田さくら" in sheet_text(
        as_xlsx(paper_of(File(family.worker, family.case, NOW), form_of("uketsuke-a")))
    )


def test_a_paper_can_be_read_aloud() -> None:
    made = as_pdf(blank_paper(form_of("plan"), NOW))
    assert b"pdfuaid" in made
    assert b"/StructTreeRoot" in made


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_a_blank_names_nobody_and_asks_everything(form: Form) -> None:
    blank = blank_paper(form, NOW)
    pdf, book = squeezed(text_of(as_pdf(blank))), sheet_text(as_xlsx(blank))
    for field in form.fields():
        if getattr(field, "blanks", 1):
            assert squeezed(field.label) in pdf, field.label
            assert squeezed(field.label) in book, field.label
    assert "下書きの確認" not in pdf
    assert "太枠は国への報告事項です" in pdf
    assert "■" not in pdf.replace("■", "", len(re.findall("■", pdf))) and "取扱注意" not in pdf


NAMES = [
    part for name, *_ in PEOPLE for part in name.split() if len(part) > 1 and part not in ("ティ", "ラン")
]
READINGS = [kana.replace(" ", "") for _name, kana, *_ in PEOPLE]
NEVER = [
    INFORMANT.replace(" ", ""),
    INFORMANT.split()[0],
    INFORMANT_PHONE,
    SAFE_PLACE,
    "駅前四丁目",
    "生物学上の父",
]
FORBIDDEN = {
    Mask.REAL: NEVER,
    Mask.INITIAL: [*NEVER, *NAMES, *READINGS, "ケンボー", HOME, "開田", HOME_PHONE, "昭和19年", "1944"],
    Mask.RELATION: [
        *NEVER,
        *NAMES,
        *READINGS,
        "ケンボー",
        HOME,
        "開田",
        HOME_PHONE,
        "昭和19年",
        "1944",
        "82歳",
        "52歳",
        "T.H.",
    ],
}


@pytest.mark.parametrize("mask", list(Mask), ids=lambda mask: mask.value)
def test_what_a_mask_forbids_is_on_no_paper(family: HardFamily, mask: Mask) -> None:
    write_note(
        family.case, by=family.worker, at=NOW, place=SAFE_PLACE, partner="髙﨑健一（ケンボー）",
        facts=f"{INFORMANT}さんから電話（{INFORMANT_PHONE}）。娘は{SAFE_PLACE}にいる。家は{HOME}、電話{HOME_PHONE}。高崎ハル、タカサキハル、渡辺トメ。",
    )  # fmt: skip
    file = File(family.worker, family.case, NOW, mask)
    for form in FORMS:
        if mask.value not in form.masks:
            continue
        paper = paper_of(file, form)
        for where, text in (("pdf", squeezed(text_of(as_pdf(paper)))), ("xlsx", sheet_text(as_xlsx(paper)))):
            for words in FORBIDDEN[mask]:
                assert squeezed(words) not in text, (form.code, where, words)
        if mask != Mask.REAL:
            assert squeezed(mask.label) in squeezed(text_of(as_pdf(paper)))


def test_who_told_us_is_not_even_hinted_at_on_what_the_person_signs(family: HardFamily) -> None:
    text = squeezed(text_of(as_pdf(paper_of(File(family.worker, family.case, NOW), form_of("uketsuke-a")))))
    assert "隣" not in text
    assert "近隣" not in text.replace("近隣への影響", "")
    assert "自分が言ったとは" not in text
    assert "情報をくださった" not in text


def test_the_narrow_stays_off_the_paper_until_the_office_may_see_it(family: HardFamily) -> None:
    other = a_worker(an_office("応援の機関"))
    row = Involvement.objects.filter(party_id=family.household.pk, ended_at__isnull=True).order_by("id")[0]
    facets = [Facet.BASIC.value, Facet.HOUSEHOLD.value, Facet.PROGRESS.value]
    Involvement.objects.create(
        party_id=family.household.pk, office=other.postings.get().office, facets=facets, ground="01", from_on=NOW.date(),
        reason_kind="referral", reason_id=row.reason_id,
    )  # fmt: skip
    file = File(other, family.case, NOW)
    filling = filled(file, form_of("plan"))
    assert filling["situation"] == UNSEEN
    assert filled(file, form_of("uketsuke-b"))["complaint"] == UNSEEN
    assert filled(file, form_of("keika"))["notes"] != UNSEEN
    text = squeezed(text_of(as_pdf(paper_of(file, form_of("assessment")))))
    assert "もの忘れ外来" not in text and "65,000円" not in text and "紡績工場" not in text


def test_what_is_blank_is_said_at_the_foot_and_never_refused() -> None:
    family = a_hard_family(full=False)
    paper = paper_of(File(family.worker, family.case, NOW), form_of("assessment"))
    assert "相談経路" in paper.missing
    text = squeezed(text_of(as_pdf(paper)))
    assert "下書きの確認" in text
    assert "相談経路・" in text


def test_a_very_long_text_is_not_cut(family: HardFamily) -> None:
    end = "ここまで読めました。"
    write_note(family.case, by=family.worker, at=NOW, facts=LONG * 60 + end)
    paper = paper_of(File(family.worker, family.case, NOW), form_of("keika"))
    assert squeezed(end) in squeezed(text_of(as_pdf(paper)))
    assert squeezed(end) in sheet_text(as_xlsx(paper))


def test_nothing_typed_becomes_a_formula_or_typst(family: HardFamily) -> None:
    typed = '=HYPERLINK("http://x") #read("/etc/passwd") $x$ *a* _b_ <script>'
    write_note(family.case, by=family.worker, at=NOW, facts=typed)
    paper = paper_of(File(family.worker, family.case, NOW), form_of("keika"))
    assert squeezed(typed) in squeezed(text_of(as_pdf(paper)))
    book = load_workbook(BytesIO(as_xlsx(paper)))
    kinds = {
        cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value
    }
    assert kinds == {"s"}


def test_an_excel_prints_on_a4_with_bold_frames_for_the_country(family: HardFamily) -> None:
    paper = paper_of(File(family.worker, family.case, NOW), form_of("uketsuke-a"))
    book = load_workbook(BytesIO(as_xlsx(paper)))
    assert len(book.worksheets) == 2
    first = book.worksheets[0]
    assert first.page_setup.paperSize == "9" or int(first.page_setup.paperSize) == 9
    assert first.sheet_properties.pageSetUpPr.fitToPage
    by_label = {cell.value: cell for row in first.iter_rows() for cell in row if cell.value}
    assert by_label["氏名"].border.top.style == "medium"
    assert by_label["ふりがな"].border.left.style == "thin"
