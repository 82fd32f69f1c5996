"""An open record of what North Korea's state news agency publishes."""

__version__ = "0.1.0"
USER_AGENT_URL = "https://github.com/kcna-spider/kcna_spider"
