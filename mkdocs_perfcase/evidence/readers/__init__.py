"""Readers of result files; importing this package registers them."""

from mkdocs_perfcase.evidence.readers.registry import READERS, Reader, read_results, reader

__all__ = ["READERS", "Reader", "read_results", "reader"]
