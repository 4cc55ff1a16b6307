"""Contexts of the browser that tests use one after the other: what a context has read of the app stays read.

A new context costs more than most tests do in it: the scripts of Streamlit and plotly.js come, are parsed and compiled
again. A context is kept for the tests that want it with the same options, emptied in between; one blank page of the
app's site stays open in it and keeps the process alive in which all of this lies.
"""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

# Pages of one site share a process, so that one of them keeps it for the others.
ONE_PROCESS = "--process-per-site"

# Contexts that are kept at the same time: each has a process of some hundred megabytes.
MOST = 3


class Contexts:
    """The kept contexts of one browser; `blank` is an address of the app without a script."""

    def __init__(self, browser: Browser, blank: str) -> None:
        self._browser, self._blank = browser, blank
        self._kept: dict[str, tuple[BrowserContext, Page]] = {}

    def lend(self, options: dict[str, Any]) -> BrowserContext:
        """Return an empty context with these options of `Browser.new_context`: one that is kept, or a new one."""
        key = json.dumps(options, sort_keys=True)
        kept = self._kept.pop(key, None)
        context, stays = kept or self._made(options)
        self._kept[key] = context, stays  # the last of them is the one used last
        for old in list(self._kept)[:-MOST]:
            self._kept.pop(old)[0].close()
        return context

    def _made(self, options: dict[str, Any]) -> tuple[BrowserContext, Page]:
        context = self._browser.new_context(**options)
        stays = context.new_page()
        stays.goto(self._blank)
        return context, stays

    def pages(self, context: BrowserContext) -> list[Page]:
        """Return the pages that a test has opened in a context."""
        stay = [page for _, page in self._kept.values()]
        return [page for page in context.pages if page not in stay]

    def take_back(self, context: BrowserContext) -> None:
        """Close what a test has opened, and take what it has left: storage, permissions, and whether it is offline."""
        for page in self.pages(context):
            page.close()
        context.set_offline(False)
        context.clear_permissions()
        context.set_storage_state({"cookies": [], "origins": []})

    def drop(self, context: BrowserContext) -> None:
        """Close a context of which nobody knows what happened in it."""
        self._kept = {key: kept for key, kept in self._kept.items() if kept[0] is not context}
        context.close()

    def close(self) -> None:
        """Close every context."""
        for context, _ in self._kept.values():
            context.close()
        self._kept.clear()
