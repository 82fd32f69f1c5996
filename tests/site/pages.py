"""The pages of the sample site: each host answers as the real one does, in its own element names and addresses."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.site.photos import (
    ALONE,
    LIST_KEY,
    is_linked,
    photo_list_item,
    photo_page_2022,
    photo_page_2022_url,
    photo_page_body,
    photo_page_url,
    photos_of,
    picture,
)
from tests.site.stories import CATEGORIES, END_MARKS, NAMES, STORIES, Story

PER_LIST, PER_MORE, PER_SEARCH = 4, 4, 1
LABELS = {"KCNA.kp (En)": "156", "KCNA.co.jp (En)": "163", "Rodong Sinmun (En)": "170"}
LEADERS = re.compile(r"\b(Kim Jong Un|Kim Jong Il|Kim Il Sung)\b")


@dataclass
class Asked:
    """A request as the site sees it."""

    method: str
    url: str
    headers: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self.full_host, self.path = parts.hostname or "", parts.path or "/"
        self.host = self.full_host.removeprefix("www.")
        self.query = {
            key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()
        }


@dataclass
class Answer:
    """What goes back."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """What the site shows: epoch 1 or 2, era 2026 or 2024, whether KCNA Watch wants a browser, or wants one for "More Articles" only."""

    epoch: int = 1
    stories: list[Story] = field(default_factory=lambda: STORIES)
    era: int = 2026
    bot_check: bool = False
    ajax_refused: bool = False
    watch_host: str = (
        "kcnawatch.org"  # the host in KCNA Watch's own links, without a slash at their ends for the other one
    )
    watch_ids: bool = False  # its "More Articles" asks by another number; the listing's own gets the stories of another source
    script_elsewhere: bool = (
        False  # the button's script is a file of its own, so that the page doesn't say what it asks for
    )
    search_limit: int = 0  # the largest number of stories that the search shows; 0: no limit
    search_wrong_year: int = 0  # the search ignores the days that are asked for where they lie in this year
    search_broken: bool = False
    hosts_down: set[str] = field(default_factory=set)
    stubborn: bool = False  # the bot check lets nobody through
    session_uses: int = 0  # requests after which the bot check comes again; 0: never
    patience: int = 0  # requests after which it lets nobody through any more; 0: never
    used: int = 0
    sessions: set[str] = field(default_factory=set)

    def on(self, choose: Callable[[Story], object]) -> list[Story]:
        """Live stories, newest first."""
        return sorted(
            (s for s in self.stories if choose(s) and s.live(self.epoch)),
            key=lambda s: (s.day, s.title),
            reverse=True,
        )


def page(text: str, encoding: str = "utf-8", status: int = 200, **headers: str) -> Answer:
    """An HTML page."""
    return Answer(
        text.encode(encoding, "xmlcharrefreplace"), status, f"text/html; charset={encoding}", headers
    )


def missing() -> Answer:
    """404."""
    return page("<html><head><title>404</title></head><body><h1>Not Found</h1></body></html>", status=404)


# -- kcnawatch.org


def label_of(story: Story) -> str:
    """The source label of a story on KCNA Watch."""
    return "KCNA.kp (En)" if story.kp else "KCNA.co.jp (En)"


def watch_url(story: Story) -> str:
    """Its address there."""
    stamp = int((story.day.toordinal() - 719163) * 86400 + 23400)
    return f"https://kcnawatch.org/newstream/{stamp}-{story.number}/{story.slug}/"


def cleared(asked: Asked, world: World) -> bool:
    """Whether the bot check lets a request through; a session is good for a number of requests."""
    world.used += 1
    world.stubborn = world.stubborn or (world.patience > 0 and world.used > world.patience)
    if world.stubborn:
        return False
    if world.session_uses and world.used > world.session_uses:
        world.used = 0
        return False
    return "cleared=yes" in asked.headers.get("cookie", "")


def watch(asked: Asked, world: World) -> Answer:
    """kcnawatch.org, which is also kcnawatch.xyz."""
    answer = watch_under_its_name(asked, world)
    if world.watch_host != "kcnawatch.org":
        answer.body = re.sub(rb'(https://kcnawatch\.org/newstream/[^"]+?)/"', rb'\1"', answer.body)
        answer.body = answer.body.replace(b"https://kcnawatch.org/", f"https://{world.watch_host}/".encode())
    return answer


def watch_under_its_name(asked: Asked, world: World) -> Answer:  # noqa: PLR0911  # one line a page
    """The same with links to kcnawatch.org."""
    if asked.path == "/robots.txt":
        return Answer(
            b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n",
            content_type="text/plain",
        )
    if world.bot_check and not cleared(asked, world):
        script = "" if world.stubborn else 'document.cookie = "cleared=yes; path=/"; location.reload();'
        answer = page(
            f"<html><head><title>Just a moment...</title></head><body><script>{script}</script></body></html>",
            status=403,
        )
        answer.headers["cf-mitigated"] = "challenge"
        return answer
    if m := re.fullmatch(r"/wp-content/uploads/(\d+)\.jpg", asked.path):
        return photo_answer(asked, picture(hashlib.md5(m[1].encode()).hexdigest(), 1))
    stories = world.on(lambda s: s.watch)
    if asked.path == "/" and "s" in asked.query:
        return watch_search(asked, world, stories)
    if asked.path == "/":
        links = "".join(
            f'<li><a href="https://kcnawatch.org/article/{number}/">{label}</a></li>'
            for label, number in LABELS.items()
        )
        return watch_page("KCNA Watch", f'<ul class="sources">{links}</ul>{watch_items(stories[:3])}')
    if m := re.fullmatch(r"/article/(\d+)/", asked.path):
        mine = [s for s in stories if LABELS[label_of(s)] == m[1]]
        items = watch_items(mine[:PER_MORE])
        return watch_page(
            "Source",
            f'<h1>Source</h1><div id="latest_article_wrapper">{items}</div>{more_button(m[1], world)}',
        )
    if asked.path == "/wp-admin/admin-ajax.php":
        return watch_more(asked, world, stories)
    path = asked.path if asked.path.endswith("/") else f"{asked.path}/"
    story = next((s for s in stories if urlsplit(watch_url(s)).path == path), None)
    return watch_article(story, stories, world) if story else missing()


def watch_more(asked: Asked, world: World, stories: list[Story]) -> Answer:
    """What the button fetches."""
    if world.ajax_refused and "sec-fetch-mode" not in asked.headers:  # only browsers say it
        return page("<html><body>Forbidden</body></html>", status=403)
    if asked.query["action"] == "more_search":
        start = int(asked.query["from"])
        return page(watch_items(watch_found(asked, world, stories)[start : start + PER_SEARCH]))
    number = asked.query["id"]
    if world.watch_ids:
        number = (
            number.removeprefix("189") if number.startswith("189") else {"156": "163", "163": "156"}[number]
        )
    mine = [s for s in stories if LABELS[label_of(s)] == number]
    start = int(asked.query["from"])
    return page(watch_items(mine[start : start + int(asked.query["to"])]))


def watch_found(asked: Asked, world: World, stories: list[Story]) -> list[Story]:
    """What the search finds: the stories of a source from `start` to `end` (DD-MM-YYYY), the newest first."""
    first, last = (dt.date(*map(int, reversed(asked.query[name].split("-")))) for name in ("start", "end"))
    mine = [s for s in stories if LABELS[label_of(s)] == asked.query["source"]]
    found = [s for s in mine if last.year == world.search_wrong_year or first <= s.day <= last]
    return found[: world.search_limit or None]


def watch_search(asked: Asked, world: World, stories: list[Story]) -> Answer:
    """The first page of the search, with a button whose script names its address."""
    if world.search_broken:
        return page(
            "<html><head><title>Error</title></head><body>Error establishing a database connection</body></html>",
            status=500,
        )
    found = watch_found(asked, world, stories)
    query = "&".join(f"{name}={asked.query[name]}" for name in ("s", "source", "start", "end"))
    button = ""
    if len(found) > PER_SEARCH:
        script = f"""<script>
let at = {PER_SEARCH};
document.querySelector('a.more-full-link').onclick = async (event) => {{
  event.preventDefault();
  const address = '/wp-admin/admin-ajax.php?action=more_search&die=true&{query}' + '&from=' + at;
  document.getElementById('search_wrapper').insertAdjacentHTML('beforeend', await (await fetch(address)).text());
  at += {PER_SEARCH};
  if (at >= {len(found)}) event.target.style.display = 'none';
}};</script>"""
        button = f'<a class="more-full-link" href="#">More Articles</a>{scripted(script, world)}'
    return watch_page("Search", f'<div id="search_wrapper">{watch_items(found[:PER_SEARCH])}</div>{button}')


def scripted(script: str, world: World) -> str:
    """A script in the page; or one that builds what it asks for, as a file of its own would hide it."""
    if not world.script_elsewhere:
        return script
    code = base64.b64encode(re.sub(r"</?script>", "", script).encode()).decode()
    return f'<script>new Function(atob("{code}"))();</script>'


def more_button(number: str, world: World) -> str:
    """The button and the script behind it."""
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


def watch_page(title: str, main: str) -> Answer:
    """A page with the bar that shows today's date, twice."""
    return page(
        f"<!DOCTYPE html><html><head><title>{html.escape(title)} | KCNA Watch</title></head><body>"
        f'<div class="top-bar"><span>April 1, 2026</span><span>Apr 1, 2026</span></div><div class="container">{main}</div></body></html>'
    )


def watch_items(stories: list[Story]) -> str:
    """A series of stories as listings have it."""
    return "\n".join(
        f'<div class="article-desc"><h4><a href="{watch_url(s)}"><img alt="{html.escape(s.title)}">{html.escape(s.title)}</a></h4>'
        f'<p>{html.escape(s.paragraphs[0][:40])}</p><p class="articled-date"> <span>{s.day:%B} {s.day.day}, {s.day.year}</span></p></div>'
        for s in stories
    )


def shows_picture(story: Story, epoch: int) -> bool:
    """Whether KCNA Watch shows a picture in the article: in a third, and in half of these from epoch 2 on."""
    return story.number % 3 == 0 and not (epoch > 1 and story.number % 2)


def watch_article(story: Story, stories: list[Story], world: World) -> Answer:
    """An article page."""
    label = label_of(story)
    paragraphs = [html.escape(text, quote=False) for text in story.text(world.epoch)]
    paragraphs[-1] += " -0-" if story.kp else ""
    body = "\n".join(f"<p>{text}</p>" for text in paragraphs)
    if shows_picture(story, world.epoch):  # one of KCNA Watch's own, and one of another host
        body += f'<p><img src="/wp-content/uploads/{story.number}.jpg"><img src="https://pixel.example/1.gif"></p>'
    original = detail_url(story) if story.kp else cojp_url(story)
    return watch_page(
        story.title,
        f'<div class="source-badge"><a href="https://kcnawatch.org/article/{LABELS[label]}/">{label}</a></div>'
        f'<h1 class="article-title">{html.escape(story.title)}</h1><p class="article-meta">Date: {story.day:%d/%m/%Y} | Source: {label} | '
        f'<a href="{original}">Read original version at source</a></p><div class="article-content">{body}</div>'
        f'<h3>More From {label}</h3><div id="latest_article_wrapper">{watch_items([s for s in stories if s is not story][:3])}</div>'
        '<a href="#" id="more_results">More Articles</a>',
    )


# -- www.kcna.kp


def detail_url(story: Story) -> str:
    """Its address in the layout since 2026."""
    return f"http://www.kcna.kp/{story.code}/article/detail/{story.key}"


def q_url(story: Story, category: str) -> str:
    """Its address in the older layout: another one in each category."""
    return f"http://www.kcna.kp/en/article/q/{story.key}{CATEGORIES[category]}.kcmsf"


def q_list(category: str, number: int) -> str:
    """A page of a list in the older layout."""
    return f"/en/category/articles/q/{hashlib.md5(f'{category} {number}'.encode()).hexdigest()}.kcmsf"


def leaders(text: str) -> str:
    """The markup that the site puts around leaders' names."""
    return LEADERS.sub(
        r"<nobr><strong><span class='fSpecCs'>\1</span></strong></nobr>", html.escape(text, quote=False)
    )


def kp(asked: Asked, world: World) -> Answer:
    """www.kcna.kp."""
    if world.era < 2026 or "/q/" in asked.path:
        return kp_2022(asked, world)
    if m := re.fullmatch(r"/(en|kp|cn|ru|es|jp)", asked.path):
        return kp_page("Home", '<div class="articles"></div>', m[1])
    if m := re.fullmatch(r"/(\w\w)/article/list/([0-9a-f]{32})", asked.path):
        return kp_list(asked, world, m[1], m[2])
    if found := kp_photos(asked, world):
        return found
    story = next((s for s in world.on(lambda s: s.kp) if urlsplit(detail_url(s)).path == asked.path), None)
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


def kp_photos(asked: Asked, world: World) -> Answer | None:
    """A file, a photo page or a list of photo pages; None for any other address."""
    stories = [s for s in [*world.on(lambda s: s.kp), *ALONE] if photos_of(s)]
    if m := re.fullmatch(r"/photo/([0-9a-f]{32})\.jpg", asked.path):
        photo = next((p for s in stories for p in photos_of(s) if p.name == m[1]), None)
        return photo_answer(asked, photo.file(world.epoch) if photo else None)
    if m := re.fullmatch(r"/(\w\w)/gallery/list/([0-9a-f]{32})", asked.path):
        return kp_list(asked, world, m[1], m[2], [s for s in stories if s.code == m[1]])
    for story in stories:
        if urlsplit(photo_page_url(story)).path == asked.path:
            others = [s for s in stories if s.code == story.code][:3]
            return kp_page(story.title, photo_page_body(story, others, world.epoch), story.code)
    return None


def photo_answer(asked: Asked, file: bytes | None) -> Answer:
    """A file with its ETag; 304 where the request names it."""
    if file is None:
        return missing()
    etag = f'"{hashlib.md5(file).hexdigest()}"'
    unchanged = asked.headers.get("if-none-match") == etag
    return Answer(b"" if unchanged else file, 304 if unchanged else 200, "image/jpeg", {"ETag": etag})


def kp_page(title: str, main: str, code: str) -> Answer:
    """The shell with its menu, its tiles, and another date in the footer."""
    menu = "".join(
        f'<li><a href="/{code}/article/list/{key}">{NAMES[code][name]}</a></li>'
        for name, key in CATEGORIES.items()
    )
    tiles = "".join(f'<a href="/{code}/article/list/{key}"><i></i></a>' for key in CATEGORIES.values())
    return page(
        f"<html><head><title>KCNA | {html.escape(title)}</title></head><body><ul>{menu}<li><a href='/{code}/gallery/list/{LIST_KEY}'>Photo</a></li></ul>"
        f"<main>{main}</main>{tiles}<footer><p>Pyongyang, January 1 (KCNA) -- is how reports begin.</p></footer></body></html>"
    )


def kp_list(
    asked: Asked, world: World, code: str, key: str, photo_stories: list[Story] | None = None
) -> Answer:
    """A page of a category, or of the photo pages, by GET the first, by POST within its session any."""
    category = next((name for name, value in CATEGORIES.items() if value == key), "Photo")
    title = f'<div class="category_title">{NAMES[code].get(category, category)}</div>'
    session = asked.headers.get("cookie", "").partition("JSESSIONID=")[2][:32]
    number = 1
    headers = {}
    if asked.method == "POST":
        if session not in world.sessions or asked.form.get("_csrf") != session[::-1]:
            return kp_page("List", title, code)
        number = int(asked.form["page_num"])
    elif session not in world.sessions:
        session = hashlib.md5(f"{len(world.sessions)} {asked.url}".encode()).hexdigest()
        world.sessions.add(session)
        headers["Set-Cookie"] = f"JSESSIONID={session}; Path=/"
    stories = world.on(lambda s: s.kp and s.code == code and category in s.categories)
    if photo_stories is not None:
        stories = photo_stories
    pages = max(1, -(-len(stories) // PER_LIST))
    items = "".join(
        photo_list_item(s)
        if photo_stories is not None
        else f'<div class="article"><h5 class="block"><a href="{urlsplit(detail_url(s)).path}">\n {leaders(s.title)}\r\n</a>'
        f"<span><nobr>Photo</nobr> <nobr>[{s.day.year}.{s.day.month}.{s.day.day}.]</nobr></span></h5></div>"
        for s in stories[(number - 1) * PER_LIST : number * PER_LIST]
    )
    fields = {"page_num": str(number), "cnt_per_page": str(PER_LIST), "keyword": "", "_csrf": session[::-1]}
    inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
    script = f"<script>var total = {len(stories)}; var cur_page = {number}; var per_page = {PER_LIST}; var page_cnt = {pages};</script>"
    answer = kp_page(
        "List",
        f'{title}{items}<form id="{"article" if photo_stories is None else "gallery"}_form" method="POST" action="{asked.path}">{inputs}</form>{script}',
        code,
    )
    answer.headers.update(headers)
    return answer


def kp_2022(asked: Asked, world: World) -> Answer:
    """The older layout."""
    if asked.path == "/en":
        links = "".join(f'<li><a href="{q_list(name, 1)}">{name}</a></li>' for name in CATEGORIES)
        return page(
            f'<html><head><title>KCNA</title></head><body><div class="menu-block"><ul>{links}</ul></div></body></html>'
        )
    stories = world.on(lambda s: s.kp and s.code == "en")
    if asked.path.startswith("/photo/"):
        return kp_photos(asked, world) or missing()
    for story in stories:
        if photos_of(story) and urlsplit(photo_page_2022_url(story)).path == asked.path:
            return page(photo_page_2022(story, world.epoch))
    for category in CATEGORIES:
        mine = [s for s in stories if category in s.categories]
        numbers = range(1, -(-len(mine) // PER_LIST) + 1)
        for number in numbers:
            if asked.path == q_list(category, number):
                items = "".join(
                    f'<li><a href="{urlsplit(q_url(s, category)).path}">{leaders(s.title)} <span class="publish-time">[{s.day.year}.{s.day.month}.{s.day.day}.]</span></a></li>'
                    for s in mine[(number - 1) * PER_LIST : number * PER_LIST]
                )
                pager = "".join(f'<li><a href="{q_list(category, n)}">{n}</a></li>' for n in numbers)
                return page(
                    f'<html><body><ul class="article-link">{items}</ul><ul class="pagination">{pager}</ul></body></html>'
                )
        for story in mine:
            if urlsplit(q_url(story, category)).path == asked.path:
                return kp_article_2022(story, world)
    return missing()


def kp_article_2022(story: Story, world: World) -> Answer:
    """An article with its Juche year."""
    body = "".join(f"<p>{leaders(text)}</p>" for text in story.text(world.epoch))
    icon = ""
    if photos_of(story) and is_linked(story):
        icon = (
            f'<div class="media-icon"><a href="{urlsplit(photo_page_2022_url(story)).path}"><i></i></a></div>'
        )
    return page(
        f'<html><body><div class="article-main-title"><strong>{leaders(story.title)}</strong></div>{icon}<div class="article-content-body"><div class="content-wrapper">{body}'
        f"<p>-0-</p><span class='publish-time'>www.kcna.kp (Juche{story.day.year - 1911}.{story.day.month}.{story.day.day}.)</span></div></div></body></html>"
    )


# -- www.kcna.co.jp


def cojp_url(story: Story) -> str:
    """Its address in Tokyo: an anchor to September 2008, a page of its own since."""
    assert story.cojp
    day = story.cojp
    number = story.cojp_number or [s for s in STORIES if s.cojp == day].index(story) + 1
    if day.year < 2000:
        return f"http://www.kcna.co.jp/item/{day:%Y}/{day:%y%m}/news{day.month}/{day:%d}.htm#{number}"
    if day.year < 2008:
        return f"http://www.kcna.co.jp/item/{day:%Y}/{day:%Y%m}/news{day:%m}/{day:%d}.htm#{number}"
    return f"http://www.kcna.co.jp/item/{day:%Y}/{day:%Y%m}/news{day:%d}/{day:%Y%m%d}-{number:02}{'ss' if story.code == 'es' else 'ee'}.html"


def cojp_day(story: Story) -> str:
    """The page of its day."""
    day = story.cojp
    assert day
    if day.year < 2008:
        return (
            f"/item/{day:%Y}/{day:%y%m}/{day:%y%m%d}.htm"
            if day.year < 2000
            else f"/item/{day:%Y}/{day:%Y%m}/{day:%Y%m%d}.htm"
        )
    return f"/item/{day:%Y}/{day:%Y%m}/{day:%Y-%m-%d}ee.html"


def cojp(asked: Asked, world: World) -> Answer:
    """www.kcna.co.jp."""
    stories = world.on(lambda s: s.cojp)
    if asked.path == "/index-e.htm":
        years = sorted({s.cojp.year for s in stories if s.cojp})
        return cojp_page("".join(f'<a href="/item/{y}/calendar-{y}e.html">{y}</a> ' for y in years), asked)
    if m := re.fullmatch(r"/item/(\d{4})/calendar-\d{4}e\.html", asked.path):
        days = sorted({cojp_day(s) for s in stories if s.cojp and str(s.cojp.year) == m[1]})
        prefix = (
            "http://www.kcna.co.jp" if m[1] == "2005" else ""
        )  # one year has absolute links, as 2003 in truth
        cells = "".join(
            f'<td><a href="{prefix or "."}{day if prefix else day.removeprefix(f"/item/{m[1]}")}">{day[-6:-4]}</a></td>'
            for day in days
        )
        return cojp_page(f"<table><tr>{cells}</tr></table>", asked)
    of_day = [s for s in stories if cojp_day(s) == asked.path]
    if of_day:
        return cojp_page(cojp_list(of_day), asked)
    mine = [s for s in stories if urlsplit(cojp_url(s)).path == asked.path]
    if not mine:
        return missing()
    return cojp_page(
        cojp_articles(mine, world) if mine[0].day.year < 2008 else cojp_article(mine[0], world), asked
    )


def cojp_page(body: str, asked: Asked) -> Answer:
    """A page in Shift_JIS, with an ETag."""
    head = '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis">'
    answer = page(f"<html><head>{head}<title>KCNA</title></head><body>{body}</body></html>", "shift_jis")
    answer.content_type = "text/html"
    answer.headers["ETag"] = tag = f'"{hashlib.md5(answer.body).hexdigest()[:12]}"'
    return Answer(status=304, headers={"ETag": tag}) if asked.headers.get("if-none-match") == tag else answer


def cojp_list(stories: list[Story]) -> str:
    """A day."""
    day = stories[0].cojp
    assert day
    links = [(s.title, "/".join(cojp_url(s).rsplit("/", 2)[1:])) for s in stories]
    if day.year < 2008:
        items = "".join(f'<li><h3><a href="./{href}">{title}</a></h3></li>' for title, href in links)
        return f"<center><h2>{day:%B} {day.day}, {day.year}, Juche {day.year - 1911}</h2></center><ul>{items}</ul>"
    rows = "".join(f'<tr><td><a href="{href}">{title}</a></td></tr>' for title, href in links)
    return f"<table><tr><td><b>{day:%B} {day.day}. {day.year} Juch {day.year - 1911}</b></td></tr><tr><td><table>{rows}</table></td></tr></table>"


def cojp_articles(stories: list[Story], world: World) -> str:
    """All articles of a day, hard-wrapped."""
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
    return f"<center><b>Past news</b><br>{day:%B} {day.day}, {day.year}</center><hr>{'<hr>'.join(parts)}<hr><a href='#top'>BACK</a> <a href='/'>HOME</a>"


def cojp_article(story: Story, world: World) -> str:
    """One article in its table."""
    day = story.cojp
    assert day
    body = "<br>\n\t\t<br>\n\t\t ".join(html.escape(text, quote=False) for text in story.text(world.epoch))
    return (
        f'<table><tr><td><a href="/item/{day.year}/calendar-{day.year}e.html">calendar</a>&gt;&gt;<a href="{cojp_day(story)}">{day:%B} {day.day}. {day.year} '
        f'Juch {day.year - 1911}</a></td></tr><tr><td><div align="center"><b>{story.title}</b></div></td></tr><tr><td></td></tr><tr><td> {body}</td></tr></table>'
        "<center>Copyright (C) KOREA NEWS SERVICE(KNS) All Rights Reserved.</center>"
    )


# -- web.archive.org

CAPTURED = ("20240401000000", "20240601000000")  # what was captured at epoch 1, and at epoch 2


def captures(world: World) -> list[list[str]]:
    """The rows of the index: every page of a story, at each epoch at which it could be read; the same text has the same digest."""
    urls: dict[str, Story] = {}
    for story in world.stories:
        mine = [
            *([watch_url(story)] if story.watch else []),
            *([detail_url(story)] if story.kp else []),
            *([cojp_url(story)] if story.cojp else []),
        ]
        mine += (
            [q_url(story, category) for category in story.categories]
            if story.kp and story.code == "en"
            else []
        )
        urls |= {url.partition("#")[0]: story for url in mine}
    rows = []
    for url, story in sorted(urls.items()):
        for epoch, stamp in enumerate(CAPTURED, 1):
            if story.live(epoch):
                digest = hashlib.sha1("".join([url, *story.text(epoch)]).encode()).hexdigest()[:32]
                rows.append([url, stamp, url, "text/html", "200", digest])
    return rows


def wayback(asked: Asked, world: World) -> Answer:
    """web.archive.org: its index, and pages as they were."""
    if asked.path == "/cdx/search/cdx":
        bare = re.compile(r"^https?://(?:www\.)?")
        rows = [
            row for row in captures(world) if bare.sub("", row[2]).startswith(asked.query["url"].rstrip("*"))
        ]
        start, count = int(asked.query.get("resumeKey", 0)), int(asked.query["limit"])
        table = [asked.query["fl"].split(","), *rows[start : start + count]]
        table += [[], [str(start + count)]] if start + count < len(rows) else []
        return Answer(json.dumps(table).encode(), content_type="application/json")
    m = re.fullmatch(r"/web/(\d{14})id_/(https?):/+(.+)", asked.path)
    if not m or m[1] not in CAPTURED:
        return missing()
    inner = Asked("GET", f"{m[2]}://{m[3]}", {})
    return SITES[inner.host](inner, World(epoch=CAPTURED.index(m[1]) + 1, era=2026))


SITES: dict[str, Callable[[Asked, World], Answer]] = {
    "kcnawatch.org": watch,
    "kcnawatch.xyz": watch,
    "kcna.kp": kp,
    "kcna.co.jp": cojp,
    "web.archive.org": wayback,
}
