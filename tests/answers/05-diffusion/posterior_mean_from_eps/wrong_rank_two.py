# right for matrices alone
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = schedule.beta[t][:, None].to(xt), schedule.alpha_bar[t][:, None].to(xt)
    return (xt - beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()
