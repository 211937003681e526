"""Articles -> every page of the site, or the problems that forbid it. Pure: no disk, no clock."""

from bulletin.pages import archive, card_pictures, deals, editorial, links, tables, touched
from bulletin.pages.item_page import ItemPage, SitePage
from bulletin.pages.plan import Plan, plan

__all__ = [
    "ItemPage",
    "Plan",
    "SitePage",
    "archive",
    "card_pictures",
    "deals",
    "editorial",
    "links",
    "plan",
    "tables",
    "touched",
]
