"""What is pasted into a text from other programs, as the editor may take it; and what is to be said of it."""

from __future__ import annotations

from bulletin.desk.exchange import Cleaned, Pasted
from bulletin.desk.form import spoken
from bulletin.problems import Language, say
from bulletin.richtext import pasted, plain_text
from bulletin.richtext.document import html_of


def cleaned(what: Pasted, language: Language) -> Cleaned:
    """Return the HTML of a paste; None if its text may be taken as it is."""
    if not what.html:
        table = pasted.table_of(what.text)
        return Cleaned(html=table) if table else _tidied(what.text, language)
    found = pasted.cleaned(what.html)
    lost = found.pictures_lost
    says = spoken(say("desk-pictures-lost", language, count=str(lost))) if lost else ""
    return Cleaned(html=found.html, says=says)


def _tidied(text: str, language: Language) -> Cleaned:
    """Return plain text of several lines as it is set when it comes as a file."""
    found = plain_text.read(text)
    if not found.is_changed:
        return Cleaned(html=html_of(found.blocks) if "\n" in text.strip() else None)
    lists, tables, joined = str(found.lists), str(found.tables), str(found.joined)
    says = spoken(say("intake-tidied", language, lists=lists, tables=tables, joined=joined))
    return Cleaned(html=html_of(found.blocks), says=says)
