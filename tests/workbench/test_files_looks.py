"""What may be kept, by content and name; and what a name becomes."""

from __future__ import annotations

import io
import tempfile
import tracemalloc

import pytest

from tests.workbench.files import (
    EICAR,
    a_docx,
    a_jpeg,
    a_pdf,
    a_png,
    a_zip,
    an_object_stream,
    an_old_office_file,
    zip_of,
)
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.files.looks import Look, Mark, look_at
from tsunagi.workbench.files.names import LONGEST, safe_name

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
MY_NUMBER = "123456789018"


def looked(content: bytes, name: str) -> Look:
    return look_at(io.BytesIO(content), name, len(content))


def related(kind: str) -> dict[str, bytes | str]:
    return {
        "word/_rels/settings.xml.rels": '<Relationships><Relationship Id="1" Type="http://schemas.openxmlformats.org/'
        f'officeDocument/2006/relationships/{kind}" Target="http://198.51.100.7/x" TargetMode="External"/></Relationships>'
    }


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0" + b"\0\0\0\x14ispe\0\0\0\0\0\0\x0f\xc0\0\0\x0b\xd0"


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (a_pdf(), "診断書.PDF", "application/pdf"),
        (a_jpeg(), "部屋のようす.jpeg", "image/jpeg"),
        (a_png(), "画面.png", "image/png"),
        (HEIC, "IMG_0012.HEIC", "image/heic"),
        (a_docx(), "意見書.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            a_docx(main="xl/workbook.xml"),
            "家計表.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (an_old_office_file("WordDocument"), "古い意見書.doc", "application/msword"),
        (an_old_office_file("Workbook"), "古い表.xls", "application/vnd.ms-excel"),
        (
            zip_of({"mimetype": MIMETYPE, "content.xml": "<x/>", "META-INF/manifest.xml": "<m/>"}),
            "表.ods",
            MIMETYPE,
        ),
        ("三日前から食べていない。\r\n".encode("cp932"), "メモ.txt", "text/plain; charset=utf-8"),
        ("外字\ue000も読める".encode("cp932"), "外字.txt", "text/plain; charset=utf-8"),
        ("月,収入\n4,0".encode("utf-16"), "収支.csv", "text/csv; charset=utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_is_kept(content: bytes, name: str, media_type: str) -> None:
    look = looked(content, name)
    assert (look.media_type, look.marks) == (media_type, ())


def test_a_telephone_s_picture_gets_its_true_ending() -> None:
    assert looked(a_png(), "IMG_1.jpg").name == "IMG_1.png"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "空.pdf", "中身のない"),
        (b"MZ\x90\0" + b"\0" * 200, "請求書.pdf", "預かれるのは"),
        (b"MZ\x90\0" + b"\0" * 200, "setup.exe", "預かれるのは"),
        (a_pdf(), "診断書.docx", "中身は「.pdf」"),
        (a_docx(), "診断書.pdf", "中身は「.docx」"),
        (b"%PDF-1.7\nhalf of a file", "途中.pdf", "途中で切れて"),
        (a_pdf(b"2 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj"), "a.pdf", "自動で動くもの"),
        (a_pdf(b"2 0 obj\n<< /S /#4aavaScript >>\nendobj"), "a.pdf", "自動で動くもの"),
        (a_pdf(b"2 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj"), "a.pdf", "自動で動くもの"),
        (a_pdf(an_object_stream(b"7 0 << /S /JavaScript >>")), "a.pdf", "自動で動くもの"),
        (a_pdf(an_object_stream(b" " * (65 * 2**20))), "a.pdf", "極端に大きく"),
        (a_docx({"word/vbaProject.bin": b"x"}), "a.docx", "マクロ"),
        (a_docx(types='<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'), "a.docx", "マクロ"),
        (a_docx({"xl/macrosheets/sheet1.xml": "x"}, main="xl/workbook.xml"), "a.xlsx", "マクロ"),
        (a_docx({"word/activeX/activeX1.xml": "x"}), "a.docx", "マクロ"),
        (a_docx(), "a.docm", "マクロ"),
        (a_docx(related("attachedTemplate")), "a.docx", "外のファイルを読み込む"),
        (a_docx(related("oleObject")), "a.docx", "外のファイルを読み込む"),
        (an_old_office_file("WordDocument", "_VBA_PROJECT"), "a.doc", "マクロ"),
        (an_old_office_file("WordDocument", "\x01Ole10Native"), "a.doc", "マクロ"),
        (an_old_office_file("Workbook", extra=b"\x85\0\x0e\0\0\x10\0\0\0\x01\x06\0Macro1"), "a.xls", "マクロ"),
        (an_old_office_file("EncryptedPackage"), "a.docx", "パスワード"),
        (an_old_office_file("__properties_version1.0"), "a.msg", "預かれるのは"),
        (zip_of({"mimetype": MIMETYPE, "content.xml": "<x/>", "Basic/script-lc.xml": "x"}), "a.ods", "マクロ"),
        (a_zip(a_dot_txt="x"), "まとめ.zip", "ZIP"),
        (a_docx({"word/media/a.bmp": b"\0" * (20 * 2**20)}), "a.docx", "極端に大きく"),
        (zip_of({"[Content_Types].xml": "x", **{f"p{n}": "" for n in range(5001)}}), "a.docx", "極端に大きく"),
        (a_docx({"../../etc/cron.d/x": "x"}), "a.docx", "壊れて"),
        (a_docx()[:60], "a.docx", "壊れて"),
        (a_png(width=100_000, height=100_000), "a.png", "縦横が大きすぎ"),
        (a_jpeg(width=60_000, height=60_000), "a.jpg", "縦横が大きすぎ"),
        (b"\xff\xd8\xff", "a.jpg", "壊れて"),
        (b'<svg xmlns="x"><script>1</script></svg>', "a.svg", "預かれるのは"),
        (b"<html><script>1</script>", "a.txt", "ウェブページ"),
        (b"  <?xml version='1.0'?>", "a.csv", "ウェブページ"),
        (b"abc\0def", "a.txt", "文字として読めない"),
        (EICAR, "eicar.com", "預かれるのは"),
        (f"番号は {MY_NUMBER} です".encode(), "メモ.txt", "個人番号"),
        (a_pdf(), f"{MY_NUMBER}.pdf", "ファイルの名前に個人番号"),
        (a_pdf(), "１２３４-５６７８-９０１８ の通知.pdf", "ファイルの名前に個人番号"),
    ],
    # The bytes are no name for a test: a zip carries the second it was made in.
    ids=lambda value: "bytes" if isinstance(value, bytes) else None,
)  # fmt: skip
def test_is_refused_with_a_way_out(content: bytes, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        looked(content, name)
    assert MY_NUMBER not in str(refused.value)


def test_a_zip_whose_parts_lie_over_one_another_is_a_bomb() -> None:
    whole = bytearray(a_docx({"word/media/a.bin": b"\0" * 4000}))
    at = whole.rindex(b"PK\x01\x02")  # the last entry of the directory: let it begin where the first one lies
    whole[at + 42 : at + 46] = (0).to_bytes(4, "little")
    with pytest.raises(Refused, match=r"極端に大きく|壊れて"):
        looked(bytes(whole), "a.docx")


@pytest.mark.parametrize(
    ("content", "name", "mark"),
    [
        (a_pdf(b"trailer << /Encrypt 4 0 R >>"), "a.pdf", Mark.PASSWORD),
        (a_pdf(b"3 0 obj << /Type /EmbeddedFile >> endobj"), "a.pdf", Mark.EMBEDDED),
        (a_docx({"word/embeddings/oleObject1.bin": b"x"}), "a.docx", Mark.EMBEDDED),
        (a_docx(related("externalLinkPath")), "a.docx", Mark.LINKED),
    ],
    ids=["a password", "a file in a PDF", "a file in a document", "a reference"],
)
def test_is_kept_with_a_mark(content: bytes, name: str, mark: Mark) -> None:
    assert looked(content, name).marks == (mark,)


def test_a_link_in_a_document_is_no_reason() -> None:
    assert looked(a_docx(related("hyperlink")), "a.docx").marks == ()


def test_looking_needs_no_memory_for_a_file_on_the_disk() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(a_pdf(size=30 * 2**20))
        file.flush()
        tracemalloc.start()
        look_at(file, "大きい.pdf", 30 * 2**20)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 3 * 2**20


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("診断書.pdf", "診断書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\hanako\\Desktop\\診断書.pdf", "診断書.pdf"),
        ("請求書\u202efdp.exe", "請求書fdp.exe"),
        ("a\u200bb\ufeff.pdf", "ab.pdf"),
        ("一行目\r\n二行目.pdf", "一行目二行目.pdf"),
        ("か\u3099んは\u309aん.pdf", "がんぱん.pdf"),
        ("\ufa19崎.pdf", "\ufa19崎.pdf"),
        ("葛\U000e0100城.pdf", "葛\U000e0100城.pdf"),
        ("外字\ue000.pdf", "外字\ue000.pdf"),
        ("\udce3\udc81.pdf", "〓〓.pdf"),
        ("\ufffd.pdf", "〓.pdf"),
        ('a<b>:"|?*.pdf', "a＜b＞：＂｜？＊.pdf"),
        ("con.pdf", "_con.pdf"),
        ("NUL", "_NUL"),
        ("...", "添付"),
        ("", "添付"),
        ("　.pdf", "添付.pdf"),
        ("末尾の点.pdf. . ", "末尾の点.pdf"),
        ("令和8.6.9", "令和8.6.9"),
    ],
)  # fmt: skip
def test_a_name_becomes_safe_and_stays_readable(raw: str, name: str) -> None:
    assert safe_name(raw) == name


def test_a_long_name_keeps_its_ending_and_whole_characters() -> None:
    name = safe_name("葛\U000e0100" * 100 + ".pdf")
    assert len(name.encode()) <= LONGEST
    assert name.endswith("….pdf")
    assert not name.removesuffix("….pdf").endswith(("\ufffd",))
    stem = name.removesuffix("….pdf")
    assert stem == "葛\U000e0100" * (len(stem) // 2)


def test_the_true_ending_replaces_a_picture_s_and_follows_any_other() -> None:
    assert safe_name("a.jpeg", ".jpg") == "a.jpg"
    assert safe_name("8.6.9 の写真", ".jpg") == "8.6.9 の写真.jpg"
