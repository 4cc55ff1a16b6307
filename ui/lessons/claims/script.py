"""Both sides of some statements: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import X_r, found, n_t, nearest, np, y_r

w_o, w_t, w_g = found["pretrained"], found["fine_tune"], found["golden"]
orphan = w_o - np.linalg.pinv(X_r) @ (X_r @ w_o)  # what the retain rows cannot see
print("I1", np.linalg.norm(w_t - w_g), np.linalg.norm(orphan))
print("I2", np.linalg.norm(w_t - w_o), 0.0)
print("I3", w_o @ w_o, w_g @ w_g + orphan @ orphan)
print("I6", np.linalg.norm(w_t - w_g), 0.0)
print("R5", np.linalg.norm(nearest(X_r[:n_t], y_r[:n_t], w_o - orphan) - w_g), 0.0)
