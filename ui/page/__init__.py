"""The parts every page is made of: guess, pictures, mathematics, cases to try, limits, downloads, the way on."""
