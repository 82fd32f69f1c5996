"""Benchmarks: each reports ratios measured in one run."""
