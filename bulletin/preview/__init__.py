"""The bulletin as its editors see it while they write: builds and serves the pages, and reloads them in browsers."""

from bulletin.preview.access import LOOPBACK, Access
from bulletin.preview.server import MAX_SENT, GuardedHandler, open_browser, serve
from bulletin.preview.session import Preview, PreviewState

__all__ = ["LOOPBACK", "MAX_SENT", "Access", "GuardedHandler", "Preview", "PreviewState", "open_browser", "serve"]
