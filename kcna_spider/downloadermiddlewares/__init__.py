"""Downloader middlewares: between the engine and the network."""
