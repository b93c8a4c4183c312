# xt is changed in place
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    xt -= beta / (1 - bar).sqrt() * eps
    return xt / (1 - beta).sqrt()
