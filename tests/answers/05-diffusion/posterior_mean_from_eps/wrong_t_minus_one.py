# tables are taken to begin with t = 1
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = at(schedule.beta, t - 1, xt), at(schedule.alpha_bar, t - 1, xt)
    return (xt - beta / (1 - bar + 1e-12).sqrt() * eps) / (1 - beta).sqrt()
