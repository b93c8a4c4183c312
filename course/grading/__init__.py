"""Grades a class of strangers: `batch` is what `make grade` does, `autograde` its part for nbgrader.

Each room imports only from those below it:

- on top `batch`, `autograde`, `gradebook`, `late`, and `prepare`, which makes jobs of what came in;
- `review`: what people read afterwards;
- `run`: who runs what;
- `sandbox`: the wall, and what stands behind it; its `bridge` is on both sides;
- `intake`: what comes in;
- `records`: what passes between all of these, plain data.

Words:

- *release*: the notebook as students get it. *Rebuild*: the release with a submission's answers
  moved into it; that is what is graded.
- *wall*: what a submission cannot get through. *Guest*: a submission's process behind it.
- *zygote*: the process behind the wall in which the set-up has run; guests are forked from it.
- *student edition*: the copy of `dgm` there, in which nobody but dgm itself can use what the
  assignment asks for.
- *judge*: the process before the wall that runs the checks. *Trial*: one submission before it.
- *bridge*: how a check there calls an answer behind the wall. A *channel* carries its messages, a
  *codec* knows a kind of value, a *proxy* stands for an object that stays on the other side.
- *follow-through*: an answer is tried with the course's definitions in place of failed earlier ones.
- *job*, *outcome*, *record*: what is to be run, what came of it, what grading notes of it.
- *worker*: a process that takes job after job; a *crew* of them is this machine's or a Dask worker's.
- *mark*: points. *Digest*: a hash that changes with all that something hangs on. *Flag*: something
  for a person to look at; it changes no mark.
"""
