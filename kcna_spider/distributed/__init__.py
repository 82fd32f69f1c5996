"""Several `scrapy crawl` processes, on any machines, that share one crawl through Redis.

It is enabled with `-s DISTRIBUTED_REDIS_URL=redis://host`.

One worker is the leader: it alone reads the listings, whose steps depend on each other (sessions, tokens,
where pagination ends). The articles that it finds go into a queue in Redis, and all workers, the leader too,
fetch them. What a killed worker had leased returns to the queue when its lease expires, and another worker
becomes the leader. The queue and the duplicate filter are those of scrapy-redis, and `frontier` adds leases.
`scheduler` is Scrapy's side, and `leader` runs `start` in the worker that leads. `category_updates` keeps
what listings say of queued articles. `rate_limiter` keeps all workers together to the rate of one.
"""
