# Scrapyd with the project's egg, and Chromium for KCNA Watch's bot check.
# docker-compose.yml builds and runs it.
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
# Scrapyd imports pkg_resources, which setuptools lacks from 81 on
RUN python -m venv /srv/kcna/venv \
  && /srv/kcna/venv/bin/pip install --no-cache-dir scrapyd==1.6.0 setuptools==80.9.0
COPY requirements.lock .
RUN /srv/kcna/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY setup.py pyproject.toml README.md ./
COPY kcna_spider kcna_spider
RUN /srv/kcna/venv/bin/python setup.py --quiet bdist_egg --dist-dir dist \
    && mkdir -p /srv/kcna/eggs/kcna_spider \
    && mv dist/*.egg /srv/kcna/eggs/kcna_spider/image.egg

FROM python:3.13-slim-bookworm
# the base image is pinned; Debian's own updates of the browser are wanted
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/kcna kcna
COPY --from=build /srv/kcna /srv/kcna
COPY docker/scrapyd.sh docker/end_jobs.sh /srv/kcna/
RUN mkdir -p /srv/kcna/data && chown -R kcna /srv/kcna/data /srv/kcna/eggs
USER 10001
WORKDIR /srv/kcna
ENV HOME=/srv/kcna/data MONGODB_EMBEDDED_PATH=/srv/kcna/data/mongodb
VOLUME /srv/kcna/data
EXPOSE 6800
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["sh", "/srv/kcna/scrapyd.sh", "health"]
CMD ["sh", "/srv/kcna/scrapyd.sh"]
