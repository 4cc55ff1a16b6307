"""How every file in this folder was made from the package it comes from (`python -m data.make FOLDER`).

Needs scikit-learn (in requirements-dev.txt) and, for the penguins, the package palmerpenguins 0.1.6 in the path.
"""

import gzip
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np


def digits(folder: Path) -> None:
    """Write the images as bytes, 0 to 16, row by row of pixels, and what they show."""
    from sklearn.datasets import load_digits

    found = load_digits()
    np.savez_compressed(folder / "digits.npz", images=found.data.astype(np.uint8), shows=found.target.astype(np.uint8))


def diabetes(folder: Path) -> None:
    """Write the table as it is in scikit-learn before scaling, with a header."""
    names = "age,sex,bmi,bp,s1,s2,s3,s4,s5,s6,progression"
    inside = files("sklearn.datasets.data")
    rows = gzip.decompress(inside.joinpath("diabetes_data_raw.csv.gz").read_bytes()).decode().splitlines()
    targets = gzip.decompress(inside.joinpath("diabetes_target.csv.gz").read_bytes()).decode().splitlines()
    lines = [
        ",".join(f"{float(cell):g}" for cell in (*row.split(), target))
        for row, target in zip(rows, targets, strict=True)
    ]
    (folder / "diabetes.csv").write_text("\n".join([names, *lines]) + "\n", encoding="utf-8")


def penguins(folder: Path) -> None:
    """Copy the table as it is in palmerpenguins."""
    text = files("palmerpenguins").joinpath("data/penguins.csv").read_text(encoding="utf-8")
    (folder / "penguins.csv").write_text("\n".join(text.splitlines()) + "\n", encoding="utf-8")


MAKERS = {"digits.npz": digits, "diabetes.csv": diabetes, "penguins.csv": penguins}

if __name__ == "__main__":
    for make in MAKERS.values():
        make(Path(sys.argv[1]))
