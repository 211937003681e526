"""Staged files -> output/, all or nothing, and rollback to what was there before."""

from bulletin.publishing import removals
from bulletin.publishing.destination import check_destination, holds_other_files
from bulletin.publishing.history import Publication
from bulletin.publishing.lock import locked
from bulletin.publishing.moves import retry
from bulletin.publishing.publish import Publisher

__all__ = ["Publication", "Publisher", "check_destination", "holds_other_files", "locked", "removals", "retry"]
