"""The bulletin as its editors see it while they write: builds, serves and renews the pages."""

from bulletin.preview.access import LOOPBACK, Access
from bulletin.preview.server import open_browser, serve
from bulletin.preview.session import Preview

__all__ = ["LOOPBACK", "Access", "Preview", "open_browser", "serve"]
