"""A page -> its text, and a last look at where that text leads. Loaded late, since Jinja takes 0.1 s to load."""

from bulletin.render.link_check import Lead, Leads, dead, unreachable
from bulletin.render.references import references
from bulletin.render.renderer import Renderer

__all__ = ["Lead", "Leads", "Renderer", "dead", "references", "unreachable"]
