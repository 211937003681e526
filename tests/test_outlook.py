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
    "a table without width": ('width="600" border', "border"),
    "a width in percent": ('<table width="600"', '<table width="100%"'),
    "a width with a unit": ('<table width="600"', '<table width="600px"'),
    "a broken width": ('<table width="600"', '<table width="599.5"'),
    "a table too wide": ("</td></tr></table><a", f"</td></tr></table>{TABLE.replace('600', '700')}<a"),
    "no frame": ("600", "500"),
    "two frames": ("</tr></table><a", f"</tr></table>{TABLE}<a"),
    "a table without cellpadding": (' cellpadding="0"', ""),
    "a table without cellspacing": (' cellspacing="0"', ""),
    "a table without border": (' border="0"', ""),
    "a cell of a width in percent": (f'{STYLE} width="600"', f'{STYLE} width="50%"'),
    "a picture without width": (' width="60"', ""),
    "a picture without height": (' height="40"', ""),
    "a picture of a broken width": (' width="60"', ' width="60.5"'),
    "a picture too wide": (' width="60"', ' width="601"'),
    "a picture without words": (' alt="Ảnh"', ""),
    "a picture in the text": ("cid:a@b", "data:image/png;base64,AA=="),
    "a relative picture": ("cid:a@b", "a.jpg"),
    "a picture as WebP": ("cid:a@b", "https://a.vn/b.webp"),
    "srcset": (' alt="Ảnh"', ' alt="Ảnh" srcset="a.jpg 2x"'),
    "a link to nowhere": ("https://a.vn/", "/tin/"),
    "a link to an id": ('<a name="a">', '<a id="a">'),
    "float": ("color: #112233", "float: left"),
    "flex": ("color: #112233", "display: flex"),
    "flex-wrap": ("color: #112233", "flex-wrap: wrap"),
    "grid": ("color: #112233", "display: grid"),
    "inline-block": ("color: #112233", "display: inline-block"),
    "grid-template": ("color: #112233", "grid-template: none"),
    "position": ("color: #112233", "position: absolute"),
    "a background image": ("color: #112233", "background-image: url(a.png)"),
    "a background shorthand": ("color: #112233", "background: #112233"),
    "an image as attribute": ("<body>", '<body background="a.png">'),
    "a url in a list": ("color: #112233", "list-style: url(a.png)"),
    "max-width alone": ("color: #112233", "max-width: 600px"),
    "a paragraph with a width": ("color: #112233", "width: 600px"),
    "var()": ("color: #112233", "border-color: var(--a)"),
    "calc()": ("color: #112233", "font-size: calc(1px + 1px)"),
    "light-dark()": ("color: #112233", "border-color: light-dark(#000000, #ffffff)"),
    "rem": ("color: #112233", "font-size: 1.5rem"),
    "vw": ("color: #112233", "font-size: 5vw"),
    "three digits": ("#112233", "#123"),
    "rgb": ("#112233", "rgb(1, 2, 3)"),
    "a negative margin": ("0 0 1px 0", "0 0 -1px 0"),
    "padding of a paragraph": ("margin: 0 0 1px 0", "padding: 0 0 1px 0"),
    "a cell without a font": ("font-family: Arial; ", ""),
    "a script": ("<body>", "<body><script></script>"),
    "a form": ("<body>", "<body><form></form>"),
    "a video": ("<body>", "<body><video></video>"),
    "svg": ("<body>", "<body><svg></svg>"),
    "an open tag": ("</p>", ""),
    "tags crosswise": ("<body>", "<body><p><b></p></b>"),
    "rules in the head": ("<style>", "<style>p { color: red; }"),
    "a style sheet elsewhere": ("<style>", '<link rel="stylesheet" href="https://a.vn/"><style>'),
    "a condition without end": ("<![endif]--></head>", "</head>"),
    "an end without a condition": ("<!--[if mso]>", ""),
    "an unknown condition": ("<!--[if mso]>", "<!--[if outlook]>"),
    "a condition of another version": ("gte mso 9]", "gte mso 99]"),
    "a comment in a condition": ("<o:Dpi>", "<!-- x --><o:Dpi>"),
    "an open tag in a condition": ("</tr></table><![endif]", "</table><![endif]"),
    "a condition that shows": ("<body>", "<body><![if !mso]>"),
}


def test_a_mail_that_word_can_show_passes() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_word_cannot_show_is_told(name: str) -> None:
    found, put = WRONG[name]
    assert found in GOOD
    assert faults(GOOD.replace(found, put, 1)) != []


def test_the_html_is_found_in_a_mail() -> None:
    mail = b"Subject: a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Ch\xc3\xa0o</p>\r\n"
    assert html_of(mail).strip() == "<p>Chào</p>"
    assert html_of("<p>Chào</p>".encode()) == "<p>Chào</p>"
