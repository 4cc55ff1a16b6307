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
    "This site explains one paper, which exists in two versions. The abstracts of both say that, in linear regression, "
    "fine-tuning can reach zero remaining loss and still not forget. They differ in the title and in the remedy."
)
VERSIONS = (
    Version(
        name="Version 1, October 2024",
        reference=FIRST,
        proposes=(
            "Its abstract proposes to remove the influence of the rows to forget from the pretrained model, and a "
            "discriminative regularization term for practice."
        ),
        where="regularize",
    ),
    Version(
        name="Published version, November 2025",
        reference=PUBLISHED,
        proposes=(
            "Its abstract proposes retention-based masking: a mask of weights made from the rows to keep, which spares "
            "the features that both sets share. We read it, in linear regression, as Option A."
        ),
        where="remedy",
    ),
)
READING = "We read the abstracts and public reviews, not the paper itself: look into it before you quote it."

PAPERS = (
    "Linear regression as the place to study fine-tuning; distinct and overlapping features; the golden model.",
    "Fine-tuning can reach zero remaining loss and still not forget, for it does not reach what the pretrained model "
    "keeps.",
    "The two remedies above.",
)
REPORTED = (
    "The numbers of theorems (3.2 for distinct, 3.4 for overlapping features), and Options A and B.",
    "CE-FT, inverse CE-FT and KL-FT, with a weight alpha. How the last two are computed here is our reading.",
)
DERIVED = (
    "The identity: fine-tuning leaves behind what the rows to keep cannot see of the old model, for any data.",
    "The triangle, the parabola, weight decay, when fine-tuning forgets, when Options A and B reach golden, and the "
    "projection.",
    "The closed form of the regularized model; every average, number, picture and sentence.",
)

LICENCE = (
    "MIT: use, change and share all of this, in class or elsewhere, as long as the notice stays with it. The papers "
    "and the libraries it is built with (numpy, scipy, Plotly, Streamlit, Jinja2, MarkupSafe, loky, orjson, segno, "
    "httptools and uvloop) have licences of their own."
)
CITING = (
    "Cite the paper for what is the paper's, and this site for what was derived here. The address of a page holds "
    "its settings: with the version, it lets your reader see the very picture you saw."
)
