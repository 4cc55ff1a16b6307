"""Around a page: the menu on top, the controls at the side, the address, the language."""
