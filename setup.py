"""Builds the egg that Scrapyd runs."""

from setuptools import find_packages, setup

setup(
    name="kcna_spider",
    version="0.1.0",
    packages=find_packages(include=["kcna_spider", "kcna_spider.*"]),
    package_data={"kcna_spider": ["report/*.html", "export/*.html"]},
    entry_points={"scrapy": ["settings = kcna_spider.settings"]},
    python_requires=">=3.11",
    license="MIT",
)
