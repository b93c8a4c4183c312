# the KL of any two diagonal Gaussians, at equal log-variances
def kl_equal_variance(mean_q, mean_p, var):
    v = var.reshape([-1] + [1] * (mean_q.ndim - 1)).expand_as(mean_q)
    each = (v / v - 1 - (v / v).log() + (mean_p - mean_q) ** 2 / v) / 2
    return each.flatten(1).sum(-1)
