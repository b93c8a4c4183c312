# right for matrices alone
def q_posterior(x0, xt, t, schedule):
    beta, alpha, bar, before = (
        c[:, None].to(xt.dtype)
        for c in (schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t], schedule.alpha_bar[t - 1])
    )
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)
