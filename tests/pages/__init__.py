"""Stored pages: raw bytes as received (`case.html`), and beside them address, content type and what a layout makes of them (`case.json`)."""
