"""What the page about says: the paper's two versions, whose each result is, and what is written beside them."""

from dataclasses import dataclass

from ui.reference.literature import FIRST, PUBLISHED, Reference


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the paper: what it is called here, where it stands, and what it proposes.

    Attributes
    ----------
    name : what this site calls it.
    reference : the version itself.
    proposes : what it proposes against the failure.
    where : the stem of the page that shows it.
    """

    name: str
    reference: Reference
    proposes: str
    where: str


INTRODUCTION = (
    "This site explains one paper, which exists in two versions. Both show, for linear regression, that fine-tuning "
    "can reach zero remaining loss and still not forget: the pretrained model keeps what the rows to forget taught it, "
    "and fine-tuning does not reach it. They differ in the title and in the remedy they propose."
)
VERSIONS = (
    Version(
        name="Version 1, October 2024",
        reference=FIRST,
        proposes=(
            "It removes the influence of the rows to forget from the pretrained model, keeping the shared weights "
            "(Option A) or not (Option B), and proposes a discriminative regularization for practice: push the rows to "
            "forget to wrong answers, weighted by alpha."
        ),
        where="regularize",
    ),
    Version(
        name="Published version, November 2025",
        reference=PUBLISHED,
        proposes=(
            "The regularization has gone. In its place stands retention-based masking: erase the weights that the "
            "rows to keep do not need, and keep what both use. In linear regression this is Option A. The new title "
            "came with arXiv version 2, in February 2025."
        ),
        where="remedy",
    ),
)
READING = (
    "What we attribute to the paper comes from its abstracts and public reviews. Look into the paper itself before you "
    "quote it."
)

PAPERS = (
    "Linear regression with more features than rows as the place to study unlearning, and the golden model as "
    "its yardstick.",
    "The finding that fine-tuning fails, for distinct features (Theorem 3.2) and for overlapping ones (Theorem 3.4).",
    "The idea to remove the influence of the rows to forget before fine-tuning: Options A and B, and masks.",
    "Discriminative regularization: CE-FT, inverse CE-FT and KL-FT.",
)
DERIVED = (
    "The identity behind both theorems, for any data, with noise or without: what fine-tuning leaves behind is the "
    "part of the old model that the rows to keep cannot see.",
    "What follows from it: the right triangle, the parabola, when fine-tuning does forget, and what weight decay does.",
    "Exactly when Options A and B reach golden and when they do not, and the projection, which always does if "
    "fine-tuning sees every row to keep.",
    "The closed form of the regularized model, and why an unlearning loss like golden's is not enough.",
    "The averages over many data sets, and every number, picture and sentence on these pages.",
)

LICENCE = (
    "MIT: use, change and share all of this, in class or elsewhere, as long as the notice stays with it. The papers "
    "and the libraries it is built with (numpy, scipy, Plotly, Streamlit, Jinja2, MarkupSafe, loky, orjson and segno) "
    "have licences of their own."
)
CITING = (
    "Cite the paper for what is the paper's, and this site for what was derived here. The address of a page holds "
    "its settings: with the version, it lets your reader see the very picture you saw."
)
