"""Keys of `request.meta` that middlewares, spiders and the scheduler share."""

from __future__ import annotations

# Marks the first request of a crawl. If it fails and another host responds, its host is given up.
FIRST_REQUEST = "kcna_first_request"
# (host, reason code) of the first host at which the request failed.
FIRST_FAILURE = "kcna_first_failure"
# The hosts at which the request failed.
TRIED_HOSTS = "kcna_tried_hosts"
# Seconds to wait before the request is sent.
RETRY_PAUSE = "kcna_retry_pause"
# Length of the body when the request was made before.
CUT_OFF_LENGTH = "kcna_cut_off_length"
# Marks a request whose response is passed on if its body is still empty after the retries.
MAY_BE_EMPTY = "kcna_may_be_empty"
# Number of the browser session whose cookies were sent.
BROWSER_SESSION = "browser_session"
# HTTP statuses of the pages in the browser's tab, the last one at the end.
BROWSER_STATUSES = "browser_statuses"
# Position of the response in a WARC file, and its time: {"file", "offset", "at"}.
WARC_RECORD = "kcna_warc_record"
# The `LeasedRequest` of a distributed crawl that this request belongs to.
LEASED_REQUEST = "kcna_leased_request"
# Marks a request for the file of a photo.
PHOTO = "kcna_photo"
# The `PhotoFile` of a received photo.
PHOTO_FILE = "kcna_photo_file"
