"""The mean unlearning loss at every overlap: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import draw, models, np

# settings
overlaps, draws = [0, 25, 50, 75, 100, 125, 150, 175, 200], 8

for shared in overlaps:
    for name in ("pretrained", "fine_tune", "golden"):
        drawn = [draw(shared, seed) for seed in range(draws)]
        print("overlap", shared, name, np.mean([np.mean((b[2] @ models(*b)[name] - b[3]) ** 2) for b in drawn]))
