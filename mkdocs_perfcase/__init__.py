"""mkdocs-perfcase: performance optimization records, checked while the site builds."""

__version__ = "0.1.0"
