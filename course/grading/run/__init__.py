"""Who runs what: a judge for a submission, workers for judges, a pool of them, and what is known."""
