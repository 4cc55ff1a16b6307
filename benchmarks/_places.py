"""Where the pages are: the app's, the bare ones beside it, and what makes a server's configuration Streamlit's own."""

from pathlib import Path

from ui.lessons import PAGES

BARE = Path(__file__).parent / "bare"
# The first page of all has no name in the address.
PATHS = {page.stem: "" if page is PAGES[0] else page.stem for page in PAGES}
# In a folder without a configuration: Streamlit's own, except that no statistics leave the machine.
STREAMLITS_OWN = ("--server.fileWatcherType=auto", "--browser.gatherUsageStats=false")
