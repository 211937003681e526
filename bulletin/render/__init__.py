"""A page -> its text, and a final check of the links in it. Import this late: Jinja takes 0.1 s to load."""

from bulletin.render.link_check import LinkCollector, SiteLink, dead_links, unlinked_pages
from bulletin.render.references import references
from bulletin.render.renderer import Renderer

__all__ = ["LinkCollector", "Renderer", "SiteLink", "dead_links", "references", "unlinked_pages"]
