"""Build the egg that Scrapyd runs; all metadata is in pyproject.toml."""

from setuptools import setup

setup()
