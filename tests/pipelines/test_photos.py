"""A crawl whose photos cannot be kept ends as failed, and the next one requests them again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kcna_spider.sample_site.sample_photos import is_linked, photos_of, picture
from kcna_spider.sample_site.stories import STORIES
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler


def test_a_photo_that_cannot_be_kept(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    story = next(one for one in STORIES if one.kp and one.code == "en" and photos_of(one) and is_linked(one))
    photo = photos_of(story)[0]
    digest = hashlib.sha256(picture(photo.name, 1)).hexdigest()
    in_the_way = tmp_path / digest[:2]
    in_the_way.write_text("a file in place of the folder")
    scrapy.environment["FILES_STORE"] = str(tmp_path)
    failed = scrapy("crawl", "kcna_kp", "-a", "photos=1")
    assert failed.code == 1
    assert f"photos_not_kept: {tmp_path}: [Errno" in failed.output
    assert "Traceback" not in failed.output
    assert archive.database["photos"].count_documents({"_id": digest}) == 0
    in_the_way.unlink()
    assert scrapy("crawl", "kcna_kp", "-a", "photos=1").code == 0
    assert archive.database["photos"].count_documents({"_id": digest}) == 1
    assert [path.stem for path in in_the_way.iterdir()] == [digest]
