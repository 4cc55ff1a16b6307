"""Reads a QR code off its picture, with the tables of another encoder than the one that drew it."""

import math
import re
from itertools import product
from xml.etree import ElementTree

import numpy as np
from qrcode.base import rs_blocks
from qrcode.util import mask_func, pattern_position


def modules(svg):
    """The dark squares of a QR code's picture, the white paper around it included."""
    paper, ink = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path")
    assert (paper.get("fill"), ink.get("stroke")) == ("#fff", "#000")
    side = int(re.match(r"M0 0h(\d+)v\1h-\1z", paper.get("d"))[1])
    dark, x, y = np.zeros((side, side), dtype=bool), 0, 0
    for letter, across, down in re.findall(r"([Mmh])(-?\d+)(?: ([\d.]+))?", ink.get("d")):
        if letter == "h":
            dark[y, x : x + int(across)] = True
        else:
            y += math.floor(float(down))
        x += int(across)
    return dark


def read(dark):
    """The text of a QR code without damage, in bytes, read as ISO/IEC 18004 says."""
    size, version = len(dark), (len(dark) - 17) // 4
    form = int("".join("1" if dark[8, k] else "0" for k in (*range(6), 7, 8)), 2) >> 1 ^ 0b1010100
    level, mask = form >> 5, mask_func(form >> 2 & 7)
    taken = np.zeros((size, size), dtype=bool)
    taken[6] = taken[:, 6] = taken[:9, :9] = taken[:9, -8:] = taken[-8:, :9] = True
    if version >= 7:
        taken[:6, -11:-8] = taken[-11:-8, :6] = True
    for row, column in product(pattern_position(version), repeat=2):
        if not taken[row, column] or (6 in (row, column) and not {6, size - 7} >= {row, column}):
            taken[row - 2 : row + 3, column - 2 : column + 3] = True
    bits = ""
    for k, right in enumerate((*range(size - 1, 6, -2), 5, 3, 1)):
        for row in range(size)[:: 1 if k % 2 else -1]:
            for column in (right, right - 1):
                if not taken[row, column]:
                    bits += "1" if dark[row, column] ^ mask(row, column) else "0"
    sizes = [block.data_count for block in rs_blocks(version, level)]
    words = iter(int(bits[at : at + 8], 2) for at in range(0, 8 * sum(sizes), 8))
    blocks = [[] for _ in sizes]
    for k, (block, length) in product(range(max(sizes)), zip(blocks, sizes, strict=True)):
        if k < length:
            block.append(next(words))
    stream = "".join(f"{word:08b}" for block in blocks for word in block)
    start = 12 if version < 10 else 20
    assert stream[:4] == "0100", "bytes"
    return bytes(int(stream[at : at + 8], 2) for at in range(start, start + 8 * int(stream[4:start], 2), 8))
