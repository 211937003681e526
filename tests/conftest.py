"""Fixtures that several files of tests share."""

from tests.browser import chromium

__all__ = ["chromium"]
