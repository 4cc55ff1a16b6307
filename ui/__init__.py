"""What the pages share: frame, cached results, charts, sentences and style."""
