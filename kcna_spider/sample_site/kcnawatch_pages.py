"""The pages of KCNA Watch in the sample site."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import re
from urllib.parse import urlsplit

from kcna_spider.sample_site.kcna_co_jp_pages import cojp_url
from kcna_spider.sample_site.kcna_kp_pages import detail_url, photo_response
from kcna_spider.sample_site.sample_photos import picture
from kcna_spider.sample_site.site_http import PageRequest, PageResponse, missing, page
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.stories import Story

PER_MORE, PER_SEARCH = 4, 1
LABELS = {"KCNA.kp (En)": "156", "KCNA.co.jp (En)": "163", "Rodong Sinmun (En)": "170"}


def label_of(story: Story) -> str:
    """Return the source label of a story on KCNA Watch."""
    return "KCNA.kp (En)" if story.kp else "KCNA.co.jp (En)"


def watch_url(story: Story) -> str:
    """Return the URL of a story on KCNA Watch."""
    stamp = int((story.day.toordinal() - 719163) * 86400 + 23400)
    return f"https://kcnawatch.org/newstream/{stamp}-{story.number}/{story.slug}/"


def cleared(request: PageRequest, world: World) -> bool:
    """Count a request, and return whether the bot check accepts it.

    A session is accepted for `world.session_uses` requests.
    """
    world.used += 1
    world.stubborn = world.stubborn or (world.patience > 0 and world.used > world.patience)
    if world.stubborn:
        return False
    if world.session_uses and world.used > world.session_uses:
        world.used = 0
        return False
    return "cleared=yes" in request.headers.get("cookie", "")


def watch(request: PageRequest, world: World) -> PageResponse:
    """Return the response of KCNA Watch to a request, with the links of `world.watch_host`."""
    response = watch_under_its_name(request, world)
    if world.watch_host != "kcnawatch.org":
        response.body = re.sub(rb'(https://kcnawatch\.org/newstream/[^"]+?)/"', rb'\1"', response.body)
        host = f"https://{world.watch_host}/".encode()
        response.body = response.body.replace(b"https://kcnawatch.org/", host)
    return response


def watch_under_its_name(  # noqa: PLR0911  # one return per kind of page
    request: PageRequest, world: World
) -> PageResponse:
    """Return the response of KCNA Watch with links to kcnawatch.org."""
    if request.path == "/robots.txt":
        return PageResponse(
            b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n",
            content_type="text/plain",
        )
    if world.bot_check and not cleared(request, world):
        script = "" if world.stubborn else 'document.cookie = "cleared=yes; path=/"; location.reload();'
        title = "KCNA Watch" if world.unnamed_check else "Just a moment..."
        head = f"<head><title>{title}</title></head>"
        response = page(f"<html>{head}<body><script>{script}</script></body></html>", status=403)
        if not world.unnamed_check:
            response.headers["cf-mitigated"] = "challenge"
        return response
    if m := re.fullmatch(r"/wp-content/uploads/(\d+)\.jpg", request.path):
        return photo_response(request, picture(hashlib.md5(m[1].encode()).hexdigest(), 1))
    stories = world.on(lambda s: s.watch)
    if request.path == "/" and "s" in request.query:
        return watch_search(request, world, stories)
    if request.path == "/":
        links = "".join(
            f'<li><a href="https://kcnawatch.org/article/{number}/">{label}</a></li>'
            for label, number in LABELS.items()
        )
        return watch_page("KCNA Watch", f'<ul class="sources">{links}</ul>{watch_items(stories[:3])}')
    if m := re.fullmatch(r"/article/(\d+)/", request.path):
        mine = [s for s in stories if LABELS[label_of(s)] == m[1]]
        items = watch_items(mine[:PER_MORE])
        return watch_page(
            "Source",
            f'<h1>Source</h1><div id="latest_article_wrapper">{items}</div>{more_button(m[1], world)}',
        )
    if request.path == "/wp-admin/admin-ajax.php":
        return watch_more(request, world, stories)
    path = request.path if request.path.endswith("/") else f"{request.path}/"
    story = next((s for s in stories if urlsplit(watch_url(s)).path == path), None)
    return watch_article(story, stories, world) if story else missing()


def watch_more(request: PageRequest, world: World, stories: list[Story]) -> PageResponse:
    """Return the listing entries that the button "More Articles" fetches."""
    if world.ajax_refused and "sec-fetch-mode" not in request.headers:  # only browsers send this header
        return page("<html><body>Forbidden</body></html>", status=403)
    if request.query["action"] == "more_search":
        start = int(request.query["from"])
        return page(watch_items(watch_found(request, world, stories)[start : start + PER_SEARCH]))
    number = request.query["id"]
    if world.watch_ids:
        number = (
            number.removeprefix("189") if number.startswith("189") else {"156": "163", "163": "156"}[number]
        )
    mine = [s for s in stories if LABELS[label_of(s)] == number]
    start = int(request.query["from"])
    return page(watch_items(mine[start : start + int(request.query["to"])]))


def watch_found(request: PageRequest, world: World, stories: list[Story]) -> list[Story]:
    """Return the stories that a search finds, newest first.

    The request has `source`, and the dates `start` and `end` as DD-MM-YYYY.
    """
    first, last = (dt.date(*map(int, reversed(request.query[name].split("-")))) for name in ("start", "end"))
    mine = [s for s in stories if LABELS[label_of(s)] == request.query["source"]]
    found = [s for s in mine if last.year == world.search_wrong_year or first <= s.day <= last]
    return found[: world.search_limit or None]


def watch_search(request: PageRequest, world: World, stories: list[Story]) -> PageResponse:
    """Return the first page of search results, with a button whose script has the URL of further results."""
    if world.search_broken:
        return page(
            "<html><head><title>Error</title></head>"
            "<body>Error establishing a database connection</body></html>",
            status=500,
        )
    found = watch_found(request, world, stories)
    query = "&".join(f"{name}={request.query[name]}" for name in ("s", "source", "start", "end"))
    button = ""
    if len(found) > PER_SEARCH:
        script = f"""<script>
let at = {PER_SEARCH};
document.querySelector('a.more-full-link').onclick = async (event) => {{
  event.preventDefault();
  const address = '/wp-admin/admin-ajax.php?action=more_search&die=true&{query}' + '&from=' + at;
  const piece = await (await fetch(address)).text();
  document.getElementById('search_wrapper').insertAdjacentHTML('beforeend', piece);
  at += {PER_SEARCH};
  if (at >= {len(found)}) event.target.style.display = 'none';
}};</script>"""
        button = f'<a class="more-full-link" href="#">More Articles</a>{scripted(script, world)}'
    return watch_page("Search", f'<div id="search_wrapper">{watch_items(found[:PER_SEARCH])}</div>{button}')


def scripted(script: str, world: World) -> str:
    """Return the script unchanged, or encoded if `world.script_elsewhere` hides the URL that it requests."""
    if not world.script_elsewhere:
        return script
    code = base64.b64encode(re.sub(r"</?script>", "", script).encode()).decode()
    return f'<script>new Function(atob("{code}"))();</script>'


def more_button(number: str, world: World) -> str:
    """Return the button "More Articles" and its script."""
    own, number = number, f"189{number}" if world.watch_ids else number
    script = f"""<script>
let from = {PER_MORE};
document.getElementById('more_results').onclick = async (event) => {{
  event.preventDefault();
  const query = `action=get_cat_by_source&die=true&from=${{from}}&to={PER_MORE}&sort=&id={number}`;
  const piece = await (await fetch('/wp-admin/admin-ajax.php?' + query)).text();
  document.getElementById('latest_article_wrapper').insertAdjacentHTML('beforeend', piece);
  from += {PER_MORE};
  if (!piece.trim()) document.getElementById('more_results').remove();
}};</script>"""
    return f'<a href="#" id="more_results" data-id="{own}">More Articles</a>{scripted(script, world)}'


def watch_page(title: str, main: str) -> PageResponse:
    """Return a page with a bar that shows a date twice, which is not the article's."""
    return page(
        f"<!DOCTYPE html><html><head><title>{html.escape(title)} | KCNA Watch</title></head><body>"
        '<div class="top-bar"><span>April 1, 2026</span><span>Apr 1, 2026</span></div>'
        f'<div class="container">{main}</div></body></html>'
    )


def watch_items(stories: list[Story]) -> str:
    """Return the listing entries of stories."""
    return "\n".join(
        f'<div class="article-desc"><h4><a href="{watch_url(s)}">'
        f'<img alt="{html.escape(s.title)}">{html.escape(s.title)}</a></h4>'
        f"<p>{html.escape(s.paragraphs[0][:40])}</p>"
        f'<p class="articled-date"> <span>{s.day:%B} {s.day.day}, {s.day.year}</span></p></div>'
        for s in stories
    )


def shows_picture(story: Story, epoch: int) -> bool:
    """Return whether an article has a photo: a third of them at epoch 1, half of these from epoch 2 on."""
    return story.number % 3 == 0 and not (epoch > 1 and story.number % 2)


def watch_article(story: Story, stories: list[Story], world: World) -> PageResponse:
    """Return the page of an article."""
    label = label_of(story)
    paragraphs = [html.escape(text, quote=False) for text in story.text(world.epoch)]
    paragraphs[-1] += " -0-" if story.kp else ""
    body = "\n".join(f"<p>{text}</p>" for text in paragraphs)
    if shows_picture(story, world.epoch):  # an image of KCNA Watch and one of another host
        own = f'<img src="/wp-content/uploads/{story.number}.jpg">'
        body += f'<p>{own}<img src="https://pixel.example/1.gif"></p>'
    original = detail_url(story) if story.kp else cojp_url(story)
    others = [s for s in stories if s is not story][:3]
    return watch_page(
        story.title,
        '<div class="source-badge">'
        f'<a href="https://kcnawatch.org/article/{LABELS[label]}/">{label}</a></div>'
        f'<h1 class="article-title">{html.escape(story.title)}</h1>'
        f'<p class="article-meta">Date: {story.day:%d/%m/%Y} | Source: {label} | '
        f'<a href="{original}">Read original version at source</a></p>'
        f'<div class="article-content">{body}</div>'
        f'<h3>More From {label}</h3><div id="latest_article_wrapper">{watch_items(others)}</div>'
        '<a href="#" id="more_results">More Articles</a>',
    )
