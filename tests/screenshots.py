"""Takes the documentation's pictures of the example site: `python dev.py screenshots`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from browser import ARGUMENTS, ROOT, chromium, served
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = ROOT / "docs" / "images"
RECORD = "performance/product-search/"
EVIDENCE = "performance/promotion-index/"
OPEN = "performance/slot-reservation-locks/"
INDEX = "performance/"
MARGIN = 16


def main() -> None:
    """Build the example site and take every picture."""
    path = chromium()
    if path is None:
        sys.exit("no Chromium on this machine; install it, or name it in PERFCASE_CHROMIUM")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", folder]
        subprocess.run(command, cwd=ROOT / "example_site", check=True)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        IMAGES.mkdir(exist_ok=True)
        with served(Path(folder)) as address:
            take_all(browser, address)
        browser.close()


def take_all(browser: Browser, address: str) -> None:
    """The record's card, its comparison, evidence, a card with open criteria, the index in both schemes, and a phone."""
    page = opened(browser, address + RECORD)
    page.screenshot(path=IMAGES / "record.png")
    around(page, ["table:has(.perfcase-change)", ".perfcase-chart:has-text('Before and after:')"], "comparison.png")
    around(page, [".perfcase-shares"], "shares.png")
    around(opened(browser, address + EVIDENCE), [".perfcase-evidence"], "evidence.png")
    around(opened(browser, address + OPEN), [".perfcase-summary"], "open.png")
    for scheme in ("light", "dark"):
        opened(browser, address + INDEX, scheme).screenshot(path=IMAGES / f"index-{scheme}.png")
    opened(browser, address + INDEX, width=390, height=780).screenshot(path=IMAGES / "index-phone.png")


def opened(browser: Browser, url: str, scheme: str = "light", width: int = 1220, height: int = 800) -> Page:
    """A page, once its colours have settled."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    page.wait_for_timeout(500)
    return page


def around(page: Page, selectors: list[str], name: str) -> None:
    """The part of a page that holds some elements."""
    boxes = [page.locator(selector).first.bounding_box() for selector in selectors]
    found = [box for box in boxes if box]
    left, top = (min(box[side] for box in found) - MARGIN for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in found) + MARGIN
    bottom = max(box["y"] + box["height"] for box in found) + MARGIN
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    page.screenshot(path=IMAGES / name, clip=clip, full_page=True)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
