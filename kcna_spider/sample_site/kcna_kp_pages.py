"""The pages of www.kcna.kp in the sample site, in the layout since 2026."""

from __future__ import annotations

import hashlib
import html
import re
from urllib.parse import urlsplit

from kcna_spider.sample_site.kcna_kp_2022_pages import kp_2022
from kcna_spider.sample_site.leaders_markup import leaders
from kcna_spider.sample_site.sample_photos import (
    ALONE,
    LIST_KEY,
    is_linked,
    photo_list_item,
    photo_page_body,
    photo_page_url,
    photos_of,
)
from kcna_spider.sample_site.site_http import PageRequest, PageResponse, missing, page
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.stories import CATEGORIES, END_MARKS, NAMES, Story

PER_LIST = 4


def detail_url(story: Story) -> str:
    """Return the URL of a story."""
    return f"http://www.kcna.kp/{story.code}/article/detail/{story.key}"


def kp(request: PageRequest, world: World) -> PageResponse:
    """Return the response of www.kcna.kp to a request, in the layout of `world.era`."""
    if world.era < 2026 or "/q/" in request.path:
        found = kp_photos(request, world) if request.path.startswith("/photo/") else None
        return found or kp_2022(request, world)
    if m := re.fullmatch(r"/(en|kp|cn|ru|es|jp)", request.path):
        return kp_page("Home", '<div class="articles"></div>', m[1])
    if m := re.fullmatch(r"/(\w\w)/article/list/([0-9a-f]{32})", request.path):
        return kp_list(request, world, m[1], m[2])
    if found := kp_photos(request, world):
        return found
    story = next((s for s in world.on(lambda s: s.kp) if urlsplit(detail_url(s)).path == request.path), None)
    if not story:
        return missing()
    paragraphs = [leaders(text) for text in story.text(world.epoch)]
    paragraphs[-1] += END_MARKS[story.code]
    body = "\n".join(f"<p>{text}</p>" for text in paragraphs)
    button = ""
    if photos_of(story) and is_linked(story):
        path = urlsplit(photo_page_url(story)).path
        button = f'<a class="right_button gallery_button" href="{path}"><i class="fa fa-camera"></i></a>'
    main = (
        f'<article><div class="container"><h1>{leaders(story.title)}</h1><h1></h1>{body}'
        f'<div class="caption"><p>A caption of no article, July 1</p></div>{button}</div></article>'
    )
    return kp_page(story.title, main, story.code)


def kp_photos(request: PageRequest, world: World) -> PageResponse | None:
    """Return a photo file, a photo page or the listing of photo pages, or None for any other URL."""
    stories = [s for s in [*world.on(lambda s: s.kp), *ALONE] if photos_of(s)]
    if m := re.fullmatch(r"/photo/([0-9a-f]{32})\.jpg", request.path):
        photo = next((p for s in stories for p in photos_of(s) if p.name == m[1]), None)
        return photo_response(request, photo.file(world.epoch) if photo else None)
    if m := re.fullmatch(r"/(\w\w)/gallery/list/([0-9a-f]{32})", request.path):
        return kp_list(request, world, m[1], m[2], [s for s in stories if s.code == m[1]])
    for story in stories:
        if urlsplit(photo_page_url(story)).path == request.path:
            others = [s for s in stories if s.code == story.code][:3]
            return kp_page(story.title, photo_page_body(story, others, world.epoch), story.code)
    return None


def photo_response(request: PageRequest, file: bytes | None) -> PageResponse:
    """Return a file with its ETag, status 304 if the request has that ETag, or 404 if there is no file."""
    if file is None:
        return missing()
    etag = f'"{hashlib.md5(file).hexdigest()}"'
    unchanged = request.headers.get("if-none-match") == etag
    return PageResponse(b"" if unchanged else file, 304 if unchanged else 200, "image/jpeg", {"ETag": etag})


def kp_page(title: str, main: str, code: str) -> PageResponse:
    """Return a page with a menu, tiles, and a dateline in the footer that is not the article's."""
    menu = "".join(
        f'<li><a href="/{code}/article/list/{key}">{NAMES[code][name]}</a></li>'
        for name, key in CATEGORIES.items()
    )
    tiles = "".join(f'<a href="/{code}/article/list/{key}"><i></i></a>' for key in CATEGORIES.values())
    return page(
        f"<html><head><title>KCNA | {html.escape(title)}</title></head><body><ul>{menu}"
        f"<li><a href='/{code}/gallery/list/{LIST_KEY}'>Photo</a></li></ul><main>{main}</main>{tiles}"
        "<footer><p>Pyongyang, January 1 (KCNA) -- is how reports begin.</p></footer></body></html>"
    )


def kp_list(
    request: PageRequest, world: World, code: str, key: str, photo_stories: list[Story] | None = None
) -> PageResponse:
    """Return a listing page of a category or of photo pages: the first for GET, any for POST in a session."""
    category = next((name for name, value in CATEGORIES.items() if value == key), "Photo")
    title = f'<div class="category_title">{NAMES[code].get(category, category)}</div>'
    session = request.headers.get("cookie", "").partition("JSESSIONID=")[2][:32]
    number = 1
    headers = {}
    if request.method == "POST":
        if session not in world.sessions or request.form.get("_csrf") != session[::-1]:
            return kp_page("List", title, code)
        number = int(request.form["page_num"])
    elif session not in world.sessions:
        session = hashlib.md5(f"{len(world.sessions)} {request.url}".encode()).hexdigest()
        world.sessions.add(session)
        headers["Set-Cookie"] = f"JSESSIONID={session}; Path=/"
    stories = world.on(lambda s: s.kp and s.code == code and category in s.categories)
    if photo_stories is not None:
        stories = photo_stories
    pages = max(1, -(-len(stories) // PER_LIST))
    items = "".join(
        photo_list_item(s)
        if photo_stories is not None
        else f'<div class="article"><h5 class="block"><a href="{urlsplit(detail_url(s)).path}">'
        f"\n {leaders(s.title)}\r\n</a>"
        f"<span><nobr>Photo</nobr> <nobr>[{s.day.year}.{s.day.month}.{s.day.day}.]</nobr></span></h5></div>"
        for s in stories[(number - 1) * PER_LIST : number * PER_LIST]
    )
    fields = {"page_num": str(number), "cnt_per_page": str(PER_LIST), "keyword": "", "_csrf": session[::-1]}
    inputs = "".join(f'<input type="hidden" name="{key}" value="{value}">' for key, value in fields.items())
    script = (
        f"<script>var total = {len(stories)}; var cur_page = {number}; "
        f"var per_page = {PER_LIST}; var page_cnt = {pages};</script>"
    )
    name = "article" if photo_stories is None else "gallery"
    response = kp_page(
        "List",
        f'{title}{items}<form id="{name}_form" method="POST" action="{request.path}">{inputs}</form>{script}',
        code,
    )
    response.headers.update(headers)
    return response
