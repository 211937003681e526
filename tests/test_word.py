"""Word files become items: nothing that a reader sees in Word is lost without a word."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date

import docx
import pytest

from bulletin.intake import Document, Found, Given, Wishes, read
from bulletin.problems import Refused
from tests.builders import RULES
from tests.pictures import photo
from tests.word_files import NAMES, item, link, numbering, paragraph, picture, relationships, styled, text, word

BULLETS = (("bullet", "•"), ("bullet", "o"), ("bullet", "▪"))
NUMBERS = (("decimal", "%1."), ("lowerLetter", "%2)"), ("lowerRoman", "%3."))
BOX = """<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic>
<a:graphicData uri="shape"><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p>
</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>
<w:txbxContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>
</mc:AlternateContent></w:r>"""
CHART = '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="x/chart"/></a:graphic></wp:inline></w:drawing></w:r>'


def found(data: bytes, *, accept: bool = False, name: str = "Tin Huế.docx") -> Found:
    return read(Given(name=name, data=data), Wishes(rules=RULES, today=date(2017, 1, 31), accept_changes=accept))


def document(*body: str, **others: object) -> Document:
    """Return the one item of a Word file whose first paragraph is its title."""
    return found(word(styled("Tiêu đề", "Tiu"), *body, **others)).documents[0]  # type: ignore[arg-type]


def body(*paragraphs: str, **others: object) -> str:
    return document(*paragraphs, **others).body


def codes(data: bytes, *, accept: bool = False) -> list[str]:
    return [problem.code for problem in found(data, accept=accept).problems]


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as fault:
        found(data)
    return fault.value.code


# The text


def test_styles_make_title_headings_and_quotations_whatever_their_ids_are() -> None:
    made = document(styled("Mục", "u1"), styled("Con", "MucRieng"), styled("Lời", "Trich"), paragraph("Đoạn"))
    assert made.proposals[0].value == "Tiêu đề"
    assert made.body == "## Mục\n\n### Con\n\n> Lời\n\nĐoạn\n"


def test_marks_are_kept_those_of_styles_too() -> None:
    run = paragraph("a", run="<w:b/>").replace("</w:p>", text(" b", "<w:i/>") + text(" c", "<w:strike/>") + "</w:p>")
    light = text(" nhạt", '<w:b w:val="0"/>')
    off = f'<w:p><w:pPr><w:pStyle w:val="Dam"/></w:pPr>{text("đậm")}{light}</w:p>'
    assert body(run, off) == "**a** *b* ~~c~~\n\n**đậm** nhạt\n"


def test_bold_lines_that_are_headings_in_all_but_name_become_headings() -> None:
    lines = [paragraph("Kết quả", run="<w:b/>"), paragraph("Đoạn một."), styled("Kế hoạch", "Dam"), paragraph("Hai.")]
    data = word(styled("Tiêu đề", "Tiu"), *lines, paragraph("Nguyễn Văn A", run="<w:b/>"))
    assert found(data).documents[0].body == ("## Kết quả\n\nĐoạn một.\n\n## Kế hoạch\n\nHai.\n\n**Nguyễn Văn A**\n")
    assert codes(data) == ["intake-headings-made"]


@pytest.mark.parametrize("line", ["Lời dẫn in đậm kết thúc bằng dấu chấm.", "x" * 130])
def test_a_bold_paragraph_is_no_heading(line: str) -> None:
    assert body(paragraph(line, run="<w:b/>"), paragraph("Đoạn.")) == f"**{line}**\n\nĐoạn.\n"


def test_lists_of_three_levels_and_their_bullets() -> None:
    part = numbering({0: BULLETS}, {1: (0, None)})
    made = body(item("a", 1), item("b", 1, 1), item("c", 1, 2), item("d", 1), parts={"numbering": part})
    assert made == "- a\n  - b\n    - c\n- d\n"


def test_lists_keep_the_numbers_that_word_shows() -> None:
    part = numbering({0: NUMBERS}, {1: (0, None), 2: (0, 1), 3: (0, None)})
    lines = [item("a", 1), item("b", 1), paragraph("giữa"), item("c", 1), paragraph("mới"), item("d", 2), item("e", 3)]
    made = body(*lines, parts={"numbering": part})
    assert made == "1. a\n2. b\n\ngiữa\n\n3. c\n\nmới\n\n1. d\n2. e\n"


def test_lettered_levels_keep_their_letters_and_their_depth() -> None:
    part = numbering({0: NUMBERS}, {1: (0, None)})
    lines = [item("a", 1), item("b", 1, 1), item("c", 1, 2), item("d", 1, 2), item("e", 1, 1), item("f", 1)]
    made = body(*lines, parts={"numbering": part})
    assert made == "1. a\n\n   a) b\n\n   - i. c\n   - ii. d\n\n   b) e\n2. f\n"


def test_numbered_headings_keep_their_numbers() -> None:
    part = numbering({0: (("upperRoman", "%1."),)}, {1: (0, None)})
    head = '<w:pStyle w:val="u1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    made = body(paragraph("Mở đầu", head), paragraph("x"), paragraph("Kết luận", head), parts={"numbering": part})
    assert made == "## I. Mở đầu\n\nx\n\n## II. Kết luận\n"


def test_tables_with_merged_cells_and_a_table_in_a_cell() -> None:
    def cell(words: str, properties: str = "", inner: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}{paragraph(words)}</w:tc>"

    nested = f"<w:tbl><w:tr>{cell('trong')}{cell('nữa')}</w:tr></w:tbl>"
    rows = [
        cell("Tỉnh | thành") + cell("Giá trị", '<w:gridSpan w:val="2"/>'),
        cell("Huế", '<w:vMerge w:val="restart"/>') + cell("1") + cell("2"),
        cell("", "<w:vMerge/>") + cell("3") + cell("", "", nested),
    ]
    table = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    assert body(table) == (
        "| Tỉnh \\| thành | Giá trị |  |\n| --- | ---: | --- |\n| Huế | 1 | 2 |\n|  | 3 | trong · nữa |\n"
    )


def test_footnotes_stay_footnotes() -> None:
    notes = f'<w:footnotes {NAMES}><w:footnote w:id="2">{paragraph("Theo Bộ [1] *")}</w:footnote></w:footnotes>'
    sentence = f'<w:p>{text("Câu")}<w:r><w:footnoteReference w:id="2"/></w:r>{text(".")}</w:p>'
    assert body(sentence, parts={"footnotes": notes}) == "Câu[^1].\n\n[^1]: Theo Bộ [1] *\n"


def test_links_lead_to_addresses_and_not_to_files_of_a_computer() -> None:
    def linked(name: str) -> str:
        return f'<w:p><w:hyperlink r:id="{name}">{text("xem")}</w:hyperlink></w:p>'

    data = word(
        styled("Tiêu đề", "Tiu"), linked("a"), linked("b"), linked("c"),
        links=link("a", "https://viettel.vn/") + link("b", "file:///C:/a.xlsx") + link("c", "../so-lieu.xlsx"),
    )  # fmt: skip
    assert found(data).documents[0].body == "[xem](https://viettel.vn/)\n\nxem\n\nxem\n"
    assert codes(data) == ["intake-links-elsewhere"]


def test_signs_of_markdown_are_text() -> None:
    made = body(paragraph("2 * 3 * 4 &lt;b&gt; _a_ [x](y) # 1. `c`"))
    assert made == "2 \\* 3 \\* 4 &lt;b> \\_a\\_ \\[x](y) # 1. \\`c\\`\n"


def test_words_in_old_fonts_become_unicode_those_of_styles_too() -> None:
    vni = paragraph("Thaønh phoá Hueá", run='<w:rFonts w:ascii="VNI-Times"/>')
    data = word(styled("Tiêu đề", "Tiu"), styled("Th¸i Nguyªn", "CuTCVN"), vni)
    assert found(data).documents[0].body == "Thái Nguyên\n\nThành phố Huế\n"
    assert codes(data).count("intake-old-encoding") == 2


# Pictures


def test_pictures_stand_beside_the_item_under_clean_names_with_their_words() -> None:
    jpeg = photo(kind="JPEG")
    runs = picture("p1", "Lễ ký kết") + picture("p1", "C:\\Users\\anh.jpg")
    made = document(f"<w:p>{text('trước')}{runs}</w:p>", files={"media/image1.jpeg": jpeg})
    assert [(one.name, one.data) for one in made.pictures] == [("tin-hue-1.jpg", jpeg)]
    assert made.body == "trước\n\n![Lễ ký kết](tin-hue-1.jpg)![](tin-hue-1.jpg)\n"


def test_pictures_that_no_page_can_show_are_left_out_and_said() -> None:
    files = {"media/a.emf": b"\x01\0\0\0 EMF", "media/b.jpg": b"\0\0\0\x18ftypheic\0\0\0\0"}
    data = word(styled("Tiêu đề", "Tiu"), f"<w:p>{picture('p1')}{picture('p2')}</w:p>", files=files)
    (problem,) = found(data).problems
    assert (problem.code, dict(problem.words)) == ("intake-pictures-kind", {"count": "2", "kind": "EMF, HEIC"})


def test_no_picture_outside_of_the_file_is_opened() -> None:
    outside = link("x", "file:///etc/passwd", "image") + link("y", "//server/share/a.jpg", "image")
    inside = '<Relationship Id="z" Type="a/image" Target="../../../etc/passwd"/>'
    shown = "".join(map(picture, "xyz"))
    data = word(styled("Tiêu đề", "Tiu"), f"<w:p>{text('a')}{shown}</w:p>", links=outside + inside)
    assert found(data).documents[0] == found(word(styled("Tiêu đề", "Tiu"), paragraph("a"))).documents[0]
    assert codes(data) == ["intake-pictures-linked"]


# What is lost is told


@pytest.mark.parametrize(
    ("content", "code", "left"),
    [
        (BOX, "intake-text-boxes", "a\n\nTrong khung\n"),
        (CHART, "intake-drawings", "a\n"),
        (text("bí mật", "<w:vanish/>"), "intake-hidden", "a\n"),
        ("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "intake-drawings", "ax=1\n"),
        ("<w:r><w:object><o:OLEObject/></w:object></w:r>", "intake-drawings", "a\n"),
    ],
)
def test_what_mammoth_drops_or_shows_in_silence_is_told(content: str, code: str, left: str) -> None:
    data = word(styled("Tiêu đề", "Tiu"), f"<w:p>{text('a')}{content}</w:p>")
    assert (found(data).documents[0].body, codes(data)) == (left, [code])


def test_comments_headers_contents_and_macros_are_told() -> None:
    comment = f'<w:comments {NAMES}><w:comment w:id="0">{paragraph("Xem lại số")}</w:comment></w:comments>'
    header, footer = (
        f"<w:{name} {NAMES}>{paragraph(words)}</w:{name}>" for name, words in (("hdr", "Mật"), ("ftr", "Trang 1"))
    )
    run = f'<w:p>{text("a")}<w:r><w:commentReference w:id="0"/></w:r></w:p>'
    data = word(
        styled("Tiêu đề", "Tiu"), styled("Mục lục 1", "Muc1"), run,
        parts={"comments": comment, "header1": header, "footer1": footer}, files={"vbaProject.bin": b"x"},
    )  # fmt: skip
    assert codes(data) == ["intake-comments", "intake-header-footer", "intake-contents", "intake-macros"]
    assert found(data).documents[0].body == "a\n"


CHANGED = (
    f'<w:p><w:ins w:id="1" w:author="Lan">{text("thêm ")}</w:ins><w:del w:id="2" w:author="Lan"><w:r><w:delText>bớt'
    f"</w:delText></w:r></w:del>{text('giữ')}</w:p>"
)


def test_tracked_changes_are_refused_until_somebody_decides() -> None:
    data = word(styled("Tiêu đề", "Tiu"), CHANGED)
    with pytest.raises(Refused) as fault:
        found(data)
    assert (fault.value.code, fault.value.words) == ("intake-tracked-changes", {"count": "2", "who": "Lan"})
    assert found(data, accept=True).documents[0].body == "thêm giữ\n"


# Bad files


def package(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(f"word/{name}.xml", data)
    return stream.getvalue()


ENTITIES = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (word(paragraph("a"))[:-200], "intake-damaged"),
        (package(document=b"<w:p>"), "intake-damaged"),
        (package(document=ENTITIES), "intake-damaged"),
        (package(document=ENTITIES.decode().encode("utf-16")), "intake-damaged"),
        (package(document=b"<a>" * 50_000 + b"</a>" * 50_000), "intake-damaged"),
        (package(document=b"<a>" + b" " * (17 << 20) + b"</a>"), "intake-bomb"),
        (package(other=b"<a/>"), "intake-damaged"),
        (word(paragraph("a" * 300_000)), "intake-too-long"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "intake-password"),
    ],
    ids=["truncated", "not closed", "entities", "entities in UTF-16", "deep", "bomb", "no text", "book", "password"],
)
def test_a_bad_file_says_what_is_wrong(data: bytes, code: str) -> None:
    assert refused(data) == code


@pytest.mark.parametrize("at", range(0, 3000, 97))
def test_damage_anywhere_is_a_refusal_or_an_item_and_never_a_crash(at: int) -> None:
    data = bytearray(
        word(styled("Tiêu đề", "Tiu"), item("a", 1), parts={"numbering": numbering({0: BULLETS}, {1: (0, None)})})
    )
    data[at % len(data)] ^= 0xFF
    with suppress(Refused):
        found(bytes(data))


def test_garbage_in_attributes_is_no_crash() -> None:
    odd = '<w:numPr><w:ilvl w:val="x"/><w:numId w:val="9"/></w:numPr><w:outlineLvl w:val="²"/><w:pStyle w:val="gi"/>'
    cell = f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="abc"/></w:tcPr>{paragraph("ô")}</w:tc></w:tr></w:tbl>'
    assert body(paragraph("a", odd)) == "- a\n"
    assert refused(word(cell)) == "intake-damaged"


def test_a_document_of_python_docx_is_read() -> None:
    made = docx.Document()
    made.add_heading("Tiêu đề", 0)
    made.add_heading("Mục", 1)
    for style in ("List Bullet", "List Bullet 2", "List Number"):
        made.add_paragraph(style, style=style)
    made.add_picture(io.BytesIO(photo(kind="JPEG")))
    stream = io.BytesIO()
    made.save(stream)
    text = found(stream.getvalue()).documents[0].body
    assert text == "## Mục\n\n- List Bullet\n  - List Bullet 2\n\n1. List Number\n\n![](tin-hue-1.jpg)\n"


def test_relationships_that_lead_out_of_the_package_lead_nowhere() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        rows = '<Relationship Id="d" Type="x/officeDocument" Target="../../word/document.xml"/>'
        made.writestr("_rels/.rels", relationships(rows))
        made.writestr(
            "word/document.xml",
            f"<w:document {NAMES}><w:body>{paragraph('Một')}{paragraph('Hai.')}</w:body></w:document>",
        )
    assert found(stream.getvalue()).documents[0].body == "Hai.\n"
