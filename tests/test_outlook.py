"""The linter of mails: a mail that Word can show passes, and for each rule there is one that it must refuse."""

from __future__ import annotations

import pytest

from tools.outlook import faults, html_of

STYLE = 'style="font-family: Arial; padding: 0 4px"'
CELL = f'<td {STYLE} width="600"><a name="a"></a><img src="cid:a@b" width="60" height="40" alt="Ảnh"></td>'
TABLE = f'<table width="600" border="0" cellpadding="0" cellspacing="0"><tr>{CELL}</tr></table>'
GOOD = (
    "<!DOCTYPE html><html><head><style>@media (max-width: 620px) { img { width: 100% !important; } }</style>"
    "<!--[if mso]><xml><o:Dpi>96</o:Dpi></xml><![endif]--></head>"
    f'<body><!--[if gte mso 9]><table><tr><td><![endif]--><p style="color: #112233; margin: 0 0 1px 0">{TABLE}'
    '<a href="#a">x</a><a href="https://a.vn/">y</a></p><!--[if (gte mso 9)]></td></tr></table><![endif]-->'
    "<!--[if !mso]><!--><p>Không phải Word</p><!--<![endif]--></body></html>"
)
WRONG = {
    "a table without width": ('width="600" border', "border", "<table> has the width «», which is no whole number"),
    "a width in percent": (
        '<table width="600"',
        '<table width="100%"',
        "<table> has the width «100%», which is no whole number",
    ),
    "a width with a unit": (
        '<table width="600"',
        '<table width="600px"',
        "<table> has the width «600px», which is no whole number",
    ),
    "a broken width": (
        '<table width="600"',
        '<table width="599.5"',
        "<table> has the width «599.5», which is no whole number",
    ),
    "a table too wide": (
        "</td></tr></table><a",
        f"</td></tr></table>{TABLE.replace('600', '700')}<a",
        "<table> is 700 pixels wide, more than 600",
    ),
    "no frame": ("600", "500", "0 tables are 600 pixels wide; one is the frame of a mail"),
    "two frames": (
        "</tr></table><a",
        f"</tr></table>{TABLE}<a",
        "2 tables are 600 pixels wide; one is the frame of a mail",
    ),
    "a table without cellpadding": (' cellpadding="0"', "", "<table> without cellpadding"),
    "a table without cellspacing": (' cellspacing="0"', "", "<table> without cellspacing"),
    "a table without border": (' border="0"', "", "<table> without border"),
    "a cell of a width in percent": (
        f'{STYLE} width="600"',
        f'{STYLE} width="50%"',
        "<td> has the width «50%», which is no whole number",
    ),
    "a picture without width": (' width="60"', "", "<img> has the width «», which is no whole number"),
    "a picture without height": (' height="40"', "", "<img> has the height «», which is no whole number"),
    "a picture of a broken width": (
        ' width="60"',
        ' width="60.5"',
        "<img> has the width «60.5», which is no whole number",
    ),
    "a picture too wide": (' width="60"', ' width="601"', "<img> is 601 pixels wide, more than 600"),
    "a picture without words": (' alt="Ảnh"', "", "<img> without alt: nothing stands there while pictures are blocked"),
    "a picture in the text": (
        "cid:a@b",
        "data:image/png;base64,AA==",
        "<img> from «data:image/png;base64,AA==», which Word does not load",
    ),
    "a relative picture": ("cid:a@b", "a.jpg", "<img> from «a.jpg», which Word does not load"),
    "a picture as WebP": (
        "cid:a@b",
        "https://a.vn/b.webp",
        "<img> of a format that Word does not know: «https://a.vn/b.webp»",
    ),
    "srcset": (' alt="Ảnh"', ' alt="Ảnh" srcset="a.jpg 2x"', "<img> with srcset"),
    "a link to nowhere": ("https://a.vn/", "/tin/", "a link to «/tin/», which leads nowhere from a mail"),
    "a link to an id": ('<a name="a">', '<a id="a">', "no <a name> is called «a», and Word knows no ids"),
    "float": ("color: #112233", "float: left", "<p>: float: left, a property that Word does not know"),
    "flex": ("color: #112233", "display: flex", "<p>: display: flex, a way of display that Word does not know"),
    "flex-wrap": ("color: #112233", "flex-wrap: wrap", "<p>: flex-wrap: wrap, a property that Word does not know"),
    "grid": ("color: #112233", "display: grid", "<p>: display: grid, a way of display that Word does not know"),
    "inline-block": (
        "color: #112233",
        "display: inline-block",
        "<p>: display: inline-block, a way of display that Word does not know",
    ),
    "grid-template": (
        "color: #112233",
        "grid-template: none",
        "<p>: grid-template: none, a property that Word does not know",
    ),
    "position": ("color: #112233", "position: absolute", "<p>: position: absolute, a property that Word does not know"),
    "a background image": (
        "color: #112233",
        "background-image: url(a.png)",
        "<p>: background-image: url(a.png), a property that Word does not know",
    ),
    "a background shorthand": (
        "color: #112233",
        "background: #112233",
        "<p>: background: #112233, a property that Word does not know",
    ),
    "an image as attribute": ("<body>", '<body background="a.png">', "<body> has a background image"),
    "a url in a list": (
        "color: #112233",
        "list-style: url(a.png)",
        "<p>: list-style: url(a.png), a property that Word does not know",
    ),
    "max-width alone": (
        "color: #112233",
        "max-width: 600px",
        "<p> has a max-width alone: Word makes it as wide as it likes",
    ),
    "a paragraph with a width": (
        "color: #112233",
        "width: 600px",
        "<p> has a size, which Word gives to tables and pictures only",
    ),
    "var()": (
        "color: #112233",
        "border-color: var(--a)",
        "<p>: border-color: var(--a), a property that Word does not know",
    ),
    "calc()": (
        "color: #112233",
        "font-size: calc(1px + 1px)",
        "<p>: font-size: calc(1px + 1px), a property that Word does not know",
    ),
    "light-dark()": (
        "color: #112233",
        "border-color: light-dark(#000000, #ffffff)",
        "<p>: border-color: light-dark(#000000, #ffffff), a property that Word does not know",
    ),
    "rem": ("color: #112233", "font-size: 1.5rem", "<p>: font-size: 1.5rem, a unit that Word does not know"),
    "vw": ("color: #112233", "font-size: 5vw", "<p>: font-size: 5vw, a unit that Word does not know"),
    "three digits": ("#112233", "#123", "<p>: color: #123, no colour of six digits"),
    "rgb": ("#112233", "rgb(1, 2, 3)", "<p>: color: rgb(1, 2, 3), no colour of six digits"),
    "a negative margin": ("0 0 1px 0", "0 0 -1px 0", "<p>: margin: 0 0 -1px 0, a negative margin"),
    "padding of a paragraph": (
        "margin: 0 0 1px 0",
        "padding: 0 0 1px 0",
        "<p> has padding, which Word gives to cells only",
    ),
    "a cell without a font": (
        "font-family: Arial; ",
        "",
        "<td> without font-family: Word takes Times New Roman, whatever stands around it",
    ),
    "a script": ("<body>", "<body><script></script>", "<script> is no tag of mails"),
    "a form": ("<body>", "<body><form></form>", "<form> is no tag of mails"),
    "a video": ("<body>", "<body><video></video>", "<video> is no tag of mails"),
    "svg": ("<body>", "<body><svg></svg>", "<svg> is no tag of mails"),
    "an open tag": ("</p>", "", "</body> closes nothing, or something else"),
    "tags crosswise": ("<body>", "<body><p><b></p></b>", "</p> closes nothing, or something else"),
    "rules in the head": (
        "<style>",
        "<style>p { color: red; }",
        "rules outside @media, which are not in the tags: p { color: red; }",
    ),
    "a style sheet elsewhere": (
        "<style>",
        '<link rel="stylesheet" href="https://a.vn/"><style>',
        "<link> is no tag of mails",
    ),
    "a condition without end": ("<![endif]--></head>", "</head>", "a condition within another one"),
    "an end without a condition": ("<!--[if mso]>", "", "the end of a condition that has not begun"),
    "an unknown condition": ("<!--[if mso]>", "<!--[if outlook]>", "the condition «outlook»"),
    "a condition of another version": ("gte mso 9]", "gte mso 99]", "the condition «gte mso 99»"),
    "a comment in a condition": ("<o:Dpi>", "<!-- x --><o:Dpi>", "a comment ends within a condition"),
    "an open tag in a condition": ("</tr></table><![endif]", "</table><![endif]", "tags in conditions: </table>"),
    "a condition that shows": ("<body>", "<body><![if !mso]>", "«<![if !mso]>» shows in other programs"),
    "a tag that is never closed": ("</html>", "", "never closed: html"),
}


def test_a_mail_that_word_can_show_passes() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_word_cannot_show_is_told(name: str) -> None:
    found, put, told = WRONG[name]
    assert found in GOOD
    faulty = faults(GOOD.replace(found, put, 1))
    assert f"1: {told}" in faulty


def test_the_html_is_found_in_a_mail() -> None:
    mail = b"Subject: a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Ch\xc3\xa0o</p>\r\n"
    assert html_of(mail).strip() == "<p>Chào</p>"
    assert html_of("<p>Chào</p>".encode()) == "<p>Chào</p>"
