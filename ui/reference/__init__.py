"""Where all this comes from: about, literature."""
