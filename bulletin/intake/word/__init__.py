"""A Word file -> an item to be confirmed: opened with care, rewritten so that nothing is lost in silence, then read."""

from bulletin.intake.word.reading import read

__all__ = ["read"]
