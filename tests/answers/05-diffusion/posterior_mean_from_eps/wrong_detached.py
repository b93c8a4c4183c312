# eps is cut off from the network that made it
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar).sqrt() * eps.detach()) / (1 - beta).sqrt()
