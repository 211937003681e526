"""The bulletin as its editors see it while they write: builds and serves the pages, and reloads them in browsers."""

from bulletin.preview.access import LOOPBACK, PROOF, Access, Proxy
from bulletin.preview.server import MAX_SENT, Entrance, GuardedHandler, open_browser, serve
from bulletin.preview.session import Preview, PreviewState

__all__ = [
    "LOOPBACK",
    "MAX_SENT",
    "PROOF",
    "Access",
    "Entrance",
    "GuardedHandler",
    "Preview",
    "PreviewState",
    "Proxy",
    "open_browser",
    "serve",
]
