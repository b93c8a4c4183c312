# the square root of beta in place of beta
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta.sqrt() / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()
