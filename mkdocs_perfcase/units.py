"""The units that people write, each declared once: its spellings, its family and its size."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mkdocs_perfcase.expression import expression


class Unit(NamedTuple):
    """A unit: how it is shown, the family that it converts within, and its size in the family's base unit."""

    symbol: str
    family: str
    scale: float

    def amount(self, base: float) -> str:
        """A value in the family's base unit, written in this one: `135 ms`, `29%`, `90/100`, `12,084 req/s`."""
        return figure(base / self.scale) + self.suffix

    @property
    def suffix(self) -> str:
        """The symbol as it stands behind a number, with a space where one belongs."""
        return self.symbol if self.symbol[:1] in "%/" else f" {self.symbol}"

    @property
    def binary(self) -> bool:
        """Whether it is a size in powers of 1024."""
        return self.family == "size" and self.symbol[1:2] == "i"

    @property
    def countable(self) -> bool:
        """Whether it counts things by a noun, which two authors may call by different names."""
        return self.family.startswith("count")


def figure(value: float) -> str:
    """A value to four digits, and whole from ten thousand on."""
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e12 else f"{value:,.4g}"


_SPELLINGS: dict[str, Unit] = {}  # as written
_FOLDED: dict[str, Unit] = {}  # in lower case, where that is unambiguous


def _declare(family: str, *units: tuple[str, float, str]) -> None:
    for symbol, scale, others in units:
        unit = Unit(symbol, family, scale)
        for spelling in (symbol, *others.split("|")):
            if spelling:
                _SPELLINGS[spelling] = unit
                _FOLDED.setdefault(spelling.casefold(), unit)


_declare(
    "time",  # in seconds
    ("ns", 1e-9, "nsec|nanosecond|nanoseconds|нс|纳秒"),
    ("µs", 1e-6, "μs|us|usec|microsecond|microseconds|mikrosekunden|мкс|微秒"),
    (
        "ms",
        1e-3,
        "msec|msecs|millis|millisecond|milliseconds|millisekunden|milisegundos|millisecondes|мс|毫秒|ミリ秒|밀리초",
    ),
    ("s", 1.0, "sec|secs|second|seconds|sek|sekunde|sekunden|segundo|segundos|seconde|secondes|сек|с|秒|초"),
    ("min", 60.0, "mins|minute|minutes|minuten|minuto|minutos|мин|分钟|分|분"),
    ("h", 3600.0, "hr|hrs|hour|hours|stunde|stunden|hora|horas|heure|heures|ч|час|часов|小时|時間|시간"),
    ("d", 86400.0, "day|days|tag|tage|día|días|jours|天|日"),
)
_declare(
    "size",  # in bytes; KB is 1000 bytes, KiB 1024
    ("B", 1.0, "byte|bytes"),
    ("KB", 1e3, "kB|kb"),
    ("MB", 1e6, "mb"),
    ("GB", 1e9, "gb"),
    ("TB", 1e12, "tb"),
    ("KiB", 2.0**10, ""),
    ("MiB", 2.0**20, ""),
    ("GiB", 2.0**30, ""),
    ("TiB", 2.0**40, ""),
)
_declare("percent", ("%", 1.0, "percent|per cent|prozent|pct|％"))
_declare("points", ("points", 1.0, "%p|pp|ppt|p.p.|percentage points|%-points|pts|point"))
_declare("ratio", ("x", 1.0, "×|X|times|fold|-fold|倍"))
_declare("rate of frame", ("fps", 1.0, "FPS|frames/s|frames per second"))
_declare("rate of request", ("req/s", 1.0, "rps|RPS"), ("req/min", 1 / 60, "rpm|RPM"))
_declare("rate of query", ("queries/s", 1.0, "qps|QPS"))
_declare("rate of transaction", ("transactions/s", 1.0, "tps|TPS"))
_declare("rate of operation", ("ops/s", 1.0, "iops|IOPS"))
_declare(
    "rate of bit",
    ("bit/s", 1.0, "bps"),
    ("kbit/s", 1e3, "kbps|Kbps"),
    ("Mbit/s", 1e6, "mbps|Mbps"),
    ("Gbit/s", 1e9, "gbps|Gbps"),
)

MAGNITUDES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "bn": 1e9, "mn": 1e6, "万": 1e4, "亿": 1e8}
MEMORY_LETTERS = {"K": "KB", "k": "KB", "M": "MB", "G": "GB", "T": "TB"}
CURRENCIES = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "USD": "USD",
    "EUR": "EUR",
    "GBP": "GBP",
    "CHF": "CHF",
}

_EACH = {  # what a value is for each of; calendar ones only compare among themselves
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒", "초"), Unit("s", "a second", 1.0)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), Unit("min", "a second", 60.0)),
    **dict.fromkeys(("h", "hr", "hour", "hours"), Unit("h", "a second", 3600.0)),
    **dict.fromkeys(("d", "day", "days"), Unit("day", "a second", 86400.0)),
    **dict.fromkeys(("mo", "month", "months", "monat", "mes"), Unit("month", "a month", 1.0)),
    **dict.fromkeys(("y", "yr", "year", "years", "jahr"), Unit("year", "a month", 12.0)),
}
_NOUN = expression(r"[^\W\d_]+(?:[-' ][^\W\d_]+){0,2}")
_NO_NOUN = frozenset(
    [
        "to",
        "of",
        "and",
        "or",
        "than",
        "at",
        "with",
        "from",
        "in",
        "on",
        "by",
        "for",
        "vs",
        "out",
        "over",
        "under",
        "per",
        "is",
        "was",
        "the",
        "a",
        "not",
        "bis",
        "und",
        "von",
        "mit",
    ]
)
_NOUNS = {
    "req": "request",
    "reqs": "request",
    "op": "operation",
    "ops": "operation",
    "msg": "message",
    "msgs": "message",
}


@lru_cache(maxsize=1024)
def find_unit(text: str) -> Unit | None:
    """The unit that a text names: a known one, something per something, or a noun that is counted."""
    text = text.strip()
    known = _SPELLINGS.get(text) or _FOLDED.get(text.casefold())
    if known:
        return known
    over, slash, under = f" {text}".replace(" per ", "/").partition("/")
    return _per(over.strip(), under.strip()) if slash else _counted(text)


_SCRIPTS = (("\u0400", "\u04ff"), ("\u3040", "\u30ff"), ("\u4e00", "\u9fff"), ("\uac00", "\ud7af"))
"""First and last letters of Cyrillic, Japanese, Chinese, Korean. A regular expression of them takes 3 ms to compile."""


def _is_foreign(letter: str) -> bool:
    return any(first <= letter <= last for first, last in _SCRIPTS)


def _counted(text: str) -> Unit | None:
    mixed = re.search(r"[A-Za-z]", text) and any(map(_is_foreign, text))
    letter = len(text) == 1 and text.isascii()  # of a size, most likely: `1G`
    if mixed or letter or not _NOUN.fullmatch(text) or _NO_NOUN & set(text.casefold().split()):
        return None
    return Unit(text, f"count of {_singular(text)}", 1.0)


def _per(over: str, under: str) -> Unit | None:
    """Things, bytes or time for each of something; nothing above the stroke is as good as a thing: `3 per call`."""
    thing = (_SPELLINGS.get(over) or _counted(over)) if over else Unit("", "count of ", 1.0)
    each = _each(under)
    return _for_each(thing, each) if thing and each else None


def _each(text: str) -> Unit | None:
    return _EACH.get(text.casefold()) or (Unit(text, f"per {_singular(text)}", 1.0) if _counted(text) else None)


def _for_each(thing: Unit, each: Unit) -> Unit:
    family = f"{thing.family} {each.family}"
    if each.family == "a second" and thing.family.startswith(("count of ", "size")):
        family = f"rate of {thing.family.removeprefix('count of ')}"
    return Unit(f"{thing.symbol}/{each.symbol}", family, thing.scale / each.scale)


def money(currency: str, per: str) -> Unit | None:
    """An amount of money, by itself or for a time or thing."""
    name = CURRENCIES[currency]
    amount = Unit(name, f"money in {name}", 1.0)
    per = re.sub("^(?:/|(?:per|an?) )", "", per.strip()).strip()
    if not per:
        return amount
    each = _each(per)
    return _for_each(amount, each) if each else None


def score(of: str) -> Unit:
    """Points out of a most, such as the 100 in `62/100`."""
    return Unit(f"/{of}", f"score of {of}", 1.0)


def _singular(noun: str) -> str:
    """A noun without its ending, so that one query and two queries, one batch and two batches are of a kind."""
    folded = noun.casefold()
    stem = re.sub("ies?$", "y", _NOUNS.get(folded, folded))
    return re.sub("(?:es|(?<!s)s|e)$", "", stem)


def shared_unit(family: str, least: float, most: float) -> Unit | None:
    """A unit in which two amounts of a family (in base units) both read well: the least at 1 or above, if it can be."""
    sizes = sorted({unit for unit in _SPELLINGS.values() if unit.family == family}, key=lambda unit: unit.scale)
    sizes = [unit for unit in sizes if not unit.binary]
    fitting = [unit for unit in sizes if most / unit.scale < 10_000] or sizes[-1:]
    best = None
    for unit in fitting:
        if best is None or (least or most) >= unit.scale:
            best = unit
    return best
