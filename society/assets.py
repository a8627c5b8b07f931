"""Static files: read once, served under names that hold their hash, so that browsers keep them for good."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

from society.people.access import open_to

bp = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One file, ready to send."""

    address: str
    body: bytes
    packed: bytes
    kind: str


def init_assets(app: Flask, folder: Path) -> None:
    """Read the folder; templates get `static("site.css")`, the address of a file."""
    assets = {path.name: _asset(path) for path in sorted(folder.iterdir()) if path.is_file()}
    app.extensions["assets"] = {asset.address: asset for asset in assets.values()}
    app.jinja_env.globals["static"] = lambda name: assets[name].address
    app.register_blueprint(bp)


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    mark = hashlib.sha256(body).hexdigest()[:10]
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    address = f"/static/{path.stem}.{mark}{path.suffix}"
    return Asset(address, body, gzip.compress(body, 9, mtime=0), kind)


@bp.get("/static/<name>")
@open_to("everyone")
def file(name: str) -> Response:
    """One static file, to be kept for a year: a changed one has another name."""
    asset: Asset | None = current_app.extensions["assets"].get(f"/static/{name}")
    if asset is None:
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "") and not asset.kind.startswith("image/png")
    response = Response(asset.packed if packed else asset.body, content_type=_typed(asset.kind))
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _typed(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else kind
