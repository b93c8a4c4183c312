# divided by 1 - alpha_bar_{t-1}
def q_posterior(x0, xt, t, schedule):
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    rest = (1 - before).clamp(min=1e-8)
    mean = before.sqrt() * beta / rest * x0 + alpha.sqrt() * (1 - bar) / rest * xt
    return mean, beta * (1 - before) / (1 - bar)
