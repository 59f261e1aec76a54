"""The web page: files that the build of ``js/apps/web`` puts into ``page/`` beside this module."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from whence._base.errors import NotKnownError

FOLDER = Path(__file__).parent / "page"
INDEX = "index.html"
ASSETS = "assets/"
"""Their names hold a hash of what is in them, so a browser may keep them for good."""
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
    ".ico": "image/x-icon", ".json": "application/json", ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
    ".map": "application/json", ".wasm": "application/wasm",
}  # fmt: skip
CODINGS = {"br": ".br", "gzip": ".gz"}
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Whence</title>
<style>body{font:16px/1.5 system-ui;margin:4rem auto;max-width:40rem;padding:0 1rem}</style>
<h1>The page was not built</h1>
<p>The server works; its page is missing from this installation. In a checkout, build it:</p>
<pre>make web</pre>
<p>What the HTTP API has: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a></p>
"""


class Page:
    """Serves the files of a folder, and ``index.html`` for every address that the page has."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._files: frozenset[str] | None = None

    def respond(self, request: Request) -> Response:
        """The file at the path. Raises NotKnownError."""
        path = request.path_params["path"]
        if path.startswith("api/") or path == "api" or ".." in path.split("/") or "\0" in path:
            raise NotKnownError(f"There is nothing at /{path}")
        files = self._known()
        if path not in files:
            if path.startswith(ASSETS):
                raise NotKnownError(f"There is nothing at /{path}")
            if INDEX not in files:
                return HTMLResponse(NOT_BUILT)
            path = INDEX
        return self._file(path, request.headers, files)

    def _known(self) -> frozenset[str]:
        """The files of the page: nothing else is ever opened, whatever is asked for."""
        if self._files is None or INDEX not in self._files:
            self._files = frozenset(
                one.relative_to(self._folder).as_posix()
                for one in self._folder.rglob("*")
                if one.is_file()
            )
        return self._files

    def _file(self, path: str, asked: Headers, files: frozenset[str]) -> Response:
        place = self._folder / path
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if path.startswith(ASSETS):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        accepted = asked.get("accept-encoding", "")
        for coding, suffix in CODINGS.items():
            if coding in accepted and path + suffix in files:
                headers["Content-Encoding"] = coding
                place = self._folder / (path + suffix)
                break
        found = FileResponse(
            place,
            headers=headers,
            media_type=MEDIA_TYPES.get(Path(path).suffix, "application/octet-stream"),
            stat_result=place.stat(),
        )
        if asked.get("if-none-match") == found.headers["etag"]:
            kept = {name: found.headers[name] for name in ("etag", "cache-control", "vary")}
            return Response(status_code=304, headers=kept)
        return found
