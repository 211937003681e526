"""`[tool.bulletin]` of pyproject.toml -> Settings, or every problem in it; addresses as people write them there."""

from bulletin.settings import mailboxes
from bulletin.settings.keys import base_url, mailbox
from bulletin.settings.reading import FILE, parse
from bulletin.settings.values import EditionSettings, ItemRules, LineBreaks, LinkStyle, Security, Settings

__all__ = [
    "FILE",
    "EditionSettings",
    "ItemRules",
    "LineBreaks",
    "LinkStyle",
    "Security",
    "Settings",
    "base_url",
    "mailbox",
    "mailboxes",
    "parse",
]
