# the square root of 1 - alpha_bar is missing
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar) * eps) / (1 - beta).sqrt()
