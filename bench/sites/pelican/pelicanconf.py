"""Pelican's settings: the same pages as the other sites, none of those that only blogs want."""
# ruff: noqa: INP001

from __future__ import annotations

SITENAME = "Bản tin"
SITEURL = "https://bantin.example"
PATH = "content"
TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_LANG = "vi"
DEFAULT_DATE_FORMAT = "%d/%m/%Y"
THEME = "theme"
PLUGIN_PATHS = ["."]
PLUGINS = ["neighbours"]
MARKDOWN: dict[str, dict[str, dict[str, str]]] = {
    "extension_configs": {"markdown.extensions.extra": {}, "markdown.extensions.meta": {}},
}

ARTICLE_PATHS = ["tin"]
ARTICLE_URL = "tin/{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = "tin/{date:%Y}/{date:%m}/{slug}/index.html"
SLUGIFY_SOURCE = "basename"
CATEGORY_URL = "tinh/{slug}/"
CATEGORY_SAVE_AS = "tinh/{slug}/index.html"
CATEGORIES_SAVE_AS = "tinh/index.html"
MONTH_ARCHIVE_URL = "thang/{date:%Y}-{date:%m}/"
MONTH_ARCHIVE_SAVE_AS = "thang/{date:%Y}-{date:%m}/index.html"
ARCHIVES_SAVE_AS = "thang/index.html"
SITEMAP_SAVE_AS = "sitemap.xml"
DIRECT_TEMPLATES = ["index", "categories", "archives", "sitemap"]
AUTHOR_SAVE_AS = ""
TAG_SAVE_AS = ""

DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = {"category": None}
PAGINATION_PATTERNS = [
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/trang/{number}/", "{base_name}/trang/{number}/index.html"),
]

FEED_ALL_ATOM = "atom.xml"
CATEGORY_FEED_ATOM = "tinh/{slug}/atom.xml"
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
FEED_MAX_ITEMS = 20

CACHE_CONTENT = True
LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "reader"
CHECK_MODIFIED_METHOD = "mtime"
GZIP_CACHE = False
