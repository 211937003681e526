"""What people have already: Word, spreadsheets, texts, web pages -> items to be confirmed. Nothing is saved here."""

from bulletin.intake.values import Cell, Document, Found, Given, Passage, Picture, Proposal, Wishes

__all__ = ["Cell", "Document", "Found", "Given", "Passage", "Picture", "Proposal", "Wishes"]
