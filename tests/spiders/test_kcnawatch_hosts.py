"""KCNA Watch on both of its hosts, its button with another number, and its search for old days."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from kcna_spider.sample_site.kcna_co_jp_pages import cojp_url
from kcna_spider.sample_site.kcna_kp_pages import detail_url
from kcna_spider.sample_site.kcnawatch_pages import label_of, watch_url
from kcna_spider.sample_site.site_http import PageRequest, PageResponse
from kcna_spider.sample_site.site_server import SITES, SampleSite
from kcna_spider.sample_site.stories import EN, OLD, STORIES
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.system import chromium as needs_browser

ON_WATCH = [story for story in STORIES if story.watch and story.live(1)]
BLOCKED = b"<html><head><title>Web Page Blocked</title></head><body>No</body></html>"
FAR = ("-a", "since=1997-01-01", "-a", "until=2012-12-31")
OLDEST = ("-a", "since=1997-01-01", "-a", "until=1998-12-31")  # few days, which take less time to store


def stored(archive: Archive) -> set[str]:
    """Return the URLs of all copies."""
    return {copy["url"] for document in archive.database["articles"].find() for copy in document["copies"]}


def sources(archive: Archive) -> set[str]:
    """Return the sources of all copies."""
    return {copy["source"] for document in archive.database["articles"].find() for copy in document["copies"]}


# -- The site has two hosts.


def test_links_to_the_other_host(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    site.world.watch_host = "kcnawatch.xyz"
    assert scrapy("crawl", "kcnawatch", "-a", "full=1").code == 0
    assert stored(archive) == {watch_url(story) for story in ON_WATCH}, "a stored URL is not canonical"
    assert {asked.host for asked in site.log} == {"kcnawatch.org"}
    site.log.clear()
    site.world.watch_host = "kcnawatch.org"
    assert scrapy("crawl", "kcnawatch", "-a", "full=1").code == 0
    assert not site.requested("/newstream/"), "a story was not recognized on the other host"
    site.world.watch_host = "kcnawatch.xyz"
    site.world.epoch = 2
    assert scrapy("crawl", "kcnawatch", "-a", "recheck=20000").code == 0
    assert archive.database["articles"].count_documents({"copies.status": "gone"}) == 1
    assert stored(archive) == {watch_url(story) for story in STORIES if story.watch}


@pytest.mark.parametrize("kind", ["down", "blocked", "refused", "challenge"])
def test_the_next_host_is_tried(kind: str, scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    answers: dict[str, list[PageResponse | None]] = {
        "blocked": [PageResponse(BLOCKED)] * 40,
        "refused": [PageResponse(b"<html>Forbidden</html>", 403)] * 40,
        "challenge": [
            PageResponse(
                b"<html><title>Just a moment...</title></html>", 403, headers={"cf-mitigated": "challenge"}
            )
        ]
        * 40,
    }
    if kind == "down":
        site.world.hosts_down = {"kcnawatch.org"}
    else:
        site.responses["https://kcnawatch.org/"] = answers[kind]
    crawl = scrapy("crawl", "kcnawatch", "-a", "full=1", "-a", "browser=never")
    assert crawl.code == 0
    assert stored(archive) == {watch_url(story) for story in ON_WATCH}
    assert "trying the same page at kcnawatch.xyz" in crawl.output
    assert "'hosts/tried/kcnawatch.xyz': 1" in crawl.output, (
        "after one failure all requests must go to the other host"
    )
    assert not site.requested("https://kcnawatch.org/newstream"), (
        "a story was requested at the host that failed"
    )


def test_no_host_answers(scrapy: Crawler, site: SampleSite) -> None:
    site.world.hosts_down = {"kcnawatch.org", "kcnawatch.xyz"}
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 1
    (line,) = [line for line in crawl.output.splitlines() if " ERROR: " in line]
    assert "unreachable: https://kcnawatch.org/: " in line
    assert ".." not in line
    assert "Traceback" not in crawl.output
    assert "found" not in crawl.output.partition("Closing spider")[2].partition("Dumping")[0], (
        "there must be no table if no story was found"
    )


def test_a_host_that_fails_in_the_middle(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    for story in ON_WATCH:
        site.responses[watch_url(story)] = [PageResponse(BLOCKED)] * 9
    crawl = scrapy("crawl", "kcnawatch", "-a", "full=1", "-s", "RETRY_TIMES=1", "-s", "CONCURRENT_REQUESTS=1")
    assert crawl.code == 0
    assert stored(archive) == {watch_url(story) for story in ON_WATCH}
    assert sum(site.requested("https://kcnawatch.org/newstream").values()) < 2 * len(ON_WATCH), (
        "the host must be given up after three failures in a row"
    )


@pytest.mark.parametrize(("spider", "host"), [("kcna_kp", "www.kcna.kp"), ("kcna_co_jp", "www.kcna.co.jp")])
def test_with_and_without_www(
    spider: str, host: str, scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    site.world.hosts_down = {host}
    assert scrapy("crawl", spider).code == 0
    assert len(stored(archive)) > 5
    assert all(url.startswith(f"http://{host}/") for url in stored(archive)), "a stored URL is not canonical"
    site.world.hosts_down = set()
    site.log.clear()
    assert scrapy("crawl", spider).code == 0
    assert not [asked for asked in site.log if "/detail/" in asked.url or "/news" in asked.url]


def test_redirects_between_the_hosts(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    for path in ("/", "/article/156/", "/article/163/"):
        site.responses[f"https://kcnawatch.org{path}"] = [
            PageResponse(status=301, headers={"Location": f"https://www.kcnawatch.xyz{path}"})
        ]
    url = watch_url(EN[0])
    site.responses[url] = [PageResponse(status=301, headers={"Location": url.replace(".org", ".xyz")})]
    assert scrapy("crawl", "kcnawatch").code == 0
    assert stored(archive) == {watch_url(story) for story in ON_WATCH}


def test_captures_of_both_hosts(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    assert scrapy("crawl", "wayback", "-a", "site=kcnawatch.org").code == 0
    assert {asked.query["url"] for asked in site.log if "/cdx/" in asked.url} == {
        "kcnawatch.org/newstream/*",
        "kcnawatch.xyz/newstream/*",
    }


@pytest.mark.parametrize("number", [1, 2, 9])
def test_a_listing_of_rejects_is_a_failure(number: int, scrapy: Crawler, site: SampleSite) -> None:
    links = "".join(
        f'<div class="article-desc"><h4><a href="https://example.org/newstream/1-{n}/x/">x</a></h4></div>'
        for n in range(number)
    )
    page = (
        f"<html><title>x</title><body><div id='latest_article_wrapper'>{links}</div></body></html>".encode()
    )
    site.responses["https://kcnawatch.org/article/156/"] = [PageResponse(page)]
    more = "https://kcnawatch.org/wp-admin/admin-ajax.php?action=get_cat_by_source&die=true"
    site.responses[f"{more}&from={number}&to={number}&sort=&id=156"] = [PageResponse(b"")] * 3
    crawl = scrapy("crawl", "kcnawatch", "-a", "source=KCNA.kp (En)")
    assert crawl.code == 1
    assert (
        "Spider closed (all_rejected)" in crawl.output or "Spider closed (articles_missing)" in crawl.output
    )
    if number < 3:
        assert (
            f"all {number} articles of kcnawatch.org/KCNA.kp (En) were rejected, the first as bad_address"
            in crawl.output
        )


def test_one_bad_story_among_others_is_none(scrapy: Crawler, site: SampleSite) -> None:
    site.responses[watch_url(EN[0])] = [PageResponse(b"<html><title>x</title></html>", 404)] * 3
    assert scrapy("crawl", "kcnawatch").code == 0


# -- "More Articles" requests another number.


@pytest.mark.parametrize("host", ["kcnawatch.org", "kcnawatch.xyz"])
def test_the_number_in_the_script(host: str, scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    site.world.watch_ids, site.world.watch_host = True, host
    crawl = scrapy("crawl", "kcnawatch", "-a", "full=1")
    assert crawl.code == 0
    assert stored(archive) == {watch_url(story) for story in ON_WATCH}
    assert "listings/other_source" not in crawl.output
    assert {asked.query["id"] for asked in site.log if "admin-ajax" in asked.url} == {"189156", "189163"}


CO_JP = ("-a", "full=1", "-a", "source=KCNA.co.jp (En)")
KP = ("-a", "full=1", "-a", "source=KCNA.kp (En)")


@needs_browser
def test_stories_of_another_source_are_noticed(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    """Check a script in a separate file, with a button that has the number of another source."""
    site.world.watch_ids, site.world.script_elsewhere = True, True
    crawl = scrapy("crawl", "kcnawatch", *CO_JP)
    assert crawl.code == 0
    assert (
        " is of KCNA.kp (En): its button requests another source; the button is clicked in a browser"
        in crawl.output
    )
    assert "'browser/listings_clicked': 1" in crawl.output
    assert sources(archive) == {"KCNA.co.jp (En)"}, "a story of another source was stored"
    assert stored(archive) == {watch_url(story) for story in ON_WATCH if label_of(story) == "KCNA.co.jp (En)"}


@needs_browser
def test_also_where_they_are_stored_already(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    assert scrapy("crawl", "kcnawatch", *KP).code == 0
    site.world.watch_ids, site.world.script_elsewhere = True, True
    crawl = scrapy("crawl", "kcnawatch", *CO_JP)
    assert crawl.code == 0
    assert "'browser/listings_clicked': 1" in crawl.output
    assert stored(archive) == {watch_url(story) for story in ON_WATCH}


@needs_browser
def test_nothing_behind_a_button_that_the_page_does_not_explain(
    scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    """Check an empty response, because the other source has fewer stories."""
    site.world.watch_ids, site.world.script_elsewhere = True, True
    crawl = scrapy("crawl", "kcnawatch", *KP)
    assert crawl.code == 0
    assert "'browser/listings_clicked': 1" in crawl.output
    assert stored(archive) == {watch_url(story) for story in ON_WATCH if label_of(story) == "KCNA.kp (En)"}


@pytest.mark.parametrize("source", [CO_JP, KP], ids=["other stories", "no stories"])
def test_without_a_browser_it_is_a_failure(
    source: tuple[str, ...], scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    site.world.watch_ids, site.world.script_elsewhere = True, True
    crawl = scrapy("crawl", "kcnawatch", *source, "-a", "browser=never")
    assert crawl.code == 1
    assert "ERROR: other_source: " in crawl.output
    assert len(sources(archive)) == 1


# -- Old days come from the search.


def of_days(first: int, last: int) -> set[str]:
    """Return the URLs of the stories of these years."""
    return {watch_url(story) for story in ON_WATCH if first <= story.day.year <= last}


def test_days_far_back_come_from_the_search(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    assert scrapy("crawl", "kcnawatch", *FAR).code == 0
    assert stored(archive) == of_days(1997, 2012)
    assert not site.requested("id=156"), "the listing was paginated"
    assert site.requested("/?s=")
    site.log.clear()
    assert scrapy("crawl", "kcnawatch", *FAR).code == 0
    assert not site.requested("/?s=")
    assert not site.requested("/newstream/")
    assert len([asked for asked in site.log if "id=163" not in asked.url]) == 4, (
        "only robots.txt, the home page and two first pages of listings may be requested"
    )
    assert scrapy("crawl", "kcnawatch", *OLDEST, "-a", "full=1").code == 0
    assert site.requested("/?s="), "full=1 must search the days again"


def test_until_alone(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    assert scrapy("crawl", "kcnawatch", "-a", "until=2012-12-31").code == 0
    assert stored(archive) == of_days(1997, 2012)
    assert not site.requested("id=156")


def test_a_story_that_failed_is_asked_for_again_without_the_search(
    scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    url = watch_url(OLD[0])
    for host in (".org/", ".xyz/"):
        site.responses[url.replace(".org/", host)] = [PageResponse(b"<h1>404</h1>", 404)] * 5
    scrapy("crawl", "kcnawatch", *OLDEST)
    site.responses.clear()
    site.log.clear()
    assert url not in stored(archive)
    assert scrapy("crawl", "kcnawatch", *OLDEST).code == 0
    assert url in stored(archive)
    assert not site.requested("/?s=")


def test_a_search_that_is_cut_off_is_asked_again_in_smaller_windows(
    scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    site.world.search_limit = 2
    crawl = scrapy("crawl", "kcnawatch", "-a", "since=2024-01-01", "-a", "until=2024-03-09")
    assert stored(archive) == {
        watch_url(story) for story in ON_WATCH if "2024-01-01" <= str(story.day) <= "2024-03-09"
    }
    assert crawl.code == 0


@pytest.mark.parametrize("browser", ["never", pytest.param("auto", marks=needs_browser)])
def test_a_search_whose_script_names_nothing(
    browser: str, scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    site.world.script_elsewhere = True
    crawl = scrapy(
        "crawl",
        "kcnawatch",
        "-a",
        "since=2024-01-01",
        "-a",
        "until=2024-03-09",
        "-a",
        f"browser={browser}",
        "-a",
        "source=KCNA.kp (En)",
    )
    wanted = {
        watch_url(story) for story in ON_WATCH if story.kp and "2024-01-01" <= str(story.day) <= "2024-03-09"
    }
    assert stored(archive) == wanted, "all stories must be found, by clicking or in windows of one page"
    assert ("'browser/searches_clicked': " in crawl.output) == (browser == "auto")


def test_a_search_that_ignores_the_days_is_a_failure(
    scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    site.world.search_wrong_year = 2011
    crawl = scrapy(
        "crawl", "kcnawatch", "-a", "since=2011-01-01", "-a", "until=2011-01-03", "-a", "source=KCNA.kp (En)"
    )
    assert crawl.code == 1
    assert "search_incomplete: KCNA.kp (En): 2011-01-0" in crawl.output
    assert "are outside the requested days" in crawl.output
    assert stored(archive) == set()


def test_a_search_that_is_broken_is_not_used(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    site.world.search_broken = True
    crawl = scrapy("crawl", "kcnawatch", *FAR)
    assert crawl.code == 0
    assert "the search is unusable, the listing is paged instead" in crawl.output
    assert stored(archive) == of_days(1997, 2012)
    assert site.requested("get_cat_by_source")


def test_killed_while_the_search_is_read(
    scrapy: Crawler, site: SampleSite, archive: Archive, snapshot: Callable[[], dict[str, Any]]
) -> None:
    cut = 0
    for wait in (3, 5):
        process = scrapy.begin("crawl", "kcnawatch", *FAR, "-s", "DOWNLOAD_DELAY=0.1")
        while len(site.requested("/?s=")) < wait and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.communicate()
        cut += process.returncode == -signal.SIGKILL
    assert cut, "no kill hit a running crawl"
    assert scrapy("crawl", "kcnawatch", *FAR).code == 0
    assert stored(archive) == of_days(1997, 2012)
    assert cojp_url(OLD[0]) not in stored(archive)


# -- The second host does not respond either, or only in part.


@pytest.mark.parametrize("spider", ["kcna_kp", "kcnawatch"])
def test_a_short_outage_beside_a_dead_second_host(
    spider: str, scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    site.world.hosts_down = {"kcnawatch.xyz", "kcna.kp"}
    story_url = watch_url if spider == "kcnawatch" else detail_url
    listed = sorted((s for s in EN if s.live(1) and s.kp and s.watch), key=lambda s: (s.day, s.title))
    outage = [story_url(story) for story in listed[2:-2]]
    for url in outage:
        site.responses[url] = [PageResponse(b"", 503)] * 2
    options = ("-s", "RETRY_TIMES=1", "-s", "CONCURRENT_REQUESTS=1", "-s", "HEALTH_MIN_COUNT=100")
    scrapy("crawl", spider, *options)
    first = stored(archive)
    assert first
    assert scrapy("crawl", spider).code == 0
    assert stored(archive) - first == set(outage), "the first host was not asked again after its outage"


def test_a_language_whose_home_page_fails(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    site.world.hosts_down = {"kcna.kp"}
    site.responses["http://www.kcna.kp/ru"] = [PageResponse(b"", 503)] * 9
    crawl = scrapy("crawl", "kcna_kp", "-a", "language=en,ru,es", "-s", "RETRY_TIMES=1")
    assert "Spider closed (listing_failed)" in crawl.output
    assert {d["language"] for d in archive.database["articles"].find()} == {"en", "es"}


def test_the_end_of_a_listing_is_confirmed(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    more = "https://kcnawatch.org/wp-admin/admin-ajax.php?action=get_cat_by_source&die=true"
    (size,) = {
        request.query["to"]
        for _ in [scrapy("crawl", "kcnawatch", "-a", "source=KCNA.kp (En)")]
        for request in site.log
        if "admin-ajax" in request.url
    }
    everything = stored(archive)
    archive.database.client.drop_database(archive.database.name)
    site.responses[f"{more}&from={size}&to={size}&sort=&id=156"] = [PageResponse(b"")] * 3
    again = Archive(scrapy.store)
    assert scrapy("crawl", "kcnawatch", "-a", "source=KCNA.kp (En)").code == 0
    assert stored(again) == everything, "an empty piece counted as the end of the listing"
    again.close()


def test_a_listing_that_never_shows_its_last_article_again(scrapy: Crawler, site: SampleSite) -> None:
    scrapy("crawl", "kcnawatch", "-a", "source=KCNA.kp (En)")
    pieces = [request.url for request in site.log if "admin-ajax" in request.url]
    size = int(pieces[0].partition("&to=")[2].partition("&")[0])
    for at in (size, size - 1):
        site.responses[pieces[0].replace(f"from={size}", f"from={at}")] = [PageResponse(b"")] * 9
    crawl = scrapy("crawl", "kcnawatch", "-a", "source=KCNA.kp (En)", "-a", "full=1")
    assert crawl.code == 1
    assert "Spider closed (listing_failed)" in crawl.output


def test_a_search_that_shows_another_page(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    scrapy("crawl", "kcnawatch", *FAR)
    everything = stored(archive)
    queries = [asked.url for asked in site.log if "start=" in asked.url]
    assert len(queries) > 3
    archive.database.client.drop_database(archive.database.name)
    home = SITES["kcnawatch.org"](PageRequest("GET", "https://kcnawatch.org/", {}, {}), site.world)
    for url in queries[1:]:
        site.responses[url] = [home]
    crawl = scrapy("crawl", "kcnawatch", *FAR)
    again = Archive(scrapy.store)
    assert "'search/requested_again'" in crawl.output, "the home page counted as an empty result"
    assert crawl.code == 1 or stored(again) == everything, "articles were lost without a failure"
    scrapy("crawl", "kcnawatch", *FAR)
    assert stored(again) == everything, "days were remembered as empty"
    again.close()
