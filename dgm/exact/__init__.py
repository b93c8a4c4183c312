"""Models whose truth is known in closed form: what the right answer is."""
