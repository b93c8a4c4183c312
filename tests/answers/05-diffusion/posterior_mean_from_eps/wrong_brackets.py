# only xt is divided by sqrt(alpha)
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return xt / (1 - beta).sqrt() - beta / (1 - bar).sqrt() * eps
