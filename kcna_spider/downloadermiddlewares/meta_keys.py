"""Keys of `request.meta` that middlewares, spiders and the scheduler share."""

from __future__ import annotations

# The crawl begins with this request, so that its failure means that the host is useless.
FIRST_REQUEST = "kcna_first_request"
# (host, reason code) of the first host at which the request failed.
FIRST_FAILURE = "kcna_first_failure"
# The hosts at which the request failed.
TRIED_HOSTS = "kcna_tried_hosts"
# Seconds to wait before the request is sent.
RETRY_PAUSE = "kcna_retry_pause"
# A body that stays empty is passed on.
MAY_BE_EMPTY = "kcna_may_be_empty"
# The number of the browser session whose cookies were sent.
BROWSER_SESSION = "browser_session"
# The status of the last page that the browser's tab showed.
BROWSER_STATUS = "browser_status"
# Where the response is in a WARC file: {"file", "offset", "at"}.
WARC_RECORD = "kcna_warc_record"
# An object whose `given_up` says that the request was not finished.
LEASED_REQUEST = "kcna_leased_request"
# The request is for a photo's file.
PHOTO = "kcna_photo"
# What the received file of a photo is, a `PhotoFile`.
PHOTO_FILE = "kcna_photo_file"
