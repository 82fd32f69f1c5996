"""Shared parts of the spiders: base class, arguments, requests, pagination, recheck."""
