"""The table of contents: every page in the order of the story."""

from collections.abc import Mapping

from ui.contents import about, boundary, claims, distinct, dynamics, geometry, overlap, regularize, remedy, start, teach
from ui.contents.page import Page, Prediction, Preset

PAGES: tuple[Page, ...] = (
    start.PAGE,
    geometry.PAGE,
    distinct.PAGE,
    overlap.PAGE,
    remedy.PAGE,
    regularize.PAGE,
    dynamics.PAGE,
    boundary.PAGE,
    claims.PAGE,
    teach.PAGE,
    about.PAGE,
)
# The pages that show an experiment; the others have no use for the shared controls.
EXPERIMENTS: tuple[Page, ...] = tuple(page for page in PAGES if page.experiment)
BY_STEM: Mapping[str, Page] = {page.stem: page for page in PAGES}
PRESETS: Mapping[str, Preset] = {preset.key: preset for page in PAGES for preset in page.presets}

__all__ = ["BY_STEM", "EXPERIMENTS", "PAGES", "PRESETS", "Page", "Prediction", "Preset"]
