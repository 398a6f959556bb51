"""A screen as it was drawn: kept while its picture is the newest, with its tag and squeezed once for all who read it."""

from __future__ import annotations

import gzip
import hashlib
from functools import cached_property

from flask import Response, request

from fieldstation.page.sources import Picture

TAG_HERE = "%etag%"
"""Where a template wants its own tag: with it a page asks from the first whether it has changed."""
SQUEEZE = 6


class Drawn:
    """One screen of one picture for one kind of reader."""

    def __init__(self, picture: Picture, html: str) -> None:
        self.picture = picture
        self.tag = hashlib.sha256(html.encode()).hexdigest()[:16]
        self._html = html

    @cached_property
    def plain(self) -> bytes:
        """The page, knowing its tag."""
        return self._html.replace(TAG_HERE, self.tag, 1).encode()

    @cached_property
    def squeezed(self) -> bytes:
        """The same for those who take gzip."""
        return gzip.compress(self.plain, SQUEEZE, mtime=0)

    def once(self, code: int) -> Response:
        """What was told once, or is no answer to keep: without a tag."""
        return Response(self._html.replace(TAG_HERE, "", 1), code, mimetype="text/html")

    def response(self) -> Response:
        """The page, or 304 for whoever has it."""
        squeeze = "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(self.squeezed if squeeze else self.plain, mimetype="text/html")
        if squeeze:
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(self.tag)
        response.make_conditional(request)
        return response
