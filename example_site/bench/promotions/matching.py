"""How a basket's lines get their promotions and prices, before and after."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

CENT = Decimal("0.01")


class Promotion(NamedTuple):
    number: int
    skus: frozenset[str]
    percent: Decimal
    least: int


class Line(NamedTuple):
    sku: str
    quantity: int
    price: Decimal


class Variant(NamedTuple):
    prepare: Callable[[list[Promotion]], Any]
    """Done once when promotions change, not per basket."""
    run: Callable[[Any, list[Line]], Decimal]


def total(line: Line, promotions: Iterable[Promotion]) -> Decimal:
    """What a line costs with the best of its promotions. The same before and after."""
    best = max((p.percent for p in promotions if line.quantity >= p.least), default=Decimal(0))
    full = line.price * line.quantity
    return (full - full * best / 100).quantize(CENT, ROUND_HALF_UP)


def by_scan(promotions: list[Promotion], basket: list[Line]) -> Decimal:
    return sum((total(line, [p for p in promotions if line.sku in p.skus]) for line in basket), Decimal(0))


def indexed(promotions: list[Promotion]) -> dict[str, list[Promotion]]:
    found = defaultdict(list)
    for promotion in promotions:
        for sku in promotion.skus:
            found[sku].append(promotion)
    return dict(found)


def by_index(index: dict[str, list[Promotion]], basket: list[Line]) -> Decimal:
    return sum((total(line, index.get(line.sku, ())) for line in basket), Decimal(0))


VARIANTS = {"before": Variant(list, by_scan), "after": Variant(indexed, by_index)}
