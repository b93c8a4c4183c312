# 1 - sqrt(alpha_bar) for sqrt(1 - alpha_bar)
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar.sqrt()) * eps) / (1 - beta).sqrt()
