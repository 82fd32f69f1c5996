"""The pages of www.kcna.co.jp in the sample site."""

from __future__ import annotations

import hashlib
import html
import re
from urllib.parse import urlsplit

from kcna_spider.sample_site.site_http import PageRequest, PageResponse, missing, page
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.stories import STORIES, Story


def cojp_url(story: Story) -> str:
    """Return the URL of a story: until 2007 an anchor in the page of its day, since 2008 a separate page."""
    assert story.cojp
    day = story.cojp
    number = story.cojp_number or [s for s in STORIES if s.cojp == day].index(story) + 1
    if day.year < 2000:
        return f"http://www.kcna.co.jp/item/{day:%Y}/{day:%y%m}/news{day.month}/{day:%d}.htm#{number}"
    if day.year < 2008:
        return f"http://www.kcna.co.jp/item/{day:%Y}/{day:%Y%m}/news{day:%m}/{day:%d}.htm#{number}"
    language = "ss" if story.code == "es" else "ee"
    name = f"{day:%Y%m%d}-{number:02}{language}.html"
    return f"http://www.kcna.co.jp/item/{day:%Y}/{day:%Y%m}/news{day:%d}/{name}"


def cojp_day(story: Story) -> str:
    """Return the path of the listing of a story's day."""
    day = story.cojp
    assert day
    if day.year < 2008:
        return (
            f"/item/{day:%Y}/{day:%y%m}/{day:%y%m%d}.htm"
            if day.year < 2000
            else f"/item/{day:%Y}/{day:%Y%m}/{day:%Y%m%d}.htm"
        )
    return f"/item/{day:%Y}/{day:%Y%m}/{day:%Y-%m-%d}ee.html"


def cojp(request: PageRequest, world: World) -> PageResponse:
    """Return the response of www.kcna.co.jp to a request."""
    stories = world.on(lambda s: s.cojp)
    if request.path == "/index-e.htm":
        years = sorted({s.cojp.year for s in stories if s.cojp})
        return cojp_page("".join(f'<a href="/item/{y}/calendar-{y}e.html">{y}</a> ' for y in years), request)
    if m := re.fullmatch(r"/item/(\d{4})/calendar-\d{4}e\.html", request.path):
        days = sorted({cojp_day(s) for s in stories if s.cojp and str(s.cojp.year) == m[1]})
        prefix = (
            "http://www.kcna.co.jp" if m[1] == "2005" else ""
        )  # this year has absolute links, like 2003 on the real site
        paths = {day: day if prefix else "." + day.removeprefix(f"/item/{m[1]}") for day in days}
        cells = "".join(f'<td><a href="{prefix}{paths[day]}">{day[-6:-4]}</a></td>' for day in days)
        return cojp_page(f"<table><tr>{cells}</tr></table>", request)
    of_day = [s for s in stories if cojp_day(s) == request.path]
    if of_day:
        return cojp_page(cojp_list(of_day), request)
    mine = [s for s in stories if urlsplit(cojp_url(s)).path == request.path]
    if not mine:
        return missing()
    return cojp_page(
        cojp_articles(mine, world) if mine[0].day.year < 2008 else cojp_article(mine[0], world), request
    )


def cojp_page(body: str, request: PageRequest) -> PageResponse:
    """Return a page in Shift_JIS with an ETag, or status 304 if the request has that ETag."""
    head = '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis">'
    response = page(f"<html><head>{head}<title>KCNA</title></head><body>{body}</body></html>", "shift_jis")
    response.content_type = "text/html"
    response.headers["ETag"] = tag = f'"{hashlib.md5(response.body).hexdigest()[:12]}"'
    unchanged = request.headers.get("if-none-match") == tag
    return PageResponse(status=304, headers={"ETag": tag}) if unchanged else response


def cojp_list(stories: list[Story]) -> str:
    """Return the listing of a day."""
    day = stories[0].cojp
    assert day
    links = [(s.title, "/".join(cojp_url(s).rsplit("/", 2)[1:])) for s in stories]
    if day.year < 2008:
        items = "".join(f'<li><h3><a href="./{href}">{title}</a></h3></li>' for title, href in links)
        heading = f"{day:%B} {day.day}, {day.year}, Juche {day.year - 1911}"
        return f"<center><h2>{heading}</h2></center><ul>{items}</ul>"
    rows = "".join(f'<tr><td><a href="{href}">{title}</a></td></tr>' for title, href in links)
    heading = f"<tr><td><b>{day:%B} {day.day}. {day.year} Juch {day.year - 1911}</b></td></tr>"
    return f"<table>{heading}<tr><td><table>{rows}</table></td></tr></table>"


def cojp_articles(stories: list[Story], world: World) -> str:
    """Return the page body with all articles of a day, with hard-wrapped lines."""
    parts = []
    for story in sorted(stories, key=cojp_url):
        texts = [
            "&nbsp;&nbsp;&nbsp; " + re.sub(r"(.{50,60}) ", "\\1\r\n", html.escape(text, quote=False))
            for text in story.text(world.epoch)
            if text
        ]
        body = "<br>\r\n".join(texts)
        parts.append(
            f'<a name="{cojp_url(story).partition("#")[2]}"></a><h3>{story.title}</h3>\r\n<p>{body}</p>\r\n'
        )
    day = stories[0].cojp
    assert day
    heading = f"<center><b>Past news</b><br>{day:%B} {day.day}, {day.year}</center>"
    return f"{heading}<hr>{'<hr>'.join(parts)}<hr><a href='#top'>BACK</a> <a href='/'>HOME</a>"


def cojp_article(story: Story, world: World) -> str:
    """Return the page body with one article, in a table."""
    day = story.cojp
    assert day
    body = "<br>\n\t\t<br>\n\t\t ".join(html.escape(text, quote=False) for text in story.text(world.epoch))
    return (
        f'<table><tr><td><a href="/item/{day.year}/calendar-{day.year}e.html">calendar</a>&gt;&gt;'
        f'<a href="{cojp_day(story)}">{day:%B} {day.day}. {day.year} Juch {day.year - 1911}</a></td></tr>'
        f'<tr><td><div align="center"><b>{story.title}</b></div></td></tr>'
        f"<tr><td></td></tr><tr><td> {body}</td></tr></table>"
        "<center>Copyright (C) KOREA NEWS SERVICE(KNS) All Rights Reserved.</center>"
    )
