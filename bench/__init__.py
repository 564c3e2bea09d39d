"""Benchmarks: not tests. Each prints ratios against the raw query of the same run."""
