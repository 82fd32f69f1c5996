"""The requests of "More Articles", in the forms in which scripts write them."""

from __future__ import annotations

import pytest
from lxml import html

from kcna_spider.layouts.more_button import MoreRequest, more_request

USUAL = {"action": "get_cat_by_source", "die": "true", "to": "10", "sort": "", "id": "189661"}
AJAX = "/wp-admin/admin-ajax.php"


@pytest.mark.parametrize(
    ("script", "button", "expected"),
    [
        (
            (
                "let offset = 10; "
                f"const address = '{AJAX}?action=get_cat_by_source&die=true&from=' + offset "
                "+ '&to=10&sort=&id=189661'; offset += 10;"
            ),
            '<a data-id="170">',
            MoreRequest(USUAL, start=10, step=10),
        ),
        (
            (
                "let n = 4;\n"
                "const q = `action=get_cat_by_source&die=true&from=${n}&to=10&sort=&id=189661`;\n"
                "fetch('x?' + q); n += got.length;"
            ),
            "<a>",
            MoreRequest(USUAL, start=4),
        ),
        (
            (
                "var page = 0; $.ajax({url: ajaxurl, data: {action: 'get_cat_by_source', die: true, "
                "from: page * 10, to: 10, sort: '', id: 189661}}); page++;"
            ),
            "<a>",
            MoreRequest(USUAL),
        ),
        (
            (
                "var at = 20; $.get(url, {'action': \"get_cat_by_source\", 'die': true, 'from': at, "
                "'to': 10, 'sort': '', 'id': $(this).data('id')}); at = at + 10"
            ),
            '<a data-id="189661">',
            MoreRequest(USUAL, start=20, step=10),
        ),
        (
            (
                "var id = button.dataset.sourceId, n = 0;\n"
                "fetch('/x/more?action=get_cat_by_source&die=true&from=' + n + '&to=' + 10 "
                "+ '&sort=&id=' + id); n += 5"
            ),
            '<a data-source-id="189661">',
            MoreRequest(USUAL, path="/x/more", start=0, step=5),
        ),
        (
            (
                "var page = 1; button.onclick = () => { page++; "
                "fetch('/x?action=get_cat_by_source&die=true&to=10&sort=&id=189661&page=' + page); }"
            ),
            "<a>",
            MoreRequest(USUAL, path="/x", position="page", start=2, step=1),
        ),
        (
            (
                "window.source = '189661'; let n = 10; "
                "fetch('/x?action=get_cat_by_source&amp;die=true&amp;to=10&amp;sort=&amp;id=' "
                "+ encodeURIComponent(window.source) + '&from=' + String(n)); n += 10;"
            ),
            "<a>",
            MoreRequest(USUAL, path="/x", start=10, step=10),
        ),
        (
            (
                "let n = 10; fetch('/x?action=get_cat_by_source&die=true&to=10&sort=&id=' + settings.id "
                "+ '&from=' + n); n += 10;"
            ),
            "<a>",
            MoreRequest(
                {name: value for name, value in USUAL.items() if name != "id"},
                path="/x",
                start=10,
                step=10,
                unknown=("id",),
            ),
        ),
        (
            (
                "window.at = 10; window.id = 1; $('#b').click(() => { var id = 189661; "
                "fetch('/x?action=get_cat_by_source&die=true&to=10&sort=&id=' + id + '&from=' + window.at); "
                "window.at = window.at + 10; });"
            ),
            "<a>",
            MoreRequest(USUAL, path="/x", start=10, step=10),
        ),
        (
            (
                "var n = 10; fetch('/x?action=get_cat_by_source&die=true&to=10&id=189661&sort=' "
                "+ encodeURIComponent('date desc') + '&from=' + n); n += 10;"
            ),
            "<a>",
            MoreRequest(USUAL | {"sort": "date desc"}, path="/x", start=10, step=10),
        ),
        ("var n = 1; fetch('/x?action=' + b);" + "a" * 50_000, "<a>", None),
        ("'x?action=y&id=' + String(" + " " * 50_000 + "f(at)))", "<a>", None),
        ("nothing of interest", '<a data-id="170">', MoreRequest({"id": "170"})),
        ("var action = 'none';", "<a>", None),
        ("", '<a data-id="not a number">', None),
        ("action=" + "'" * 50_000, "<a>", None),
        ("{action: 'x'" * 10_000, "<a>", None),
    ],
    ids=range(17),
)
def test_more_request(script: str, button: str, expected: MoreRequest | None) -> None:
    found = more_request(iter([script]), html.fromstring(button))
    if expected is None:
        assert found is None or "id" not in found.fields
    else:
        assert found == expected


def test_a_page_has_other_scripts_too() -> None:
    """Check that another script's request is ignored.

    Only the second script names the button, and its request is the expected one.
    """
    other = "var beat = {action: 'heartbeat', id: 3, from: now}; now++;"
    ours = (
        "let n = 10; document.querySelector('#more_results').onclick = () => "
        "fetch(`/x?action=get_cat_by_source&id=189661&from=${n}`); n += 10;"
    )
    for scripts in ([other, ours], [ours, other]):
        found = more_request(iter(scripts), html.fromstring('<a id="more_results" data-id="170">'))
        assert found == MoreRequest(
            {"action": "get_cat_by_source", "id": "189661"}, path="/x", start=10, step=10
        )
    assert more_request(iter(["var settings = {action: 'save', id: 3};"]), html.fromstring("<a>")) is None
