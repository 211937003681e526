"""Staged files -> output/, all or nothing, and rollback to what was there before."""

from bulletin.publishing import kept, removals, transfer
from bulletin.publishing.destination import check_destination, holds_other_files
from bulletin.publishing.history import Publication
from bulletin.publishing.kept import KeptItem, KeptSources, Unreadable
from bulletin.publishing.lock import locked
from bulletin.publishing.moves import retry
from bulletin.publishing.publish import Publisher

__all__ = [
    "KeptItem",
    "KeptSources",
    "Publication",
    "Publisher",
    "Unreadable",
    "check_destination",
    "holds_other_files",
    "kept",
    "locked",
    "removals",
    "retry",
    "transfer",
]
