"""What people have already: Word, spreadsheets, texts, web pages -> items to be confirmed. Nothing is saved here."""

from bulletin.intake.reading import MAX_BYTES, read
from bulletin.intake.values import Document, Found, Given, Proposal, Wishes, by_field, chosen, in_words, renamed

__all__ = [
    "MAX_BYTES",
    "Document",
    "Found",
    "Given",
    "Proposal",
    "Wishes",
    "by_field",
    "chosen",
    "in_words",
    "read",
    "renamed",
]
