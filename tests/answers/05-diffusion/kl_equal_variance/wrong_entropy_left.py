# the trace is left in and its dimension is not taken off
def kl_equal_variance(mean_q, mean_p, var):
    d = mean_q[0].numel()
    return ((mean_q - mean_p).pow(2).flatten(1).sum(1) / var.flatten() + d) / 2
