"""Render the sections as one HTML page without external resources."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jinja2 import Environment, PackageLoader

from kcna_spider.report import sections_on_contents as contents
from kcna_spider.report import sections_on_coverage as covered
from kcna_spider.report.gaps import coverage
from kcna_spider.report.numbers import Numbers


def render(numbers: Numbers, place: str, now: dt.datetime) -> str:
    """Return the page as HTML. place: the database, without its password. now: timestamp of the report."""
    sites = {site: coverage(articles) for site, articles in numbers.days.items()}
    sections = [
        covered.days(sites),
        covered.gaps(sites),
        covered.months(numbers),
        *([covered.photos(numbers)] if numbers.photos.days else []),
        contents.places(numbers),
        contents.delays(numbers),
        contents.copies(numbers),
        contents.changes(numbers),
        covered.runs(numbers),
        covered.lacks(numbers, sites),
    ]
    template = Environment(
        loader=PackageLoader("kcna_spider", "report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return template.get_template("report.html").render(
        sections=sections, glance=_glance(numbers), place=place, now=now
    )


def _glance(numbers: Numbers) -> list[tuple[str, Any]]:
    days = [day for counts in numbers.days.values() for day in counts]
    return [
        ("articles", numbers.articles),
        ("URLs", sum(numbers.copies.values())),
        ("texts kept", numbers.texts),
        ("articles edited", numbers.edited),
        ("articles withdrawn", numbers.withdrawn),
        ("first day", min(days, default="none")),
        ("last day", max(days, default="none")),
        *([("photos", sum(numbers.photos.days.values()))] if numbers.photos.days else []),
    ]
