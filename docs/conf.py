"""Configuration of Sphinx: `make docs` builds the documentation with warnings as errors."""

from __future__ import annotations

import kcna_spider

project = "kcna_spider"
author = "the kcna_spider authors"
copyright = author  # noqa: A001  # Sphinx requires this name
version = release = kcna_spider.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["style"]
html_theme = "furo"
html_title = f"kcna_spider {version}"
html_show_copyright = False
myst_heading_anchors = 3
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]  # types of other packages have no page here
autodoc_member_order = "bysource"
autodoc_typehints = "description"
# Pygments has no lexer for mongosh ("use kcna") and for the output of a terminal with commands in it.
suppress_warnings = ["misc.highlighting_failure"]
linkcheck_ignore = [r"http://127\.0\.0\.1.*", r"https?://[\w.-]*\.example.*"]
