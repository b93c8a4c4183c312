# float64 out for float32 in
def q_posterior(x0, xt, t, schedule):
    column = [-1] + [1] * (x0.ndim - 1)
    alpha, beta = schedule.alpha[t].view(column), schedule.beta[t].view(column)
    bar, before = schedule.alpha_bar[t].view(column), schedule.alpha_bar[t - 1].view(column)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)
