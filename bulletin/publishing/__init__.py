"""Staged files -> output/, all or nothing; and back again."""

from bulletin.publishing import removals
from bulletin.publishing.destination import check_place
from bulletin.publishing.history import Publication
from bulletin.publishing.lock import locked
from bulletin.publishing.publish import Publisher

__all__ = ["Publication", "Publisher", "check_place", "locked", "removals"]
