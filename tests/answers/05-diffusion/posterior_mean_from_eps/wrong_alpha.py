# alpha for alpha_bar: this undoes the last step's noise as if it were all there is
def posterior_mean_from_eps(xt, t, eps, schedule):
    beta = at(schedule.beta, t, xt)
    return (xt - beta / beta.sqrt() * eps) / (1 - beta).sqrt()
