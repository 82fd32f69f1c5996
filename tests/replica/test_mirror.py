"""The replica with an index, which benchmarks use, sends the same responses as the replica."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urljoin

from bench.running import MIRROR
from tests.replica import truth
from tests.replica.conftest import Replica

WORLD = (
    "--kp",
    "40",
    "--watch",
    "20",
    "--foreign",
    "2",
    "--cojp-years",
    "1997,2005,2014",
    "--cojp-days",
    "3",
    "--seed",
    "6",
)


def answer(replica: Replica, url: str) -> tuple[int, bytes]:
    """Return the status and the body of a response."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": replica.proxy}))
    try:
        with opener.open(url) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_same_answers(replica: Callable[..., Replica]) -> None:
    plain, indexed = replica(*WORLD), replica(*WORLD, program=MIRROR)
    front = "http://www.kcna.co.jp/index-e.htm"
    urls, pages = [front], {}
    while urls:
        url = urls.pop().partition("#")[0]
        if url not in pages:
            pages[url] = answer(indexed, url)
            assert pages[url] == answer(plain, url), url
            urls += [
                urljoin(url, href)
                for href in re.findall(r'href="([^"]+)"', pages[url][1].decode("shift_jis", "replace"))
            ]
    stories = [
        url.partition("#")[0]
        for story in truth.fetch(plain.port, "truth")
        for url in story["urls"].get("kcna.co.jp", ())
    ]
    assert len([url for url in stories if pages.get(url, (0,))[0] == 200]) > 100
    assert {status for status, _ in pages.values()} == {200}
