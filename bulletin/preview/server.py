"""The preview's server: livereload, adapted. It listens on loopback only, unless it is told another address.

livereload provides the server, its event loop, the protocol with browsers, and the injection of a script into each
page. Ours are the watcher (it builds in its own thread, so that no request waits for a build), the script (the pages'
Content-Security-Policy forbids livereload's inline one), and the access check, which refuses requests that use another
name or come from another site's page.
"""

from __future__ import annotations

import errno
import gc
import signal
import socket
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Any, Protocol

import msgspec
from livereload import Server
from livereload.handlers import LiveReloadHandler
from livereload.server import LiveScriptInjector
from livereload.watcher import Watcher
from msgspec import Struct
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
_PREVIEW = "/.preview/"
"""A hidden folder, so that no page of a site can have the same address."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ASSETS_FOLDER = urls.ASSETS[1:]
Route = tuple[str, type[web.RequestHandler], Mapping[str, Any]]
"""A pattern of addresses, the handler of those, and what each handler is given."""
MAX_SENT = 48 << 20
"""Bytes of a file that is sent: a picture as a camera makes it, and something over."""
_MAX_REQUEST = 4 << 20
"""Bytes of any request from somebody who is not known to have the right to send a file: they are all kept in memory."""
_CANNOT_LISTEN = {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}
_EMPTY_PAGE = "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Bản tin</title></head><body></body></html>"


class Gate(Protocol):
    """Knows who sends a request."""

    def admits(self, handler: web.RequestHandler) -> bool:
        """Tell whether a request goes on; one that does not has been answered."""


class GuardedHandler(web.RequestHandler):
    """Answers only requests that pass the access check, of people whom the gate lets in."""

    access: Access
    gate: Gate
    preview: Preview

    def prepare(self) -> None:
        if not self.access.lets_in(self.request.remote_ip, self.request.headers):
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(say("preview-stranger", self.preview.state.language, address=self.access.address))
        else:
            self.gate.admits(self)

    def log_exception(self, kind: Any, fault: Any, trace: Any) -> None:
        """Log our own faults alone: a refused address may hold control codes, which a terminal would obey."""
        if not isinstance(fault, web.HTTPError):
            super().log_exception(kind, fault, trace)

    def set_default_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.set_header(name, value)


@web.stream_request_body
class UploadHandler(GuardedHandler):
    """Takes a file, of which nothing is received before its sender has been let in; `sent` is the file."""

    def prepare(self) -> None:
        super().prepare()
        self._chunks: list[bytes] = []
        if not self._finished:
            connection: Any = self.request.connection
            connection.set_max_body_size(MAX_SENT)

    def data_received(self, chunk: bytes) -> None:
        self._chunks.append(chunk)

    @property
    def sent(self) -> bytes:
        return b"".join(self._chunks)


class _PageHandler(GuardedHandler, web.StaticFileHandler):
    """Serves the built site; for a missing page the site's own 404 page, or an empty page before the first build."""

    async def get(self, path: str, include_body: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 - tornado's
        self.path = self.parse_url_path(path)
        file = self.validate_absolute_path(self.root, self.get_absolute_path(self.root, self.path))
        if file is None:
            return
        self.absolute_path = file
        self.set_header("Content-Type", self.get_content_type())
        if path.startswith(_ASSETS_FOLDER):
            # Assets are named by their content, so a page that reloads itself need not ask for them again.
            self.set_header("Cache-Control", "max-age=31536000, immutable")
        try:
            # Read at once: a build that replaces the file during the read would break the page, and on Windows fail.
            self.finish(Path(file).read_bytes())  # noqa: ASYNC240 - one small file, for one editor
        except FileNotFoundError as fault:
            raise web.HTTPError(404) from fault

    def compute_etag(self) -> str | None:
        """Return no ETag: a browser that hears «not modified» keeps a page whose script has another build's number."""
        return None

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if "\0" in absolute_path:
            # No file has NUL in its name, and some systems raise ValueError for it.
            raise web.HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)

    def write_error(self, status_code: int, **_: Any) -> None:
        not_found = self.preview.output / urls.path_of(urls.NOT_FOUND)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(not_found.read_bytes() if status_code == 404 and not_found.is_file() else _EMPTY_PAGE)  # noqa: PLR2004


class _OverlayHandler(_PageHandler):
    """Serves the script and the style sheet that the preview adds to pages."""


class _StatusHandler(GuardedHandler):
    """Tells a page its status; the page asks for it whenever it is told of a build."""

    def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        page = self.get_query_argument("page", "")
        self.finish(msgspec.json.encode(page_status(self.preview.state, page)))


class _SocketHandler(GuardedHandler, LiveReloadHandler):
    """The WebSocket on which pages are told of each build, in livereload's protocol."""

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002 - it stands in the headers
        return self.access.lets_in(self.request.remote_ip, self.request.headers)

    def on_message(self, message: str | bytes) -> None:
        try:
            super().on_message(message)
        except (AttributeError, RecursionError, TypeError, ValueError):
            # The message is not of livereload's protocol.
            self.close()


class _Injector(LiveScriptInjector):
    """Adds our script to each page, with the number of a build; the page shows that build or a later one."""

    preview: Preview

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        # Taken before the page is read: if a build ends in between, the page reloads once too often, never too rarely.
        number = self.preview.state.build
        script = f'<script src="{_PREVIEW}overlay.js" data-build="{number}" defer></script>'
        # The desk's pages are no pages of the site, and must not reload while somebody writes.
        self.script = b"" if request.path.startswith(urls.DESK) else script.encode()


class _BuildingWatcher(Watcher):
    """Has the site built after each change, by the one thread of `builds`, and then has livereload tell the pages."""

    def __init__(self, preview: Preview, rebuilt: Callable[[Report], None], builds: Executor) -> None:
        super().__init__()
        self.fault: BaseException | None = None
        self._preview = preview
        self._builds = builds
        self._rebuilt = rebuilt
        self._stop = Event()
        self._thread = Thread(target=self._build_after_changes)
        self._tell_pages: Callable[[], None]
        self._loop: IOLoop

    def start(self, callback: Callable[[], None]) -> bool:
        self._tell_pages = callback
        self._loop = IOLoop.current()
        self._thread.start()
        return True

    def examine(self) -> tuple[str, None]:
        """Return the path for which livereload tells every page at once, however soon after the last time."""
        return "__livereload__", None

    def stop(self) -> None:
        """Abort a build that is under way, and wait for the thread to end."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _build_after_changes(self) -> None:
        root = self._preview.root
        try:
            for changed in changes(lambda: _source_folders(root), (root / FILE,), self._stop):
                report = self._builds.submit(self._build, changed).result()
                self._loop.add_callback(self._tell_pages)
                self._rebuilt(report)
        except _Stopped:
            pass
        except BaseException as fault:  # noqa: BLE001 - the main thread raises it
            self.fault = fault
            self._loop.add_callback(self._loop.stop)
        finally:
            self._builds.submit(self._preview.close).result()

    def _build(self, changed: frozenset[str] | None) -> Report:
        gc.disable()
        try:
            return self._preview.rebuild(self._abort_if_stopped, changed)
        finally:
            # Freeze the objects that builds keep, so that the server's garbage collections do not scan them again. What
            # has become garbage meanwhile must not be frozen with them: it would stay for ever.
            gc.collect()
            gc.freeze()
            gc.enable()

    def _abort_if_stopped(self, _phase: str, _done: int, _total: int) -> None:
        if self._stop.is_set():
            raise _Stopped


class _Stopped(Exception):  # noqa: N818 - nothing is wrong
    """The preview was stopped while it was building."""


class _Server(Server):
    """livereload's server with our handlers."""

    def __init__(self, preview: Preview, entrance: Entrance, watcher: Watcher, routes: Sequence[Route]) -> None:
        super().__init__(watcher=watcher)
        self._preview = preview
        self._routes = routes
        self._secret = entrance.secret
        self._handler_fields = {"preview": preview, "access": entrance.access, "gate": entrance.gate}
        # Without a folder to watch livereload would watch the current one.
        self.watch(str(preview.root))

    def application(self, port: int, host: str, *_: Any, **__: Any) -> None:
        LiveReloadHandler.watcher = self.watcher
        pages, overlay, status, web_socket = (
            type(kind.__name__, (kind,), self._handler_fields)
            for kind in (_PageHandler, _OverlayHandler, _StatusHandler, _SocketHandler)
        )
        injector = type("Injector", (_Injector,), {"preview": self._preview})
        handlers: list[Any] = [
            (f"{_PREVIEW}socket", web_socket),
            (f"{_PREVIEW}state.json", status),
            (f"{_PREVIEW}(.*)", overlay, {"path": str(OVERLAY)}),
            *((path, type(kind.__name__, (kind,), self._handler_fields), given) for path, kind, given in self._routes),
            ("/(.*)", pages, {"path": str(self._preview.output), "default_filename": "index.html"}),
        ]
        application = web.Application(
            handlers,
            transforms=[injector],
            log_function=lambda _: None,
            cookie_secret=self._secret,
            xsrf_cookies=True,
            xsrf_cookie_kwargs={"httponly": True, "samesite": "Strict"},
        )
        application.listen(port, address=host, max_body_size=_MAX_REQUEST)
        # On Windows an idle event loop does not notice Ctrl-C, so wake it now and then.
        PeriodicCallback(lambda: None, 500).start()

    def _setup_logging(self) -> None:
        """Set up no logging: livereload would log each request."""


class Entrance(Struct, frozen=True, kw_only=True):
    """How people come in: the address, who decides about them, and the secret with which cookies are signed."""

    access: Access
    gate: Gate
    secret: str


def serve(
    preview: Preview,
    entrance: Entrance,
    rebuilt: Callable[[Report], None],
    routes: Callable[[Executor], Sequence[Route]] = lambda _: (),
) -> None:
    """Serve the preview until it is interrupted; `rebuilt` is called after each build.

    `routes` returns more handlers, with the patterns of their addresses; what they do with the site's files they give
    to the executor, whose one thread builds as well. Raise Refused if the port cannot be used, or if a preview of the
    site is already running.
    """
    access = entrance.access
    builds = ThreadPoolExecutor(max_workers=1, thread_name_prefix="builds")
    watcher = _BuildingWatcher(preview, rebuilt, builds)
    interrupted = Event()

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        # A shell has its background jobs ignore Ctrl-C; do not undo that.
        signal.signal(signal.SIGINT, interrupt)
    # Two previews would build into the same folder.
    with locked(preview.root / FOLDER / "lock", lambda: refuse("preview-twice")):
        try:
            server = _Server(preview, entrance, watcher, routes(builds))
            server.serve(port=access.port, host=access.host, live_css=False)
        except UnicodeError as fault:
            # No name of a machine: too long, or with characters that none has.
            refuse("preview-port-taken", port=str(access.port), host=access.host, reason=str(fault))
        except OSError as fault:
            if isinstance(fault, socket.gaierror) or fault.errno in _CANNOT_LISTEN:
                refuse("preview-port-taken", port=str(access.port), host=access.host, reason=fault.strerror or "")
            raise
        finally:
            watcher.stop()
            builds.shutdown()
    # A terminal sends Ctrl-C to the pool's processes too, and the build that waits for them fails: that is no fault.
    if watcher.fault and not interrupted.is_set():
        raise watcher.fault


def open_browser(address: str) -> None:
    """Open the preview in the browser, in a thread: a browser that runs in the terminal must not block the builds."""
    Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _source_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders that a site is made from, those that exist."""
    return tuple(folder for folder in (root / "content", *template_folders(root)) if folder.is_dir())
