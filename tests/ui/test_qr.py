"""QR codes, module for module against another encoder."""

import numpy as np
import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.util import MODE_8BIT_BYTE, QRData

from ui import qr
from ui.charts.qr import qr_code

LINK = "https://example.org/overlap?guess=1&overlap=0.25&d=40&n_retain=12&seed=7&hide=d,noise"


def oracle(text, version, mask=None):
    code = qrcode.QRCode(version, qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
    code.make(fit=version is None)
    return np.array(code.get_matrix(), dtype=bool), code


@pytest.mark.parametrize("version", range(1, qr.LARGEST + 1))
def test_a_full_code_of_every_version_is_the_other_encoders(version):
    text = (LINK * 20)[: qr.room(version)]
    for mask in (0, version % 7 + 1):
        expected, code = oracle(text, version, mask)
        assert code.version == version
        np.testing.assert_array_equal(qr.encode(text, version, mask), expected)
    with pytest.raises(ValueError, match="at most"):
        qr.encode(text + "x", version)


@pytest.mark.parametrize("mask", range(8))
def test_every_mask_is_the_other_encoders(mask):
    np.testing.assert_array_equal(qr.encode(LINK, mask=mask), oracle(LINK, None, mask)[0])


@given(st.text(min_size=1, max_size=150))
@settings(max_examples=25)
def test_any_text_takes_the_smallest_version_that_holds_it(text):
    found = qr.encode(text)
    version = (len(found) - 17) // 4
    assert qr.room(version) >= len(text.encode())
    assert version == 1 or qr.room(version - 1) < len(text.encode())
    masks = [oracle(text, version, mask)[0] for mask in range(8)]
    (chosen,) = [k for k, other in enumerate(masks) if np.array_equal(found, other)]
    assert qr.penalty(found) == min(map(qr.penalty, masks))
    assert chosen in range(8)


def test_the_penalty_counts_runs_squares_lookalikes_and_balance():
    board = np.indices((21, 21)).sum(axis=0) % 2 == 0
    assert qr.penalty(board) == 0
    light = np.zeros((21, 21), dtype=bool)
    # 42 lines of one run of 21, 400 squares, half of the modules too few.
    assert qr.penalty(light) == 42 * (3 + 16) + 3 * 400 + 100
    look = board.copy()
    look[0, :11] = [int(c) for c in "10111010000"]
    assert qr.penalty(look) >= 40


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_holds_the_code_dark_on_white_with_its_quiet_zone(theme):
    code = qr.encode(LINK)
    (trace,) = qr_code(code, theme).data
    z = np.array(trace.z)
    assert z.shape == (len(code) + 2 * qr.QUIET,) * 2
    np.testing.assert_array_equal(z[qr.QUIET : -qr.QUIET, qr.QUIET : -qr.QUIET], code)
    assert z.sum() == code.sum()
    assert [colour for _, colour in trace.colorscale] == ["#ffffff", "#000000"]
