"""Networks, and what trains them: they know no schedule, no objective and no sampler."""
