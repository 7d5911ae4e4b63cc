"""What Lighthouse scores for accessibility, best practices and SEO, a page of each kind.

Prints a line a page, and below it each audit that is not passed. Exits with 1
where a score is less than 100. Wants the built site in _build/html, Node, what
tests/browser/package.json names, and a Chromium on the PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SITE = Path("_build/html")
COMMAND = Path("tests/browser/node_modules/lighthouse/cli/index.js")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CATEGORIES = ("accessibility", "best-practices", "seo")
PAGES = (
    "index",
    "experience/index",
    "experience/vmware",
    "experience/education",
    "experience/awards",
    "talks/index",
    "projects/index",
    "projects/gse",
    "skills",
    "cv",
    "contact",
    "genindex",
    "404",
    "search",
)
# Robots are told to leave the search alone, as search engines ask: that is no fault of it.
SKIPPED = {"search": ["--skip-audits=is-crawlable"]}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def report(address: str, chromium: str, options: list[str]) -> dict[str, Any]:
    """Return Lighthouse's report on an address."""
    done = subprocess.run(
        [
            *("node", COMMAND, address, "--quiet", "--output=json"),
            *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}", *options),
        ],
        env=os.environ | {"CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"Lighthouse failed on {address}:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Score each page and print it."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None or not (SITE / "index.html").is_file():
        sys.exit("There has to be a Chromium on the PATH and a site in _build/html.")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'page':22}" + "".join(f"{name:>16}" for name in CATEGORIES))
    worst = 100
    for page in PAGES:
        address = f"http://127.0.0.1:{server.server_port}/{page}.html"
        found = report(address, chromium, SKIPPED.get(page, []))
        scores = [round(100 * found["categories"][name]["score"]) for name in CATEGORIES]
        worst = min(worst, *scores)
        print(f"{page:22}" + "".join(f"{score:16}" for score in scores), flush=True)
        for name in CATEGORIES:
            for audit in found["categories"][name]["auditRefs"]:
                told = found["audits"][audit["id"]]
                if told["score"] is not None and told["score"] < 1 and audit["weight"]:
                    print(f"  {audit['id']}: {told['title']}")
    server.shutdown()
    return int(worst < 100)


if __name__ == "__main__":
    sys.exit(main())
