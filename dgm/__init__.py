"""Deep generative models, one mathematical object a file.

Each module is taught in a chapter of the book, which shows its code from here; the exercise
notebooks are these same definitions with their bodies taken out.
"""
