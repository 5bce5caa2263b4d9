"""A browser without a screen: cookies, CSRF tokens, redirects, and what it has read."""

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Wrong(Exception):
    """Something is not as it must be; the message says what."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    url: str
    media_type: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def html(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def words(self) -> str:
        """The text of the page as one line."""
        text = re.sub(r"<(script|style).*?</\1>", " ", self.html, flags=re.S)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def must_say(self, *sentences: str) -> "Answer":
        """Raise unless the page holds every sentence."""
        for sentence in sentences:
            if sentence not in self.words:
                raise Wrong(f"{self.url} does not say {sentence!r}. It says: {self.words[:600]}")
        return self

    def must_be(self, status: int) -> "Answer":
        if self.status != status:
            raise Wrong(f"{self.url} answered {self.status}, not {status}: {self.words[:600]}")
        return self

    def number_after(self, part: str) -> int:
        """Return the number behind a part of the address, as in /attempts/17."""
        found = re.search(re.escape(part) + r"(\d+)", self.url)
        if found is None:
            raise Wrong(f"the address {self.url} has no number behind {part}")
        return int(found[1])

    def link(self, pattern: str) -> str:
        """Return the first address on the page that fits."""
        for found in re.finditer(r'(?:href|action|src)="([^"]+)"', self.html):
            if re.search(pattern, unescape(found[1])):
                return unescape(found[1])
        raise Wrong(f"{self.url} has no link like {pattern}")


@dataclass
class Browser:
    """One person's browser.

    Args:
        forbidden: texts that no answer may hold yet; a keeper of secrets fills and empties it.
    """

    base: str
    forbidden: set[str] = field(default_factory=set)
    read: int = 0
    requests: int = 0

    def __post_init__(self) -> None:
        self._token = ""
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self._send(urllib.request.Request(self._url(path), headers=headers))

    def post(self, path: str, fields: Iterable[tuple[str, str]] = ()) -> Answer:
        """Send a form with the CSRF token of the last page, and follow the redirect."""
        pairs = [*fields, ("csrf_token", self._token)]
        return self._send(
            urllib.request.Request(self._url(path), urllib.parse.urlencode(pairs).encode())
        )

    def save(self, path: str, fields: Iterable[tuple[str, str]]) -> Answer:
        """Send one answer as the page's script does."""
        request = urllib.request.Request(
            self._url(path),
            urllib.parse.urlencode(list(fields)).encode(),
            {"X-CSRFToken": self._token, "X-Requested-With": "fetch"},
        )
        return self._send(request)

    def post_json(self, path: str, value: Any) -> Answer:
        headers = {"X-CSRFToken": self._token, "Content-Type": "application/json"}
        return self._send(
            urllib.request.Request(self._url(path), json.dumps(value).encode(), headers)
        )

    def upload(
        self, path: str, name: str, file: tuple[str, bytes], fields: Iterable[tuple[str, str]] = ()
    ) -> Answer:
        """Send a file with its form."""
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"'
            f"\r\n\r\n{value}\r\n".encode()
            for key, value in [*fields, ("csrf_token", self._token)]
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
            f'filename="{file[0]}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        body = b"".join([*parts, head.encode(), file[1], f"\r\n--{boundary}--\r\n".encode()])
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._send(urllib.request.Request(self._url(path), body, headers))

    def sign_in(self, email: str, password: str) -> Answer:
        self.get("/sign-in").must_be(200)
        answer = self.post("/sign-in", [("email", email), ("password", password)])
        if "/sign-in" in answer.url:
            raise Wrong(f"{email} could not sign in: {answer.words[:300]}")
        return answer

    def _url(self, path: str) -> str:
        return urllib.parse.urljoin(self.base, path)

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            response = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            answer = Answer(
                status=response.status or 0,
                url=response.url or request.full_url,
                media_type=response.headers.get_content_type(),
                body=response.read(),
                headers=dict(response.headers),
            )
        self._note(answer)
        return answer

    def _note(self, answer: Answer) -> None:
        self.requests += 1
        self.read += len(answer.body)
        if answer.status >= 500:
            raise Wrong(f"{answer.url} answered {answer.status}: {answer.words[:600]}")
        if answer.media_type.startswith(("text/", "application/json")):
            for text in self.forbidden:
                if text in answer.html or unescape(text) in answer.words:
                    raise Wrong(f"{answer.url} holds what only the panel may know: {text[:80]!r}")
        if found := TOKEN.search(answer.html if answer.media_type == "text/html" else ""):
            self._token = unescape(found[1])
