"""boundary: a map over two settings of how much fine-tuning leaves, and the line where it starts to forget."""

from functools import partial

from ui import frame, lesson
from ui.lessons.boundary import map_view as atlas
from ui.lessons.boundary import results as boundary_results
from ui.lessons.boundary import sentences as boundary

spec, page = frame.open_page()
options = frame.options(page)
theme = frame.theme()
grid, cell = atlas.choose(spec, options)

told = lesson.predict(page, partial(boundary.verdict, page.prediction.options, lines=boundary_results.map_lines(grid)))
figures = atlas.show(page, spec, grid, cell, options["measure"], theme, told)
setting = grid.at(*cell)
lesson.close(
    page, setting.spec, theme, figures, told, {**options, "decay": setting.decay}, (None, boundary.one_draw(setting))
)
