"""Fixtures that several files of tests share, and what holds for all of them."""

from hypothesis import settings

from tests.browser import chromium

__all__ = ["chromium"]

# No test asserts a time: machines are busy now and then.
settings.register_profile("bulletin", deadline=None)
settings.load_profile("bulletin")
