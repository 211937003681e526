"""Word files in memory, from XML as Word itself writes it: the text, and what other parts are wanted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    }.items()
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments",
    "header1": "header",
    "footer1": "footer",
}
STYLES = """<w:styles {names}>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="u2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Tiu"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="MucRieng"><w:name w:val="Mục riêng"/><w:basedOn w:val="u2"/></w:style>
<w:style w:type="paragraph" w:styleId="Dam"><w:name w:val="Đậm"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="CuTCVN"><w:name w:val="Cũ"/>
<w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Muc1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Trich"><w:name w:val="Intense Quote"/><w:rPr><w:i/></w:rPr></w:style>
</w:styles>"""


def paragraph(words: str, properties: str = "", run: str = "") -> str:
    """Return a paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{text(words, run)}</w:p>"


def text(words: str, run: str = "") -> str:
    return f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def styled(words: str, style: str) -> str:
    return paragraph(words, f'<w:pStyle w:val="{style}"/>')


def item(words: str, number: int, level: int = 0) -> str:
    """Return a paragraph that is an item of a list."""
    return paragraph(words, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def numbering(kinds: Mapping[int, tuple[tuple[str, str], ...]], lists: Mapping[int, tuple[int, int | None]]) -> str:
    """Return the part of lists: of each kind the format and text of its levels; of each list its kind and start."""
    made = ""
    for name, levels in kinds.items():
        inner = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/></w:lvl>'
            for at, (form, shown) in enumerate(levels)
        )
        made += f'<w:abstractNum w:abstractNumId="{name}">{inner}</w:abstractNum>'
    for name, (kind, start) in lists.items():
        over = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
        made += f'<w:num w:numId="{name}"><w:abstractNumId w:val="{kind}"/>{over}</w:num>'
    return f"<w:numbering {NAMES}>{made}</w:numbering>"


def picture(name: str, alt: str = "") -> str:
    """Return a run with the picture of a relationship."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{alt}"/><a:graphic>'
        '<a:graphicData uri="p">'
        f'<pic:pic><pic:blipFill><a:blip r:embed="{name}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def word(
    *body: str, parts: Mapping[str, str] | None = None, files: Mapping[str, bytes] | None = None, links: str = ""
) -> bytes:
    """Return a Word file: `parts` by name («numbering»), `files` below word/, `links` as further relationships."""
    parts = {"styles": STYLES.format(names=NAMES)} | dict(parts or {})
    pictures = "".join(
        f'<Relationship Id="p{number}" Type="{_OFFICE}/image" Target="{name}"/>'
        for number, name in enumerate(files or {}, 1)
    )
    named = "".join(
        f'<Relationship Id="x{name}" Type="{_OFFICE}/{_KINDS[name]}" Target="{name}.xml"/>' for name in parts
    )
    main = f'<Relationship Id="d" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("_rels/.rels", relationships(main))
        made.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{''.join(body)}</w:body></w:document>")
        made.writestr("word/_rels/document.xml.rels", relationships(named + pictures + links))
        for name, xml in parts.items():
            made.writestr(f"word/{name}.xml", xml)
        for name, data in (files or {}).items():
            made.writestr(f"word/{name}", data)
    return stream.getvalue()


def relationships(rows: str) -> str:
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def link(name: str, target: str, kind: str = "hyperlink") -> str:
    """Return a relationship to an address outside of the file."""
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
