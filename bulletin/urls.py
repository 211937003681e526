"""Every address of the site, and every kind of file behind an address; no other module spells them out.

Three words for places, never mixed: a `url` is the address that a reader sees, from the site's root
("/tin/2016/12/thai-nguyen/"); a `path` is relative to the site's folder or to output/ and `/`-separated; a `Path` is a
file on the disk.
"""

from __future__ import annotations

import re
from datetime import date
from enum import IntEnum
from typing import Literal

from msgspec import Struct

HOME = "/"
PROVINCES = "/tinh/"
MONTHS = "/thang/"
DEALS = "/thoa-thuan/"
DEALS_CSV = "/thoa-thuan.csv"
DEALS_JSON = "/thoa-thuan.json"
SEARCH = "/tim-kiem/"
SEARCH_INDEX = "/tim-kiem/muc-luc.json"
FEED = "/atom.xml"
SITEMAP = "/sitemap.xml"
SITEMAP_OF_LISTS = "/sitemap-muc-luc.xml"
EXPORT = "/items.jsonl"
NOT_FOUND = "/404.html"
ASSETS = "/assets/"

Month = tuple[int, int]
"""Year and month."""
Links = Literal["relative", "absolute", "rooted"]
"""How a file links to pages: relative to itself, by the whole address, or from the path of `base_url`."""

# Windows opens a device instead of a file with such a name, whatever its extension.
_DEVICE = re.compile(r"(con|aux|nul|prn|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_DIGEST_SUFFIX = r"\.[0-9a-f]{8}\.[a-z0-9]+"


def item(day: date, slug: str) -> str:
    return f"/tin/{day.year}/{day.month:02}/{slug}/"


def province(province_id: str) -> str:
    return f"{PROVINCES}{province_id}/"


def month(year_and_month: Month) -> str:
    return f"{MONTHS}{year_and_month[0]}-{year_and_month[1]:02}/"


def year(number: int) -> str:
    return f"{MONTHS}{number}/"


def older(list_url: str, number: int) -> str:
    """Return the url of the n-th full page of a list; empty for the 0th, since no page is older than page 1."""
    return f"{list_url}trang/{number}/" if number else ""


def feed(list_url: str) -> str:
    """Return the url of a list's feed."""
    return list_url + FEED[1:]


def search_titles(year: int) -> str:
    return f"{SEARCH}{year}.json"


def search_texts(month: Month) -> str:
    return f"{SEARCH}van-ban/{month[0]}-{month[1]:02}.json"


def sitemap_of_year(year: int) -> str:
    return f"/sitemap-{year}.xml"


def path_of(url: str) -> str:
    """Return the path in output/ of the file that is served at a url."""
    return url[1:] + "index.html" if url.endswith("/") else url[1:]


def url_of(path: str) -> str:
    """Return the url at which a file of output/ is served, by its path."""
    is_folder = path == "index.html" or path.endswith("/index.html")
    return "/" + (path.removesuffix("index.html") if is_folder else path)


def is_device_name(name: str) -> bool:
    """Tell whether Windows would open a device instead of a file or folder of this name."""
    return _DEVICE.fullmatch(name) is not None


class Turn(IntEnum):
    """The order in which files are put in place: a file follows those it links to, so that no link is ever dead."""

    LEAF = 1
    """Links to no other file: styles, scripts, pictures, attachments."""
    NEW_PAGE = 2
    CHANGED_PAGE = 3
    DATA = 4
    """Links to pages: feeds, sitemaps, the data of the search, the deals as data."""
    INDEX = 5
    """Links to files of DATA."""


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


_PAGE, _DATA, _INDEX = Turn.NEW_PAGE, Turn.DATA, Turn.INDEX
KINDS = (
    Kind(name="home", paths=r"index\.html", turn=_PAGE, in_sitemap=True),
    Kind(name="provinces", paths=r"tinh/index\.html", turn=_PAGE, in_sitemap=True),
    Kind(name="months", paths=r"thang/index\.html", turn=_PAGE, in_sitemap=True),
    Kind(name="deals", paths=r"thoa-thuan/index\.html", turn=_PAGE, in_sitemap=True),
    Kind(name="search", paths=r"tim-kiem/index\.html", turn=_PAGE, in_sitemap=True),
    Kind(name="province", paths=r"tinh/[^/]+/index\.html", turn=_PAGE, in_sitemap=True),
    Kind(name="year", paths=r"thang/[0-9]{4}/index\.html", turn=_PAGE, in_sitemap=True),
    Kind(name="month", paths=r"thang/[0-9]{4}-[0-9]{2}/index\.html", turn=_PAGE, in_sitemap=True),
    Kind(
        name="item", paths=r"tin/[0-9]{4}/[0-9]{2}/[^/]+/index\.html", turn=_PAGE, in_sitemap=True, is_bookmarked=True
    ),
    Kind(name="older", paths=r".*/trang/[0-9]+/index\.html", turn=_PAGE),
    Kind(name="not_found", paths=r"404\.html", turn=_PAGE, links="rooted"),
    Kind(name="redirect", paths=r".*\.html?", turn=_PAGE, is_bookmarked=True),
    Kind(name="versioned", paths=rf".*{_DIGEST_SUFFIX}", turn=Turn.LEAF, is_certainly_ours=True),
    Kind(name="search_index", paths=r"tim-kiem/muc-luc\.json", turn=_INDEX, is_certainly_ours=True),
    Kind(name="search_data", paths=r"tim-kiem/.*\.json", turn=_DATA, is_certainly_ours=True),
    Kind(name="deals_data", paths=r"thoa-thuan\.(?:csv|json)", turn=_DATA, links="absolute"),
    Kind(name="feed", paths=r"(?:.*/)?atom\.xml", turn=_DATA, links="absolute"),
    Kind(name="sitemap", paths=r"sitemap\.xml", turn=_INDEX, links="absolute"),
    Kind(name="sitemap_part", paths=r"sitemap-[^/]+\.xml", turn=_DATA, links="absolute"),
    Kind(name="export", paths=r"items\.jsonl", turn=_DATA, links="absolute"),
    Kind(name="attachment", paths=r".*", turn=Turn.LEAF, is_bookmarked=True),
)
"""Every kind. A path has the first kind that matches it; the sitemap lists its kinds in this order."""

# Months, provinces, pages of lists, categories, tags and authors come with later items, some files with other settings,
# whole folders with a later program. No item may take such an address before, or that day nothing could be published.
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


def turn_of(path: str, *, is_change: bool) -> Turn:
    """Return the turn of a file. A changed page follows the new pages, because it may link to them."""
    turn = kind_of(path).turn
    return Turn.CHANGED_PAGE if is_change and turn is Turn.NEW_PAGE else turn
