"""What figures share: colour roles and template, lanes, weights, curves, and what is said about the models."""
