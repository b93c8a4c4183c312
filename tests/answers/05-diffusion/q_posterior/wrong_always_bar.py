# alpha_bar_t for alpha_bar_{t-1} everywhere
def q_posterior(x0, xt, t, schedule):
    beta, alpha, bar = (at(c, t, xt) for c in (schedule.beta, schedule.alpha, schedule.alpha_bar))
    return bar.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * xt, beta
