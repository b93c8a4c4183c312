# forgot to return
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    mean = (xt - beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()
