"""Deep generative models, one mathematical object a file.

Each module beside this file is taught in a chapter of the book, which shows its code from here;
the exercise notebooks are these same definitions with their bodies taken out. Four rooms:

- `dgm.nn`: networks, and what trains them;
- `dgm.data`: images, toy distributions, captions;
- `dgm.exact`: models whose truth is known in closed form;
- `dgm.zoo`: the trained models that come with the course.

Functions give back the dtype that they are given, but half precision: what measures (a density,
a divergence, a distance) computes and gives float32 then. `dgm.precision` has the whole rule.
"""
