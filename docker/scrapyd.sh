#!/bin/sh
# Starts Scrapyd with a login from the environment; with `health` it asks the running one.
set -eu
: "${SCRAPYD_USER:?a login for Scrapyd}" "${SCRAPYD_PASSWORD:?a password for Scrapyd}"
if [ "${1:-}" = health ]; then
    exec /srv/kcna/venv/bin/python -c '
import base64, os, urllib.request
user, password = os.environ["SCRAPYD_USER"], os.environ["SCRAPYD_PASSWORD"]
login = base64.b64encode(f"{user}:{password}".encode()).decode()
status = "http://127.0.0.1:6800/daemonstatus.json"
request = urllib.request.Request(status, headers={"Authorization": f"Basic {login}"})
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=4)'
fi
umask 077
cat > /srv/kcna/data/scrapyd.conf << CONF
[scrapyd]
bind_address = 0.0.0.0
http_port = 6800
username = $SCRAPYD_USER
password = $SCRAPYD_PASSWORD
eggs_dir = /srv/kcna/eggs
logs_dir = /srv/kcna/data/logs
dbs_dir = /srv/kcna/data/dbs
jobstorage = scrapyd.jobstorage.SqliteJobStorage
max_proc = 4
jobs_to_keep = 50
CONF
cd /srv/kcna/data
exec sh /srv/kcna/end_jobs.sh /srv/kcna/venv/bin/scrapyd
