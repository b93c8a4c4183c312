# the last row's t for all the batch
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = schedule.beta[t[-1]].item(), schedule.alpha_bar[t[-1]].item()
    return (xt - beta / (1 - bar) ** 0.5 * eps) / (1 - beta) ** 0.5
