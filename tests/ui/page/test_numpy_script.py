import numpy as np
import pytest

from tests.ui.cases import at_home
from theory import METHODS, Grid, Setting, Spec, draw, loss_curve, measure, sweep, tuning_curve
from theory.data import RealRows
from ui.figures.models import CAST_KEYS
from ui.lessons import BY_STEM
from ui.lessons.boundary.grids import MAP_DRAWS
from ui.page.numpy_script import rows_file, rows_numbers, script
from ui.server.sampling import OVERLAPS, curve_draws, tuning_rows

# A script goes through pinv, the theory through its own factorisation: equal to rounding on well-conditioned data.
AGREE = 1e-9
# Reading real rows and making waves of them takes some more lines.
ROW_LINES = 60
SPECS = (
    Spec(d=40, n_retain=12, n_forget=9, noise=0.5, seed=3),
    Spec(d=30, overlap=1.0, n_retain=45, n_forget=5, n_tune=7, noise=1.0),
    Spec(d=25, overlap=0.0, n_retain=6, n_forget=20, noise=0.25, seed=11),
)


@pytest.mark.parametrize("stem", ["start", "distinct", "overlap"])
@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_first_pages_scripts_print_the_numbers_on_screen(stem, spec, tmp_path):
    lines = at_home(script(BY_STEM[stem], spec), tmp_path)
    problem = draw(spec)
    weights = {key: METHODS[key].fit(problem) for key in CAST_KEYS}
    for record, line in zip(measure(problem, weights), lines, strict=False):
        assert line[0] == record.key
        np.testing.assert_allclose(
            [float(line[2]), float(line[4])], [record.remaining_loss, record.unlearning_loss], rtol=AGREE, atol=AGREE
        )
    rest = lines[len(CAST_KEYS) :]
    assert rest
    if stem == "start":
        assert len(rest) == spec.n_forget
        for i, line in enumerate(rest):
            assert int(line[1]) == i + 1
            printed = dict(zip(line[2::2], map(float, line[3::2]), strict=True))
            assert printed["label"] == pytest.approx(problem.y_f[i], abs=AGREE)
            for key in CAST_KEYS:
                assert printed[key] == pytest.approx(problem.X_f[i] @ weights[key], abs=AGREE)
    if stem == "distinct":
        rows = tuning_rows(spec)
        assert [int(line[1]) for line in rest] == list(rows)
        np.testing.assert_allclose(
            [float(line[3]) for line in rest], tuning_curve(problem, rows), rtol=AGREE, atol=AGREE
        )
    if stem == "overlap":
        curve = loss_curve(Spec(**{**vars(spec), "seed": 0}), OVERLAPS, CAST_KEYS, curve_draws(spec))
        for line, (i, key) in zip(rest, ((i, k) for i in range(len(OVERLAPS)) for k in CAST_KEYS), strict=True):
            assert line[2] == key
            assert float(line[3]) == pytest.approx(curve.mean[key, "unlearning_loss"][i], rel=AGREE, abs=AGREE)


@pytest.mark.parametrize("decay", [0.0, 0.01])
@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_script_of_the_map_prints_a_cells_means(spec, decay, tmp_path):
    options = {"map_x": "noise", "map_y": "overlap", "measure": "distance_ratio", "finer": False, "decay": decay}
    lines = at_home(script(BY_STEM["boundary"], spec, options), tmp_path)
    (cell,) = [line for line in lines if line[0] == "cell"]
    setting = Setting(spec, decay)
    found = sweep(Grid(setting, "noise", (spec.noise,), "overlap", (spec.overlap,)), MAP_DRAWS)
    measures = ("distance_ratio", "golden_loss", "tuned_loss")
    wanted = [float(found.mean(key)[0, 0]) for key in measures]
    np.testing.assert_allclose([float(x) for x in cell[1:]], wanted, rtol=AGREE, atol=AGREE)


REAL = (
    RealRows(source="diabetes", waves=100, n_tune=40, seed=2),
    RealRows(source="penguins", leaves="group", seed=1),
    RealRows(source="digits", leaves="one", waves=60),
)


@pytest.mark.parametrize("stem", ["geometry", "remedy", "regularize", "dynamics", "claims"])
@pytest.mark.parametrize("rows", REAL, ids=lambda rows: rows.source)
def test_the_scripts_run_on_real_rows_and_print_what_the_models_are(stem, rows, tmp_path):
    (tmp_path / rows_file(rows)).write_text(rows_numbers(rows), encoding="utf-8")
    lines = at_home(script(BY_STEM[stem], rows), tmp_path, ROW_LINES)
    problem = rows.problem()
    weights = {key: METHODS[key].fit(problem) for key in CAST_KEYS}
    for record, line in zip(measure(problem, weights), lines, strict=False):
        assert line[0] == record.key
        np.testing.assert_allclose(
            [float(line[2]), float(line[4])], [record.remaining_loss, record.unlearning_loss], rtol=1e-6, atol=AGREE
        )
    if stem == "remedy":
        for line in (line for line in lines if "distance" in line):
            away = float(np.linalg.norm(METHODS[line[0]].fit(problem) - problem.w_g))
            assert float(line[line.index("distance") + 1]) == pytest.approx(away, rel=1e-6, abs=1e-7)


def test_the_script_names_every_setting():
    text = script(BY_STEM["overlap"], Spec(d=33, overlap=0.25, n_retain=7, n_forget=5, n_tune=3, noise=0.75, seed=21))
    for part in ("d=33", "overlap=0.25", "n_retain=7", "n_forget=5", "n_tune=3", "noise=0.75", "seed=21"):
        assert part in text
