"""Build the egg for Scrapyd; all metadata is in pyproject.toml."""

from setuptools import setup

setup()
