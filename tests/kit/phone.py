"""A person's phone: a browser without script that keeps its cookie and sends the forms it was given."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path


class Phone:
    """Speaks to one page over HTTP."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def get(self, path: str) -> tuple[int, str]:
        return self._answer(urllib.request.Request(self.address + path))

    def post(self, path: str, seen: str = "/more", **form: str) -> tuple[int, str]:
        """Send a form that stood on the screen `seen`, with the mark that was on it."""
        mark = re.search(r'name="csrf" value="([^"]+)"', self.get(seen)[1])
        assert mark is not None, f"no form on {seen}"
        data = urllib.parse.urlencode({**form, "csrf": mark[1]}).encode()
        return self._answer(urllib.request.Request(self.address + path, data=data, method="POST"))

    def set_up(self, code: Path, name: str = "Ana", password: str = "a short sentence") -> tuple[int, str]:
        """Make the first account with the code that lies on the device."""
        return self.post(
            "/set-up", "/set-up", code=code.read_text(), name=name, password=password, language="en"
        )

    def _answer(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._open(request, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
