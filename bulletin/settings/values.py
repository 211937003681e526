"""The settings as values, with what follows from them: the defaults are those of a site without pyproject.toml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bulletin import urls
from bulletin.problems import Language
from bulletin.vietnamese import provinces, slug

LinkStyle = Literal["folder", "file"]
LineBreaks = Literal["auto", "all", "none"]
Security = Literal["starttls", "tls", "none"]


class DeskSettings(Struct, frozen=True, kw_only=True):
    """The table `[tool.bulletin.desk]`; no page depends on it."""

    proxy: str = ""
    """The IP address of the server in front; empty if there is none."""
    user_header: str = ""
    """The header in which that server tells who somebody is; empty if people sign in here."""
    keep_versions: int = 0
    """Days for which former versions of items are kept; 0 for ever."""


class EditionSettings(Struct, frozen=True, kw_only=True):
    """The table `[tool.bulletin.edition]`: from whom, to whom and by which server editions are sent.

    No page depends on it. The password is in the environment alone.
    """

    sender: str = ""
    recipients: tuple[str, ...] = ()
    """Mailboxes, as `sender`: «Tên <dia-chi@congty.example>» or the address alone; each address once."""
    subject: str = "{title} – {edition}"
    """`{title}` stands for the name of the bulletin, `{edition}` for that of the edition."""
    server: str = ""
    port: int = 0
    """0 for the usual one of `security`."""
    user: str = ""
    """Empty if the server asks for no login."""
    security: Security = "starttls"


class TargetSettings(Struct, frozen=True, kw_only=True):
    """The table `[tool.bulletin.targets.NAME]`: a place where readers are. No page depends on it."""

    name: str
    to: str
    """A folder, relative to the site or absolute, which may be a share; or `ssh://user@host/folder`."""
    base_url: str = ""
    """Empty for the one of the bulletin."""
    max_removed: int | None = None
    """The number of pages that one publication may remove unasked; None for the usual one."""


class Settings(Struct, frozen=True, kw_only=True):
    """The choices of a bulletin's owners; the defaults are those of a site without pyproject.toml."""

    title: str = "Bản tin"
    tagline: str = ""
    organisation: str = ""
    base_url: str = "http://localhost:8000/"
    """Absolute, ends with `/`. Feeds, sitemap and 404.html need it, because they are read at other addresses too."""
    language: Language = "vi"
    """Language of the messages; pages are always Vietnamese."""
    categories: tuple[str, ...] = ()
    menu: tuple[str, ...] = ("Tỉnh", "Tháng", "Thỏa thuận", "Lịch", "Chuyên mục")
    """The parts of the site to which the masthead leads: names of `PARTS`, `ALL_CATEGORIES` or a category."""
    items_per_page: int = 20
    export_items: bool = False
    value_unit: str = ""
    """The unit of a bare number in `value`; empty if a bare number is an error."""
    timezone_offset: str = "+07:00"
    nationwide_label: str = provinces.NATIONWIDE.name
    """What items without a province show in place of one; empty if they show nothing."""
    line_breaks: LineBreaks = "auto"
    """Which line ends within a paragraph readers see: those that were meant (`auto`), all of them, none of them."""
    link_style: LinkStyle = "folder"
    """`file` adds index.html to links, for a bulletin that is opened from a file share."""
    approval: bool = False
    """Whether somebody else than the writers must have approved what is published."""
    desk: DeskSettings = DeskSettings()
    edition: EditionSettings = EditionSettings()
    targets: tuple[TargetSettings, ...] = ()
    """Where `publish` puts the bulletin; nowhere but into output/ if there are none."""

    @property
    def of_pages(self) -> Settings:
        """The settings that pages depend on: none shows who may do what at the desk, nor where the bulletin goes."""
        return replace(self, approval=False, desk=DeskSettings(), edition=EditionSettings(), targets=())

    @property
    def zone(self) -> timezone:
        return _zone(self.timezone_offset)

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """The entries of the menu, each with its title and url. «Chuyên mục» stands for all categories not named."""
        named = {slug(name) for name in self.menu}
        others = tuple(name for name in self.categories if slug(name) not in named)
        entries: dict[str, str] = {}
        for part in self.menu:
            for name in others if part == ALL_CATEGORIES else (part,):
                title, url = PARTS.get(name) or (name, urls.category(slug(name)))
                entries.setdefault(url, title)
        return tuple((title, url) for url, title in entries.items())

    @property
    def nationwide_name(self) -> str:
        """The title of the list of items without a province, which has one even where they show none."""
        return self.nationwide_label or "Tin chung"

    @property
    def item_rules(self) -> ItemRules:
        return ItemRules(**{name: getattr(self, name) for name in ItemRules.__struct_fields__})


class ItemRules(Struct, frozen=True, kw_only=True):
    """The settings that decide how items are read: a cached item is valid only as long as they stay the same.

    The fields are named as in `Settings`.
    """

    categories: tuple[str, ...]
    value_unit: str
    timezone_offset: str
    nationwide_label: str
    line_breaks: LineBreaks

    @property
    def zone(self) -> timezone:
        return _zone(self.timezone_offset)


def _zone(offset: str) -> timezone:
    sign = -1 if offset.startswith("-") else 1
    hours, minutes = offset[1:].split(":")
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))


PARTS: Mapping[str, tuple[str, str]] = {
    "Tỉnh": ("Tỉnh, thành phố", urls.PROVINCES),
    "Tháng": ("Tháng", urls.MONTHS),
    "Thỏa thuận": ("Thỏa thuận", urls.DEALS),
    "Lịch": ("Lịch", urls.EVENTS),
    "Tất cả tin": ("Tất cả tin", urls.ALL),
    "Theo dõi": ("Theo dõi", urls.FOLLOW),
    "Tìm kiếm": ("Tìm kiếm", urls.SEARCH),
}
"""The parts of the site that a menu may name, each with its title there and its url."""
ALL_CATEGORIES = "Chuyên mục"
