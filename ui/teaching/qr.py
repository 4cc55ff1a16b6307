"""A link as a QR code, for phones that look at a screen or at paper."""

import segno

# Pixels across a QR code with the white around it, and the most bytes of which it stays coarse enough for a phone.
CODE_SIDE, MOST_IN_CODE = 300, 600


def code_of(address: str) -> tuple[str, int] | None:
    """Return the QR code of a link as the address of a picture, and how many squares it has; None if it is too long.

    It is black on white in both themes because cameras want it so.
    """
    if len(address.encode()) > MOST_IN_CODE:
        return None
    drawn = segno.make(address, micro=False, error="m")
    picture = drawn.svg_data_uri(scale=CODE_SIDE // drawn.symbol_size()[0], dark="#000", light="#fff")
    return picture, len(drawn.matrix)
