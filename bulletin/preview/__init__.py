"""The bulletin as its editors see it while they write: builds and serves the pages, and reloads them in browsers."""

from bulletin.preview.access import LOOPBACK, PROOF, Access, Proxy
from bulletin.preview.server import MAX_SENT, Entrance, GuardedHandler, UploadHandler, open_browser, serve
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
    "UploadHandler",
    "open_browser",
    "serve",
]
