"""The columns of the board: what is measured of a network, and which difference from golden's value counts as far."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Column:
    """One measure on the board.

    Attributes
    ----------
    key : its name among the measures.
    short, name : over the column, and in a sentence.
    far : the difference from golden's value at which a cell has the colour of what is far; 0: no colour.
    percent : whether it is one.
    """

    key: str
    short: str
    name: str
    far: float = 0.0
    percent: bool = True

    def text(self, value: float) -> str:
        """Return a value as it stands in a cell."""
        if self.percent:
            return f"{value:.1f}".removesuffix(".0")
        return f"{value:.2f}"


COLUMNS = (
    Column(key="UA", short="UA", name="images to forget that are not answered as taught", far=30),
    Column(key="RA", short="RA", name="images to keep that are answered right", far=10),
    Column(key="TA", short="TA", name="new images that are answered right", far=10),
    Column(
        key="gap_forget",
        short="gap",
        name="how far the answers on the images to forget are from golden's, 0 to 1",
        far=0.6,
        percent=False,
    ),
    Column(key="agree", short="same", name="same answer as golden on the images to forget", far=60),
    Column(
        key="attack_auc",
        short="AUC",
        name="how often the loss tells an image to forget from a new one",
        far=0.3,
        percent=False,
    ),
    Column(
        key="mia_efficacy",
        short="MIA",
        name="images to forget that a threshold calls new (MIA-efficacy)",
        far=60,
    ),
    Column(key="seconds", short="s", name="seconds of one core", percent=False),
)
BY_KEY = {column.key: column for column in COLUMNS}
