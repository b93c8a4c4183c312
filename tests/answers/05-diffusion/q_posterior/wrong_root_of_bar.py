# sqrt(alpha_bar_t) for sqrt(alpha_t) beside xt
def q_posterior(x0, xt, t, schedule):
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    before = at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + bar.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)
