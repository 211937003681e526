"""The preview's server: livereload, with its edges mended. Loopback only, unless it is told another address.

Of livereload are the server and its loop, the protocol with browsers, and the script put into every page. Ours are the
watcher (whose thread builds, so that nobody waits for it), the script itself (an inline one is against the pages'
Content-Security-Policy), and the access: who asks by another name, or from another site's page, is sent away.
"""

from __future__ import annotations

import errno
import gc
import signal
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Any

import msgspec
from livereload import Server
from livereload.handlers import LiveReloadHandler
from livereload.server import LiveScriptInjector
from livereload.watcher import Watcher
from tornado import web
from tornado.httputil import HTTPServerRequest
from tornado.ioloop import IOLoop, PeriodicCallback

from bulletin import urls
from bulletin.build import Report, template_folders
from bulletin.preview.access import Access
from bulletin.preview.session import FOLDER, Preview, page_status
from bulletin.preview.watcher import changes
from bulletin.problems import refuse, say
from bulletin.publishing import locked
from bulletin.settings import FILE

OVERLAY = Path(__file__).parent / "overlay"
_OWN = "/.preview/"
"""Hidden, so that no page of a site can have the same address."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ASSETS = urls.ASSETS[1:]
_CANNOT_LISTEN = {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}
_SHELL = "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Bản tin</title></head><body></body></html>"


class _Guarded(web.RequestHandler):
    """A request that must pass the access first."""

    access: Access
    preview: Preview

    def prepare(self) -> None:
        if not self.access.admits(self.request.headers.get("Host", ""), self.request.headers.get("Origin")):
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(say("preview-stranger", self.preview.state.language, address=self.access.address))

    def set_default_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.set_header(name, value)


class _Pages(_Guarded, web.StaticFileHandler):
    """The built site; where it has no page, its own page for lost readers, or an empty one before the first build."""

    async def get(self, path: str, include_body: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 - tornado's
        self.path = self.parse_url_path(path)
        found = self.validate_absolute_path(self.root, self.get_absolute_path(self.root, self.path))
        if found is None:
            return
        self.absolute_path = found
        self.set_header("Content-Type", self.get_content_type())
        if path.startswith(_ASSETS):
            # Named by their content: a page that renews itself need not ask for them again.
            self.set_header("Cache-Control", "max-age=31536000, immutable")
        try:
            # At once: a build that replaces the file while it is read would break the page, and on Windows the build.
            self.finish(Path(found).read_bytes())  # noqa: ASYNC240 - one small file, for one editor
        except FileNotFoundError as fault:
            raise web.HTTPError(404) from fault

    def compute_etag(self) -> str | None:
        """Have no page taken for unchanged: a script of another build may be in it."""
        return None

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if "\0" in absolute_path:
            # No system has such a file, and some raise ValueError for it.
            raise web.HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)

    def write_error(self, status_code: int, **_: Any) -> None:
        lost = self.preview.output / urls.path_of(urls.NOT_FOUND)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(lost.read_bytes() if status_code == 404 and lost.is_file() else _SHELL)  # noqa: PLR2004


class _Own(_Pages):
    """The script and the style sheet that the preview adds to pages."""


class _State(_Guarded):
    """What a page of the preview asks when it is told that something was built."""

    def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(msgspec.json.encode(page_status(self.preview.state, self.get_query_argument("page", ""))))


class _Socket(_Guarded, LiveReloadHandler):
    """The line on which pages are told that something was built, as livereload speaks."""

    def check_origin(self, origin: str) -> bool:
        return self.access.admits(self.request.headers.get("Host", ""), origin)

    def on_message(self, message: str | bytes) -> None:
        try:
            super().on_message(message)
        except (AttributeError, TypeError, ValueError):
            # Not the protocol of livereload.
            self.close()


class _Injector(LiveScriptInjector):
    """Puts our script into a page, with the number of the build that it shows at least."""

    preview: Preview

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        # Before the page is read: a build that ends meanwhile has the page renewed, instead of being missed.
        number = self.preview.state.build
        self.script = f'<script src="{_OWN}overlay.js" data-build="{number}" defer></script>'.encode()


class _Builds(Watcher):
    """Builds after each change, in a thread of its own; livereload then tells the pages."""

    def __init__(self, preview: Preview, rebuilt: Callable[[Report], None]) -> None:
        super().__init__()
        self.fault: BaseException | None = None
        self._preview = preview
        self._rebuilt = rebuilt
        self._stop = Event()
        self._thread = Thread(target=self._work)
        self._tell: Callable[[], None]
        self._loop: IOLoop

    def start(self, callback: Callable[[], None]) -> bool:
        self._tell = callback
        self._loop = IOLoop.current()
        self._thread.start()
        return True

    def examine(self) -> tuple[str, None]:
        """Return what makes livereload tell every page at once, however shortly after the last time."""
        return "__livereload__", None

    def stop(self) -> None:
        """End what is under way, and wait for it."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _work(self) -> None:
        root = self._preview.root
        try:
            for _ in changes(lambda: _folders(root), (root / FILE,), self._stop):
                gc.disable()
                report = self._preview.rebuild(self._hear)
                self._loop.add_callback(self._tell)
                self._rebuilt(report)
                # What is kept from build to build is not looked at again, when the server's garbage is collected.
                gc.freeze()
                gc.enable()
        except _Stopped:
            pass
        except BaseException as fault:  # noqa: BLE001 - the main thread raises it
            self.fault = fault
            self._loop.add_callback(self._loop.stop)
        finally:
            self._preview.close()

    def _hear(self, _phase: str, _done: int, _total: int) -> None:
        if self._stop.is_set():
            raise _Stopped


class _Stopped(Exception):  # noqa: N818 - nothing is wrong
    """The preview was ended while it was building."""


class _Server(Server):
    """livereload's server with our handlers."""

    def __init__(self, preview: Preview, access: Access, watcher: Watcher) -> None:
        super().__init__(watcher=watcher)
        self._preview = preview
        self._known = {"preview": preview, "access": access}
        # Else livereload watches the folder that we happen to stand in.
        self.watch(str(preview.root))

    def application(self, port: int, host: str, *_: Any, **__: Any) -> None:
        LiveReloadHandler.watcher = self.watcher
        pages, own, state, line = (
            type(kind.__name__, (kind,), self._known) for kind in (_Pages, _Own, _State, _Socket)
        )
        injector = type("Injector", (_Injector,), {"preview": self._preview})
        handlers: list[Any] = [
            (f"{_OWN}socket", line),
            (f"{_OWN}state.json", state),
            (f"{_OWN}(.*)", own, {"path": str(OVERLAY)}),
            ("/(.*)", pages, {"path": str(self._preview.output), "default_filename": "index.html"}),
        ]
        application = web.Application(handlers, transforms=[injector], log_function=lambda _: None)
        application.listen(port, address=host)
        # On Windows a loop to which nothing happens does not hear Ctrl-C.
        PeriodicCallback(lambda: None, 500).start()

    def _setup_logging(self) -> None:
        """Say nothing of each request."""


def serve(preview: Preview, access: Access, rebuilt: Callable[[Report], None]) -> None:
    """Serve the preview until it is interrupted; `rebuilt` is called after each build.

    Raise Refused for a port that cannot be had, and for a second preview of one site.
    """
    builds = _Builds(preview, rebuilt)
    interrupted = Event()

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        # What a shell starts in the background ignores Ctrl-C.
        signal.signal(signal.SIGINT, interrupt)
    # Two would build into one folder.
    with locked(preview.root / FOLDER / "lock", lambda: refuse("preview-twice")):
        try:
            _Server(preview, access, builds).serve(port=access.port, host=access.host, live_css=False)
        except OSError as fault:
            if isinstance(fault, socket.gaierror) or fault.errno in _CANNOT_LISTEN:
                refuse("preview-port-taken", port=str(access.port), host=access.host, reason=fault.strerror or "")
            raise
        finally:
            builds.stop()
    # A terminal sends Ctrl-C to the pool's processes too: who waits for them meets what looks like a fault.
    if builds.fault and not interrupted.is_set():
        raise builds.fault


def open_browser(address: str) -> None:
    """Show the preview in the browser; one that fills the terminal must not hold up the builds."""
    Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _folders(root: Path) -> tuple[Path, ...]:
    """Return the folders that a site is made from, as far as they are there."""
    return tuple(folder for folder in (root / "content", *template_folders(root)) if folder.is_dir())
