"""Editions: the news of a month, a week or some days for people who do not open the site, as e-mail, PDF and notice.

Whoever makes one of the forms loads its module, since each needs libraries that a build does without.
"""

from bulletin.editions import memory, readers
from bulletin.editions.edition import CorrectedItem, Edition, EditionItem, Group
from bulletin.editions.making import Making, make
from bulletin.editions.paper import PAPERS, Paper
from bulletin.editions.period import EditionPeriod, parse_period

__all__ = [
    "PAPERS",
    "CorrectedItem",
    "Edition",
    "EditionItem",
    "EditionPeriod",
    "Group",
    "Making",
    "Paper",
    "make",
    "memory",
    "parse_period",
    "readers",
]
