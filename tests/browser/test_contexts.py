"""A context that tests share: nothing that one leaves is found by the next, and its options are its own."""

import pytest

from tests.browser.contexts import MOST, Contexts

LEAVE = """async () => {
  document.cookie = 'left=1';
  localStorage.setItem('left', '1');
  sessionStorage.setItem('left', '1');
  await new Promise((done) => { indexedDB.open('left').onsuccess = done; });
}"""
FOUND = """async () => [
  document.cookie.includes('left'), localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  navigator.onLine, (await navigator.permissions.query({ name: 'geolocation' })).state, innerWidth,
]"""


@pytest.fixture
def kept(browser, server):
    contexts = Contexts(browser, f"{server.url}/_stcore/health")
    yield contexts
    contexts.close()


def test_what_one_test_leaves_no_other_finds(kept, base_url):
    options = {"base_url": base_url, "viewport": {"width": 500, "height": 400}}
    context = kept.lend(options)
    page = context.new_page()
    page.goto("/_stcore/health")
    before = page.evaluate(FOUND)
    assert before == [False, 0, 0, 0, True, "prompt", 500]
    page.evaluate(LEAVE)
    context.grant_permissions(["geolocation"])
    context.set_offline(True)
    page.set_viewport_size({"width": 300, "height": 400})
    assert page.evaluate(FOUND) == [True, 1, 1, 1, False, "granted", 300]
    kept.take_back(context)
    assert page.is_closed()
    again = kept.lend(options)
    assert again is context
    assert kept.pages(again) == []
    page = again.new_page()
    page.goto("/_stcore/health")
    assert page.evaluate(FOUND) == before


def test_other_options_are_another_context_and_few_are_kept(kept):
    lent = [kept.lend({"color_scheme": scheme}) for scheme in ("light", "dark")]
    dark = "() => matchMedia('(prefers-color-scheme: dark)').matches"
    assert [context.new_page().evaluate(dark) for context in lent] == [False, True]
    more = [kept.lend({"viewport": {"width": 400 + k, "height": 400}}) for k in range(MOST)]
    assert not set(more) & set(lent)
    assert kept.lend({"color_scheme": "dark"}) is not lent[1]


def test_a_context_in_which_a_test_failed_is_used_no_more(kept):
    context = kept.lend({})
    kept.drop(context)
    assert kept.lend({}) is not context
