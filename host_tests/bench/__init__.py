"""The benchmark and the scales: that they run, and that what they tell is so."""
