"""The sides of the triangle, and fine-tuning from every start: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import X_f, X_r, found, nearest, np, y_f, y_r

# settings
starts = [0.0, 0.5, 1.0]

w_o, w_g = found["pretrained"], found["golden"]
leftover = w_o - np.linalg.pinv(X_r) @ (X_r @ w_o)
print("lengths", np.linalg.norm(w_g), np.linalg.norm(w_o), np.linalg.norm(leftover))
for s in starts:
    print("s", s, "UL", np.mean((X_f @ nearest(X_r, y_r, s * w_o) - y_f) ** 2))
