"""What an attacker reads off each model, row by row: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import X_f, found, n_f, y_f

for i in range(n_f):  # what an attacker reads off each model, row by row
    print("row", i + 1, "label", y_f[i], *(x for n, w in found.items() for x in (n, X_f[i] @ w)))
