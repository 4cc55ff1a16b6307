"""One room for each page, and the table of all pages in the order of the menu."""

from collections.abc import Mapping

from ui.lessons import (
    boundary,
    claims,
    digits,
    distinct,
    dynamics,
    flatten,
    geometry,
    lineup,
    network,
    overlap,
    patient,
    plain,
    posterior,
    regularize,
    relatives,
    remedy,
    start,
    your_table,
)
from ui.lessons.lesson import Lesson, Page, Preset

# A new page is one row here.
TABLE: tuple[Lesson | Page, ...] = (
    start.LESSON,
    geometry.LESSON,
    distinct.LESSON,
    overlap.LESSON,
    remedy.LESSON,
    regularize.LESSON,
    dynamics.LESSON,
    boundary.LESSON,
    claims.LESSON,
    patient.LESSON,
    digits.LESSON,
    your_table.LESSON,
    network.LESSON,
    lineup.LESSON,
    posterior.LESSON,
    flatten.LESSON,
    relatives.LESSON,
    plain.QUIZ,
    plain.FRONT,
    plain.ABOUT,
)
LESSONS: Mapping[str, Lesson] = {row.page.stem: row for row in TABLE if isinstance(row, Lesson)}
PAGES: tuple[Page, ...] = tuple(row.page if isinstance(row, Lesson) else row for row in TABLE)
# The pages with pictures of their own; those among them that show an experiment with the shared controls.
PICTURED: tuple[Page, ...] = tuple(lesson.page for lesson in LESSONS.values())
EXPERIMENTS: tuple[Page, ...] = tuple(page for page in PICTURED if page.experiment)
BY_STEM: Mapping[str, Page] = {page.stem: page for page in PAGES}
PRESETS: Mapping[str, Preset] = {preset.key: preset for page in PAGES for preset in page.presets}
