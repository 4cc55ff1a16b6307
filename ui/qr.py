"""QR codes: a text as a square of dark and light modules, byte mode, error level M, versions 1 to 20.

The steps and tables are those of ISO/IEC 18004; level M repairs about 15 % of damage.
"""

import numpy as np
from numpy.typing import NDArray

Modules = NDArray[np.bool_]

# By version from 1: error correction codewords in each block, and blocks.
_CHECKS = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26)
_BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16)
LARGEST = len(_CHECKS)
QUIET = 4  # modules of light paper around a code, without which cameras miss it
_LEVEL_M = 0b00
# What the rules of the penalty cost: a run, a block of four, a finder's look-alike, and each 5 % off half dark.
_RUN, _SQUARE, _FINDER, _BALANCE = 3, 3, 40, 10
_LOOKALIKES = ("10111010000", "00001011101")


def _powers() -> tuple[list[int], dict[int, int]]:
    """Return the powers of 2 in the field of 256 elements, and their logarithms."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers, {power: k for k, power in enumerate(powers)}


_POWERS, _LOGS = _powers()


def _times(a: int, b: int) -> int:
    return _POWERS[(_LOGS[a] + _LOGS[b]) % 255] if a and b else 0


def _checks(data: list[int], count: int) -> list[int]:
    """Return the Reed-Solomon codewords of a block: the remainder of its division by (x - 1)(x - 2)...(x - 2^(k-1))."""
    divisor = [1]
    for k in range(count):
        longer = [*divisor, 0]
        for i, c in enumerate(divisor):
            longer[i + 1] ^= _times(c, _POWERS[k])
        divisor = longer
    rest = [*data, *[0] * count]
    for i in range(len(data)):
        head = rest[i]
        for j, c in enumerate(divisor):
            rest[i + j] ^= _times(c, head)
    return rest[-count:]


def _centres(version: int) -> list[int]:
    """Return the coordinates of the alignment patterns."""
    if version == 1:
        return []
    count, last = version // 7 + 2, 4 * version + 10
    step = (last - 6 + (count - 1) * 2 - 1) // ((count - 1) * 2) * 2
    return [6, *(last - step * k for k in range(count - 2, -1, -1))]


def _codewords(version: int) -> int:
    """Return how many codewords a code holds, data and error correction together."""
    modules = (16 * version + 128) * version + 64
    aligned = len(_centres(version))
    if aligned:
        modules -= (25 * aligned - 10) * aligned - 55
    return (modules - (36 if version >= 7 else 0)) // 8


def room(version: int) -> int:
    """Return how many bytes of text a version holds."""
    data = _codewords(version) - _CHECKS[version - 1] * _BLOCKS[version - 1]
    return data - (2 if version < 10 else 3)


def _data(text: bytes, version: int) -> list[int]:
    """Return the text as codewords: mode, length, bytes, end, padding."""
    length = 8 if version < 10 else 16
    bits = f"{0b0100:04b}{len(text):0{length}b}" + "".join(f"{byte:08b}" for byte in text)
    size = _codewords(version) - _CHECKS[version - 1] * _BLOCKS[version - 1]
    bits += "0" * min(4, 8 * size - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = [int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)]
    return words + [0xEC if k % 2 == 0 else 0x11 for k in range(size - len(words))]


def _interleaved(data: list[int], version: int) -> list[int]:
    """Return data and error correction, the first of every block, then the second, ..."""
    blocks, checks = _BLOCKS[version - 1], _CHECKS[version - 1]
    short, longer = divmod(len(data), blocks)
    parts, start = [], 0
    for k in range(blocks):
        size = short + (k >= blocks - longer)
        parts.append(data[start : start + size])
        start += size
    corrections = [_checks(part, checks) for part in parts]
    order = [part[i] for i in range(short + 1) for part in parts if i < len(part)]
    return order + [correction[i] for i in range(checks) for correction in corrections]


def _remainder(value: int, divisor: int) -> int:
    """Return the value with its BCH check bits behind it."""
    rest = value << divisor.bit_length() - 1
    while rest.bit_length() >= divisor.bit_length():
        rest ^= divisor << rest.bit_length() - divisor.bit_length()
    return value << divisor.bit_length() - 1 | rest


def _patterns(version: int) -> tuple[Modules, Modules]:
    """Return the fixed patterns, and which modules they and the format take."""
    size = 4 * version + 17
    dark, taken = np.zeros((size, size), dtype=bool), np.zeros((size, size), dtype=bool)
    dark[6, ::2] = dark[::2, 6] = True
    taken[6] = taken[:, 6] = True
    ring = np.maximum(*np.abs(np.indices((9, 9)) - 4))
    finder = (ring != 2) & (ring != 4)
    for row, column in ((0, 0), (0, size - 8), (size - 8, 0)):
        part = finder[1 if row == 0 else 0 :, 1 if column == 0 else 0 :][:8, :8]
        dark[row : row + 8, column : column + 8] = part
        taken[row : row + 8, column : column + 8] = True
    centres = _centres(version)
    for row in centres:
        for column in centres:
            if (row, column) not in ((6, 6), (6, size - 7), (size - 7, 6)):
                dark[row - 2 : row + 3, column - 2 : column + 3] = ring[2:7, 2:7] != 1
                taken[row - 2 : row + 3, column - 2 : column + 3] = True
    taken[8, :9] = taken[:9, 8] = taken[8, -8:] = taken[-8:, 8] = True
    dark[-8, 8] = True
    if version >= 7:
        bits = _remainder(version, 0b1111100100101)
        for k in range(18):
            row, column = k // 3, size - 11 + k % 3
            dark[row, column] = dark[column, row] = bool(bits >> k & 1)
        taken[:6, -11:-8] = taken[-11:-8, :6] = True
    return dark, taken


def _write_format(dark: Modules, mask: int) -> None:
    bits = _remainder(_LEVEL_M << 3 | mask, 0b10100110111) ^ 0b101010000010010
    size = len(dark)
    upright = [*range(6), 7, 8, *range(size - 7, size)]
    across = [*range(size - 1, size - 9, -1), 7, *range(5, -1, -1)]
    for k in range(15):
        dark[upright[k], 8] = dark[8, across[k]] = bool(bits >> k & 1)


def _write_data(dark: Modules, taken: Modules, words: list[int]) -> None:
    """Fill two columns at a time from the right, up and down in turn; what is left over stays light."""
    bits = iter("".join(f"{word:08b}" for word in words))
    size, upward = len(dark), True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in range(size - 1, -1, -1) if upward else range(size):
            for column in (right, right - 1):
                if not taken[row, column]:
                    dark[row, column] = next(bits, "0") == "1"
        upward = not upward


def _mask(mask: int, size: int) -> Modules:
    i, j = np.indices((size, size))
    return np.asarray(
        (
            (i + j) % 2,
            i % 2,
            j % 3,
            (i + j) % 3,
            (i // 2 + j // 3) % 2,
            i * j % 2 + i * j % 3,
            (i * j % 2 + i * j % 3) % 2,
            ((i + j) % 2 + i * j % 3) % 2,
        )[mask]
        == 0
    )


def penalty(dark: Modules) -> int:
    """Return how hard a code is to read for a camera: the smaller, the better."""
    cost = 0
    for line in (*dark, *dark.T):
        edges = np.flatnonzero(np.diff(line)) + 1
        runs = np.diff([0, *edges, len(line)])
        cost += int(np.sum(np.where(runs >= 5, _RUN + runs - 5, 0)))
        text = "".join("1" if module else "0" for module in line)
        cost += _FINDER * sum(text.startswith(look, k) for look in _LOOKALIKES for k in range(len(text) - 10))
    same = (dark[1:] == dark[:-1])[:, 1:] & (dark[1:] == dark[:-1])[:, :-1] & (dark[:-1, 1:] == dark[:-1, :-1])
    cost += _SQUARE * int(same.sum())
    return cost + _BALANCE * int(abs(20 * int(dark.sum()) - 10 * dark.size) // dark.size)


def encode(text: str, version: int | None = None, mask: int | None = None) -> Modules:
    """Return the modules of a text's code, True for dark, without the quiet zone around it.

    The version is the smallest that holds the text and the mask the one of least penalty, unless they are given.
    A text too long for its version raises ValueError.
    """
    data = text.encode()
    if version is None:
        version = next((v for v in range(1, LARGEST + 1) if room(v) >= len(data)), LARGEST)
    if len(data) > room(version):
        raise ValueError(f"text must have at most {room(version)} bytes for version {version}, got {len(data)}")
    dark, taken = _patterns(version)
    _write_data(dark, taken, _interleaved(_data(data, version), version))
    found = []
    for k in range(8) if mask is None else (mask,):
        candidate = dark ^ (_mask(k, len(dark)) & ~taken)
        _write_format(candidate, k)
        found.append(candidate)
    return min(found, key=penalty) if mask is None else found[0]
