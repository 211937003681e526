"""HTML as other programs put it on the clipboard, composed by hand from what is known of their forms."""

from __future__ import annotations

# ruff: noqa: E501 - these programs write long lines

_WORD_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta name=Generator content="Microsoft Word 15"><title>Kế hoạch</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-family:"Times New Roman",serif;} @list l0:level1 {mso-level-text:"%1\\."} --></style>
</head><body lang=VI style='tab-interval:36.0pt'><!--StartFragment-->"""
_WORD_END = "<!--EndFragment--></body></html>"


def word(*parts: str) -> str:
    return _WORD_HEAD + "\n\n".join(parts) + _WORD_END


def word_item(sign: str, words: str, level: int = 1, listed: int = 0) -> str:
    """Return a paragraph that desktop Word shows as an item of a list."""
    return f"""<p class=MsoListParagraphCxSpMiddle style='margin-left:{18 * level}.0pt;text-indent:-18.0pt;mso-list:l{listed} level{level} lfo{listed + 1}'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>{sign}<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>{words}<o:p></o:p></p>"""


WORD_NORMAL = """<p class=MsoNormal><span lang=VI style='font-size:14.0pt'>Ngày <b style='mso-bidi-font-weight:normal'>25/12</b>, tại <st1:place
w:st="on">Thái Nguyên</st1:place>,<span style='mso-spacerun:yes'>  </span>hai bên <i>ký kết</i><span style='font-weight:bold'> thỏa thuận</span>.<o:p></o:p></span></p>"""
WORD_EMPTY = "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
WORD_PICTURE = """<p class=MsoNormal><!--[if gte vml 1]><v:shape id="Pic_1" style='width:200pt'><v:imagedata src="file:///C:/Users/lan/AppData/Local/Temp/msohtmlclip1/01/clip_image001.jpg"/></v:shape><![endif]--><![if !vml]><img width=600 height=400
src="file:///C:/Users/lan/AppData/Local/Temp/msohtmlclip1/01/clip_image002.jpg" v:shapes="Pic_1"><![endif]></p>"""
EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=ProgId content=Excel.Sheet>
<style><!-- td {mso-number-format:General;} .xl65 {mso-number-format:"\\#\\,\\#\\#0";} --></style></head><body>
<table border=0 cellpadding=0 cellspacing=0 width=192 style='border-collapse:collapse'><!--StartFragment-->
<col width=64 span=3 style='width:48pt'>
<tr height=20><td height=20 class=xl65 width=64>Tỉnh</td><td class=xl65>Ngày ký</td><td class=xl65>Giá trị</td></tr>
<tr height=20><td height=20>Hải Dương</td><td align=right>20/12/2016</td><td class=xl65 align=right x:num="1500">1.500</td></tr>
<tr height=20><td height=20>Phú Yên</td><td></td><td class=xl65 align=right>300</td></tr>
<!--EndFragment--></table></body></html>"""
GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1a2b"><h1 dir="ltr" style="line-height:1.38"><span style="font-size:20pt;font-weight:400">Tin tháng 12</span></h1>
<p dir="ltr"><span style="font-weight:400;font-style:normal">Hai bên </span><span style="font-weight:700">ký</span><span style="font-weight:400;font-style:italic"> kết</span></p><br>
<ul style="margin-top:0"><li dir="ltr" style="list-style-type:disc" aria-level="1"><p dir="ltr" role="presentation"><span>Một</span></p></li><ul><li dir="ltr" style="list-style-type:circle" aria-level="2"><p dir="ltr" role="presentation"><span>Một a</span></p></li></ul><li dir="ltr" aria-level="1"><p dir="ltr"><span>Hai</span></p></li></ul></b><br class="Apple-interchange-newline">"""
WORD_ONLINE = """<div class="OutlineElement Ltr"><p class="Paragraph" role="heading" aria-level="2" style="font-weight:normal"><span class="TextRun"><span class="NormalTextRun">Công việc</span></span><span class="EOP">&nbsp;</span></p></div>
<div class="ListContainerWrapper"><ul class="BulletListStyle1" role="list"><li data-leveltext="●" data-listid="1" data-aria-posinset="1" data-aria-level="1" role="listitem"><p class="Paragraph"><span class="TextRun">Một</span></p></li></ul></div>
<div class="ListContainerWrapper"><ul role="list"><li data-aria-level="2"><p><span>Một a</span></p></li></ul></div>
<div class="ListContainerWrapper"><ul role="list"><li data-aria-level="1"><p><span>Hai</span></p></li></ul></div>"""
LIBRE_OFFICE = """<!DOCTYPE html><html><head><meta name="generator" content="LibreOffice 7.4 (Linux)"/><style>p { margin-bottom: 0.25cm }</style></head><body lang="vi-VN">
<h1 class="western">Kế hoạch</h1><p style="line-height: 115%"><font face="Liberation Serif, serif"><font size="3">Đoạn <b>đậm</b> và <u>gạch chân</u></font></font></p>
<ol type="a"><li><p>Mục một</p></li><li><p>Mục hai</p></li></ol>
<table width="100%" cellspacing="0"><col width="128*"><thead><tr><th><p>Tên</p></th><th><p>Số</p></th></tr></thead><tr><td><p>A</p></td><td><p>5</p></td></tr></table></body></html>"""
WEB = """<article onclick="x()"><h2>Tin <a href="javascript:alert(1)">mới</a></h2><script>alert(1)</script><div style="display:none">ẩn</div>
<p onmouseover="y()">Xem <a href="https://a.vn/x" target="_blank" rel="nofollow">đây</a> và <a href="#muc">mục</a>.</p>
<img src="https://a.vn/a.jpg" onerror="alert(1)"><img src="data:image/png;base64,AAAA"><figure><img src="//b.vn/b.jpg"><figcaption>Lễ ký</figcaption></figure>
<iframe src="https://b.vn"></iframe><blockquote>Lời <em>trích</em></blockquote><table><tr><td>Một ô</td></tr></table></article>"""
