"""Some methods of the board: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import X_f, X_r, found, np, y_f, y_r

# settings
board_ridge = 1.0
X, y, n_r = np.vstack([X_r, X_f]), np.concatenate([y_r, y_f]), len(X_r)
w, golden = (Z.T @ np.linalg.solve(Z @ Z.T + board_ridge * np.eye(len(Z)), v) for Z, v in ((X, y), (X_r, y_r)))
pull = X_f.T @ (y_f - X_f @ w)
seen = np.linalg.solve(X_r @ X_r.T + board_ridge * np.eye(n_r), X_r @ pull)
ends = {"newton": (w - (pull - X_r.T @ seen) / board_ridge, w, golden)}
if np.linalg.matrix_rank(X) == len(X):
    B, w_o, w_g = np.linalg.pinv(X)[:, n_r:], found["pretrained"], found["golden"]
    ends["exact_deletion"] = w_o - B @ np.linalg.solve(B.T @ B, B.T @ w_o), w_o, w_g
    ends["datamodel"] = w_o - B @ ((B.T @ w_o) / (B**2).sum(axis=0)), w_o, w_g
for name, (end, start, aim) in ends.items():
    print(name, "away", np.linalg.norm(end - aim), "of", np.linalg.norm(start - aim))
