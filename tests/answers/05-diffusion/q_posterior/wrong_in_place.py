# xt is changed in place
def q_posterior(x0, xt, t, schedule):
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    xt *= alpha.sqrt() * (1 - before) / (1 - bar)
    xt += before.sqrt() * beta / (1 - bar) * x0
    return xt, beta * (1 - before) / (1 - bar)
