"""The pages of www.kcna.kp in the sample site, in the layout of 2022."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from kcna_spider.sample_site.leaders_markup import leaders
from kcna_spider.sample_site.sample_photos import is_linked, photo_page_2022, photo_page_2022_url, photos_of
from kcna_spider.sample_site.site_http import PageRequest, PageResponse, missing, page
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.stories import CATEGORIES, Story

PER_LIST = 4


def q_url(story: Story, category: str) -> str:
    """Return the URL of a story in a category; it differs in each category."""
    return f"http://www.kcna.kp/en/article/q/{story.key}{CATEGORIES[category]}.kcmsf"


def q_list(category: str, number: int) -> str:
    """Return the path of a page of a category's listing. number: from 1."""
    return f"/en/category/articles/q/{hashlib.md5(f'{category} {number}'.encode()).hexdigest()}.kcmsf"


def kp_2022(request: PageRequest, world: World) -> PageResponse:
    """Return the response of www.kcna.kp in this layout to a request."""
    if request.path == "/en":
        links = "".join(f'<li><a href="{q_list(name, 1)}">{name}</a></li>' for name in CATEGORIES)
        menu = f'<div class="menu-block"><ul>{links}</ul></div>'
        return page(f"<html><head><title>KCNA</title></head><body>{menu}</body></html>")
    stories = world.on(lambda s: s.kp and s.code == "en")
    for story in stories:
        if photos_of(story) and urlsplit(photo_page_2022_url(story)).path == request.path:
            return page(photo_page_2022(story, world.epoch))
    for category in CATEGORIES:
        mine = [s for s in stories if category in s.categories]
        numbers = range(1, -(-len(mine) // PER_LIST) + 1)
        for number in numbers:
            if request.path == q_list(category, number):
                shown = mine[(number - 1) * PER_LIST : number * PER_LIST]
                items = "".join(listing_entry(story, category) for story in shown)
                pager = "".join(f'<li><a href="{q_list(category, n)}">{n}</a></li>' for n in numbers)
                lists = f'<ul class="article-link">{items}</ul><ul class="pagination">{pager}</ul>'
                return page(f"<html><body>{lists}</body></html>")
        for story in mine:
            if urlsplit(q_url(story, category)).path == request.path:
                return kp_article_2022(story, world)
    return missing()


def listing_entry(story: Story, category: str) -> str:
    """Return the listing entry of a story."""
    day = f"[{story.day.year}.{story.day.month}.{story.day.day}.]"
    return (
        f'<li><a href="{urlsplit(q_url(story, category)).path}">{leaders(story.title)} '
        f'<span class="publish-time">{day}</span></a></li>'
    )


def kp_article_2022(story: Story, world: World) -> PageResponse:
    """Return the page of an article, with its date in the Juche calendar."""
    body = "".join(f"<p>{leaders(text)}</p>" for text in story.text(world.epoch))
    juche = f"Juche{story.day.year - 1911}.{story.day.month}.{story.day.day}."
    icon = ""
    if photos_of(story) and is_linked(story):
        icon = (
            f'<div class="media-icon"><a href="{urlsplit(photo_page_2022_url(story)).path}"><i></i></a></div>'
        )
    return page(
        f'<html><body><div class="article-main-title"><strong>{leaders(story.title)}</strong></div>{icon}'
        f'<div class="article-content-body"><div class="content-wrapper">{body}<p>-0-</p>'
        f"<span class='publish-time'>www.kcna.kp ({juche})</span></div></div></body></html>"
    )
