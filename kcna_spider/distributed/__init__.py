"""Distributed crawls: several `scrapy crawl` processes, on any machines, share one crawl through Redis.

It is enabled with `-s DISTRIBUTED_REDIS_URL=redis://host`.

One worker is the leader. It alone reads the listings, whose steps depend on each other (sessions, tokens, the
end of pagination). It puts requests for the articles into a queue in Redis, and all workers, including the
leader, fetch them. Requests that a killed worker had leased are fetched by others when their leases expire,
and another worker becomes the leader. The queue and the duplicate filter are those of scrapy-redis, and
`frontier` adds leases.
`scheduler` is the Scrapy scheduler, and `leader` runs `start` in the leader only. `category_updates` keeps
further categories of queued articles. `rate_limiter` limits all workers together to the rate of one.
"""
