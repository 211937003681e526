"""Every address of the site, and every kind of file behind an address; no other module spells them out.

Three words for places, never mixed: a `url` is the address that a reader sees, from the site's root
("/tin/2016/12/thai-nguyen/"); a `path` is relative to the site's folder or to output/ and `/`-separated; a `Path` is a
file on the disk.
"""

from __future__ import annotations

import re
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

HOME = "/"
PROVINCES = "/tinh/"
MONTHS = "/thang/"
DEALS = "/thoa-thuan/"
ALL = "/tin/"
"""All items, newest first."""
DEALS_CSV = "/thoa-thuan.csv"
DEALS_JSON = "/thoa-thuan.json"
FOLLOW = "/theo-doi/"
SEARCH = "/tim-kiem/"
SEARCH_INDEX = "/tim-kiem/muc-luc.json"
EVENTS = "/lich/"
CALENDAR = "/lich.ics"
FEED = "/atom.xml"
SITEMAP = "/sitemap.xml"
SITEMAP_OF_LISTS = "/sitemap-muc-luc.xml"
EXPORT = "/items.jsonl"
NOT_FOUND = "/404.html"
ASSETS = "/assets/"
DESK = "/_soan/"
"""Where the preview's server opens the desk; it is never published."""
NEW_FORM = f"{DESK}moi"

Month = tuple[int, int]
"""Year and month."""
Links = Literal["relative", "absolute", "rooted"]
"""How a file links to pages: relative to itself, by the whole address, or from the path of `base_url`."""

MAX_SLUG = 120
"""Maximum characters of a slug or an alias: the path of a page must stay below the 260 characters of Windows."""

# Windows opens a device instead of a file with such a name, whatever its extension.
_DEVICE = re.compile(r"(con|aux|nul|prn|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_DIGEST_SUFFIX = r"\.[0-9a-f]{8}\.[a-z0-9]+"

_HOST_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?")
_LONGEST_HOST = 253
# Browsers take such a name for an IPv4 address, and open none of them that is no right one.
_LIKE_IPV4 = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
_BROKEN_ESCAPE = re.compile("%(?![0-9a-fA-F]{2})")
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~"


def form(source: str) -> str:
    """Return the url of an item's form at the desk, by the path of its file below content/."""
    return f"{DESK}bai/{quote(source)}"


def item(day: date, slug: str) -> str:
    return f"/tin/{day.year}/{day.month:02}/{slug}/"


def province(province_id: str) -> str:
    return f"{PROVINCES}{province_id}/"


def month(year_and_month: Month) -> str:
    return f"{MONTHS}{year_and_month[0]}-{year_and_month[1]:02}/"


def year(number: int) -> str:
    return f"{MONTHS}{number}/"


def has_page(slug: str) -> bool:
    """Tell whether a category, a tag or an author with this slug can have an address; an empty slug has none."""
    return 0 < len(slug) <= MAX_SLUG


def category(slug: str) -> str:
    return f"/chuyen-muc/{_folder(slug)}/"


def tag(slug: str) -> str:
    return f"/tu-khoa/{_folder(slug)}/"


def author(slug: str) -> str:
    return f"/nguoi-viet/{_folder(slug)}/"


@cache
def _folder(slug: str) -> str:
    """Return the name of a folder; no slug has an underscore, so «con» and «aux» take nobody's address."""
    return f"{slug}_" if is_device_name(slug) else slug


def older(list_url: str, number: int) -> str:
    """Return the url of the n-th full page of a list; empty for the 0th, since no page is older than page 1."""
    return f"{list_url}trang/{number}/" if number else ""


def feed(list_url: str) -> str:
    """Return the url of a list's feed."""
    return list_url + FEED[1:]


def search_titles(year: int, first: int, last: int) -> str:
    """Return the url of the titles of a year's months from the `first` to the `last`."""
    return f"{SEARCH}{year}.json" if (first, last) == (1, 12) else f"{SEARCH}{year}-{first:02}_{last:02}.json"


def search_texts(month: Month, number: int = 0) -> str:
    """Return the url of the texts of a month's newest items, or of its n-th full file of older ones."""
    return f"{SEARCH}van-ban/{month[0]}-{month[1]:02}{f'/{number}' if number else ''}.json"


def sitemap_of_month(month: Month) -> str:
    return f"/sitemap-{month[0]}-{month[1]:02}.xml"


def path_of(url: str) -> str:
    """Return the path in output/ of the file that is served at a url."""
    return url[1:] + "index.html" if url.endswith("/") else url[1:]


def url_of(path: str) -> str:
    """Return the url at which a file of output/ is served, by its path."""
    is_folder = path == "index.html" or path.endswith("/index.html")
    return "/" + (path.removesuffix("index.html") if is_folder else path)


def base_url(text: str) -> str:
    """Return the address of a site as browsers send it, with `/` at its end; raise ValueError if there is none such.

    It is http or https with a host that a browser can look for, perhaps a port and a path, and nothing else: a password
    would stand in every feed, and after `?` or `#` no page could be named.
    """
    parts = urlsplit(text)
    path = unquote(parts.path)
    if not text.isprintable() or any(sign in " \\?#" for sign in text) or not path.isprintable():
        raise ValueError(text)
    # «%» in a host names an interface of this machine alone.
    if parts.scheme not in {"http", "https"} or any(sign in parts.netloc for sign in "@%") or parts.port == 0:
        raise ValueError(text)
    # A browser goes up at «..», and takes what follows «//» for a host.
    steps = path.rstrip("/").split("/")[1:]
    if _BROKEN_ESCAPE.search(parts.path) or any(step in {"", ".", ".."} for step in steps):
        raise ValueError(text)
    return ascii_address(text).rstrip("/") + "/"


def ascii_address(text: str) -> str:
    """Return an absolute address in ASCII, as browsers send it: «báo.vn» is «xn--bo-mia.vn», «ả» in a path «%E1%BA%A3».

    What follows `?` or `#` is left out. Raise ValueError if its host is none.
    """
    parts = urlsplit(text)
    port = f":{parts.port}" if parts.port is not None else ""
    return f"{parts.scheme}://{_ascii_host(parts.hostname or '')}{port}{quote(parts.path, safe=_SAFE_IN_PATH)}"


def _ascii_host(name: str) -> str:
    """Return the name or the IP address of a host; an IPv6 address in brackets."""
    if ":" in name or _LIKE_IPV4.fullmatch(name):
        from ipaddress import IPv4Address, IPv6Address  # noqa: PLC0415 - 4 ms that a host with a name does not need

        return f"[{IPv6Address(name)}]" if ":" in name else str(IPv4Address(name))
    host = name if name.isascii() else name.encode("idna").decode()
    if host != name and _LIKE_IPV4.fullmatch(host):
        # Figures of another kind, such as «²», are an address as well.
        return _ascii_host(host)
    if len(host) > _LONGEST_HOST or not _HOST_NAME.fullmatch(host):
        raise ValueError(name)
    return host


def is_device_name(name: str) -> bool:
    """Tell whether Windows would open a device instead of a file or folder of this name."""
    return _DEVICE.fullmatch(name) is not None


class Turn(IntEnum):
    """The order in which new files are put in place: a file follows those it names. They are removed in reverse.

    Pages name each other in circles. So they come last, and `publishing.order` lets none of them be missed before.
    """

    LEAF = 1
    """Names no other file: styles, scripts, pictures, attachments."""
    DATA = 2
    """Names leaves and pages: feeds, calendar, parts of the sitemap, data of the search, deals and items as data."""
    INDEX = 3
    """Names files of DATA."""
    PAGE = 4


class Kind(Struct, frozen=True, kw_only=True):
    """One kind of file in output/."""

    name: str
    paths: str
    """A regular expression that matches the paths of such files."""
    turn: Turn
    links: Links = "relative"
    in_sitemap: bool = False
    is_bookmarked: bool = False
    """Readers may have kept its url, and another can take its place, so a warning announces its removal."""
    is_certainly_ours: bool = False
    """Only the bulletin makes files with such paths: one is the bulletin's own even if no record of it is left."""


KINDS = (
    Kind(name="home", paths=r"index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="provinces", paths=r"tinh/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="months", paths=r"thang/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="deals", paths=r"thoa-thuan/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="events", paths=r"lich/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="follow", paths=r"theo-doi/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="search", paths=r"tim-kiem/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="province", paths=r"tinh/[^/]+/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="all", paths=r"tin/index\.html", turn=Turn.PAGE, in_sitemap=True),
    # Readers follow its feed, which goes with it.
    Kind(
        name="category",
        paths=r"chuyen-muc/[^/]+/index\.html",
        turn=Turn.PAGE,
        in_sitemap=True,
        is_bookmarked=True,
    ),
    Kind(name="tag", paths=r"tu-khoa/[^/]+/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="author", paths=r"nguoi-viet/[^/]+/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="year", paths=r"thang/[0-9]{4}/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(name="month", paths=r"thang/[0-9]{4}-[0-9]{2}/index\.html", turn=Turn.PAGE, in_sitemap=True),
    Kind(
        name="item",
        paths=r"tin/[0-9]{4}/[0-9]{2}/[^/]+/index\.html",
        turn=Turn.PAGE,
        in_sitemap=True,
        is_bookmarked=True,
    ),
    Kind(name="older", paths=r".*/trang/[0-9]+/index\.html", turn=Turn.PAGE),
    Kind(name="not_found", paths=r"404\.html", turn=Turn.PAGE, links="rooted"),
    Kind(name="redirect", paths=r".*\.html?", turn=Turn.PAGE, is_bookmarked=True),
    Kind(name="versioned", paths=rf".*{_DIGEST_SUFFIX}", turn=Turn.LEAF, is_certainly_ours=True),
    Kind(name="search_index", paths=r"tim-kiem/muc-luc\.json", turn=Turn.INDEX, is_certainly_ours=True),
    Kind(name="search_data", paths=r"tim-kiem/.*\.json", turn=Turn.DATA, is_certainly_ours=True),
    Kind(name="deals_data", paths=r"thoa-thuan\.(?:csv|json)", turn=Turn.DATA, links="absolute"),
    Kind(name="calendar", paths=r"lich\.ics", turn=Turn.DATA, links="absolute"),
    Kind(name="feed", paths=r"(?:.*/)?atom\.xml", turn=Turn.DATA, links="absolute"),
    Kind(name="sitemap", paths=r"sitemap\.xml", turn=Turn.INDEX, links="absolute"),
    Kind(name="sitemap_part", paths=r"sitemap-[^/]+\.xml", turn=Turn.DATA, links="absolute"),
    Kind(name="export", paths=r"items\.jsonl", turn=Turn.DATA, links="absolute"),
    Kind(name="attachment", paths=r".*", turn=Turn.LEAF, is_bookmarked=True),
)
"""Every kind. A path has the first kind that matches it; the sitemap lists its kinds in this order."""

# Months, provinces, pages of lists, categories, tags and authors come with later items, some files with other settings,
# the calendar with a later program. No item may take such an address before, or that day nothing could be published.
# Addresses of items are free: most old urls are one.
_OF_SITE = re.compile(
    r"(assets|chuyen-muc|lich|nguoi-viet|theo-doi|thoa-thuan|tim-kiem|tinh|tu-khoa|_soan)/.*"
    r"|thang/(index\.html|trang/.*|[0-9]{4}(-[0-9]{2})?/.*)"
    r"|tin/(index\.html|trang/.*|atom\.xml/.*)"
    r"|trang/.*|index\.html|404\.html(/.*)?"
    r"|(atom\.xml|sitemap[^/]*\.xml|items\.jsonl|lich\.ics|thoa-thuan\.(csv|json))/.*",
    re.IGNORECASE | re.DOTALL,
)
_BY_NAME = {kind.name: kind for kind in KINDS}
_PATH = re.compile("|".join(f"(?P<{kind.name}>{kind.paths})" for kind in KINDS), re.DOTALL)


def kind_of(path: str) -> Kind:
    """Return the kind of a file of output/, by its path."""
    match = _PATH.fullmatch(path)
    assert match is not None, "the last kind matches every path"
    return _BY_NAME[match.lastgroup or ""]


def is_of_site(path: str) -> bool:
    """Tell whether the bulletin itself makes a file at this path, or may make one some day."""
    return _OF_SITE.fullmatch(path) is not None


def turn_of(path: str) -> Turn:
    """Return the turn of a file of output/, by its path."""
    return kind_of(path).turn
