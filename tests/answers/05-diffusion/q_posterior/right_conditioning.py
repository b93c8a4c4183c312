# x_{t-1} and x_t given x0 are jointly Gaussian: condition the first on the second
def q_posterior(x0, xt, t, schedule):
    means, variances = [], []
    for clean, noisy, k in zip(x0, xt, t.tolist()):
        alpha, before, bar = (float(c) for c in (schedule.alpha[k], schedule.alpha_bar[k - 1], schedule.alpha_bar[k]))
        gain = math.sqrt(alpha) * (1 - before) / (1 - bar)
        means.append(math.sqrt(before) * clean + gain * (noisy - math.sqrt(bar) * clean))
        variances.append((1 - before) - gain**2 * (1 - bar))
    var = torch.tensor(variances, dtype=xt.dtype).reshape([-1] + [1] * (xt.ndim - 1))
    return torch.stack(means), var
