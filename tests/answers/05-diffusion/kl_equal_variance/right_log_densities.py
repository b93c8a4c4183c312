# E_q[log q - log p] with the expectation taken on paper: the noise cancels, the shift is left
def kl_equal_variance(mean_q, mean_p, var):
    v = var.reshape([-1] + [1] * (mean_q.ndim - 1))
    sigma = v.sqrt()
    p = Normal(mean_p / sigma, 1.0)
    q = Normal(mean_q / sigma, 1.0)
    each = q.log_prob(mean_q / sigma) - p.log_prob(mean_q / sigma)
    return each.reshape(len(mean_q), -1).sum(1)
