"""Lighthouse's JSON report: one page, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mkdocs_perfcase.evidence.content import Content, mapping, moment, number, words
from mkdocs_perfcase.evidence.readers.registry import reader
from mkdocs_perfcase.evidence.series import Results, Series, UnreadableError

_AUDITS = {
    "largest-contentful-paint": "Largest Contentful Paint",
    "first-contentful-paint": "First Contentful Paint",
    "total-blocking-time": "Total Blocking Time",
    "cumulative-layout-shift": "Cumulative Layout Shift",
    "speed-index": "Speed Index",
    "interactive": "Time to Interactive",
    "interaction-to-next-paint": "Interaction to Next Paint",
    "server-response-time": "Server response time",
    "total-byte-weight": "Total byte weight",
}
_CATEGORIES = {
    "performance": "Performance score",
    "accessibility": "Accessibility score",
    "best-practices": "Best practices score",
    "seo": "SEO score",
}


@reader(
    "Lighthouse",
    files="lighthouse URL --output=json --output-path=FILE",
    source="https://github.com/GoogleChrome/lighthouse/blob/main/docs/understanding-results.md",
)
def read(content: Content) -> Results | None:
    """The page's metrics, and the scores, of 100 as the report shows them; also as PageSpeed Insights answers."""
    report = mapping(content.object.get("lighthouseResult")) or content.object
    if "lighthouseVersion" not in report or "audits" not in report:
        return None
    if error := words(mapping(report.get("runtimeError")).get("code")).replace("NO_ERROR", ""):
        raise UnreadableError(f"Lighthouse could not load the page: {error}")
    page = _page(report)
    series = (*_metrics(mapping(report["audits"]), page), *_scores(mapping(report.get("categories")), page))
    return Results("Lighthouse", series, moment(report.get("fetchTime")))


def _page(report: dict[str, Any]) -> str:
    """The page's path: before and after are often measured on different hosts."""
    address = words(report.get("finalDisplayedUrl")) or words(report.get("finalUrl"))
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _metrics(audits: dict[str, Any], page: str) -> Iterator[Series]:
    for key, name in _AUDITS.items():
        audit = mapping(audits.get(key))
        value = number(audit.get("numericValue"))
        if value is not None:
            unit = words(audit.get("numericUnit")).replace("unitless", "")
            yield Series(page, name, unit, samples=(value,))


def _scores(categories: dict[str, Any], page: str) -> Iterator[Series]:
    for key, name in _CATEGORIES.items():
        score = number(mapping(categories.get(key)).get("score"))
        if score is not None:
            yield Series(page, name, "", "higher", samples=(round(score * 100, 6),))
